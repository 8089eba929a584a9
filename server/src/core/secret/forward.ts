/** The fix for a secret, and the special one for SSH keys: they are lent to the build by an agent, not handed to it. */
import { rootStage } from "../catalogue/stage";
import { canChangeRun, cannotMount, insertFlag, mountOwner, mountSupport } from "../fixes/mount";
import { removeInstruction } from "../fixes/remove";
import type { Instruction } from "../model/types";
import type { Fix } from "../rule";
import type { ShellCommand } from "../shell/ast";
import type { Edit } from "../text";
import { withoutFile } from "./clean";
import { mentions, namesVariable } from "./consumers";
import type { DeclaredSecret } from "./declarations";
import { credentialFile } from "./files";
import type { MoveContext } from "./move";
import { familyOf, moveSecret, removalsOf } from "./move";
import type { SecretWrite } from "./writes";
import { mountsOf, secretWrites } from "./writes";

/** The best fix for a declared secret, or null. */
export function secretFix(context: MoveContext, secret: DeclaredSecret): Fix | null {
  return forwardAgent(context, secret) ?? moveSecret(context, secret);
}

/**
 * `ARG SSH_KEY` with `echo "$SSH_KEY" > ~/.ssh/id_rsa`: the argument, the file and what handles it go, and each RUN that
 * reaches for SSH gets the agent. Null for any other secret, and where something else uses the key.
 */
function forwardAgent({ model, catalogue }: MoveContext, secret: DeclaredSecret): Fix | null {
  const { stage, name } = secret;
  if (!stage || secret.promotions.length > 0 || secret.declarations.some((one) => one.kind !== "arg" || one.onbuild)) {
    return null;
  }
  if (cannotMount(rootStage(stage), catalogue) || mountSupport(model) === "none") return null;
  const runs: Instruction[] = [];
  const written = new Map<Instruction, SecretWrite>();
  for (const one of familyOf(model, secret)) {
    for (const instruction of one.instructions) {
      if (instruction.keyword !== "RUN") {
        const isOwn = secret.declarations.some((declaration) => declaration.instruction === instruction);
        if (!isOwn && namesVariable(instruction.parsed.body.text, name)) return null;
        continue;
      }
      runs.push(instruction);
      if (!mentions(instruction, name)) continue;
      const write = onlyWrite(instruction, name);
      if (!write) return null;
      written.set(instruction, write);
    }
  }
  const paths = new Set([...written.values()].map((write) => write.path));
  const [path] = paths;
  const kind = path ? credentialFile(path) : null;
  if (paths.size !== 1 || !path || kind?.mount !== "ssh") return null;
  const removed = removalsOf(model, secret);
  if (!removed) return null;
  const edits: Edit[] = [...removed.edits];
  let used = false;
  for (const run of runs) {
    const rest = withoutFile(run, path, true, written.get(run)?.command.command ?? null);
    if (!rest) return null;
    if (rest.edits.length > 0 || rest.isEmpty) {
      if (!canChangeRun(model, run)) return null;
      edits.push(...(rest.isEmpty ? [removeInstruction(model, run)] : rest.edits));
    }
    if (rest.isEmpty || !rest.programs.some((program) => kind.readers?.has(program))) continue;
    if (mountsOf(run).some((mount) => mount.type === "ssh")) continue;
    const owner = mountOwner(run, catalogue);
    if (owner === null || !canChangeRun(model, run)) return null;
    edits.push(insertFlag(model, run, `--mount=type=ssh${owner}`));
    used = true;
  }
  if (!used) return null;
  return {
    title: `Forward the SSH agent instead of ${name}`,
    applicability: "unsafe",
    reason: "The build then needs --ssh default and an agent with the key.",
    edits,
    note: "Build with: docker build --ssh default . (after ssh-add on your machine).",
  };
}

/** The one command of a RUN that writes the variable to a file, when nothing else of the RUN names it; else null. */
function onlyWrite(run: Instruction, name: string): SecretWrite | null {
  const [write, second] = secretWrites(run, { isSecret: (one) => one === name, files: [] });
  if (!write || second || write.how !== "file" || write.command.command.pipeline.length > 1) return null;
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
