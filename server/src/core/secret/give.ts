/** Giving a RUN a secret by a mount: as a variable, or as a file that is read into one. */
import type { Catalogue } from "../catalogue/types";
import { canChangeRun, insertFlag, type MountSupport, mountOwner } from "../fixes/mount";
import { removeInstruction, removeSome } from "../fixes/remove";
import { scriptsOf } from "../model/scripts";
import type { Instruction, Model } from "../model/types";
import type { Edit } from "../text";
import { rewriteAddress } from "./git";
import { takeBack } from "./take-back";
import type { Use } from "./users";
import { mountsOf, type SecretWrite, secretWrites } from "./writes";

/** How the mounts are to look. */
export interface MountForm {
  /** `env`: a variable. `file`: a file below /run/secrets that the RUN reads. */
  readonly support: MountSupport;
  /** The build stops where it is not given the secret. */
  readonly required?: boolean;
}

/** Edits that give a RUN the secret, or null where it cannot be given, or would stay in the layer nevertheless. */
export function giveSecret(
  { model, catalogue }: { readonly model: Model; readonly catalogue: Catalogue },
  { run, id, variable }: Use,
  { support, required }: MountForm,
): readonly Edit[] | null {
  if (support === "none" || !canChangeRun(model, run)) return null;
  const edits: Edit[] = [];
  const isSecret = (name: string) => name === variable;
  const needless = new Set<number>();
  for (const write of secretWrites(run, { isSecret, files: [] })) {
    if (write.removed) continue;
    if (isNeedless(write, variable)) {
      needless.add(write.command.outer.item);
      continue;
    }
    // A mount does not help where the value stays in a file: an address has to lose it, a file or a setting has to go.
    const rewritten = write.how === "clone" ? rewriteAddress(model, write) : null;
    const undone = rewritten ? null : takeBack(model, run, write);
    if (rewritten) edits.push(...rewritten);
    else if (!undone) return null;
    // Two lines of one file are deleted once.
    else if (!edits.some((edit) => edit.newText === undone.newText)) edits.push(undone);
  }
  const [script] = scriptsOf(run);
  if (script && needless.size > 0) {
    if (needless.size === script.script.topLevel.length) return [removeInstruction(model, run)];
    const without = removeSome(script, needless);
    if (!without) return null;
    edits.push(...without);
  }
  const mounts = mountsOf(run).filter((mount) => mount.type === "secret");
  const sameId = mounts.find((mount) => mount.get("id") === id);
  if (mounts.some((mount) => mount.get("env") === variable && mount !== sameId)) return null;
  if (sameId) return sameId.get("env") === variable && !required ? edits : null;
  const more = required ? ",required=true" : "";
  if (support === "env") {
    return [insertFlag(model, run, `--mount=type=secret,id=${id},env=${variable}${more}`), ...edits];
  }
  const owner = mountOwner(run, catalogue);
  const reading = owner === null ? null : readFile(model, run, id, variable);
  if (!reading) return null;
  return [insertFlag(model, run, `--mount=type=secret,id=${id}${owner}${more}`), reading, ...edits];
}

/** True for a login that its tool does not need, since it reads the very variable (manuals of hf, aws). */
function isNeedless({ how, command }: SecretWrite, variable: string): boolean {
  if (how !== "settings" || command.command !== command.outer || command.wrappers.length > 0) return false;
  if (command.name === "hf" || command.name === "huggingface-cli") return variable === "HF_TOKEN";
  const words = command.words.map(({ value }) => value);
  return command.name === "aws" && words[1] === "configure" && words[3]?.toUpperCase() === variable;
}

/** The edit that reads the mounted file into the variable; null for an exec form and for scripts of other languages. */
function readFile(model: Model, run: Instruction, id: string, variable: string): Edit | null {
  const command = `export ${variable}="$(cat /run/secrets/${id})"`;
  return beginWith(model, run, command);
}

/** The edit that lets a RUN begin with a command; null for an exec form and for scripts of other languages. */
export function beginWith(model: Model, run: Instruction, command: string): Edit | null {
  const [script, second] = scriptsOf(run);
  if (!script || second) return null;
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
