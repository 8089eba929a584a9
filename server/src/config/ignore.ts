/** Which files a configuration leaves out. */
import picomatch from "picomatch";

/**
 * Tells whether a path is left out by `ignore` globs. The path is relative to the folder of the configuration file, with
 * forward slashes. As in a .gitignore: a pattern without a slash counts at any depth, one that names a folder covers all
 * in it, `!` takes back, and the last pattern that fits decides.
 */
export function createIgnore(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.flatMap((pattern) => compile(pattern));
  return (path) => {
    let ignored = false;
    for (const test of tests) if (ignored !== test.ignores && test.fits(path)) ignored = test.ignores;
    return ignored;
  };
}

interface Test {
  readonly ignores: boolean;
  readonly fits: (path: string) => boolean;
}

function compile(pattern: string): Test[] {
  const ignores = !pattern.startsWith("!");
  const trimmed = (ignores ? pattern : pattern.slice(1)).trim().replace(/^\.\//, "").replace(/\/+$/, "");
  if (trimmed === "") return [];
  const anywhere = !trimmed.includes("/");
  const glob = anywhere ? `**/${trimmed}` : trimmed.replace(/^\//, "");
  try {
    const fits = picomatch([glob, `${glob}/**`], { dot: true, nonegate: true });
    return [{ ignores, fits: (path) => fits(path) }];
  } catch {
    // A glob that cannot be read leaves nothing out.
    return [];
  }
}
