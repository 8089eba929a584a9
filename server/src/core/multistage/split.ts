/** Writes one stage as two: what builds stays, what runs moves into a second stage behind it. */
import { stageState } from "../model/scope";
import { scriptsOf } from "../model/scripts";
import type { Instruction, Model, Stage } from "../model/types";
import type { Edit } from "../text";

/**
 * Where an instruction goes. `build`: it stays in the first stage. `final`: it moves to the second one. `both`: it stays
 * and is repeated. `drop`: it goes.
 */
export type Role = "build" | "final" | "both" | "drop";

/** How a stage is split. */
export interface SplitPlan {
  readonly model: Model;
  readonly stage: Stage;
  /** What FROM of the second stage names. */
  readonly base: string;
  /** For every instruction behind FROM; those not named stay in the first stage. */
  readonly roles: ReadonlyMap<Instruction, Role>;
  /** Lines of the second stage that stand where an instruction stood; in order, without line ends. */
  readonly instead: ReadonlyMap<Instruction, readonly string[]>;
  /** Lines directly behind the second FROM. */
  readonly first: readonly string[];
  /** Edits within instructions of the first stage. */
  readonly edits: readonly Edit[];
  /** True when the second stage stands on the same image, so that the variables of that image are there too. */
  readonly keepsBase?: boolean;
}

/** A stage's name for `COPY --from`: its own, or the one that the split gives it. */
export function buildStageName(stage: Stage): string {
  return stage.name ?? "build";
}

/**
 * The edits that split the stage; null where a word of the second stage would lose its meaning: a variable of the base
 * image, a FROM whose platform is computed, a stage that is not the last thing in the file.
 */
export function splitStage(plan: SplitPlan): readonly Edit[] | null {
  const { model, stage } = plan;
  const platform = platformFlag(model, stage);
  const { span } = stage.base;
  // What a template makes of a word is not known, so nothing is moved.
  if (
    model.templates.length > 0 ||
    platform === null ||
    !span ||
    model.finalStage !== stage ||
    model.stages.at(-1) !== stage
  )
    return null;
  const roles = withDeclarations(plan);
  if (roles === null) return null;

  const newline = model.lineEnding;
  const keyword = model.text.slice(stage.from.keywordSpan.start, stage.from.keywordSpan.end);
  const chunks = readChunks(model, stage);
  const build: string[] = [];
  const final: string[] = [`${platform}${plan.base}${newline}`];
  const written = (lines: readonly string[]) => lines.map((line) => inCase(line, keyword) + newline);
  final.push(...written(plan.first));
  for (const chunk of chunks) {
    const role = roles.get(chunk.instruction) ?? "build";
    const before = chunk.start;
    const text = applyWithin(model.text, chunk, plan.edits);
    if (role === "build" || role === "both") build.push(ended(text, newline));
    const lines = plan.instead.get(chunk.instruction);
    if (lines) final.push(...written(lines));
    if (role === "both") final.push(ended(model.text.slice(chunk.lineStart, chunk.end), newline));
    if (role === "final") final.push(ended(tidyLead(model.text.slice(before, chunk.end), final.length === 1), newline));
  }
  const bodyStart = chunks[0]?.start ?? model.text.length;
  const bodyEnd = chunks.at(-1)?.end ?? model.text.length;
  const rest = model.text.slice(bodyEnd);
  const whole = ended(build.join(""), newline) + newline + withoutDeadFolders(final).join("");
  const endsOpen = !/[\r\n]$/.test(model.text);
  const body = endsOpen && rest === "" ? whole.replace(/\r?\n$/, "") : whole;
  const edits: Edit[] = [replaced(model.text, bodyStart, bodyEnd, body)];
  if (stage.name === null)
    edits.unshift({ span: { start: span.end, end: span.end }, newText: ` ${asWord(model, stage)} build` });
  return edits;
}

/** A new line in the case of the file: `copy --from=…` where it says `from`. */
export function inCase(line: string, keyword: string): string {
  return keyword === "from" ? line.replace(/^(?:COPY|ENV|RUN|USER|WORKDIR)(?= )/, (word) => word.toLowerCase()) : line;
}

/** `AS` in the case of the file's FROM. */
function asWord(model: Model, stage: Stage): string {
  const { start, end } = stage.from.keywordSpan;
  return model.text.slice(start, end) === "from" ? "as" : "AS";
}

/** `FROM ` with a literal `--platform` repeated; null when that is computed. */
function platformFlag(model: Model, stage: Stage): string | null {
  const keyword = model.text.slice(stage.from.keywordSpan.start, stage.from.keywordSpan.end);
  const flags = stage.from.parsed.flags;
  if (flags.length === 0) return `${keyword} `;
  const value = flags.length === 1 && flags[0]?.name === "platform" ? flags[0].value : null;
  return value && value.value !== null ? `${keyword} --platform=${value.value} ` : null;
}

interface Chunk {
  readonly instruction: Instruction;
  /** Where the instruction before it ends: blank lines and comments above belong to the one that follows. */
  readonly start: number;
  /** Where the instruction's own first line starts. */
  readonly lineStart: number;
  /** Behind the line end of its last line. */
  readonly end: number;
}

