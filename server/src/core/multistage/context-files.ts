/** Files of the build context behind files of an image: what COPY brought, followed back. */
import type { Facts } from "../rule";
import type { Copy } from "./copies";
import { isWithin, joinPath, resolvePath } from "./paths";

/** A file of the build context that is known. */
export interface ContextFile {
  /** Relative to the build context. */
  readonly path: string;
  readonly text: string;
}

/** Questions about one file at most: a file that came by a longer way is not looked for. */
const mostQuestions = 8;

/**
 * The file of the build context that lies at an absolute path of the image. Null when it is known that none does,
 * undefined when that is not known.
 */
export function contextFile(path: string, copies: readonly Copy[], facts: Facts): ContextFile | null | undefined {
  let isUnknown = false;
  for (const source of contextPaths(path, copies)) {
    const text = facts.file(source);
    if (typeof text === "string") return { path: source, text };
    if (text === undefined) isUnknown = true;
  }
  return isUnknown ? undefined : null;
}

/** Where in the build context a path of the image may come from, the last COPY first. */
export function contextPaths(path: string, copies: readonly Copy[]): readonly string[] {
  const found = new Set<string>();
  for (const copy of [...copies].reverse()) {
    if (copy.from !== null) continue;
    const folder = copy.destination === "/" ? "/" : copy.destination.replace(/\/$/, "");
    if (!isWithin(path, folder)) continue;
    const rest = path.slice(folder === "/" ? 1 : folder.length + 1);
    for (const source of copy.sources) {
      for (const candidate of candidates(source, rest)) {
        const plain = resolvePath(candidate, "/")?.slice(1);
        if (plain && found.size < mostQuestions) found.add(plain);
      }
    }
  }
  return [...found];
}

/** `rest`: the path below the destination; empty where the destination is the file itself. */
function candidates(source: string, rest: string): readonly string[] {
  if (/[*?[\]]/.test(source)) {
    // `COPY *.csproj ./` and `COPY * ./` bring files of one folder.
    const folder = source.slice(0, source.lastIndexOf("/") + 1);
    const pattern = source.slice(folder.length);
    return rest !== "" && !rest.includes("/") && matches(pattern, rest) ? [folder + rest] : [];
  }
  if (rest === "") return [source];
  const name = source.replace(/\/+$/, "").split("/").at(-1);
  return name === rest ? [source, joinPath(source, rest)] : [joinPath(source, rest)];
}

function matches(pattern: string, name: string): boolean {
  if (!/^[^?[\]]*$/.test(pattern)) return false;
  const parts = pattern.split("*");
  const [first = "", ...others] = parts;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return others.length === 0 ? name === pattern : others.at(-1) === "" || name.endsWith(others.at(-1) ?? "");
}
