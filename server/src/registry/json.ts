/** Members of JSON that came from outside: whatever it is, asking never throws. */

/** A member of a map; undefined where there is none, or no map. */
export function part(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as { readonly [key: string]: unknown })[key];
}

/** The JSON in a text, or null. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
