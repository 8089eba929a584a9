/**
 * The grammar of image references.
 *
 * Source: the `reference` package of the CNCF distribution project (docker.io normalisation included), which is what
 * Docker, BuildKit and Podman use. Everything here reads the text once, from left to right, after a length check, so a
 * hostile line costs no more than a long one.
 */

/** A parsed reference such as `ghcr.io/o/app:1.2@sha256:…`. */
export interface ImageReference {
  /** The text that was parsed. */
  readonly text: string;
  /** `docker.io` when none is written. */
  readonly registry: string;
  /** Full path in the registry: `library/node`, `o/app`. */
  readonly path: string;
  /** Repository exactly as written, without tag and digest: `node`, `docker.io/library/node`. */
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
}

/** Why a text is no image reference. */
export interface ReferenceProblem {
  /** One sentence that names the bad part and says what is allowed. */
  readonly message: string;
  /** Offset of the bad part in the text, in UTF-16 code units. */
  readonly at: number;
  /** Length of the bad part; 0 where something is missing. */
  readonly length: number;
}

/** Registry and path together may be this long (distribution: RepositoryNameTotalLengthMax). */
const longestName = 255;
const longestTag = 128;
/** Hexadecimal digits of each digest algorithm that registries accept. */
const digestLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Reads an image reference. Null when the text is not a valid one (a variable that is still in it included). */
export function parseReference(text: string): ImageReference | null {
  const known = references.get(text);
  if (known !== undefined) return known;
  const result = read(text);
  const reference = "message" in result ? null : result;
  if (references.size > mostRemembered) references.clear();
  if (text.length < 300) references.set(text, reference);
  return reference;
}

// A file names the same few images over and over, and is read anew at every keystroke.
const references = new Map<string, ImageReference | null>();
const mostRemembered = 1000;

/** Says why a text is no image reference, or null when it is one. */
export function explainReference(text: string): ReferenceProblem | null {
  const result = read(text);
  return "message" in result ? result : null;
}

/** The text of a reference: repository as written, then `:tag` and `@digest` where there are any. */
export function formatReference(reference: Pick<ImageReference, "repository" | "tag" | "digest">): string {
  const tag = reference.tag === null ? "" : `:${reference.tag}`;
  const digest = reference.digest === null ? "" : `@${reference.digest}`;
  return `${reference.repository}${tag}${digest}`;
}

function read(text: string): ImageReference | ReferenceProblem {
  if (text === "") return problem("An image reference is empty: name an image, such as `alpine:3.24`.", 0, 0);

  const atSign = text.indexOf("@");
  const nameEnd = atSign < 0 ? text.length : atSign;
  const slash = text.lastIndexOf("/", nameEnd - 1);
  const colon = text.indexOf(":", slash + 1);
  const repositoryEnd = colon >= 0 && colon < nameEnd ? colon : nameEnd;
  const repository = text.slice(0, repositoryEnd);

  if (repository === "") return problem("An image reference needs a name before its tag or digest.", 0, 0);
  if (repository.length > longestName) {
    return problem(
      `The image name is ${repository.length} characters long; registries allow ${longestName}.`,
      0,
      repositoryEnd,
    );
  }
  if (text.length === 64 && /^[a-f0-9]+$/.test(text)) {
    return problem("This is the id of an image, not a name; an id cannot be pulled: write a name.", 0, text.length);
  }

  const name = readName(repository);
  if ("message" in name) return name;

  const tag = repositoryEnd < nameEnd ? text.slice(repositoryEnd + 1, nameEnd) : null;
  const tagProblem = tag === null ? null : explainTag(tag, repositoryEnd + 1);
  if (tagProblem !== null) return tagProblem;

  const digest = atSign < 0 ? null : text.slice(atSign + 1);
  const digestProblem = digest === null ? null : explainDigest(digest, atSign + 1);
  if (digestProblem !== null) return digestProblem;

  return { text, ...name, repository, tag, digest };
}

function readName(repository: string): { registry: string; path: string } | ReferenceProblem {
  const slash = repository.indexOf("/");
  const first = slash < 0 ? "" : repository.slice(0, slash);
  const hasRegistry = slash >= 0 && (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first);

  if (!hasRegistry) {
    const bad = explainPath(repository, 0);
    if (bad !== null) return bad;
    return { registry: "docker.io", path: slash < 0 ? `library/${repository}` : repository };
  }

  const bad = explainRegistry(first) ?? explainPath(repository.slice(slash + 1), slash + 1);
  if (bad !== null) return bad;
  const registry = first === "index.docker.io" ? "docker.io" : first;
  const path = repository.slice(slash + 1);
  return { registry, path: registry === "docker.io" && !path.includes("/") ? `library/${path}` : path };
}

