/**
 * The other way to clone with a token: ADD loads the repository, and the builder takes the token from a secret that it
 * knows by its name (Dockerfile reference, ADD of private Git repositories: GIT_AUTH_TOKEN).
 */
import { userAt } from "../catalogue/stage";
import { canChangeRun, mountSupport } from "../fixes/mount";
import { normalizePath } from "../model/build";
import { scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import { locate } from "../model/types";
import type { Fix } from "../rule";
import { flagValue, splitArguments } from "../shell/arguments";
import { credentialsInAddress } from "./clone-address";
import type { DeclaredSecret } from "./declarations";
import type { MoveContext } from "./move";
import { buildWith } from "./note";
import { removalsOf } from "./removals";
import { usersOf } from "./users";
import { mountsOf } from "./writes";

/** The fix; null where anything but one plain clone uses the secret, or the clone is more than ADD does. */
export function addInsteadOfClone(context: MoveContext, secret: DeclaredSecret): Fix | null {
  const { model, catalogue } = context;
  const { name, stage } = secret;
  if (!stage || secret.promotions.length > 0 || secret.declarations.some((one) => one.onbuild)) return null;
  if (mountSupport(model) !== "env") return null;
  const removed = removalsOf(model, secret);
  const users = removed && usersOf(context, secret, new Map([[name, name]]), removed);
  const [use, second] = users?.runs ?? [];
  if (!use || second || users?.atRunTime || !canChangeRun(model, use.run)) return null;
  const { run } = use;
  // ADD gives everything to root.
  if (run.parsed.flags.length > 0 || mountsOf(run).length > 0 || userAt(run, catalogue).kind !== "root") return null;
  const clone = cloneOf(run, name);
  if (!clone) return null;
  const keyword = model.text.slice(run.span.start, run.span.start + 3) === "run" ? "add" : "ADD";
  const { parsed } = run;
  const end = parsed.argumentsSpan ? locate(run, parsed.argumentsSpan).end : run.span.end;
  const { flags, texts } = buildWith([{ kind: "variable", id: "GIT_AUTH_TOKEN", from: name }]);
  return {
    title: "Load the repository by ADD, with the token as GIT_AUTH_TOKEN",
    applicability: "unsafe",
    reason: `The build then needs ${flags}, and .git holds no history.`,
    edits: [
      ...(removed?.edits ?? []),
      {
        span: { start: run.span.start, end },
        newText: `${keyword} --keep-git-dir=true ${clone.address} ${clone.folder}`,
      },
    ],
    ...texts,
  };
}

interface Clone {
  /** With the reference behind `#`. */
  readonly address: string;
  /** Absolute. */
  readonly folder: string;
}

/** What a RUN clones that does nothing else; null for flags that ADD has no match for. */
function cloneOf(run: Instruction, name: string): Clone | null {
  const [script, second] = scriptsOf(run);
  const [command, more] = script?.commands ?? [];
  if (!script || second || !command || more || script.script.topLevel.length !== 1) return null;
  if (command.name !== "git" || command.words[1]?.value !== "clone" || command.redirections.length > 0) return null;
  if (command.wrappers.length > 0 || command.command !== command.outer || command.assignments.length > 0) return null;
  const valued = ["-b", "--branch", "--depth", "-c"];
  const { operands, flags } = splitArguments(command, valued);
  const [, address, folder, extra] = operands;
  if (
    !address ||
    extra ||
    flags.some(({ text }) => !/^(?:-b|--branch|--depth|--single-branch|-q|--quiet)(?:=|$)/.test(text))
  ) {
    return null;
  }
  const parts = credentialsInAddress(address);
  if (!parts || !new RegExp(`\\$\\{?${name}\\b`).test(parts.user)) return null;
  const path = address.text.replace(/^["']|["']$/g, "").slice(parts.scheme.length + parts.user.length + 1);
  const branch = flagValue(command, ["-b", "--branch"]);
  if (!/^[\w.:-]+\/[\w./-]+$/.test(path) || (branch && !/^[\w./-]+$/.test(branch.value ?? ""))) return null;
  const repository = path.replace(/\/+$/, "").replace(/\.git$/, "");
  const written = folder ? folder.value : repository.slice(repository.lastIndexOf("/") + 1);
  if (written === null || !/^[\w./-]+$/.test(written)) return null;
  if (!written.startsWith("/") && run.workdir === null) return null;
  return {
    address: `${parts.scheme}${repository}.git${branch?.value ? `#${branch.value}` : ""}`,
    folder: normalizePath(written.startsWith("/") ? written : `${run.workdir}/${written}`),
  };
}
