/** Flags with their values, and the fields of mounts. */
import type { Model } from "../model/types";
import { completeImage, stageOffers, stagesAbove } from "./complete-image";
import { type CompletionContext, type CompletionList, nothing, type Offer, offer } from "./complete-item";
import type { ArgumentPlace } from "./complete-place";
import { userOffers } from "./complete-user";
import { type Choice, type FlagHelp, instructionHelp, knownCaches, mountHelp, referenceLink } from "./help";

/** Flags of the instruction that are not there yet, as far as they may be given once. */
export function flagOffers(place: ArgumentPlace): readonly Offer[] {
  const { keyword, words } = place;
  const help = instructionHelp[keyword];
  if (!help) return [];
  const given = new Set(words.slice(0, place.flags).map((word) => word.slice(2).split("=", 1)[0] ?? ""));
  return Object.entries(help.flags)
    .filter(([name]) => !given.has(name) || repeated.has(name))
    .map(([name, flag]) => ({
      kind: "flag",
      label: `--${name}`,
      insert: flag.value === null ? `--${name}` : `--${name}=`,
      ...(flag.value === null ? {} : { goesOn: true, detail: flag.value }),
      documentation: `${flag.text}\n\n[Reference](${referenceLink(keyword, name)})`,
    }));
}

const repeated: ReadonlySet<string> = new Set(["mount", "exclude", "device"]);

/** Completes a word that begins with a dash. */
export function completeFlag(
  model: Model,
  offset: number,
  place: ArgumentPlace,
  context: CompletionContext,
): CompletionList {
  const { partial, keyword } = place;
  const equals = partial.indexOf("=");
  if (equals < 0) return offer(offset, partial, flagOffers(place));
  const name = partial.slice(2, equals);
  const value = partial.slice(equals + 1);
  if (name === "mount" && keyword === "RUN") return completeMount(model, offset, value, place, context);
  if (name === "from") return completeImage(offset, value, stagesAbove(model, place.stage), context);
  if (name === "chown") return offer(offset, value, userOffers(model, place, context));
  const flag = instructionHelp[keyword]?.flags[name];
  if (!flag) return nothing;
  return offer(offset, value, choiceOffers(flag.choices ?? []));
}

/** Values to choose from. */
export function choiceOffers(choices: readonly Choice[], kind: Offer["kind"] = "value"): readonly Offer[] {
  return choices.map(({ value, text }) => ({
    kind,
    label: value,
    insert: value,
    ...(text === "" ? {} : { documentation: text }),
    ...(value.endsWith("=") ? { goesOn: true } : {}),
  }));
}

function completeMount(
  model: Model,
  offset: number,
  value: string,
  place: ArgumentPlace,
  context: CompletionContext,
): CompletionList {
  const fields = value.split(",");
  const partial = fields.pop() ?? "";
  const given = new Map(fields.map((field) => [field.split("=", 1)[0] ?? "", field.slice(field.indexOf("=") + 1)]));
  const type = given.get("type") ?? "bind";
  const equals = partial.indexOf("=");
  if (equals >= 0) {
    const key = partial.slice(0, equals);
    return completeField(model, offset, key, partial.slice(equals + 1), type, place, context);
  }
  if (fields.length === 0) {
    const types = Object.entries(mountHelp).map(
      ([name, help]): Offer => ({
        kind: "value",
        label: `type=${name}`,
        insert: `type=${name}`,
        detail: help.text,
      }),
    );
    const caches = knownCaches.map(
      ({ value: cache, text }): Offer => ({ kind: "snippet", label: cache, insert: cache, detail: `cache of ${text}` }),
    );
    return offer(offset, partial, [...types, ...caches]);
  }
  const offers = Object.entries(mountHelp[type]?.fields ?? {})
    .filter(([name]) => !given.has(name))
    .map(([name, field]) => fieldOffer(name, field));
  return offer(offset, partial, offers);
}

function fieldOffer(name: string, field: FlagHelp): Offer {
  return {
    kind: "property",
    label: name,
    insert: field.value === null ? name : `${name}=`,
    ...(field.value === null ? {} : { goesOn: true, detail: field.value }),
    documentation: field.text,
  };
}

function completeField(
  model: Model,
  offset: number,
  key: string,
  value: string,
  type: string,
  place: ArgumentPlace,
  context: CompletionContext,
): CompletionList {
  if (key === "type") {
    const types = Object.entries(mountHelp).map(
      ([name, help]): Offer => ({ kind: "value", label: name, insert: name, detail: help.text }),
    );
    const caches = knownCaches.map(({ value: cache, text }): Offer => {
      const label = cache.slice("type=".length);
      return { kind: "snippet", label, insert: label, detail: `cache of ${text}` };
    });
    return offer(offset, value, [...types, ...caches]);
  }
  if (key === "from") {
    return completeImage(offset, value, [], context, stageOffers(stagesAbove(model, place.stage)));
  }
  if (type === "cache" && (key === "target" || key === "dst" || key === "destination")) {
    const targets = knownCaches.map(({ value: cache, text }): Offer => {
      const target = /target=([^,]*)/.exec(cache)?.[1] ?? "";
      return { kind: "value", label: target, insert: target, detail: text };
    });
    return offer(offset, value, targets);
  }
  return offer(offset, value, choiceOffers(mountHelp[type]?.fields[key]?.choices ?? []));
}
