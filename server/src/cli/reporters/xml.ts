/** Texts inside XML. */

// XML 1.0 (fifth edition, section 2.2) has no way to write these, not even escaped; the marks that turn the direction of
// writing could make a report read otherwise than it is.
const unwritable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Bidi_Control}|\p{Cs}/gu;

const entities: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** A text as it may stand in an attribute or between tags. What XML cannot hold becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text.replace(unwritable, "\ufffd").replace(/[&<>"'\t\n\r]/g, (character) => entities[character] ?? character);
}

/** ` name="value"` for each attribute. */
export function attributes(values: { readonly [name: string]: string | number }): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");
}

export const xmlHead = '<?xml version="1.0" encoding="UTF-8"?>\n';