function explainRegistry(registry: string): ReferenceProblem | null {
  const bracket = registry.startsWith("[") ? registry.indexOf("]") : -1;
  const colon = registry.indexOf(":", bracket + 1);
  const hostEnd = colon < 0 ? registry.length : colon;
  const host = registry.slice(0, hostEnd);

  const isHost = bracket < 0 ? host.split(".").every(isHostPart) : /^\[[a-fA-F0-9:]+\]$/.test(host);
  if (!isHost) {
    return problem(
      `The registry \`${shown(host)}\` is no host name: letters, digits and \`-\`, joined by \`.\`.`,
      0,
      hostEnd,
    );
  }
  if (colon >= 0 && !/^[0-9]+$/.test(registry.slice(colon + 1))) {
    return problem(
      `The port of the registry, \`${shown(registry.slice(colon + 1))}\`, is no number.`,
      colon + 1,
      registry.length - colon - 1,
    );
  }
  return null;
}

function isHostPart(part: string): boolean {
  return /^[a-zA-Z0-9-]+$/.test(part) && !part.startsWith("-") && !part.endsWith("-");
}

function explainPath(path: string, start: number): ReferenceProblem | null {
  let at = start;
  for (const component of path.split("/")) {
    const bad = explainComponent(component, at);
    if (bad !== null) return bad;
    at += component.length + 1;
  }
  return null;
}

function explainComponent(component: string, at: number): ReferenceProblem | null {
  if (component === "") return problem("The image name has an empty part: two slashes, or one at an end.", at, 0);
  if (/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/.test(component)) return null;

  const stray = component.search(/[^A-Za-z0-9._-]/);
  if (stray >= 0) {
    const character = String.fromCodePoint(component.codePointAt(stray) ?? 0);
    return problem(
      `\`${character}\` cannot stand in an image name; lower-case letters, digits, \`.\`, \`_\` and \`-\` can.`,
      at + stray,
      character.length,
    );
  }
  if (/[A-Z]/.test(component)) {
    const lower = component.toLowerCase();
    return problem(
      `\`${shown(component)}\` has upper-case letters; an image name is lower case: \`${shown(lower)}\`.`,
      at,
      component.length,
    );
  }
  return problem(
    `\`${shown(component)}\` is no part of an image name: \`.\`, \`_\`, \`__\` and \`-\` stand alone between letters or digits.`,
    at,
    component.length,
  );
}

function explainTag(tag: string, at: number): ReferenceProblem | null {
  if (tag === "") return problem("The tag after `:` is empty: write one, or leave the colon out.", at, 0);
  if (tag.length > longestTag) {
    return problem(`The tag is ${tag.length} characters long; ${longestTag} are allowed.`, at, tag.length);
  }
  const stray = tag.search(/[^\w.-]/);
  if (stray >= 0) {
    const character = String.fromCodePoint(tag.codePointAt(stray) ?? 0);
    return problem(
      `\`${character}\` cannot stand in a tag; letters, digits, \`_\`, \`.\` and \`-\` can.`,
      at + stray,
      character.length,
    );
  }
  if (/^[.-]/.test(tag)) {
    return problem("A tag starts with a letter, a digit or `_`.", at, 1);
  }
  return null;
}

function explainDigest(digest: string, at: number): ReferenceProblem | null {
  const colon = digest.indexOf(":");
  const algorithm = colon < 0 ? digest : digest.slice(0, colon);
  const length = digestLengths[algorithm];
  if (colon < 0 || length === undefined || !Object.hasOwn(digestLengths, algorithm)) {
    return problem(
      "A digest starts with `sha256:`, `sha384:` or `sha512:`.",
      at,
      colon < 0 ? digest.length : algorithm.length,
    );
  }
  const hex = digest.slice(colon + 1);
  const stray = hex.search(/[^a-f0-9]/);
  if (stray >= 0) {
    const character = String.fromCodePoint(hex.codePointAt(stray) ?? 0);
    return problem(
      `\`${character}\` cannot stand in a digest; it is written in the digits 0 to 9 and a to f.`,
      at + colon + 1 + stray,
      character.length,
    );
  }
  if (hex.length !== length) {
    return problem(
      `A ${algorithm} digest has ${length} hexadecimal digits; this one has ${hex.length}.`,
      at + colon + 1,
      hex.length,
    );
  }
  return null;
}

function problem(message: string, at: number, length: number): ReferenceProblem {
  return { message, at, length };
}

/** A part of the user's text for a message: whole when short, cut when long. */
function shown(part: string): string {
  return part.length <= 60 ? part : `${part.slice(0, 57)}…`;
}
