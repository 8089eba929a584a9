/** Where a file gives permissions: chmod, mkdir and install in RUN, and --chmod of COPY and ADD. */
import { hasTemplate } from "../../fixes/mount";
import { canEditPlaced, placedInstructions } from "../../fixes/placed";
import { type Instruction, locate, type Model } from "../../model/types";
import type { ShellWord } from "../../shell/ast";
import { flagValue, operands } from "../../shell/commands";
import type { Edit, Span } from "../../text";
import { type Call, callsOf, canEditCall, wordSpan } from "./calls";

/** One mode that is given. */
export interface ModeUse {
  readonly instruction: Instruction;
  /** `0777`, `a+rwx`. */
  readonly mode: string;
  /** Where the mode stands. */
  readonly span: Span;
  readonly by: "chmod" | "mkdir" | "install" | "--chmod";
  /** What gets it, as far as it is known; for --chmod the target. */
  readonly paths: readonly string[];
  readonly isRecursive: boolean;
  /** Writes another mode in its place; null where nothing may be edited. */
  replace(mode: string): Edit | null;
}

/** Every mode in the order of chmod, mkdir and install, then --chmod. Modes that depend on a variable are left out. */
export function* modeUses(model: Model): Iterable<ModeUse> {
  for (const call of callsOf(model, "chmod")) {
    const use = chmodUse(model, call);
    if (use) yield use;
  }
  for (const by of ["mkdir", "install"] as const) {
    for (const call of callsOf(model, by)) {
      const given = flagValue(call.command, ["-m", "--mode"]);
      const word = given?.word;
      if (!given || !word || given.value === null || !isMode(given.value)) continue;
      const end = wordSpan(call, word).end;
      const span = { start: end - given.value.length, end };
      const paths = pathsOf(operands(call.command, ["-m", "--mode", "-o", "-g", "-t", "--owner", "--group"]));
      yield useOf(model, call, { mode: given.value, span, by, paths, isRecursive: false });
    }
  }
  for (const placed of placedInstructions(model, "COPY", "ADD")) {
    const { instruction } = placed;
    const value = instruction.parsed.flags.find((flag) => flag.name === "chmod")?.value;
    if (!value || value.value === null || !isMode(value.value)) continue;
    const { json, words } = instruction.parsed;
    const target = json ? json.at(-1)?.value : words.at(-1)?.value;
    const span = locate(instruction, value);
    const isWritten = value.text === value.value && canEditPlaced(model, placed);
    yield {
      instruction,
      mode: value.value,
      span,
      by: "--chmod",
      paths: target ? [target] : [],
      isRecursive: false,
      replace: (newText) => (isWritten ? { span, newText } : null),
    };
  }
}

/** True for octal and symbolic modes. */
function isMode(text: string): boolean {
  return /^[0-7]{3,5}$/.test(text) || isSymbolic(text);
}

function isSymbolic(text: string): boolean {
  return /^[ugoa]*[-+=][rwxXstugo]*(?:[-+=,][rwxXstugoa]*)*$/.test(text) && text.length < 60;
}

function chmodUse(model: Model, call: Call): ModeUse | null {
  // `-x` is a mode, `-R` a flag: the mode is the first word that is one.
  const words = call.command.words.slice(1);
  const at = words.findIndex((word) => word.value !== null && isMode(word.value) && !/^-[RfvcHLP]+$/.test(word.value));
  const word = words[at];
  const before = words.slice(0, Math.max(at, 0));
  if (!word?.value || before.some((one) => !/^-/.test(one.value ?? ""))) return null;
  const isRecursive = before.some((one) => /^-\w*R|^--recursive$/.test(one.value ?? ""));
  const paths = pathsOf(words.slice(at + 1));
  return useOf(model, call, { mode: word.value, span: wordSpan(call, word), by: "chmod", paths, isRecursive });
}

function pathsOf(words: readonly ShellWord[]): readonly string[] {
  return words.map((word) => word.value ?? word.text).filter((path) => !path.startsWith("-"));
}

function useOf(
  model: Model,
  call: Call,
  part: Pick<ModeUse, "mode" | "span" | "by" | "paths" | "isRecursive">,
): ModeUse {
  const { span, mode } = part;
  return {
    ...part,
    instruction: call.run,
    replace: (newText) =>
      canEditCall(model, call) && model.text.slice(span.start, span.end) === mode && !hasTemplate(model, span)
        ? { span, newText }
        : null,
  };
}
