/** The header `www-authenticate`: how a registry wants to be told who asks (RFC 9110, section 11.6.1). */

/** One way that a registry accepts. */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** By name in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Reads the header. Several challenges may stand in it, and values in quotes may hold commas. Never throws. */
export function parseChallenges(header: string | null): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let rest = (header ?? "").slice(0, longestHeader);
  while (rest !== "") {
    const parameter = /^[\s,]*([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/.exec(rest);
    const current = challenges.at(-1);
    if (parameter && current) {
      const value = parameter[2]?.replace(/\\(.)/g, "$1") ?? parameter[3] ?? "";
      current.parameters.set((parameter[1] ?? "").toLowerCase(), value);
      rest = rest.slice(parameter[0].length);
      continue;
    }
    const scheme = /^[\s,]*([A-Za-z][A-Za-z0-9_-]*)(?=\s|,|$)/.exec(rest);
    if (!scheme) break;
    challenges.push({ scheme: (scheme[1] ?? "").toLowerCase(), parameters: new Map() });
    rest = rest.slice(scheme[0].length);
  }
  return challenges;
}

/** No honest header comes near. */
const longestHeader = 8000;
