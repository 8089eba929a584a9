/** Variables that can be used at a place, with what they hold there. */
import { platformArguments } from "../model/scope";
import type { Binding, Model, Scope, Stage } from "../model/types";
import type { Offer } from "./complete-item";
import { platformHelp } from "./help";

/** The start of a variable that the text before the cursor ends with, or null: the name as far as it is written. */
export function variablePartial(before: string): { readonly name: string; readonly braced: boolean } | null {
  const match = /(\\*)\$(\{?)([A-Za-z_]\w*)?$/.exec(before);
  if (!match || (match[1] as string).length % 2 === 1 || inSingleQuotes(before.slice(0, match.index))) return null;
  return { name: match[3] ?? "", braced: match[2] === "{" };
}

/**
 * Variables that an instruction sees; for FROM (`global`) those before the first stage. Platform arguments that are not
 * declared are left out in a stage: they hold nothing there.
 */
export function variableOffers(
  model: Model,
  stage: Stage | null,
  index: number,
  global: boolean,
  close: string,
): readonly Offer[] {
  const scope = global || !stage ? model.globals : stage.scope;
  const offers: Offer[] = visible(scope, index).map((binding) => ({
    kind: "variable",
    label: binding.name,
    insert: binding.name + close,
    detail: valueText(binding),
    ...(platformHelp[binding.name] ? { documentation: platformHelp[binding.name] as string } : {}),
  }));
  if (global && stage) {
    for (const name of platformArguments) {
      if (offers.some((one) => one.label === name)) continue;
      offers.push({ kind: "variable", label: name, insert: name + close, documentation: platformHelp[name] ?? "" });
    }
  }
  return offers;
}

/** Names worth declaring by ARG: those before the first FROM, and the platform's. */
export function argumentOffers(model: Model, stage: Stage | null): readonly Offer[] {
  if (!stage) return [];
  const declared = new Set(stage.scope.bindings.map((binding) => binding.name));
  const offers: Offer[] = [];
  for (const binding of visible(model.globals, Number.POSITIVE_INFINITY)) {
    if (declared.has(binding.name)) continue;
    const { name } = binding;
    offers.push({ kind: "variable", label: name, insert: name, detail: `declared before FROM: ${valueText(binding)}` });
  }
  for (const name of platformArguments) {
    if (declared.has(name) || offers.some((one) => one.label === name)) continue;
    offers.push({ kind: "variable", label: name, insert: name, documentation: platformHelp[name] ?? "" });
  }
  return offers;
}

/** What a variable holds, for people. */
export function valueText(binding: Binding): string {
  if (binding.value !== null) return binding.value === "" ? "empty" : binding.value;
  if (platformArguments.has(binding.name)) return "set by the builder";
  return binding.unset ? "no default" : "not known";
}

/** The binding of each name as an instruction sees it: the nearest ENV, else the nearest ARG. The latest come first. */
function visible(scope: Scope, index: number): readonly Binding[] {
  const found = new Map<string, Binding>();
  for (let link: Scope | null = scope; link; link = link.parent) {
    for (let at = link.bindings.length - 1; at >= 0; at--) {
      const binding = link.bindings[at] as Binding;
      if (binding.at >= index) continue;
      const nearer = found.get(binding.name);
      if (!nearer || (nearer.kind !== "env" && binding.kind === "env")) found.set(binding.name, binding);
    }
  }
  return [...found.values()];
}

function inSingleQuotes(text: string): boolean {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === "\\" && quote !== "'") at++;
    else if (quote === "") quote = char === "'" || char === '"' ? char : "";
    else if (char === quote) quote = "";
  }
  return quote === "'";
}
