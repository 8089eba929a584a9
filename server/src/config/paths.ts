/** Paths as hosts name them: absolute paths or URIs, always with forward slashes. No Node here. */

/** The folder that holds a path, or null at the root. `/a/b` → `/a`, `/a` → `/`, `file:///a` → `file:///`. */
export function parentOf(path: string): string | null {
  const root = rootOf(path);
  const trimmed = path.length > root.length && path.endsWith("/") ? path.slice(0, -1) : path;
  if (trimmed.length <= root.length) return null;
  const at = trimmed.lastIndexOf("/");
  return at < root.length ? root || null : trimmed.slice(0, at);
}

/** A name in a folder. */
export function joinPath(folder: string, name: string): string {
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The path as seen from a folder that holds it, or null when it lies elsewhere. */
export function relativeTo(folder: string, path: string): string | null {
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
}

function rootOf(path: string): string {
  return /^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*\/?|[A-Za-z]:\/|\/)/.exec(path)?.[0] ?? "";
}
