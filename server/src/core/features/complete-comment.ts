/** Comments that mean something: directives at the top, and those that silence findings. */
import type { Model } from "../model/types";
import type { AnyRule, Peer } from "../rule";
import { choiceOffers } from "./complete-flag";
import { type CompletionContext, type CompletionList, nothing, type Offer, offer } from "./complete-item";
import type { Place } from "./complete-place";
import { directiveHelp } from "./help";

type CommentPlace = Extract<Place, { readonly kind: "comment" }>;

/** Completes inside a comment. */
export function completeComment(
  model: Model,
  offset: number,
  place: CommentPlace,
  context: CompletionContext,
): CompletionList {
  const { line, isTop } = place;
  const own = /^#\s*plimsoll\s+ignore(?:-file)?\s*=\s*((?:[^\s,]+\s*,\s*)*)([^\s,]*)$/i.exec(line);
  if (own) return offer(offset, own[2] ?? "", ruleOffers(place, own[1] ?? "", context));
  const hadolint = /^#\s*hadolint\s+(?:(?:global|stage)\s+)?ignore\s*=\s*((?:[^\s,]+\s*,\s*)*)([^\s,]*)$/i.exec(line);
  if (hadolint) return offer(offset, hadolint[2] ?? "", peerOffers(context.rules, "hadolint", hadolint[1] ?? ""));
  const skip = /^#\s*check\s*=(?:.*;)?\s*skip\s*=\s*((?:[^\s,;]+\s*,\s*)*)([^\s,;]*)$/i.exec(line);
  if (skip) return offer(offset, skip[2] ?? "", peerOffers(context.rules, "buildkit", skip[1] ?? ""));
  const directive = /^#\s*(syntax|escape|check)\s*=\s*(?:.*;\s*)?(\S*)$/i.exec(line);
  if (directive && (isTop || directive[1]?.toLowerCase() === "check")) {
    const choices = directiveHelp[(directive[1] ?? "").toLowerCase()]?.choices ?? [];
    return offer(offset, directive[2] ?? "", choiceOffers(choices));
  }
  const head = /^#\s*([\w-]*(?: [\w-]*)?)$/.exec(line);
  return head ? offer(offset, head[1] ?? "", headOffers(model, isTop)) : nothing;
}

/** Our rules, those that speak up at the instruction below first. */
function ruleOffers(place: CommentPlace, listed: string, context: CompletionContext): readonly Offer[] {
  const there = new Set(listed.split(/[\s,]+/));
  const below = place.above?.span;
  const here = new Set(
    context.findings
      .filter(({ span }) => below && span.start >= below.start && span.end <= below.end)
      .map(({ rule }) => rule),
  );
  const anywhere = new Set(context.findings.map(({ rule }) => rule));
  const rank = (rule: AnyRule): number => (here.has(rule.id) ? 0 : anywhere.has(rule.id) ? 1 : 2);
  return context.rules
    .filter((rule) => !there.has(rule.id))
    .map((rule) => ({ rule, rank: rank(rule) }))
    .sort((a, b) => a.rank - b.rank || (a.rule.id < b.rule.id ? -1 : 1))
    .map(({ rule, rank: level }) => ({
      kind: "rule",
      label: rule.id,
      insert: rule.id,
      detail: level === 0 ? "found here" : level === 1 ? "found in this file" : rule.severity,
      documentation: `${rule.summary}\n\n${rule.why.trim()}`,
    }));
}

function peerOffers(rules: readonly AnyRule[], peer: Peer, listed: string): readonly Offer[] {
  const there = new Set(listed.split(/[\s,]+/));
  const offers = new Map<string, Offer>();
  for (const rule of rules) {
    for (const id of rule.aliases[peer] ?? []) {
      if (there.has(id) || offers.has(id)) continue;
      offers.set(id, { kind: "rule", label: id, insert: id, detail: rule.id, documentation: rule.summary });
    }
  }
  return [...offers.values()].sort((a, b) => (a.label < b.label ? -1 : 1));
}

function headOffers(model: Model, isTop: boolean): readonly Offer[] {
  const offers: Offer[] = [];
  if (isTop) {
    const given = new Set(model.directives.map((directive) => directive.name));
    for (const [name, help] of Object.entries(directiveHelp)) {
      if (given.has(name)) continue;
      offers.push({ kind: "property", label: `${name}=`, insert: `${name}=`, goesOn: true, documentation: help.text });
    }
  }
  offers.push(
    {
      kind: "property",
      label: "plimsoll ignore=",
      insert: "plimsoll ignore=",
      goesOn: true,
      documentation: "Silences rules for the instruction below.",
    },
    {
      kind: "property",
      label: "plimsoll ignore-file=",
      insert: "plimsoll ignore-file=",
      goesOn: true,
      documentation: "Silences rules in the whole file.",
    },
  );
  return offers;
}
