/** What is known about images without a network. Facts only; each lookup may answer null: unknown is silent. */
import type { ImageReference } from "../image/reference";

/** A day, `YYYY-MM-DD`. Dates are compared as strings. */
export type Day = string;

/** Everything the engine may ask about images. Pure: the same question always gets the same answer. */
export interface Catalogue {
  /** The day the data was taken. */
  readonly date: Day;
  /** The repository that a reference names, or null when nothing is known about it. */
  repository(reference: ImageReference): RepositoryFacts | null;
  /** What is known of one image (repository and tag; no tag means `latest`). Null when the repository is unknown. */
  image(reference: ImageReference): ImageFacts | null;
  /** Names of all known repositories, as users write them (`node`, `mcr.microsoft.com/dotnet/sdk`). */
  repositoryNames(): readonly string[];
  /** The live tags of a repository, newest release first; empty when unknown. For completion. */
  tags(reference: ImageReference): readonly string[];
  /** The release lines of the product that the repository is named after, newest first; empty when unknown. */
  lines(reference: ImageReference): readonly ReleaseLine[];
}

/** One release line of a product, as endoflife.date lists it. */
export interface ReleaseLine {
  /** `26`, `3.14`, `24.04`. */
  readonly line: string;
  /** "Node.js 26", "Debian 12 (bookworm)". */
  readonly subject: string;
  readonly released: Day | null;
  /** The day free updates end, or null when no day is known. */
  readonly end: Day | null;
  /** True when the line is listed as ended without a day. */
  readonly ended: boolean;
  readonly securityEnd: Day | null;
  /** True, false, or the day from which it is a long-term line; null when the product has no such idea. */
  readonly lts: boolean | Day | null;
}

/** One repository, e.g. `node` or `mcr.microsoft.com/dotnet/aspnet`. */
export interface RepositoryFacts {
  /** As users write it: `node`, `gcr.io/distroless/static-debian12`. */
  readonly name: string;
  /** Docker official image. */
  readonly official: boolean;
  /** The name people say: "Node.js", "Debian". */
  readonly label: string;
  /** Why not to use it any more, or null. */
  readonly deprecation: Deprecation | null;
  /** False when the repository has no live `latest` tag. */
  readonly hasLatest: boolean;
  /** True when the image is an operating system itself (`debian`, `ubi9`): its product and its distribution are one. */
  readonly isSystem: boolean;
}

export interface Deprecation {
  readonly kind: "deprecated" | "removed" | "stale" | "renamed";
  readonly since: string | null;
  readonly reason: string;
  /** References to move to, best first; may be empty. */
  readonly successors: readonly string[];
}

/** One image: a tag of a known repository. */
export interface ImageFacts {
  readonly repository: RepositoryFacts;
  /** The tag asked for (`latest` when the reference has none). */
  readonly tag: string;
  /** False: the tag was never seen. Facts below then come from its parts where they can be read, else are null. */
  readonly known: boolean;
  /** All tags that name the same image today (the tag itself included), longest version first; empty if not live. */
  readonly aliases: readonly string[];
  /** Most exact version behind the tag, e.g. `26.7.0` for `node:latest`; null when not known. */
  readonly version: string | null;
  /** `slim`, `alpine`, `jre`, `runtime`, `chiseled`, `fpm`, … in a fixed order; empty for the full image. */
  readonly variants: readonly string[];
  /** Release line of the product in endoflife's terms: `26`, `3.14`, `3.24`; null when not known. */
  readonly line: string | null;
  /** Ends of life, the product's own first, then that of the distribution underneath. */
  readonly ends: readonly EndOfLife[];
  /** The day this tag was dropped from the official list (no longer rebuilt), or null while it is live or unknown. */
  readonly dropped: Day | null;
  /** Compressed size in bytes (linux/amd64), or null. */
  readonly size: ImageSize | null;
  readonly distribution: Distribution | null;
  readonly user: DefaultUser | null;
  /** True for images that run Windows. */
  readonly windows: boolean;
  /** True when the product line is a long-term one, false when not, null when the product has no such idea. */
  readonly lts: boolean | null;
}

export interface EndOfLife {
  /** "Node.js 18", "Debian 10 (buster)". */
  readonly subject: string;
  /** `product`: the software the image is named after. `distribution`: the system under it. */
  readonly of: "product" | "distribution";
  /** The day free updates end: for Debian the end of the free LTS; for Ubuntu and RHEL the standard end. */
  readonly end: Day;
  /** An earlier end worth a mention (Debian's security support before LTS), or null. */
  readonly securityEnd: Day | null;
}

export interface ImageSize {
  readonly bytes: number;
  /** `on-disk`: unpacked, known for .NET only; never to be compared with the other three, which are compressed. */
  readonly kind: "measured" | "layer-sum" | "estimate" | "on-disk";
  /** The tag that was measured; may be another line of the same variant, then the figure stands for its kind. */
  readonly tag: string;
}

/** The system inside an image. */
export interface Distribution {
  /** `debian`, `ubuntu`, `alpine`, `fedora`, `rhel`, `wolfi`, `azurelinux`, `busybox`, `distroless`, `scratch`, `windows` … */
  readonly family: string;
  /** The name as people write it: `Debian`, `Red Hat Enterprise Linux`. */
  readonly label: string;
  /** `12`, `3.24`, `24.04`; null when not known. */
  readonly version: string | null;
  /** `bookworm`, `noble`; null when it has none or is not known. */
  readonly codename: string | null;
  readonly packageManager: "apt-get" | "apk" | "dnf" | "microdnf" | "yum" | "tdnf" | "zypper" | "none" | null;
  readonly libc: "glibc" | "musl" | "none" | null;
  /** What /bin/sh is, or `none` where there is no shell. */
  readonly shell: "dash" | "busybox" | "bash" | "none" | null;
  readonly hasBash: boolean | null;
  /** How accounts are made: useradd (shadow), busybox adduser, or only by writing /etc/passwd. */
  readonly accounts: "useradd" | "busybox" | "files" | "none" | null;
}

/** Who a container of the image runs as. */
export interface DefaultUser {
  /** What the image's own USER is: `root`, a name, or a number as text. */
  readonly runsAs: string;
  /**
   * `none`: runs as root, ships no account to switch to. `shipped`: runs as root, `ready` can be switched to.
   * `entrypoint`: starts as root and its entrypoint drops to another user. `declared`: already not root.
   */
  readonly how: "none" | "shipped" | "entrypoint" | "declared";
  readonly ready: ReadyUser | null;
  /** What has to be put right before `ready` can be used ("binds port 80 …"), or null when nothing is known. */
  readonly caveat: string | null;
  /** False when taken from general knowledge and not seen in a Dockerfile or history. */
  readonly verified: boolean;
}

export interface ReadyUser {
  readonly name: string;
  readonly uid: number | null;
  readonly gid: number | null;
  /** What to write after USER where that is not `name`: `$APP_UID`, `65532:65532`. */
  readonly write: string | null;
  readonly home: string | null;
}

/** A tag to move to, with what the move means. Made by `pins`, `smaller` and `successors` in `catalogue/advice.ts`. */
export interface TagAdvice {
  /** Full repository as it is to be written; the same as in the file unless the repository is deprecated. */
  readonly repository: string;
  readonly tag: string;
  /** What sets it apart, for the title: "the current LTS line", "the slim variant"; null where the tag says enough. */
  readonly reason: string | null;
  /** Bytes saved against the present image where both figures are known. */
  readonly saves: number | null;
  /** What may change, for the `reason` of an unsafe fix; one short sentence. */
  readonly consequence: string;
}
