/** From the bytes of a file to its text, and back. */

/** A text with all that is needed to write it back as it was. */
export interface Decoded {
  /** Without the byte order mark, as editors hold it. */
  readonly text: string;
  /** Whether a UTF-8 byte order mark stood before it. */
  readonly mark: boolean;
  /** False when bytes that are not UTF-8 were replaced by U+FFFD: such a text must not be written back. */
  readonly lossless: boolean;
}

/** Files beyond this size in bytes are no Dockerfiles. */
export const largestFile = 16 * 1024 * 1024;

/** The text of a file, or what stands against reading it as one: a clause that follows the file's name. */
export function decode(bytes: Uint8Array): Decoded | { readonly fault: string } {
  if (bytes.length > largestFile) return { fault: "is larger than 16 MB; that is no Dockerfile" };
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { fault: "is UTF-16; Docker reads only UTF-8, so save the file as UTF-8" };
  }
  if (bytes.includes(0)) return { fault: "is a binary file (it contains NUL bytes)" };
  const mark = first === 0xef && second === 0xbb && bytes[2] === 0xbf;
  const body = mark ? bytes.subarray(3) : bytes;
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body), mark, lossless: true };
  } catch {
    return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(body), mark, lossless: false };
  }
}

/** The bytes of a text, with the mark that it had. */
export function encode(text: string, mark: boolean): Uint8Array {
  return new TextEncoder().encode(mark ? `\uFEFF${text}` : text);
}
