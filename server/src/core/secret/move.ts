/**
 * The fix for a secret in ARG or ENV: take the declaration out, and give the secret to each RUN that needs it by a mount,
 * which leaves nothing in the image. Every case in which that would not do the same gives null.
 */
import { rootStage } from "../catalogue/stage";
import type { Catalogue } from "../catalogue/types";
import {
  canChangeRun,
  cannotMount,
  hasTemplate,
  insertFlag,
  type MountSupport,
  mountOwner,
  mountSupport,
} from "../fixes/mount";
import { removeParts } from "../fixes/remove";
import { scriptsOf } from "../model/scripts";
import type { Instruction, Model, Stage } from "../model/types";
import type { Facts, Fix } from "../rule";
import type { Pair } from "../syntax/types";
import type { Edit, LocalSpan } from "../text";
import { isOpaque, mentions, namesVariable, readsImplicitly } from "./consumers";
import type { Declaration, DeclaredSecret } from "./declarations";
import { rewriteAddress } from "./git";
import { takeBack } from "./take-back";
import { mountsOf, secretWrites } from "./writes";

/** What the fix looks at. */
export interface MoveContext {
  readonly model: Model;
  readonly catalogue: Catalogue;
  readonly facts: Facts;
}

/** The fix, or null where it is not safe to offer one. It never writes the secret's value anywhere. */
export function moveSecret(context: MoveContext, secret: DeclaredSecret): Fix | null {
  const { model, catalogue } = context;
  if (secret.declarations.some((one) => one.onbuild)) return null;
  if (!secret.stage) return removeUnusedGlobal(context, secret);
  const root = rootStage(secret.stage);
  if (cannotMount(root, catalogue)) return null;
  const plan = planOf(secret);
  if (!plan) return null;
  const removed = removalsOf(model, secret);
  if (!removed) return null;

  const users = usersOf(context, secret, plan, removed);
  if (!users) return null;
  // With a stand-in as its default, the build works without the secret, and has to go on doing so.
  if (users.runs.length > 0 && secret.declarations.some((one) => one.kind === "arg" && one.shape === "placeholder")) {
    return null;
  }
  // Nothing names it, but something that nobody can look into may need it: only a container's own setting can go then.
  if (users.runs.length === 0 && users.isOpaque && !isStored(secret)) return null;
  const edits: Edit[] = [...removed.edits];
  const support = mountSupport(model);
  for (const use of users.runs) {
    const given = giveSecret(context, use, support);
    if (!given) return null;
    edits.push(...given);
  }
  return describe(secret, plan, users, edits);
}

/** How the secret is called in RUN, and under which id the build gets it. */
interface Plan {
  /** Names that a RUN may read, with the id of the mount that sets each. */
  readonly ids: ReadonlyMap<string, string>;
  /** The id is that of a whole address which holds the secret. */
  readonly isAddress: boolean;
}

interface Use {
  readonly run: Instruction;
  readonly id: string;
  readonly variable: string;
}

interface Users {
  readonly runs: readonly Use[];
  /** A container reads it when it runs. */
  readonly atRunTime: boolean;
  /** Some RUN calls a program of which nobody knows what it reads. */
  readonly isOpaque: boolean;
}

/** Edits that delete a secret's declarations. */
export interface Removed {
  readonly edits: readonly Edit[];
  readonly pairs: ReadonlySet<Pair>;
}

function planOf(secret: DeclaredSecret): Plan | null {
  const parts = secret.promotions.filter((promotion) => promotion.reads === "part");
  const [address, second] = parts;
  if (second) return null;
  if (address) {
    // `ENV PIP_INDEX_URL=https://u:$P@host`: the whole address becomes the secret. Another text around it may be anything.
    if (secret.promotions.length > 1 || !/:\/\/[^/@\s]*\$[^/@\s]*@/.test(address.pair.value?.text ?? "")) return null;
    return { ids: new Map([[address.pair.name, address.pair.name]]), isAddress: true };
  }
  const ids = new Map([[secret.name, secret.name]]);
  for (const { pair } of secret.promotions) ids.set(pair.name, secret.name);
  return { ids, isAddress: false };
}

