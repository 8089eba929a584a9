/**
 * The text that holds the catalogue.
 *
 * One line each, a name, a tab and JSON, so that a line is found by `indexOf` and nothing is parsed before it is asked
 * for. The first line is the header (`plimsoll-catalogue`, version, date). Names: a repository as users write it,
 * `!nodejs` for a product of endoflife.date, `#` for what is known of systems, `*` for patterns of repository names.
 */

/** What the first line of the data starts with. */
export const formatName = "plimsoll-catalogue";
/** Raised when old data cannot be read any more. */
export const formatVersion = 1;

/** What the line of a repository holds. Everything that is not known is left out. */
export interface RepositoryLine {
  readonly label: string;
  readonly official?: boolean;
  /** Product of endoflife.date. */
  readonly product?: string;
  /** The release line, where the name of the repository says it (`nodejs24-debian13`). */
  readonly line?: string;
  /** Family of systems, where the image is a system itself. */
  readonly os?: string;
  /** System where tags do not name one: `debian`, `distroless:13`. */
  readonly system?: string;
  /** Letters that stand before a version in its tags: `stream`, `ltsc`. */
  readonly prefix?: string;
  /** Live tags: images divided by `|`, tags of one image by a space, `=debian:12` first where no tag tells the system. */
  readonly groups?: string;
  /** Tags that were dropped, packed: see `unpackRetired`. */
  readonly retired?: { readonly tails: string; readonly days: string };
  readonly sizes?: readonly SizeLine[];
  readonly users?: readonly UserLine[];
  readonly deprecation?: DeprecationLine;
}

/** A size of one tag, or of a kind of tag (its variants; null for all tags). */
export interface SizeLine {
  readonly tag?: string;
  readonly variants?: readonly string[] | null;
  readonly bytes: number;
  readonly kind: "measured" | "layer-sum" | "estimate" | "on-disk";
}

/** Who a container runs as, and for which tags that holds. The first entry of a list that fits is taken. */
export interface UserLine {
  readonly system?: string;
  readonly words?: readonly string[];
  readonly minLine?: string;
  readonly maxLine?: string;
  readonly runsAs: string;
  readonly how: "none" | "shipped" | "entrypoint" | "declared";
  readonly name?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly write?: string;
  readonly home?: string;
  readonly caveat?: string;
  readonly verified?: boolean;
}

/** Why not to start from a repository any more; `successors` may have places of the pattern in them. */
export interface DeprecationLine {
  readonly kind: "deprecated" | "removed" | "stale" | "renamed";
  readonly since?: string;
  readonly reason: string;
  readonly successors: readonly string[];
}

/** The line `*`: what holds for names that match a pattern. The first match of each list holds. */
export interface PatternsLine {
  readonly repositories: readonly (RepositoryLine & { readonly match: string })[];
  readonly users: readonly (UserLine & { readonly match: string })[];
  readonly sizes: readonly (SizeLine & { readonly match: string })[];
  readonly deprecations: readonly (DeprecationLine & { readonly match: string })[];
}

/** The line of a product. `cycles`: `cycle|codename|released|lts|end|securityEnd|name`, newest first. */
export interface ProductLine {
  readonly title: string;
  /** True when "long-term" means something for this product. */
  readonly longTerm: boolean;
  readonly cycles: readonly string[];
}

/** The line `#`. */
export interface SystemsLine {
  readonly families: readonly FamilyLine[];
  readonly overrides: readonly OverrideLine[];
  readonly alpineWithoutBash: readonly string[];
}

/** One family of systems. */
export interface FamilyLine {
  readonly family: string;
  readonly label: string;
  readonly product: string | null;
  readonly packageManager: "apt-get" | "apk" | "dnf" | "microdnf" | "yum" | "tdnf" | "zypper" | "none" | null;
  readonly libc: "glibc" | "musl" | "none" | null;
  readonly shell: "dash" | "busybox" | "bash" | "none" | null;
  readonly hasBash: boolean | null;
  readonly accounts: "useradd" | "busybox" | "files" | "none" | null;
}

/** Holds when one of its words stands in the repository's name or the tag, or the version is one of its versions. */
export interface OverrideLine extends Partial<Omit<FamilyLine, "label" | "product">> {
  readonly family: string;
  readonly words?: readonly string[];
  readonly versions?: readonly string[];
}

/** The JSON of one line, or null when there is no such line. */
export function findLine(data: string, name: string): string | null {
  const at = data.indexOf(`\n${name}\t`);
  if (at < 0) return null;
  const start = at + name.length + 2;
  const end = data.indexOf("\n", start);
  return data.slice(start, end < 0 ? data.length : end);
}

/** The names of all lines that are repositories, in order. */
export function repositoryLineNames(data: string): readonly string[] {
  const names: string[] = [];
  for (let at = data.indexOf("\n"); at >= 0; at = data.indexOf("\n", at + 1)) {
    const tab = data.indexOf("\t", at);
    const name = tab < 0 ? "" : data.slice(at + 1, tab);
    if (/^[a-z0-9]/.test(name)) names.push(name);
  }
  return names;
}

/** Undoes the packing of dropped tags: tag → day. Versions of one day that share their endings are written once. */
export function unpackRetired(packed: { readonly tails: string; readonly days: string }): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  const tails = packed.tails.split("|").map((set) => set.split(" ").map((tail) => (tail === "." ? "" : tail)));
  for (const entry of packed.days.split(";")) {
    const [day = "", ...groups] = entry.split(" ");
    for (const group of groups) {
      const colon = group.indexOf(":");
      const endings = tails[Number(group.slice(0, colon))] ?? [];
      for (const head of group.slice(colon + 1).split(",")) {
        for (const tail of endings) result.set(head + tail, day);
      }
    }
  }
  return result;
}
