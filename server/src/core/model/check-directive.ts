/**
 * What BuildKit's `# check=` comment says besides `skip`: with `error=true` the build stops at what its checks find, and
 * `experimental` turns checks on that are off without it. Meaning of the keys: BuildKit's documentation, "Build checks".
 */
import type { Span } from "../text";
import { instructionAt } from "./at";
import type { Instruction, Model } from "./types";

/** Tells whether the build would stop at a finding of BuildKit's checks at a place. */
export type StopsBuild = (span: Span) => boolean;

/**
 * Reads the comments once. The directive at the top of the file speaks for all of it; a comment above or inside an
 * instruction speaks for that instruction, as our reading of `skip=` does.
 */
export function readCheckErrors(model: Model): StopsBuild {
  if (model.directives.some(({ name, value }) => name === "check" && saysError(value))) return () => true;
  const instructions = new Set<Instruction>();
  for (const { text, inside, above } of model.comments) {
    const value = /^check\s*=\s*(.*)$/i.exec(text)?.[1];
    const instruction = inside ?? above;
    if (instruction && value !== undefined && saysError(value)) instructions.add(instruction);
  }
  if (instructions.size === 0) return () => false;
  return ({ start }) => {
    const instruction = instructionAt(model, start);
    return instruction !== null && instructions.has(instruction);
  };
}

/** True when the file asks for a check of BuildKit's that is experimental. */
export function wantsExperimental({ directives }: Model, check: string): boolean {
  return directives.some(({ name, value }) => {
    const list = name === "check" ? /(?:^|;)\s*experimental\s*=\s*([^;/]*)/i.exec(value)?.[1] : undefined;
    return list?.split(",").some((item) => item.trim() === check || item.trim() === "all") ?? false;
  });
}

function saysError(value: string): boolean {
  return /(?:^|;)\s*error\s*=\s*(?:true|1|t)\s*(?:;|$)/i.test(value.replace(/\/\/.*$/, ""));
}
