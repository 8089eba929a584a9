/** Edits of FROM --platform. */
import type { Instruction } from "../model/types";
import { locate } from "../model/types";
import type { Fix } from "../rule";

/** A fix that takes `--platform` and the blanks behind it out of a FROM; none where a continuation stands between. */
export function removePlatform(from: Instruction, fix: Omit<Fix, "edits">): readonly Fix[] {
  const { flags, words, text } = from.parsed;
  const at = flags.findIndex(({ name }) => name === "platform");
  const flag = flags[at];
  const next = flags[at + 1] ?? words[0];
  if (!flag || !next || /[^ \t]/.test(text.slice(flag.to, next.from))) return [];
  return [
    { ...fix, edits: [{ span: { start: locate(from, flag).start, end: locate(from, next).start }, newText: "" }] },
  ];
}
