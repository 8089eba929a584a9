/** Images, their tags, and stages: what may stand behind FROM and `--from=`. */
import { isLongTerm, isSupported } from "../catalogue/lines";
import type { Catalogue, Day, ImageFacts } from "../catalogue/types";
import { parseReference } from "../image/reference";
import type { Model, Stage } from "../model/types";
import { type CompletionContext, type CompletionList, nothing, type Offer, offer } from "./complete-item";
import { baseAsWritten, labelOfStage } from "./names";

/** Most tags in one answer; more are asked for by typing on. */
const mostTags = 60;
/** Most repositories in one answer. */
const mostNames = 200;

/** Completes an image or a stage. `stages`: those that may be named here. */
export function completeImage(
  offset: number,
  partial: string,
  stages: readonly Stage[],
  context: CompletionContext,
  more: readonly Offer[] = [],
): CompletionList {
  if (/[$@"']/.test(partial)) return nothing;
  const colon = partial.indexOf(":", partial.lastIndexOf("/") + 1);
  if (colon >= 0) return completeTag(offset, partial.slice(0, colon), partial.slice(colon + 1), context);
  const names = namesLike(context.catalogue, partial);
  const offers: Offer[] = [...stageOffers(stages), ...more];
  for (const name of names.slice(0, mostNames)) {
    offers.push({ kind: "image", label: name, insert: name, image: name });
  }
  return offer(offset, partial, offers, names.length > mostNames);
}

/** Stages by their names. */
export function stageOffers(stages: readonly Stage[]): readonly Offer[] {
  return stages
    .filter((stage) => stage.name !== null)
    .map((stage) => {
      const label = labelOfStage(stage);
      return { kind: "stage", label, insert: label, detail: `stage, from ${baseAsWritten(stage)}` };
    });
}

/** Stages above an instruction: those it may name. */
export function stagesAbove(model: Model, stage: Stage | null): readonly Stage[] {
  return stage === null ? [] : model.stages.slice(0, stage.index);
}

/** What is known of an image in a few words: size and end of life. */
export function imageDetail(facts: ImageFacts, today: Day): string {
  const parts: string[] = [];
  const { size } = facts;
  if (size) parts.push(`${size.kind === "measured" && size.tag === facts.tag ? "" : "~"}${megabytes(size.bytes)}`);
  const [end] = [...facts.ends].sort((a, b) => (a.end < b.end ? -1 : 1));
  if (end) parts.push(end.end < today ? `ended ${end.end}` : `until ${end.end}`);
  if (facts.lts && !(end && end.end < today)) parts.push("LTS");
  return parts.join(" · ");
}

/** `412 MB`, `1.2 GB`: decimal, as registries count. */
export function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return value >= 1000 ? `${(value / 1000).toFixed(1)} GB` : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} MB`;
}

/**
 * The tag of the release line to start with today: the newest long-term one, else the newest that is supported; with the
 * suffix, where that tag exists. Null when nothing is known.
 */
export function presentTag(catalogue: Catalogue, today: Day, repository: string, suffix: string): string | null {
  const reference = parseReference(repository);
  if (!reference) return null;
  const lines = catalogue
    .lines(reference)
    .filter((line) => isSupported(line, today) && (line.released === null || line.released <= today));
  const line = lines.find((one) => isLongTerm(one, today)) ?? lines[0];
  if (!line) return null;
  const tag = `${line.line}${suffix}`;
  return catalogue.tags(reference).includes(tag) ? tag : null;
}

function completeTag(offset: number, repository: string, partial: string, context: CompletionContext): CompletionList {
  const { catalogue, today } = context;
  const reference = parseReference(repository);
  if (!reference) return nothing;
  const tags = catalogue.tags(reference).filter((tag) => tag.startsWith(partial));
  const shown = plainestFirst(tags).slice(0, mostTags);
  const offers = shown.map((tag): Offer => {
    const facts = catalogue.image({ ...reference, tag, digest: null });
    const made = { kind: "tag", label: tag, insert: tag, image: `${repository}:${tag}` } as const;
    if (!facts) return made;
    const ended = facts.dropped !== null || facts.ends.some((end) => end.end < today);
    return { ...made, detail: imageDetail(facts, today), ...(ended ? { deprecated: true } : {}) };
  });
  return offer(offset, partial, offers, tags.length > shown.length);
}

/** Tags of few parts before special ones: `26`, `26-slim`, `26.7-bookworm-slim`; newer ones first. */
function plainestFirst(tags: readonly string[]): readonly string[] {
  return tags
    .map((tag, index) => ({ tag, index, parts: tag.split(/[-.]/).length }))
    .sort((a, b) => a.parts - b.parts || Number(isNamed(a.tag)) - Number(isNamed(b.tag)) || a.index - b.index)
    .map((one) => one.tag);
}

/** `alpine`, `latest`: says no version. */
function isNamed(tag: string): boolean {
  return !/^\d/.test(tag);
}

/** Repositories that hold the text; those that begin with it first, official ones (without a slash) before others. */
function namesLike(catalogue: Catalogue, partial: string): readonly string[] {
  const wanted = partial.toLowerCase();
  const rank = (name: string): number => (name.startsWith(wanted) ? 0 : 2) + (name.includes("/") ? 1 : 0);
  return catalogue
    .repositoryNames()
    .filter((name) => name.includes(wanted))
    .map((name) => ({ name, rank: rank(name) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ name }) => name);
}
