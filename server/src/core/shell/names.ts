/** How package managers write a package and its version as one word. */
import type { PackageStyle } from "./managers";

/** A package as written. */
export interface PackageName {
  readonly name: string;
  /** The one version that is asked for, as written (`1.2`, `1.2.*`, `latest`, `${VERSION}`); null when there is none. */
  readonly version: string | null;
  /** Everything behind the name, with its operator: `==1.2`, `>=1,<2`, `@^3`, `/bookworm`; null when there is none. */
  readonly constraint: string | null;
  /** `path` for a local file or folder, `url` for an address or a repository; then there is no version. */
  readonly kind: "name" | "path" | "url";
}

/** Reads one package word, quotes already taken away. Null when it is none (empty). */
export function parsePackage(text: string, style: PackageStyle): PackageName | null {
  if (text === "") return null;
  const kind = kindOf(text, style);
  if (kind !== "name") return { name: text, version: null, constraint: null, kind };
  const match = patterns[style].exec(text);
  const name = match?.[1];
  if (!match || !name) return { name: text, version: null, constraint: null, kind };
  const constraint = text.slice(name.length) || null;
  const operator = match[2] ?? "";
  const version = match[3]?.trim() ?? "";
  if (style === "pip" && operator === "@" && isAddress(version))
    return { name, version: null, constraint, kind: "url" };
  return { name, version: isExact(operator, style) && version !== "" ? version : null, constraint, kind };
}

/** Groups: name, operator, version. */
const patterns: Readonly<Record<PackageStyle, RegExp>> = {
  apt: /^([^=/:]+)(?::[a-z0-9-]+)?(?:([=/])(.+))?$/,
  apk: /^([^=<>~@]+)(?:([=<>~]+)([^@]+))?(?:@.+)?$/,
  rpm: /^(.+?)(-)(\d+[.:][^-]+(?:-\d[^-]*)?)$/,
  compare: /^(?:[^:]+::)?([^=<>!~ ]+) ?(?:([=<>!~]+)(.+))?$/,
  pip: /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*(?:(===|==|~=|!=|<=|>=|<|>|@)([^;]+)(?:;.*)?)?$/,
  at: /^(@?[^@]+)(?:(@)(.+))?$/,
  colon: /^([^:=]+)(?:([:=])(.+))?$/,
  dash: /^(.+?)(-)(\d.*|\$.+|stable|beta|alpha|devel)$/s,
  plain: /^(.+)$/,
};

function isExact(operator: string, style: PackageStyle): boolean {
  switch (style) {
    case "apt":
      return operator === "=";
    case "apk":
      return operator === "=" || operator === "~" || operator === "=~" || operator === "~=";
    case "compare":
      return operator === "=" || operator === "==";
    case "pip":
      return operator === "==" || operator === "===" || operator === "@";
    default:
      return operator !== "";
  }
}

function kindOf(text: string, style: PackageStyle): PackageName["kind"] {
  if (isAddress(text)) return "url";
  if (/^(\.{0,2}\/|~\/)/.test(text) || text === "." || text === "..") return "path";
  if (style === "pip" && text.startsWith(".[")) return "path";
  if (/\.(deb|rpm|apk|whl|tgz|tar\.gz|tar\.bz2|zip|gem)$/.test(text)) return "path";
  if (style === "at" && /^(git@|github:|gitlab:|bitbucket:)/.test(text)) return "url";
  return "name";
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.startsWith("git+");
}
