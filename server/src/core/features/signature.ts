/** Signature help: how an instruction is written, and which part of it one is writing. */
import type { Model } from "../model/types";
import { type ArgumentPlace, placeAt } from "./complete-place";
import { instructionHelp, type Signature } from "./help";

/** The ways to write an instruction. */
export interface SignatureHint {
  readonly signatures: readonly Signature[];
  readonly text: string;
  /** The one that fits what is written. */
  readonly active: number;
  /** The parameter of that one; null where none of them is being written. */
  readonly parameter: number | null;
}

/** The hint for an offset behind a keyword; null elsewhere, and in the words of a shell command. */
export function signatureAt(model: Model, offset: number): SignatureHint | null {
  const place = placeAt(model, offset);
  if (place.kind !== "argument") return null;
  const help = instructionHelp[place.keyword];
  if (!help || (shellForms.has(place.keyword) && place.words.length > place.flags && !/^\s*\[/.test(rest(place))))
    return null;
  const active = activeSignature(place, help.signatures);
  const piece = activePiece(place);
  const count = help.signatures[active]?.parameters.length ?? 0;
  return {
    signatures: help.signatures,
    text: help.text,
    active,
    parameter: piece < 0 ? null : Math.min(piece, count - 1),
  };
}

const shellForms: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT"]);

function activeSignature(place: ArgumentPlace, signatures: readonly Signature[]): number {
  const written = rest(place).trimStart();
  const fits = (test: (label: string) => boolean): number =>
    Math.max(
      0,
      signatures.findIndex((one) => test(one.label)),
    );
  const { keyword } = place;
  if (written.startsWith("[")) return fits((label) => label.includes('"<'));
  if (written.startsWith("<<")) return fits((label) => label.includes("<<"));
  if (keyword === "FROM") return written.includes("@") ? 1 : 0;
  if (keyword === "HEALTHCHECK") return /^none/i.test(written) ? 1 : 0;
  if (keyword === "USER") return /^\d/.test(written) ? 1 : 0;
  if (keyword === "ENV") return /^\w+\s/.test(written) ? 1 : 0;
  if (keyword === "VOLUME" || shellForms.has(keyword))
    return written === "" ? 0 : fits((label) => !label.includes('"<'));
  return 0;
}

/** Which piece of the signature is being written, as a number: 0 the first, 1 the second …; -1 for flags. */
function activePiece(place: ArgumentPlace): number {
  const { keyword, words, flags, partial } = place;
  if (words.length === flags && partial.startsWith("-")) return -1;
  const at = words.length - flags;
  switch (keyword) {
    case "FROM":
      return Math.min(at, 2);
    case "ENV":
      return /^\w+\s/.test(rest(place).trimStart()) ? 1 : partial.includes("=") ? 1 : 0;
    case "ARG":
    case "LABEL":
      return partial.includes("=") ? 1 : 0;
    case "EXPOSE":
      return partial.includes("/") ? 1 : 0;
    case "USER":
      return partial.includes(":") ? 1 : 0;
    case "VOLUME":
    case "STOPSIGNAL":
    case "WORKDIR":
    case "ONBUILD":
    case "MAINTAINER":
      return 0;
    default:
      return Math.min(at, 1);
  }
}

function rest(place: ArgumentPlace): string {
  return place.before.replace(/^(?:--[a-z]\S*\s+)*/, "");
}
