/** Edits that make a stage end as another user, placed so that every build step still runs as before. */
import type { Instruction, Model, Stage } from "../model/types";
import { locate } from "../model/types";
import type { Edit } from "../text";

/** What a stage is to get. Commands are those of a POSIX shell; each list becomes one RUN, joined by `&&`. */
export interface UserSwitch {
  /** What stands behind USER. */
  readonly user: string;
  /** Commands that make the account; they need no file of the stage. */
  readonly create?: readonly string[];
  /** Commands that hand folders over, right before the user changes. */
  readonly own?: readonly string[];
  /** What stands behind an ENV right before the user changes. */
  readonly environment?: string;
  /** Commands that hand the folders of VOLUME over; they stand before it, since some builders drop later changes. */
  readonly ownVolumes?: readonly string[];
}

/**
 * The edits, or null where a RUN is needed and the stage's shell is not POSIX or its user not root (`isRoot` tells who
 * runs an instruction). USER goes behind the last RUN, COPY, ADD and WORKDIR and before CMD, ENTRYPOINT and HEALTHCHECK;
 * a USER root that already stands there is changed in place.
 */
export function switchUser(
  model: Model,
  stage: Stage,
  wanted: UserSwitch,
  isRoot: (instruction: Instruction) => boolean,
): readonly Edit[] | null {
  const list = stage.instructions;
  const last = lastBuildStep(stage);
  const late = list.slice(last + 1);
  const old = stage.userAtEnd.kind === "base" ? null : stage.userAtEnd.instruction;
  const replaced = old && late.includes(old) ? old : null;
  if (replaced?.parsed.words.some((word) => word.variables.length > 0)) return null;
  const next = replaced ?? late.find(({ keyword }) => starts.has(keyword)) ?? null;
  const end: Place = next ? { before: next } : { after: list[list.length - 1] ?? stage.from };

  const edits: Edit[] = [];
  const insert = (place: Place, text: string) => edits.push(insertLine(model, place, text));
  const run = (place: Place, commands: readonly string[]): boolean => {
    const here = "before" in place ? place.before : null;
    const posix = here ? here.shell.kind === "posix" : stage.shellAtEnd.kind === "posix";
    // Behind the last instruction the user is that of the end, which is root or there would be nothing to mend.
    if (!posix || (here && !isRoot(here))) return false;
    insert(place, runText(model, stage, commands));
    return true;
  };

  // An account is made before the files come that change with every build, so that its layer is kept.
  const early = list.find(
    ({ keyword }) => keyword === "COPY" || keyword === "ADD" || (wanted.ownVolumes && keyword === "VOLUME"),
  );
  if (wanted.create && !(early && run({ before: early }, wanted.create)) && !run(end, wanted.create)) return null;
  if (wanted.ownVolumes) {
    const volume = list.find(({ keyword }) => keyword === "VOLUME");
    if (!(volume && run({ before: volume }, wanted.ownVolumes)) && !run(end, wanted.ownVolumes)) return null;
  }
  if (wanted.own && !run(end, wanted.own)) return null;
  if (wanted.environment) insert(end, `${keywordLike(stage, "ENV")} ${wanted.environment}`);
  const argument = replaced?.parsed.argumentsSpan;
  if (replaced && argument) edits.push({ span: locate(replaced, argument), newText: wanted.user });
  else insert(end, `${keywordLike(stage, "USER")} ${wanted.user}`);
  return edits;
}

/** A line with one instruction, to be put before another one and the comments that belong to it. */
export function insertBefore(model: Model, instruction: Instruction, text: string): Edit {
  return insertLine(model, { before: instruction }, text);
}

/** A line with one instruction, to be put behind another one. */
export function insertAfter(model: Model, instruction: Instruction, text: string): Edit {
  return insertLine(model, { after: instruction }, text);
}

/** Place of the last step that changes files in `stage.instructions`; 0, the FROM, when there is none. */
export function lastBuildStep(stage: Stage): number {
  const list = stage.instructions;
  for (let i = list.length - 1; i > 0; i--) if (buildSteps.has((list[i] as Instruction).keyword)) return i;
  return 0;
}

/** The keyword in lower case where the stage's FROM is. */
export function keywordLike(stage: Stage, keyword: string): string {
  const { parsed } = stage.from;
  const written = parsed.text.slice(parsed.keywordSpan.from, parsed.keywordSpan.to);
  return written === written.toLowerCase() ? keyword.toLowerCase() : keyword;
}

const buildSteps: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD", "WORKDIR"]);
const starts: ReadonlySet<string> = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK"]);

type Place = { readonly before: Instruction } | { readonly after: Instruction };

function insertLine(model: Model, place: Place, text: string): Edit {
  const { text: file, lineEnding } = model;
  if ("before" in place) {
    const at = topOf(model, place.before);
    return { span: { start: at, end: at }, newText: `${text}${lineEnding}` };
  }
  const newline = file.indexOf("\n", place.after.span.end);
  const end = newline < 0 ? file.length : newline > 0 && file[newline - 1] === "\r" ? newline - 1 : newline;
  return { span: { start: end, end }, newText: `${lineEnding}${text}` };
}

/** Start of the first line of an instruction, or of the comments right above it: those are about it. */
function topOf(model: Model, instruction: Instruction): number {
  const { lines, comments } = model;
  const above = new Set(
    comments.filter((comment) => comment.above === instruction).map(({ span }) => lines.positionAt(span.start).line),
  );
  let { line } = lines.positionAt(instruction.span.start);
  while (above.has(line - 1)) line--;
  return lines.lineStart(line);
}

function runText(model: Model, stage: Stage, commands: readonly string[]): string {
  const indent = indentOf(model);
  return `${keywordLike(stage, "RUN")} ${commands.join(` ${model.escape}${model.lineEnding}${indent}&& `)}`;
}

/** How the file indents continued lines: as its first continued RUN does, else four blanks. */
function indentOf(model: Model): string {
  for (const { keyword, parsed } of model.instructions) {
    if (keyword !== "RUN" || parsed.heredocs.length > 0) continue;
    const match = /\n([ \t]+)\S/.exec(parsed.text);
    if (match?.[1]) return match[1];
  }
  return "    ";
}
