/**
 * What a host keeps of one document between two checks, so that a keystroke costs what it touched: a rule is asked again
 * only when the edit lies in an instruction that it reads; what it found before moves along with the text.
 */
import { type Change, changeBetween } from "./change";
import type { ActiveRule, LocalFinding, RunRule } from "./local";
import { isSameFinding, localFindings, localFixes, movedFinding } from "./local";
import type { Model } from "./model/types";
import type { Config } from "./preset";
import type { AnyRule, Finding, RuleContext } from "./rule";
import type { Span } from "./text";

/**
 * The memory of one document: made by `createLintMemory`, handed to every check of that document. Whoever learns new
 * facts about the world outside the file sets `last` to null.
 */
export interface LintMemory {
  last: LastCheck | null;
}

/** An empty memory. */
export function createLintMemory(): LintMemory {
  return { last: null };
}

/** What a check found, before suppressions and causes. */
interface LastCheck {
  readonly model: Model;
  readonly config: Config;
  readonly surroundings: Pick<RuleContext, "catalogue" | "today" | "path">;
  /** Findings of rules that look at more than one instruction. */
  readonly whole: ReadonlyMap<AnyRule, readonly Finding[]>;
  readonly local: readonly LocalFinding[];
}

/** Findings of all rules, in no particular order. */
export type RuleFindings = readonly (readonly [AnyRule, readonly Finding[]])[];

/** Runs the rules that are on; asks none whose last answer still holds. */
export function findAll(
  active: readonly ActiveRule[],
  config: Config,
  shared: Omit<RuleContext, "options">,
  memory: LintMemory | undefined,
  run: RunRule,
): { readonly whole: RuleFindings; readonly local: readonly LocalFinding[] } {
  const { model, catalogue, today, path } = shared;
  const last = memory?.last ?? null;
  const world = last?.surroundings;
  const isSameWorld =
    last?.config === config && world?.catalogue === catalogue && world.today === today && world.path === path;
  const change = last && isSameWorld ? changeBetween(last.model, model) : null;
  const whole = new Map<AnyRule, readonly Finding[]>();
  const localRules: ActiveRule[] = [];
  for (const { rule, context } of active) {
    if (rule.scope === "instruction") {
      localRules.push({ rule, context });
      continue;
    }
    const kept = change && stillHolds(rule, change) ? last?.whole.get(rule) : undefined;
    const moved = kept && change && movedFindings(kept, change, rule, context, run);
    const found = moved ?? run(rule, context);
    if (found) whole.set(rule, found);
  }
  const local =
    (change && last && movedLocal(last.local, change, model, config, localRules, run)) ??
    localFindings(model, config, localRules, run);
  if (memory) memory.last = { model, config, surroundings: { catalogue, today, path }, whole, local };
  return { whole: [...whole], local };
}

/** True when the edit lies in nothing that the rule reads. */
function stillHolds({ reads }: AnyRule, { keywords }: Change): boolean {
  if (!reads) return false;
  for (const keyword of keywords) if (reads.includes(keyword)) return false;
  return true;
}

/** The findings where they stand now; null when one of them reaches into the edit. */
function movedFindings(
  findings: readonly Finding[],
  change: Change,
  rule: AnyRule,
  context: RuleContext,
  run: RunRule,
): readonly Finding[] | null {
  const moved: Finding[] = [];
  for (const finding of findings) {
    // A cause may name an instruction by its number.
    if (!isOutside(finding, change) || (finding.cause !== undefined && change.renumbers)) return null;
    const anew = (now: Finding) =>
      run(rule, context)
        ?.find((other) => isSameFinding(other, now))
        ?.fixes?.() ?? [];
    moved.push(movedFinding(finding, (span) => shifted(span, change), anew));
  }
  return moved;
}

/** The same for rules that look at one instruction, with what they find in those that came. */
function movedLocal(
  findings: readonly LocalFinding[],
  change: Change,
  model: Model,
  config: Config,
  rules: readonly ActiveRule[],
  run: RunRule,
): readonly LocalFinding[] {
  const byRule = new Map(rules.map((active) => [active.rule, active]));
  const found = [...localFindings(model, config, rules, run, change.fresh)];
  for (const { rule, finding } of findings) {
    const active = byRule.get(rule);
    if (!active || !isOutside(finding, change)) continue;
    const anew = (now: Finding) => localFixes(active, now, model, run);
    found.push({ rule, finding: movedFinding(finding, (span) => shifted(span, change), anew) });
  }
  return found;
}

/** True when the finding and all it points at stand before or behind the edit. */
function isOutside({ range, related }: Finding, change: Change): boolean {
  return standsOutside(range, change) && (related ?? []).every((item) => standsOutside(item.range, change));
}

function standsOutside({ start, end }: Span, change: Change): boolean {
  // An empty place at the very edge belongs to either side.
  if (start === end) return end < change.start || start > change.end;
  return end <= change.start || start >= change.end;
}

function shifted(span: Span, { start, by }: Change): Span {
  return span.end <= start || by === 0 ? span : { start: span.start + by, end: span.end + by };
}
