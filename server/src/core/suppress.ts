/** Which findings a comment silences. */
import { instructionAt } from "./model/at";
import type { Model, SuppressedId, Suppression } from "./model/types";
import type { Config } from "./preset";
import type { AnyRule, Finding, Peer, Severity } from "./rule";

export interface RawReport {
  readonly rule: AnyRule;
  readonly severity: Severity;
  readonly finding: Finding;
}

/** The ids of our rules that an id, ours or a peer's in any of its spellings, stands for; null for none. */
export type IdIndex = (id: string) => readonly string[] | null;

export interface Filtered {
  readonly kept: readonly RawReport[];
  /** The ids that silenced something. */
  readonly used: ReadonlySet<SuppressedId>;
}

/** Takes out the findings that a comment silences. */
export function filterSuppressed(model: Model, config: Config, index: IdIndex, raw: readonly RawReport[]): Filtered {
  const used = new Set<SuppressedId>();
  if (!config.inlineConfig || model.suppressions.length === 0) return { kept: raw, used };
  const places = placeSuppressions(model);
  const kept = raw.filter((item) => {
    let silenced = false;
    for (const suppression of places(item.finding)) {
      for (const id of suppression.ids) {
        if (!names(id.text, suppression.dialect, item, index)) continue;
        used.add(id);
        silenced = true;
      }
    }
    return !silenced;
  });
  return { kept, used };
}

/** Finds the suppressions that cover a finding: those of its instruction, of its stage and of the file. */
function placeSuppressions(model: Model): (finding: Finding) => Iterable<Suppression> {
  const ofFile: Suppression[] = [];
  const byInstruction = new Map<number, Suppression[]>();
  const byStage = new Map<number, Suppression[]>();
  for (const suppression of model.suppressions) {
    if (suppression.reach === "file") {
      ofFile.push(suppression);
      continue;
    }
    const instruction = instructionAt(model, suppression.covers.start);
    if (!instruction) continue;
    const stage = suppression.reach === "stage" ? instruction.stage : null;
    if (stage) addTo(byStage, stage.index, suppression);
    else addTo(byInstruction, instruction.index, suppression);
  }
  return function* (finding) {
    yield* ofFile;
    const instruction = instructionAt(model, finding.range.start);
    if (!instruction) return;
    // A finding behind the instruction, at a comment for example, is not the instruction's.
    const within = finding.range.start <= instruction.span.end;
    if (within) yield* byInstruction.get(instruction.index) ?? [];
    if (instruction.stage) yield* byStage.get(instruction.stage.index) ?? [];
  };
}

function addTo(map: Map<number, Suppression[]>, key: number, suppression: Suppression): void {
  const list = map.get(key);
  if (list) list.push(suppression);
  else map.set(key, [suppression]);
}

function names(id: string, dialect: Suppression["dialect"], { rule, finding }: RawReport, index: IdIndex): boolean {
  // Who skips all checks of the builder has said nothing of what the builder does not check.
  if (dialect === "buildkit" && id === "all") return rule.aliases.buildkit !== undefined;
  if (id === "all" || id === "*" || id === rule.id) return true;
  if (!index(id)?.includes(rule.id)) return false;
  // One of several codes of another tool means the findings that answer to it; a finding that does not say which one it
  // answers to is meant by all of them.
  const key = id.toLowerCase();
  for (const [peer, ids] of Object.entries(rule.aliases)) {
    const own = finding.aliases?.[peer as Peer];
    if (!own || !(ids?.some((one) => isSpelled(peer, one, key)) || (rule.graded && isCode(key)))) continue;
    return own.some((one) => isSpelled(peer, one, key));
  }
  return true;
}

function isSpelled(peer: string, id: string, key: string): boolean {
  return spellings(peer, id).some((spelling) => spelling.toLowerCase() === key);
}

/** True for a code of ShellCheck, in lower case. */
function isCode(key: string): boolean {
  return /^(?:(?:hadolint|shellcheck)\/)?sc\d{4}$/.test(key);
}

const indexes = new WeakMap<readonly AnyRule[], IdIndex>();

/** Index of all ids that the rules answer to. Built once per list of rules; case does not matter. */
export function indexIds(rules: readonly AnyRule[]): IdIndex {
  const known = indexes.get(rules);
  if (known) return known;
  const table = new Map<string, string[]>();
  const add = (id: string, rule: AnyRule): void => {
    const key = id.toLowerCase();
    const list = table.get(key);
    if (!list) table.set(key, [rule.id]);
    else if (!list.includes(rule.id)) list.push(rule.id);
  };
  for (const rule of rules) {
    add(rule.id, rule);
    for (const [peer, ids] of Object.entries(rule.aliases)) {
      for (const id of ids ?? []) for (const spelling of spellings(peer, id)) add(spelling, rule);
    }
  }
  // ShellCheck has more codes than anybody lists.
  const guests = rules.filter((rule) => rule.graded).map((rule) => rule.id);
  const index: IdIndex = (id) => {
    const key = id.toLowerCase();
    return table.get(key) ?? (guests.length > 0 && isCode(key) ? guests : null);
  };
  indexes.set(rules, index);
  return index;
}

/** The ways in which people write a peer's id. Trivy's DS-0001 was AVD-DS-0001 and DS001 before. */
function spellings(peer: string, id: string): readonly string[] {
  const trivy = peer === "trivy" ? /^DS-0*(\d+)$/.exec(id) : null;
  const number = trivy?.[1];
  if (number !== undefined) return [id, `AVD-${id}`, `DS${number.padStart(3, "0")}`, `trivy/${id}`];
  if (/^SC\d+$/.test(id)) return [id, `${peer}/${id}`, `shellcheck/${id}`];
  return id.includes("/") ? [id] : [id, `${peer}/${id}`];
}
