/** Finds rules by any name that people know them by: our id, or the id of any peer in each of its spellings. */
import type { AnyRule } from "../core/index";
import { indexIds } from "../core/suppress";
import { nearest } from "./suggest";

export interface RuleIds {
  /** The rules that a name stands for; one id of a peer may stand for several. Empty when unknown. */
  resolve(name: string): readonly AnyRule[];
  /** The name that was probably meant, or null. Our own ids come before those of peers. */
  suggest(name: string): string | null;
}

const cache = new WeakMap<readonly AnyRule[], RuleIds>();

/** The names of a list of rules; built once per list. */
export function ruleIds(rules: readonly AnyRule[]): RuleIds {
  const known = cache.get(rules);
  if (known) return known;
  const made = namesOf(rules);
  cache.set(rules, made);
  return made;
}

/** Every id of a peer that some rule answers to, each once. */
export function peerNames(rules: readonly AnyRule[]): readonly string[] {
  return [...new Set(rules.flatMap((rule) => Object.values(rule.aliases).flatMap((ids) => ids ?? [])))];
}

function namesOf(rules: readonly AnyRule[]): RuleIds {
  const own = new Map(rules.map((rule) => [rule.id, rule]));
  const index = indexIds(rules);
  return {
    resolve(name) {
      // An id of ours means that rule alone, even where a peer has a check of the same name.
      const exact = own.get(name.trim().toLowerCase());
      if (exact) return [exact];
      return (index(name.trim()) ?? []).flatMap((id) => own.get(id) ?? []);
    },
    suggest(name) {
      return nearest(name, [...own.keys()]) ?? nearest(name, peerNames(rules));
    },
  };
}
