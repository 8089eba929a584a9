/** COPY instructions from the first stage to the second one, for paths as they were read. */
import { parentOf } from "./paths";

/**
 * A line for each absolute path, to its own place; files that a star in a name stands for go to their folder. Null where a
 * path holds what the builder or its reader would take for something else: quotes, variables, patterns.
 */
export function copyLines(from: string, paths: readonly string[]): readonly string[] | null {
  if (paths.some((path) => !isPlain(path))) return null;
  return paths.map((path) => {
    const to = path.includes("*") ? `${parentOf(path).replace(/\/$/, "")}/` : path;
    return `COPY --from=${from} ${path.includes(" ") ? `["${path}", "${to}"]` : `${path} ${to}`}`;
  });
}

function isPlain(path: string): boolean {
  return /^\/[\p{L}\p{N}\p{M} ._/@+:~,%=*()&!-]+$/u.test(path) && !/^\/ | $|\/$/.test(path);
}