/** Edits that delete every pair of the secret, that before the first FROM included when nothing else needs it. */
export function removalsOf(model: Model, secret: DeclaredSecret): Removed | null {
  const byInstruction = new Map<Instruction, Set<LocalSpan>>();
  const pairs = new Set<Pair>();
  const add = (one: { readonly instruction: Instruction; readonly pair: Pair }) => {
    pairs.add(one.pair);
    const set = byInstruction.get(one.instruction) ?? new Set();
    set.add(one.pair);
    byInstruction.set(one.instruction, set);
  };
  for (const declaration of secret.declarations) add(declaration);
  for (const promotion of secret.promotions) add(promotion);
  if (secret.global && isOnlyFor(model, secret.global, secret)) add(secret.global);
  const edits: Edit[] = [];
  for (const [instruction, gone] of byInstruction) {
    if (hasTemplate(model, instruction.span)) return null;
    edits.push(...removeParts(model, instruction, instruction.parsed.pairs, gone));
  }
  return { edits, pairs };
}

/** True when the ARG before the first FROM serves this stage's declaration alone. */
function isOnlyFor(model: Model, global: Declaration, secret: DeclaredSecret): boolean {
  const { name } = global.pair;
  for (const instruction of model.instructions) {
    const { parsed, stage } = instruction;
    if (instruction.keyword === "ARG" || instruction.keyword === "ONBUILD") {
      const pairs = parsed.trigger?.pairs ?? parsed.pairs;
      for (const pair of pairs) {
        if (pair === global.pair) continue;
        if (pair.name === name && stage !== secret.stage) return false;
        if (!stage && pair.value?.variables.some((variable) => variable.name === name)) return false;
      }
    }
    if (instruction.keyword === "FROM" && usedInFrom(instruction, name)) return false;
  }
  return true;
}

function usedInFrom(from: Instruction, name: string): boolean {
  const words = [...from.parsed.words, ...from.parsed.flags.flatMap((flag) => flag.value ?? [])];
  return words.some((word) => word.variables.some((variable) => variable.name === name));
}

