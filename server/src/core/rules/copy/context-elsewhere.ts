/** Signs that a Dockerfile is built with another folder as its context than the one that it lies in. */

/** A source that a COPY or ADD names: its path in the context, and what is known of it. */
export interface NamedSource {
  readonly path: string;
  /** `typo`: it is missing and something beside it is named much alike. */
  readonly state: "there" | "missing" | "typo";
  /** True when already the first part of its path is missing. */
  readonly fromTop: boolean;
}

/**
 * True when more sources are missing than are there, or one begins with the folder that the Dockerfile lies in
 * (`docker/entry.sh` in `docker/Dockerfile`), as it does in a build from further up. One mistake is no sign, nor is a
 * name that is nearly right. `path`: where the Dockerfile lies, as far up as is known.
 */
export function isContextElsewhere(sources: readonly NamedSource[], path: string): boolean {
  const missing = sources.filter(({ state }) => state === "missing").length;
  const there = sources.filter(({ state }) => state === "there").length;
  if (missing > 1 && missing > there) return true;
  const folders = path.split("/").slice(0, -1);
  return sources.some((source) => source.state !== "there" && source.fromTop && beginsWithFolder(source.path, folders));
}

/** True for `apps/web/a.conf` below `/src/apps/web`: some last folders are its first parts. */
function beginsWithFolder(path: string, folders: readonly string[]): boolean {
  const parts = path.split("/").slice(0, -1);
  return folders.some((_, at) => {
    const last = folders.slice(at);
    return last.length <= parts.length && last.every((folder, index) => folder === parts[index]);
  });
}
