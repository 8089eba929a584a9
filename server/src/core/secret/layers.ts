/** Which secrets an instruction sees, and whether a file that a stage writes gets into the image that ships. */
import { hasTemplate } from "../fixes/mount";
import { normalizePath } from "../model/build";
import type { Binding, Instruction, Model, Stage } from "../model/types";
import type { DeclaredSecret } from "./declarations";
import { secretAt } from "./declarations";
import { isSecretName } from "./names";
import { valueShape } from "./values";
import type { SecretSources, SecretWrite } from "./writes";
import { mountsOf, secretTarget, secretWrites } from "./writes";

/**
 * The secrets that an instruction can read: variables that ARG or ENV declare under a secret's name (stand-ins and paths
 * are none), and what its own secret mounts bring.
 */
export function sourcesOf(instruction: Instruction): SecretSources {
  const mounted = new Set<string>();
  const files: string[] = [];
  for (const mount of mountsOf(instruction)) {
    if (mount.type !== "secret") continue;
    const variable = mount.get("env");
    if (variable !== null) mounted.add(variable);
    const target = secretTarget(mount);
    if (target?.startsWith("/")) files.push(normalizePath(target));
  }
  const isSecret = (name: string): boolean => {
    if (mounted.has(name)) return true;
    const binding = isSecretName(name) ? instruction.stage?.scope.lookup(name, instruction.index) : null;
    return !!binding && (binding.value === null || holdsSecret(name, binding.value, binding.kind));
  };
  return { files, isSecret };
}

/** An ARG with an empty default waits for its value; a stand-in or a path is nothing to keep. */
function holdsSecret(name: string, value: string, kind: Binding["kind"]): boolean {
  const shape = valueShape(name, value);
  return shape === "literal" || (shape === "none" && kind === "arg");
}

/** Identifies the write of a file, so that "written" and "deleted too late" are one finding. */
export function writeCause(instruction: Instruction, file: string): string {
  return `secret-file:${instruction.index}:${file}`;
}

/**
 * True when a file that the stage writes is in the image: its layers ship, or a stage that ships copies the file (or a
 * folder above it) from it. A path that is not known is only taken for kept where the layers ship.
 */
export function keepsFile(model: Model, stage: Stage, path: string | null): boolean {
  if (stage.ships) return true;
  if (!stage.reachesFinal || path === null) return false;
  for (const other of model.stages) {
    if (!other.ships) continue;
    for (const use of other.copiesFrom) {
      if (!use.stage || use.instruction.keyword === "RUN" || !buildsOn(use.stage, stage)) continue;
      const sources = use.instruction.parsed.words.slice(0, -1);
      for (const { value } of sources) {
        if (value === null) continue;
        const copied = normalizePath(`/${value}`);
        if (copied === "/" || path === copied || path.startsWith(`${copied}/`)) return true;
      }
    }
  }
  return false;
}

/** A secret that a RUN writes where the image keeps it. */
export interface KeptWrite {
  readonly run: Instruction;
  readonly write: SecretWrite;
  /** The ARG or ENV that brings it; null for what a mount brings. */
  readonly secret: DeclaredSecret | null;
}

const rememberedBySecret = new WeakMap<Model, ReadonlyMap<DeclaredSecret, readonly KeptWrite[]>>();

/** The same by the secret that is written. */
export function keptBySecret(model: Model): ReadonlyMap<DeclaredSecret, readonly KeptWrite[]> {
  const known = rememberedBySecret.get(model);
  if (known) return known;
  const found = new Map<DeclaredSecret, KeptWrite[]>();
  for (const kept of keptWrites(model)) {
    if (!kept.secret) continue;
    const list = found.get(kept.secret);
    if (list) list.push(kept);
    else found.set(kept.secret, [kept]);
  }
  rememberedBySecret.set(model, found);
  return found;
}

const rememberedWrites = new WeakMap<Model, readonly KeptWrite[]>();

/** What the RUNs of a file write, in its order. Two rules ask: the one about the write, and the one about its source. */
export function keptWrites(model: Model): readonly KeptWrite[] {
  const known = rememberedWrites.get(model);
  if (known) return known;
  const found: KeptWrite[] = [];
  for (const run of model.instructions) {
    const { stage } = run;
    if (run.keyword !== "RUN" || !stage?.reachesFinal) continue;
    for (const write of secretWrites(run, sourcesOf(run))) {
      if (write.removed || hasTemplate(model, write.span) || !keepsFile(model, stage, write.path)) continue;
      found.push({ run, write, secret: secretAt(model, run, write.secret) });
    }
  }
  rememberedWrites.set(model, found);
  return found;
}

function buildsOn(stage: Stage, base: Stage): boolean {
  for (let one: Stage | null = stage; one; one = one.base.stage) if (one === base) return true;
  return false;
}