function readChunks(model: Model, stage: Stage): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let start = lineEndAfter(model.text, stage.from.span.end);
  for (const instruction of stage.instructions) {
    if (instruction === stage.from) continue;
    const end = lineEndAfter(model.text, instruction.span.end);
    chunks.push({ instruction, start, lineStart: instruction.blockStart, end });
    start = end;
  }
  return chunks;
}

function lineEndAfter(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  return newline < 0 ? text.length : newline + 1;
}

function applyWithin(text: string, chunk: Chunk, edits: readonly Edit[]): string {
  const own = edits
    // What is put in where one chunk ends and the next one starts belongs to the next one.
    .filter(({ span }) => span.start >= chunk.start && span.end <= chunk.end)
    .filter(({ span }) => span.start < chunk.end || chunk.end === text.length)
    .sort((a, b) => a.span.start - b.span.start);
  let result = "";
  let at = chunk.start;
  for (const { span, newText } of own) {
    result += text.slice(at, span.start) + newText;
    at = span.end;
  }
  return result + text.slice(at, chunk.end);
}

function ended(text: string, newline: string): string {
  return text === "" || /\n$/.test(text) ? text : text + newline;
}

/** A chunk that moves keeps its comments and at most one blank line above; none right behind FROM. */
function tidyLead(text: string, isFirst: boolean): string {
  return text.replace(/^(?:[ \t]*\r?\n)+/, (blank) => (isFirst ? "" : /\r/.test(blank) ? "\r\n" : "\n"));
}

/** A WORKDIR that the next line replaces by another absolute one says nothing. */
function withoutDeadFolders(lines: readonly string[]): readonly string[] {
  const isFolder = (line: string | undefined) => line !== undefined && /^\s*WORKDIR\s/i.test(line);
  return lines.filter((line, index) => !(isFolder(line) && /^\s*WORKDIR\s+["']?\//i.test(lines[index + 1] ?? "")));
}

/** The smallest replacement that turns a stretch of the text into `body`. */
function replaced(text: string, start: number, end: number, body: string): Edit {
  const old = text.slice(start, end);
  let head = 0;
  while (head < old.length && head < body.length && old[head] === body[head]) head++;
  // Cut at line starts, so that the edit reads well as a difference.
  head = old.lastIndexOf("\n", head - 1) + 1;
  let tail = 0;
  while (tail < old.length - head && tail < body.length - head && old.at(-1 - tail) === body.at(-1 - tail)) tail++;
  if (tail > 0 && tail < old.length - head) {
    const kept = old.slice(old.length - tail);
    const line = kept.indexOf("\n");
    tail = line < 0 ? 0 : kept.length - line - 1;
  }
  return { span: { start: start + head, end: end - tail }, newText: body.slice(head, body.length - tail) };
}

/** Variables that every Linux base sets or that the runtime sets itself. */
const everywhere: ReadonlySet<string> = new Set(["PATH", "HOME"]);

/** The roles with the declarations that the second stage needs repeated; null when it needs one of the base image's. */
function withDeclarations(plan: SplitPlan): ReadonlyMap<Instruction, Role> | null {
  const roles = new Map(plan.roles);
  const waiting = [...roles].filter(([, role]) => role === "final" || role === "both").map(([one]) => one);
  for (let instruction = waiting.pop(); instruction; instruction = waiting.pop()) {
    for (const name of variablesOf(instruction)) {
      if (everywhere.has(name)) continue;
      const binding = plan.stage.scope.lookup(name, instruction.index);
      const declared = binding?.instruction ?? null;
      if (!binding || (!declared && binding.kind !== "platform")) {
        const state = stageState(plan.stage.scope, name, instruction.index);
        if (state.kind === "unknown" && !plan.keepsBase) return null;
        continue;
      }
      if (!declared) return null;
      const role = roles.get(declared) ?? "build";
      if (role === "final" || role === "both" || declared === instruction) continue;
      roles.set(declared, "both");
      waiting.push(declared);
    }
  }
  return roles;
}

/** Names of the variables that the builder replaces in an instruction; for RUN those that its shell reads. */
function variablesOf(instruction: Instruction): readonly string[] {
  const { parsed } = instruction;
  if (parsed.keyword === "CMD" || parsed.keyword === "ENTRYPOINT" || parsed.keyword === "HEALTHCHECK") return [];
  if (parsed.keyword === "RUN") {
    const names = scriptsOf(instruction).flatMap(({ script }) => {
      const own = new Set(script.definitions.map((one) => one.name));
      return script.variables.map((one) => one.name).filter((name) => !own.has(name));
    });
    return names.filter((name) => /^[A-Za-z_]/.test(name));
  }
  const words = [
    ...parsed.words,
    ...parsed.pairs.flatMap((pair) => pair.value ?? []),
    ...parsed.flags.flatMap((flag) => flag.value ?? []),
  ];
  return words.flatMap((word) => word.variables.map((variable) => variable.name));
}
