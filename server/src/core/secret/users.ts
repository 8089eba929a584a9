/** Who needs a declared secret: the RUNs that a mount can serve, and all others, for whom there is no such thing. */
import type { Instruction, Model, Stage } from "../model/types";
import type { Facts } from "../rule";
import type { Pair } from "../syntax/types";
import { isOpaque, mentions, namesVariable, readsImplicitly, runsProjectScript } from "./consumers";
import type { DeclaredSecret } from "./declarations";
import { type Removed, usedInFrom } from "./removals";

/** One RUN that needs the secret. */
export interface Use {
  readonly run: Instruction;
  readonly id: string;
  readonly variable: string;
  /** How we know: the RUN names the variable, its tool reads it unasked, or a script of the project may do so. */
  readonly because: "named" | "tool" | "script";
}

/** Everybody who needs it. */
export interface Users {
  readonly runs: readonly Use[];
  /** A container reads it when it runs. */
  readonly atRunTime: boolean;
  /** Some RUN calls a program of which nobody knows what it reads. */
  readonly isOpaque: boolean;
}

/** Who needs the secret; null when somebody does for whom a mount is no replacement. */
export function usersOf(
  { model, facts }: { readonly model: Model; readonly facts: Facts },
  secret: DeclaredSecret,
  ids: ReadonlyMap<string, string>,
  removed: Removed,
): Users | null {
  const names = [...new Set([secret.name, ...ids.keys()])];
  if (secret.global && model.instructions.some((one) => one.keyword === "FROM" && usedInFrom(one, secret.name)))
    return null;
  const family = familyOf(model, secret);
  const copied = copiedNames(family);
  const files = { text: (path: string) => facts.file(path), isCopied: (name: string) => copied.has(name) };
  const runs: Use[] = [];
  const scripts: Instruction[] = [];
  let atRunTime = false;
  let opaque = false;
  for (const stage of family) {
    for (const instruction of stage.instructions) {
      if (instruction.keyword === "RUN") {
        // An earlier RUN of the stage cannot mean a variable that is declared later.
        if (stage === secret.stage && instruction.index < firstOf(secret)) continue;
        const named = names.filter((name) => mentions(instruction, name));
        const read = named.length > 0 ? named : names.filter((name) => readsImplicitly(instruction, name, files));
        const [variable, second] = read;
        if (variable === undefined) {
          opaque ||= isOpaque(instruction);
          if (runsProjectScript(instruction)) scripts.push(instruction);
          continue;
        }
        const id = ids.get(variable);
        if (second !== undefined || id === undefined) return null;
        runs.push({ run: instruction, id, variable, because: named.length > 0 ? "named" : "tool" });
      } else if (runtimeKeywords.has(instruction.keyword)) {
        if (names.some((name) => namesVariable(instruction.parsed.text, name))) atRunTime = true;
      } else if (reads(instruction, names, removed.pairs)) return null;
    }
  }
  if (runs.length > 0 && scripts.length > 0) {
    // Nobody sees what a script reads. It had the secret until now; so it goes on having it.
    const [[variable, id] = ["", ""], second] = [...ids];
    if (second) return null;
    for (const run of scripts) runs.push({ run, id, variable, because: "script" });
  }
  return { runs, atRunTime, isOpaque: opaque };
}

/** Last parts of the paths that COPY and ADD name. */
function copiedNames(stages: readonly Stage[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { instructions } of stages) {
    for (const { keyword, parsed } of instructions) {
      if (keyword !== "COPY" && keyword !== "ADD") continue;
      const sources = parsed.json?.map((item) => item.value) ?? parsed.words.map((word) => word.value ?? "");
      for (const source of sources) names.add(source.slice(source.lastIndexOf("/") + 1));
    }
  }
  return names;
}

const runtimeKeywords = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK"]);

function firstOf(secret: DeclaredSecret): number {
  return secret.declarations[0]?.instruction.index ?? 0;
}

/** The stage and all that build on it, but for those that declare the name themselves: they are secrets of their own. */
export function familyOf(model: Model, secret: DeclaredSecret): readonly Stage[] {
  const family = new Set<Stage>(secret.stage ? [secret.stage] : []);
  for (const stage of model.stages) {
    if (!stage.base.stage || !family.has(stage.base.stage)) continue;
    if (stage.scope.bindings.some((binding) => binding.name === secret.name)) continue;
    family.add(stage);
  }
  return [...family];
}

/** True when an instruction that is no RUN uses one of the names, apart from the pairs that go. */
function reads(instruction: Instruction, names: readonly string[], gone: ReadonlySet<Pair>): boolean {
  const { parsed } = instruction;
  if (parsed.trigger) return names.some((name) => namesVariable(parsed.body.text, name));
  const isName = (variable: { readonly name: string }) => names.includes(variable.name);
  if (parsed.flags.some((flag) => flag.value?.variables.some(isName))) return true;
  if (parsed.pairs.length > 0) {
    return parsed.pairs.some((pair) => !gone.has(pair) && pair.value?.variables.some(isName));
  }
  if (parsed.words.some((word) => word.variables.some(isName))) return true;
  return parsed.heredocs.some(
    ({ operator, bodySpan }) =>
      operator.expand && names.some((name) => namesVariable(parsed.text.slice(bodySpan.from, bodySpan.to), name)),
  );
}
