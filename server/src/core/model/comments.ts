/** What the comments of a file say about one instruction: for rules that heed what somebody has written on purpose. */
import type { Instruction, Model } from "./types";

/**
 * The texts of the comments above an instruction and between its lines, in the order of the file. Found once per model.
 * A rule that asks reads `#`.
 */
export function commentsAbout(model: Model, instruction: Instruction): readonly string[] {
  let known = remembered.get(model);
  if (!known) {
    known = readComments(model);
    remembered.set(model, known);
  }
  return known.get(instruction) ?? none;
}

const none: readonly string[] = [];
const remembered = new WeakMap<Model, ReadonlyMap<Instruction, readonly string[]>>();

function readComments({ comments }: Model): ReadonlyMap<Instruction, readonly string[]> {
  const texts = new Map<Instruction, string[]>();
  for (const { above, inside, text } of comments) {
    const about = inside ?? above;
    if (!about) continue;
    const list = texts.get(about);
    if (list) list.push(text);
    else texts.set(about, [text]);
  }
  return texts;
}
