/** Giving a stage another name, with every place that uses the old one. */
import { stageReferences } from "../model/stage-references";
import type { Model, Stage } from "../model/types";
import { locate } from "../model/types";
import type { Edit, Span } from "../text";

/** Names that the builder takes. Source: BuildKit, instructions/parse.go. */
export function isStageName(name: string): boolean {
  return /^[a-z][a-z0-9-_.]*$/.test(name);
}

/** The first of `name`, `name-2`, `name-3` … that no stage of the file has. */
export function freeStageName(model: Model, name: string): string {
  const taken = new Set(model.stages.map((stage) => stage.name));
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  return free;
}

/**
 * Edits after which a stage and every reference to it that `concerns` has another name; null where the place of one of
 * them is not clear, or a variable makes it up.
 */
export function renameStage(
  model: Model,
  stage: Stage,
  name: string,
  concerns: (span: Span) => boolean = () => true,
): readonly Edit[] | null {
  if (!stage.nameSpan) return null;
  const edits: Edit[] = [{ span: stage.nameSpan, newText: name }];
  for (const reference of stageReferences(model)) {
    if (reference.stage !== stage || reference.byNumber || !concerns(reference.span)) continue;
    if (!reference.nameSpan) return null;
    edits.push({ span: reference.nameSpan, newText: name });
  }
  const changed = edits.filter(({ span, newText }) => model.text.slice(span.start, span.end) !== newText);
  return changed.length > 0 && !mayUseVariables(model) ? changed : null;
}

/** Edits that give an unnamed stage a name; the places that use its number get it too, where they can be written. */
export function nameStage(model: Model, stage: Stage, name: string): readonly Edit[] | null {
  const edits: Edit[] = [];
  if (stage.nameSpan === null) {
    const word = stage.base.word;
    if (!word || stage.from.parsed.words.length !== 1) return null;
    const end = locate(stage.from, word).end;
    const { parsed } = stage.from;
    const written = parsed.text.slice(parsed.keywordSpan.from, parsed.keywordSpan.to);
    edits.push({ span: { start: end, end }, newText: ` ${written === written.toLowerCase() ? "as" : "AS"} ${name}` });
  }
  for (const reference of stageReferences(model)) {
    if (reference.stage !== stage || !reference.byNumber || !reference.nameSpan) continue;
    edits.push({ span: reference.nameSpan, newText: name });
  }
  return edits;
}

/** True where a FROM or a flag makes the name of a stage up from variables, so that renaming may miss it. */
function mayUseVariables(model: Model): boolean {
  return model.instructions.some(({ keyword, parsed }) => {
    if (keyword === "FROM") return (parsed.words[0]?.variables.length ?? 0) > 0 && !isImageLike(parsed.words[0]?.text);
    return parsed.flags.some((flag) => flag.name === "from" && (flag.value?.variables.length ?? 0) > 0);
  });
}

/** `node:${VERSION}` and `${REGISTRY}/app` are images whatever the variables hold. */
function isImageLike(text: string | undefined): boolean {
  return text !== undefined && /[:/@]/.test(text.replace(/\$\{[^}]*\}/g, ""));
}
