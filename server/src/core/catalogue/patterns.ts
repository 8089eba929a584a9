/** Names of repositories with places to fill in: `gcr.io/distroless/nodejs{line}-debian{system}`. */

/** What a name says where a pattern has its places. */
export interface PatternMatch {
  readonly line: string | null;
  readonly system: string | null;
  /** Every place with its text, to fill in successors. */
  readonly places: Readonly<Record<string, string>>;
}

const places: Readonly<Record<string, string>> = {
  line: "(\\d+(?:\\.\\d+)*)",
  system: "(\\d+(?:\\.\\d+)*)",
  name: "([a-z0-9][a-z0-9._-]*)",
  path: "([a-z0-9][a-z0-9._/-]*)",
};

const compiled = new Map<string, { readonly names: readonly string[]; readonly expression: RegExp }>();

/** Holds a name against a pattern; null when it does not fit. Names are at most 255 characters long. */
export function matchPattern(pattern: string, name: string): PatternMatch | null {
  const { names, expression } = compile(pattern);
  const match = expression.exec(name);
  if (match === null) return null;
  const found: Record<string, string> = {};
  names.forEach((place, index) => {
    found[place] = match[index + 1] ?? "";
  });
  return { line: found.line ?? null, system: found.system ?? null, places: found };
}

/** Fills the places of a text (`{line}`) with what a match found; places without a match stay. */
export function fillPlaces(text: string, found: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, place: string) => found[place] ?? whole);
}

function compile(pattern: string): { readonly names: readonly string[]; readonly expression: RegExp } {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const names: string[] = [];
  const source = pattern.replace(/\{([a-z]+)\}|[.*+?^${}()|[\]\\]/g, (whole, place: string | undefined) => {
    if (place === undefined) return `\\${whole}`;
    names.push(place);
    return places[place] ?? "()";
  });
  const result = { names, expression: new RegExp(`^${source}$`) };
  compiled.set(pattern, result);
  return result;
}
