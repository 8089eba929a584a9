/** What the card over an image says of its signatures and of what a scanner found. */
import type { ImageReference } from "../core/image/reference";
import type { SignatureFacts, SignatureReport } from "../core/image/signature";
import { type ScanFacts, type ScanReport, severityText } from "../core/image/vulnerability";
import type { Model } from "../core/index";
import { type HoverText, imageAt } from "./hover";

/** What is known beside the catalogue; null: nobody may ask, or nobody asked. */
export interface ImageKnowledge {
  readonly signatures: SignatureFacts | null;
  readonly scans: ScanFacts | null;
}

/** The part of the card for the image at an offset, or null. What is not known yet is noted as wanted. */
export function trustAt(model: Model, offset: number, { signatures, scans }: ImageKnowledge): HoverText | null {
  const image = imageAt(model, offset);
  if (!image || !isRemote(image.reference)) return null;
  const signed = signatures?.signature(image.reference);
  const scanned = scans?.scan(image.reference);
  const lines = [...(signed ? [signatureText(signed)] : []), ...(scanned ? scanTexts(scanned) : [])];
  return lines.length === 0 ? null : { span: image.span, markdown: lines.map((line) => `- ${line}`).join("\n") };
}

/** `scratch` is no image of a registry. */
function isRemote({ path, registry }: ImageReference): boolean {
  return registry !== "docker.io" || path !== "library/scratch";
}

/** One line. That somebody signed is never called verified. */
export function signatureText({ state, required, signer, found, reasons }: SignatureReport): string {
  switch (state) {
    case "verified":
      return `Signature verified: signed by ${code(signer ?? "")}`;
    case "refused":
      return `⚠ No signature that the policy accepts (${found.join(", ")}): ${reasons.join("; ")}`;
    case "unsigned":
      return required ? "⚠ Not signed, and the policy asks for a signature" : "Not signed";
    case "unchecked":
      return `Somebody signed it (${found.join(", ")}); no policy says who may, so that it shows nothing`;
  }
}

const mostListed = 5;

function scanTexts({ scanner, day, vulnerabilities }: ScanReport): readonly string[] {
  const who = `(${scanner}, ${day})`;
  if (vulnerabilities.length === 0) return [`No known vulnerability ${who}`];
  const rest = vulnerabilities.length - mostListed;
  return [
    `Known vulnerabilities: ${severityText(vulnerabilities)} ${who}`,
    ...vulnerabilities.slice(0, mostListed).map(({ id, severity, package: name, installed, fixed }) => {
      return `${id}, ${severity}: ${code(`${name} ${installed}`)}, ${fixed === null ? "not mended yet" : `mended in ${code(fixed)}`}`;
    }),
    ...(rest > 0 ? [`… and ${rest} more; \`plimsoll scan --all\` lists them`] : []),
  ];
}

/** What came from outside, as code: it must not become a link or a picture. */
function code(text: string): string {
  return `\`${text.replace(/[`\r\n]/g, "'")}\``;
}
