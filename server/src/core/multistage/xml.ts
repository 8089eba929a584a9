/** Reads the XML of project files (pom.xml, .csproj): elements, attributes and text. Never throws. */

/** One element. */
export interface XmlElement {
  /** As written, prefix included. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly within, trimmed; entities are replaced. */
  readonly text: string;
}

/** Deeper files are no project files. */
const deepest = 100;

/** Attributes behind so many characters are not read: project files have short tags. */
const longestTag = 10_000;

/** The root element, or null when the text is no well-formed XML. One pass; comments and instructions are skipped. */
export function parseXml(text: string): XmlElement | null {
  const open: Building[] = [];
  let root: XmlElement | null = null;
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf("<", at);
    const parent = open.at(-1);
    if (parent) parent.text += unescape(text.slice(at, next < 0 ? text.length : next));
    if (next < 0) break;
    const skipped = endOfSkipped(text, next);
    if (skipped !== null) {
      if (skipped < 0) return null;
      if (parent && text.startsWith("<![CDATA[", next)) parent.text += text.slice(next + 9, skipped - 3);
      at = skipped;
      continue;
    }
    const end = text.indexOf(">", next);
    if (end < 0) return null;
    at = end + 1;
    if (text[next + 1] === "/") {
      const done = open.pop();
      if (!done || text.slice(next + 2, end).trim() !== done.name) return null;
      root = close(done, open, root);
      continue;
    }
    const element = startElement(text.slice(next + 1, text[end - 1] === "/" ? end - 1 : end));
    if (!element || open.length >= deepest) return null;
    if (text[end - 1] === "/") root = close(element, open, root);
    else open.push(element);
  }
  return open.length === 0 ? root : null;
}

/** The child elements with a name. */
export function childrenOf(element: XmlElement | null | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The text at the end of a path of names, from the first child with each name; null when there is none. */
export function textAt(element: XmlElement | null, ...path: readonly string[]): string | null {
  let here: XmlElement | null | undefined = element;
  for (const name of path) here = here?.children.find((child) => child.name === name);
  return here ? here.text : null;
}

/** All elements with one of the names, at any depth, in the order of the file. */
export function elementsNamed(element: XmlElement, ...names: readonly string[]): readonly XmlElement[] {
  const found: XmlElement[] = [];
  const waiting = [element];
  for (let one = waiting.pop(); one; one = waiting.pop()) {
    if (names.includes(one.name)) found.push(one);
    for (let at = one.children.length - 1; at >= 0; at--) waiting.push(one.children[at] as XmlElement);
  }
  return found;
}

interface Building {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

function close(done: Building, open: readonly Building[], root: XmlElement | null): XmlElement | null {
  const element = { ...done, text: done.text.trim() };
  const parent = open.at(-1);
  parent?.children.push(element);
  return parent ? root : (root ?? element);
}

/** Behind a comment, CDATA, `<?…?>` or `<!…>`; null for an element, -1 when it has no end. */
function endOfSkipped(text: string, at: number): number | null {
  const ends: readonly (readonly [string, string])[] = [
    ["<!--", "-->"],
    ["<![CDATA[", "]]>"],
    ["<?", "?>"],
    ["<!", ">"],
  ];
  const kind = ends.find(([start]) => text.startsWith(start, at));
  if (!kind) return null;
  const end = text.indexOf(kind[1], at + kind[0].length);
  return end < 0 ? -1 : end + kind[1].length;
}

function startElement(inside: string): Building | null {
  const name = /^[^\s/>]+/.exec(inside)?.[0];
  if (!name) return null;
  const attributes = new Map<string, string>();
  for (const [, key, double, single] of inside
    .slice(0, longestTag)
    .matchAll(/([^\s=]{1,100})\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (key) attributes.set(key, unescape(double ?? single ?? ""));
  }
  return { name, attributes, children: [], text: "" };
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.includes("&")
    ? text.replace(/&(amp|lt|gt|quot|apos);/g, (all, name: string) => entities[name] ?? all)
    : text;
}
