/** Platforms as `--platform` takes them. Source: containerd's `platforms` package, which Docker and BuildKit use. */

interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
}

/**
 * True when a list of platforms (`linux/arm64/v8`) has one that serves the one asked for; false when it has none; null when
 * it cannot be said what is asked for.
 */
export function offersPlatform(platforms: readonly string[], asked: string): boolean | null {
  const wanted = readPlatform(asked);
  const offered = platforms.map(readPlatform).filter((one) => one !== null);
  if (!wanted || offered.length === 0) return null;
  return offered.some((one) => one.os === wanted.os && one.architecture === wanted.architecture && serves(one, wanted));
}

/** Machines run what was made for older ones of their kind. */
function serves({ variant }: Platform, wanted: Platform): boolean {
  const number = (text: string): number => Number(/\d+/.exec(text)?.[0] ?? 0);
  return variant === "" || wanted.variant === "" || number(variant) <= number(wanted.variant);
}

/** Null for a single word that may be a system as well as an architecture, and for what is no platform. */
function readPlatform(text: string): Platform | null {
  const [os = "", architecture = "", variant = ""] = text.toLowerCase().split("/");
  if (!/^[a-z]+$/.test(os) || !/^[a-z0-9_-]+$/.test(architecture)) return null;
  const plain = { os: os === "macos" ? "darwin" : os, architecture, variant };
  switch (architecture) {
    case "x86_64":
    case "x86-64":
      return { ...plain, architecture: "amd64" };
    case "amd64":
      return { ...plain, variant: variant === "v1" ? "" : variant };
    case "aarch64":
    case "arm64":
      return { ...plain, architecture: "arm64", variant: variant === "" || variant === "8" ? "v8" : variant };
    case "armhf":
      return { ...plain, architecture: "arm", variant: "v7" };
    case "armel":
      return { ...plain, architecture: "arm", variant: "v6" };
    case "arm":
      return { ...plain, variant: variant === "" ? "v7" : variant.replace(/^(\d)$/, "v$1") };
    case "i386":
      return { ...plain, architecture: "386" };
    default:
      return plain;
  }
}