/** Who needs the secret; null when somebody does for whom a mount is no replacement. */
function usersOf(context: MoveContext, secret: DeclaredSecret, plan: Plan, removed: Removed): Users | null {
  const { model, facts } = context;
  const names = [...new Set([secret.name, ...plan.ids.keys()])];
  if (secret.global && model.instructions.some((one) => one.keyword === "FROM" && usedInFrom(one, secret.name)))
    return null;
  const family = familyOf(model, secret);
  const copied = copiedNames(family);
  const files = { text: (path: string) => facts.file(path), isCopied: (name: string) => copied.has(name) };
  const runs: Use[] = [];
  let atRunTime = false;
  let opaque = false;
  for (const stage of family) {
    for (const instruction of stage.instructions) {
      if (instruction.keyword === "RUN") {
        // An earlier RUN of the stage cannot mean a variable that is declared later.
        if (stage === secret.stage && instruction.index < firstOf(secret)) continue;
        const read = names.filter((name) => mentions(instruction, name) || readsImplicitly(instruction, name, files));
        const [variable, second] = read;
        if (variable === undefined) {
          opaque ||= isOpaque(instruction);
          continue;
        }
        const id = plan.ids.get(variable);
        if (second !== undefined || id === undefined) return null;
        runs.push({ run: instruction, id, variable });
      } else if (runtimeKeywords.has(instruction.keyword)) {
        if (names.some((name) => namesVariable(instruction.parsed.text, name))) atRunTime = true;
      } else if (reads(instruction, names, removed.pairs)) return null;
    }
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

/** Edits that give a RUN the secret, or null where it cannot be given, or would stay in the layer nevertheless. */
function giveSecret(context: MoveContext, use: Use, support: MountSupport): readonly Edit[] | null {
  const { model, catalogue } = context;
  const { run, id, variable } = use;
  if (support === "none" || !canChangeRun(model, run)) return null;
  const edits: Edit[] = [];
  const isSecret = (name: string) => name === variable;
  for (const write of secretWrites(run, { isSecret, files: [] })) {
    if (write.removed) continue;
    // A mount does not help where the value stays in a file: an address has to lose it, a setting is taken back.
    const rewritten = write.how === "clone" ? rewriteAddress(write) : null;
    const undone = takeBack(model, run, write);
    if (rewritten) edits.push(...rewritten);
    else if (undone) edits.push(undone);
    else return null;
  }
  const mounts = mountsOf(run).filter((mount) => mount.type === "secret");
  const sameId = mounts.find((mount) => mount.get("id") === id);
  if (mounts.some((mount) => mount.get("env") === variable && mount !== sameId)) return null;
  if (sameId) return sameId.get("env") === variable ? edits : null;
  if (support === "env") {
    return [insertFlag(model, run, `--mount=type=secret,id=${id},env=${variable}`), ...edits];
  }
  const owner = mountOwner(run, catalogue);
  const reading = owner === null ? null : readFile(model, run, id, variable);
  if (!reading) return null;
  return [insertFlag(model, run, `--mount=type=secret,id=${id}${owner}`), reading, ...edits];
}

/** The edit that reads the mounted file into the variable; null for an exec form and for scripts of other languages. */
function readFile(model: Model, run: Instruction, id: string, variable: string): Edit | null {
  const scripts = scriptsOf(run);
  const [script] = scripts;
  if (!script || scripts.length > 1) return null;
  const command = `export ${variable}="$(cat /run/secrets/${id})"`;
  if (script.kind === "heredoc") {
    const shebang = /^#![^\n]*\n/.exec(script.script.text)?.[0].length ?? 0;
    const start = script.locate(shebang, shebang + 1).start;
    return { span: { start, end: start }, newText: `${command}${model.lineEnding}` };
  }
  // A heredoc that belongs to a command on the line is fed to it as before.
  const blanks = /^\s*/.exec(script.script.text)?.[0].length ?? 0;
  const start = script.locate(blanks, blanks + 1).start;
  return { span: { start, end: start }, newText: `${command} && ` };
}

function describe(secret: DeclaredSecret, plan: Plan, users: Users, edits: readonly Edit[]): Fix {
  const { name } = secret;
  const ids = [...new Set(users.runs.map((use) => use.id))];
  const stored = isStored(secret);
  if (ids.length === 0) {
    return {
      title: stored ? `Remove ${name} from the image` : `Remove ${name}, which no RUN here seems to use`,
      applicability: "unsafe",
      reason: stored
        ? "A container that needs it has to be given it when it starts."
        : "A tool may read it from its environment.",
      edits,
      ...(stored ? { note: runTimeNote(name) } : {}),
    };
  }
  const flags = ids.map((id) => `--secret id=${id}`).join(" ");
  const value = plan.isAddress ? `; the secret is the whole address, user and password included` : "";
  const compose = ids.map((id) => `${id}: { environment: ${id} }`).join(", ");
  const later = users.atRunTime || stored ? ` ${runTimeNote(name)}` : "";
  return {
    title: `Mount ${ids.join(" and ")} as a secret in RUN`,
    applicability: "unsafe",
    reason: `The build then needs ${flags}${stored ? ", and containers no longer have it" : ""}.`,
    edits,
    note: `Build with: docker build ${flags} . (the value comes from the environment variable of the same name${value}). In Compose: secrets: { ${compose} }, and build.secrets: [${ids.join(", ")}].${later}`,
  };
}

/** True when containers get it; the environment of a stage that does not ship is nobody's at run time. */
function isStored(secret: DeclaredSecret): boolean {
  const isEnv = secret.promotions.length > 0 || secret.declarations.some((one) => one.kind === "env");
  return isEnv && (secret.stage?.ships ?? false);
}

function runTimeNote(name: string): string {
  return `Give ${name} to containers with --env, --env-file or a secret; a value that was in the file is known to all who have it: replace it.`;
}

function removeUnusedGlobal({ model }: MoveContext, secret: DeclaredSecret): Fix | null {
  const [declaration] = secret.declarations;
  if (!declaration || !isOnlyFor(model, declaration, secret)) return null;
  const removed = removalsOf(model, secret);
  if (!removed) return null;
  return {
    title: `Remove ARG ${secret.name}, which no stage uses`,
    applicability: "unsafe",
    reason: `A build that passes --build-arg ${secret.name} gets a warning.`,
    edits: removed.edits,
  };
}
