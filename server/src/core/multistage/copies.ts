/** What COPY and ADD bring, as plain texts. */
import { expandWord, stageState } from "../model/scope";
import type { Instruction, Model, Stage } from "../model/types";
import { joinPath, resolvePath } from "./paths";
import { folderAt } from "./run-commands";

/** One COPY or ADD. */
export interface Copy {
  readonly instruction: Instruction;
  /** Sources as written, without quotes; heredocs are not among them. */
  readonly sources: readonly string[];
  /** Absolute; ends in a slash where the instruction says that it is a folder. */
  readonly destination: string;
  /** Value of `--from`, or null when the files come from the build context. */
  readonly from: string | null;
  readonly hasHeredoc: boolean;
}

/** Reads a COPY or ADD; null where a word depends on a variable without a value, or the place is not known. */
export function readCopy(model: Model, instruction: Instruction, image: string | null): Copy | null {
  const { stage, parsed } = instruction;
  if (!stage) return null;
  const lookUp = (name: string) => stageState(stage.scope, name, instruction.index);
  const flag = parsed.flags.find((one) => one.name === "from");
  const from = flag?.value ? expandWord(flag.value, model.escape, lookUp) : null;
  if (flag && from === null) return null;
  const words = parsed.json
    ? parsed.json.map((item) => item.value)
    : parsed.words.map((word) => expandWord(word, model.escape, lookUp));
  if (words.length < 2 || words.some((word) => word === null)) return null;
  const known = words as readonly string[];
  const last = known.at(-1) as string;
  const resolved = resolvePath(last, folderAt(instruction, image));
  if (resolved === null) return null;
  const sources = known.slice(0, -1).filter((word) => !word.startsWith("<<"));
  const isFolder = /\/\.?$/.test(last) || last === "." || last === ".." || sources.length > 1;
  const destination = isFolder && resolved !== "/" ? `${resolved}/` : resolved;
  return { instruction, sources, destination, from, hasHeredoc: parsed.heredocs.length > 0 };
}

/** All COPY and ADD of a stage, in order; null where one of them cannot be read. */
export function readCopies(model: Model, stage: Stage, image: string | null): readonly Copy[] | null {
  const found: Copy[] = [];
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
    const copy = readCopy(model, instruction, image);
    if (!copy) return null;
    found.push(copy);
  }
  return found;
}

/** True when a COPY brings the whole build context, or whatever lies at its top. */
export function bringsEverything(copy: Copy): boolean {
  return copy.from === null && copy.sources.some((source) => /^(?:\.?\/)*(?:\.|\*)?$/.test(source));
}

/** Where a source that is one file lands. */
export function landsAt(copy: Copy, source: string): string {
  const name = source.replace(/\/+$/, "").split("/").at(-1) ?? source;
  return copy.destination.endsWith("/") ? joinPath(copy.destination, name) : copy.destination;
}

/** The folder of an image that a COPY writes to or, for one file, the file. */
export function folderOf(copy: Copy): string {
  return copy.destination === "/" ? "/" : copy.destination.replace(/\/$/, "");
}
