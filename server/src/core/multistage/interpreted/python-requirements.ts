/** The packages that a Python project asks for, from requirement files, lock files and command lines. */
import type { Facts } from "../../rule";
import { contextFile } from "../context-files";
import type { Copy } from "../copies";
import { joinPath, parentOf, resolvePath } from "../paths";
import type { PythonInstall } from "./python-installs";

/** One package: its name in lower case with dashes, and the version it is pinned to. */
export interface Requirement {
  readonly name: string;
  readonly version: string | null;
}

/** Requirement files that name further ones are followed this far. */
const deepest = 4;

/** All packages of all installs; null when a list cannot be read, or names something else than a package of an index. */
export function requiredPackages(
  installs: readonly PythonInstall[],
  copies: readonly Copy[],
  facts: Facts,
): readonly Requirement[] | null {
  const found: Requirement[] = [];
  for (const install of installs) {
    const own = packagesOf(install, copies, facts);
    if (!own) return null;
    found.push(...own);
  }
  return found;
}

function packagesOf(install: PythonInstall, copies: readonly Copy[], facts: Facts): readonly Requirement[] | null {
  const { operation, folder, command } = install;
  const read = (name: string) => {
    const path = resolvePath(name, folder);
    return path === null ? null : (contextFile(path, copies, facts)?.text ?? null);
  };
  if (!operation) return null;
  if (operation.manager === "poetry") return lockedPackages(read("poetry.lock"));
  if (operation.manager === "uv" && operation.verb === "sync") return lockedPackages(read("uv.lock"));
  if (operation.unknown.length > 0) return null;
  const found: Requirement[] = [];
  for (const one of operation.packages) {
    if (one.kind === "path" && /^\.(?:\[|\/?$)/.test(one.name)) {
      const project = projectPackages(read("pyproject.toml"));
      if (!project) return null;
      found.push(...project);
    } else if (one.kind !== "name") return null;
    else found.push({ name: plainName(one.name), version: one.version });
  }
  const { words } = command;
  for (const [at, word] of words.entries()) {
    const match = /^(?:-r|--requirements?=?)(.*)$/.exec(word.value ?? word.text);
    if (!match || (match[1] === "" && !/^(?:-r|--requirements?)$/.test(word.value ?? ""))) continue;
    const name = match[1] || words[at + 1]?.value;
    const path = name ? resolvePath(name.replace(/^=/, ""), folder) : null;
    const listed = path === null ? null : listedPackages(path, copies, facts, 0);
    if (!listed) return null;
    found.push(...listed);
  }
  return found;
}

/** Format: pip's "Requirements File Format". */
function listedPackages(
  path: string,
  copies: readonly Copy[],
  facts: Facts,
  depth: number,
): readonly Requirement[] | null {
  const file = contextFile(path, copies, facts);
  if (!file || depth > deepest) return null;
  const found: Requirement[] = [];
  for (const raw of file.text.replace(/\\\r?\n/g, " ").split(/\r?\n/)) {
    const line = raw.replace(/(?:^|\s)#.*$/, "").trim();
    if (line === "" || /^(?:-c|--constraint|--hash|--prefer-binary|--trusted-host|--no-binary=?\s*:none:)/.test(line))
      continue;
    const nested = /^(?:-r|--requirement)[\s=]*(\S+)$/.exec(line)?.[1];
    if (nested) {
      const target = nested.startsWith("/") ? nested : joinPath(parentOf(path), nested);
      const resolved = resolvePath(target, "/");
      const more = resolved === null ? null : listedPackages(resolved, copies, facts, depth + 1);
      if (!more) return null;
      found.push(...more);
      continue;
    }
    const one = requirement(line);
    if (!one) return null;
    found.push(one);
  }
  return found;
}

function requirement(line: string): Requirement | null {
  const match =
    /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:\(?\s*(===?|~=|[<>!]=?)\s*([^\s,;)]+)[^;@]*)?(?:;.*|--hash.*)?$/.exec(
      line,
    );
  if (!match?.[1]) return null;
  return { name: plainName(match[1]), version: /^={2,3}$/.test(match[2] ?? "") ? (match[3] ?? null) : null };
}

/** poetry.lock and uv.lock list all packages as `[[package]]` tables with name and version. */
function lockedPackages(text: string | null): readonly Requirement[] | null {
  if (text === null) return null;
  const found: Requirement[] = [];
  for (const table of text.split(/^\[\[package\]\]\s*$/m).slice(1)) {
    const name = /^name = "([^"]+)"/m.exec(table)?.[1];
    if (name) found.push({ name: plainName(name), version: /^version = "([^"]+)"/m.exec(table)?.[1] ?? null });
  }
  return found;
}

/** The `dependencies` of `[project]`; null where there are none, for then they may stand elsewhere. */
function projectPackages(text: string | null): readonly Requirement[] | null {
  const list = text && /^dependencies\s*=\s*\[([\s\S]*?)^\s*\]|^dependencies\s*=\s*\[([^\]\n]*)\]/m.exec(text);
  if (!list) return null;
  const items = [...(list[1] ?? list[2] ?? "").matchAll(/"([^"\n]+)"|'([^'\n]+)'/g)].map(
    (item) => item[1] ?? item[2] ?? "",
  );
  const found = items.map((item) => requirement(item));
  return found.every((one) => one !== null) ? found : null;
}

/** Names are compared without case, `_` and `.` count as `-` (PEP 503). */
function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
