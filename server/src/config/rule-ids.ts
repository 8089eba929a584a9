/** Finds rules by any name that people know them by: our id, or the id of any peer in each of its spellings. */
import type { AnyRule } from "../core/index";
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
  const made = index(rules);
  cache.set(rules, made);
  return made;
}

function index(rules: readonly AnyRule[]): RuleIds {
  const byName = new Map<string, AnyRule[]>();
  const own = new Map<string, AnyRule>();
  const add = (name: string, rule: AnyRule): void => {
    const list = byName.get(name.toLowerCase());
    if (!list) byName.set(name.toLowerCase(), [rule]);
    else if (!list.includes(rule)) list.push(rule);
  };
  for (const rule of rules) {
    own.set(rule.id, rule);
    for (const ids of Object.values(rule.aliases)) for (const id of ids ?? []) add(id, rule);
  }
  return {
    resolve(name) {
      const exact = own.get(name.toLowerCase());
      if (exact) return [exact];
      for (const spelling of spellings(name)) {
        const found = byName.get(spelling);
        if (found) return found;
      }
      return [];
    },
    suggest(name) {
      return nearest(name, [...own.keys()]) ?? nearest(name, peerNames(rules));
    },
  };
}

/** Every id of a peer that some rule answers to, each once. */
export function peerNames(rules: readonly AnyRule[]): readonly string[] {
  return [...new Set(rules.flatMap((rule) => Object.values(rule.aliases).flatMap((ids) => ids ?? [])))];
}

// DS-0001 is also written AVD-DS-0001 and DS001; Sonar's ids carry `docker:`, tally's and Semgrep's a path.
function spellings(name: string): readonly string[] {
  const lower = name.trim().toLowerCase();
  const bare = lower.replace(/^avd-/, "").replace(/^docker(?:file)?:/, "");
  const found = [lower, bare];
  const trivy = /^ds-?0*(\d{1,4})$/.exec(bare);
  if (trivy?.[1]) found.push(`ds-${trivy[1].padStart(4, "0")}`);
  const last = Math.max(bare.lastIndexOf("/"), bare.lastIndexOf("."));
  if (last >= 0) found.push(bare.slice(last + 1));
  return found;
}
