/**
 * The fix for a secret that a RUN writes into a credential file (`echo "…$NPM_TOKEN" > .npmrc`, `> ~/.ssh/id_rsa`): the
 * argument, the file and what handles it go, and each RUN that reads the file gets it by a mount, or SSH's agent.
 */
import { canChangeRun, insertFlag, mountOwner, mountSupport } from "../fixes/mount";
import { removeInstruction } from "../fixes/remove";
import type { Instruction } from "../model/types";
import type { Fix } from "../rule";
import type { ShellCommand } from "../shell/ast";
import type { Edit } from "../text";
import { withoutFile } from "./clean";
import { mentions, namesVariable } from "./consumers";
import type { DeclaredSecret } from "./declarations";
import { type CredentialFile, credentialFile } from "./files";
import { mountFlag } from "./mount-file";
import type { MoveContext } from "./move";
import { buildWith, type Given } from "./note";
import { removalsOf } from "./removals";
import { addsToProject, hangsOnFolder } from "./take-back";
import { isTakenElsewhere } from "./taken";
import { familyOf } from "./users";
import { buildsForWindows } from "./windows";
import type { SecretWrite } from "./writes";
import { secretWrites } from "./writes";

/** The fix; null for any other secret, and where something else uses it or the file. */
export function mountWrittenFile({ model, catalogue }: MoveContext, secret: DeclaredSecret): Fix | null {
  const { stage, name } = secret;
  if (!stage || secret.promotions.length > 0 || secret.declarations.some((one) => one.kind !== "arg" || one.onbuild)) {
    return null;
  }
  if (buildsForWindows(model, stage, catalogue) || mountSupport(model) === "none") return null;
  const handling = handlingOf({ model, catalogue }, secret);
  const removed = handling && removalsOf(model, secret);
  if (!handling || !removed) return null;
  const { kind, path, runs, written } = handling;
  const edits: Edit[] = [...removed.edits];
  let isUsed = false;
  for (const run of runs) {
    const rest = withoutFile(run, path, kind, written.get(run)?.command.command ?? null);
    if (!rest) return null;
    if (rest.edits.length > 0 || rest.isEmpty) {
      if (!canChangeRun(model, run)) return null;
      edits.push(...(rest.isEmpty ? [removeInstruction(model, run)] : rest.edits));
    }
    if (rest.isEmpty || !rest.reads) continue;
    const owner = mountOwner(run, catalogue);
    const flag = owner === null || !canChangeRun(model, run) ? null : mountFlag(run, { kind, path }, owner);
    // One that is there already brings an agent of its own.
    if (flag === null && kind.mount === "ssh" && owner !== null && canChangeRun(model, run)) continue;
    if (flag === null) return null;
    edits.push(insertFlag(model, run, flag));
    isUsed = true;
  }
  if (!isUsed || isTakenElsewhere(model, { path, kind }, new Set(familyOf(model, secret)))) return null;
  return describe(name, kind, path, edits);
}

interface Handling {
  readonly kind: CredentialFile;
  readonly path: string;
  readonly runs: readonly Instruction[];
  readonly written: ReadonlyMap<Instruction, SecretWrite>;
}

/** How the file is handled: all RUNs of the stages that may see the secret, and the one write in those that name it. */
function handlingOf({ model }: Pick<MoveContext, "model" | "catalogue">, secret: DeclaredSecret): Handling | null {
  const runs: Instruction[] = [];
  const written = new Map<Instruction, SecretWrite>();
  for (const one of familyOf(model, secret)) {
    for (const instruction of one.instructions) {
      if (instruction.keyword !== "RUN") {
        const isOwn = secret.declarations.some((declaration) => declaration.instruction === instruction);
        if (!isOwn && namesVariable(instruction.parsed.body.text, secret.name)) return null;
        continue;
      }
      runs.push(instruction);
      if (!mentions(instruction, secret.name)) continue;
      const write = onlyWrite(instruction, secret.name);
      if (!write) return null;
      written.set(instruction, write);
    }
  }
  const [path, second] = new Set([...written.values()].map((write) => write.path));
  const kind = path ? credentialFile(path) : null;
  return path && second === undefined && kind?.readers ? { kind, path, runs, written } : null;
}

function describe(name: string, kind: CredentialFile, path: string, edits: readonly Edit[]): Fix {
  const isSsh = kind.mount === "ssh";
  const file = path.slice(path.lastIndexOf("/") + 1);
  const given: Given = isSsh ? { kind: "ssh" } : { kind: "file", id: kind.id, source: file };
  const more = isSsh
    ? ""
    : `Until now the RUN wrote ${file} from ${name}; now it is a file of yours, outside of the build context or in .dockerignore`;
  const { flags, texts } = buildWith([given], { more });
  return {
    title: isSsh
      ? `Forward the SSH agent instead of ${name}`
      : `Mount ${file} as a secret instead of writing it from ${name}`,
    applicability: "unsafe",
    reason: isSsh ? `The build then needs ${flags} and an agent with the key.` : `The build then needs ${flags}.`,
    edits,
    ...texts,
  };
}

/** The one command of a RUN that writes the variable to a file, when nothing else of the RUN names it; else null. */
function onlyWrite(run: Instruction, name: string): SecretWrite | null {
  const [write, second] = secretWrites(run, { isSecret: (one) => one === name, files: [] });
  if (!write || second || write.command.command.pipeline.length > 1) return null;
  // What npm is told to keep lies in the .npmrc of the home folder.
  const isKept =
    write.how === "settings" && /^p?npm$/.test(write.command.name ?? "") && write.command.wrappers.length === 0;
  if (isKept) return write;
  if (write.how !== "file") return null;
  if (addsToProject(write) || hangsOnFolder(run, write.file)) return null;
  const isWriter = (command: ShellCommand) => command === write.command.command;
  const others = write.script.commands.filter(({ command }) => !isWriter(command));
  const reads = others.some(({ words, assignments, redirections }) =>
    [
      ...words,
      ...assignments.flatMap((one) => one.value ?? []),
      ...redirections.flatMap((one) => one.target ?? []),
    ].some((word) => namesVariable(word.text, name)),
  );
  return reads ? null : write;
}
