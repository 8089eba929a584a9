/**
 * The fix for a credential file that COPY or ADD brings: neither copy nor deletion, and a mount at the same path for each
 * RUN that reads it. Null wherever somebody needs the file for whom a mount is no replacement.
 */
import { canChangeRun, hasTemplate, insertFlag, mountOwner, mountSupport } from "../fixes/mount";
import { removeInstruction, removeParts } from "../fixes/remove";
import { prependCommand } from "../fixes/shell-list";
import { scriptsOf } from "../model/scripts";
import type { Instruction, Model, Stage } from "../model/types";
import type { Fix, RuleContext } from "../rule";
import type { Edit } from "../text";
import { withoutFile } from "./clean";
import type { CopiedSecret, PlacedSecret } from "./copies";
import { copiedSecrets } from "./copies";
import { type IgnoreContext, ignoreToo } from "./ignore";
import { buildWith, type Given } from "./note";
import { isTakenElsewhere, isWithin } from "./taken";
import { buildsForWindows } from "./windows";
import { absolutePath, mountsOf, secretTarget } from "./writes";

/** What the fix looks at. */
export type MountFileContext = IgnoreContext & Pick<RuleContext, "catalogue">;

/** The fix, or null. */
export function mountFile(context: MountFileContext, copied: CopiedSecret): Fix | null {
  const { model, catalogue } = context;
  const { kind, source, instruction, path } = copied;
  const { stage } = instruction;
  if (path === null || source === null || !stage || kind.readers === null || mountSupport(model) === "none")
    return null;
  if (buildsForWindows(model, stage, catalogue) || hasTemplate(model, instruction.span)) return null;
  const copy: PlacedSecret = { ...copied, path };
  const walk = createWalk(context, copy, stage);
  for (const one of model.stages) if (!visit(walk, one)) return null;
  if (!walk.isUsed || isTakenElsewhere(model, copy, walk.holders)) return null;
  const isSsh = kind.mount === "ssh";
  const given: Given = isSsh ? { kind: "ssh" } : { kind: "file", id: kind.id, source };
  const other = ignoreToo(context, copy);
  return {
    title: isSsh
      ? "Forward the SSH agent instead of copying the key"
      : `Mount ${source} as a secret instead of copying it`,
    applicability: "unsafe",
    reason: walk.isDeleted
      ? `The build then needs ${buildWith([given]).flags}.`
      : `The build then needs ${buildWith([given]).flags}, and containers no longer have ${source}.`,
    edits: [...removeCopy(model, copy), ...walk.edits],
    ...(other ? { otherFiles: [other] } : {}),
    ...buildWith([given], { hosts: isSsh && !namesHosts(model) }).texts,
  };
}

interface Walk {
  readonly model: Model;
  readonly copy: PlacedSecret;
  readonly first: Stage;
  /** Stages at whose end the file is there. */
  readonly holders: Set<Stage>;
  readonly edits: Edit[];
  /** The flag that gives a RUN the file; null where it cannot have it. */
  readonly flagFor: (run: Instruction) => string | null;
  /** The folder of the file is there without it, or nobody needs it. */
  hasFolder: boolean;
  isUsed: boolean;
  isDeleted: boolean;
}

function createWalk(
  { model, catalogue }: Pick<RuleContext, "model" | "catalogue">,
  copy: PlacedSecret,
  first: Stage,
): Walk {
  return {
    model,
    copy,
    first,
    holders: new Set(),
    edits: [],
    flagFor(run) {
      const owner = canChangeRun(model, run) ? mountOwner(run, catalogue) : null;
      return owner === null ? null : mountFlag(run, copy, owner);
    },
    hasFolder: /^\/(?:root|tmp|etc|opt|home|home\/[^/]+)?$/.test(folderOf(copy.path)),
    isUsed: false,
    isDeleted: false,
  };
}

/** The flag of the mount, or null where the RUN has one with the same id or target. */
export function mountFlag(
  run: Instruction,
  { kind, path }: Pick<PlacedSecret, "kind" | "path">,
  owner: string,
): string | null {
  const mounts = mountsOf(run);
  if (kind.mount === "ssh") return mounts.some(({ type }) => type === "ssh") ? null : `--mount=type=ssh${owner}`;
  const isTaken = mounts.some(
    (mount) => mount.type === "secret" && (mount.get("id") === kind.id || secretTarget(mount) === path),
  );
  return isTaken ? null : `--mount=type=secret,id=${kind.id},target=${path}${owner}`;
}

/** Looks at one stage; false where the fix must not be offered. */
function visit(walk: Walk, stage: Stage): boolean {
  const { copy, first } = walk;
  let isThere = stage.base.stage !== null && walk.holders.has(stage.base.stage);
  for (const instruction of stage.instructions) {
    if (instruction === copy.instruction) isThere = true;
    if (stage === first || isThere) walk.hasFolder ||= makesFolder(instruction, copy);
    if (!isThere || instruction === copy.instruction) continue;
    switch (instruction.keyword) {
      case "RUN": {
        const left = visitRun(walk, instruction);
        if (left === null) return false;
        isThere = left;
        break;
      }
      case "COPY":
      case "ADD":
        if (copiedSecrets(instruction).some(({ path }) => path === copy.path)) return false;
        break;
      case "CMD":
      case "ENTRYPOINT":
      case "HEALTHCHECK":
      case "ENV":
      case "LABEL":
      case "VOLUME":
        if (needsAtRunTime(walk, instruction)) return false;
        break;
      case "ONBUILD":
        // Whoever builds on the image may read the file by any of its programs.
        if (/^onbuild\s+(?:run|copy|add)\b/i.test(instruction.parsed.text)) return false;
        break;
    }
  }
  if (isThere) walk.holders.add(stage);
  return true;
}

/** True while the file is there after the RUN; null where the fix must not be offered. */
function visitRun(walk: Walk, run: Instruction): boolean | null {
  const { model, copy } = walk;
  const rest = withoutFile(run, copy.path, copy.kind);
  if (!rest) return null;
  if (rest.deletes) walk.isDeleted = true;
  if (rest.edits.length > 0 && !canChangeRun(model, run)) return null;
  if (rest.isEmpty) {
    walk.edits.push(removeInstruction(model, run));
    return !rest.deletes;
  }
  walk.edits.push(...rest.edits);
  if (!makeFolder(walk, run)) return null;
  if (rest.reads) {
    const flag = walk.flagFor(run);
    if (flag === null) return null;
    walk.edits.push(insertFlag(model, run, flag));
    walk.isUsed = true;
  }
  return !rest.deletes;
}

/** True where an instruction makes the folder of the file, or works in it. */
function makesFolder(instruction: Instruction, copy: PlacedSecret): boolean {
  const folder = folderOf(copy.path);
  if (instruction.workdir !== null && isWithin(instruction.workdir, folder)) return true;
  const { words, keyword } = instruction.parsed;
  if (keyword === "RUN") {
    return scriptsOf(instruction).some(({ commands }) =>
      commands.some(
        ({ name, words }) =>
          name === "mkdir" && words.some((word) => isWithin(absolutePath(word.text, instruction) ?? "", folder)),
      ),
    );
  }
  if (keyword !== "COPY" && keyword !== "ADD") return false;
  if (instruction === copy.instruction && words.length < 3) return false;
  return isWithin(words.at(-1)?.value?.replace(/\/+$/, "") ?? "", folder);
}

/** COPY made the folder of the file as well; whoever puts something beside it has to make it now. False where that fails. */
function makeFolder(walk: Walk, run: Instruction): boolean {
  if (walk.hasFolder) return true;
  const folder = folderOf(walk.copy.path);
  const [script, second] = scriptsOf(run);
  const short = folder.replace(/^\/root(?=\/)/, "~");
  const names = (text: string) =>
    text.includes(folder) || (short !== folder && text.includes(short)) || text.includes(`$HOME${short.slice(1)}`);
  if (!script || !names(script.script.text)) return true;
  // `mkdir -p` may come first; that is as good.
  walk.hasFolder = true;
  if (script.commands.some((command) => command.name === "mkdir" && command.words.some((word) => names(word.text))))
    return true;
  const isKept = script.commands.some(
    ({ name, words, redirections }) =>
      name !== "rm" &&
      (words.some((word) => names(word.text) && !word.text.includes(walk.copy.path)) ||
        redirections.some(({ target }) => target !== null && names(target.text))),
  );
  if (!isKept) return true;
  if (second || script.script.topLevel.length === 0) return false;
  const edit = prependCommand(
    walk.model,
    run,
    script,
    0,
    `mkdir -p ${walk.copy.kind.mount === "ssh" ? "-m 0700 " : ""}${folder}`,
  );
  if (edit) walk.edits.push(edit);
  return edit !== null;
}

/** Programs that use a key when the container runs. */
const keyUsers = /\b(?:ssh|git|scp|sftp|rsync|ansible\S*)\b/;

function needsAtRunTime({ copy }: Walk, { parsed, keyword }: Instruction): boolean {
  const { text } = parsed;
  if (text.includes(copy.path)) return true;
  if (keyword === "ENV" || keyword === "LABEL" || keyword === "VOLUME") return false;
  return (
    text.includes(copy.path.slice(copy.path.lastIndexOf("/") + 1)) || (copy.kind.mount === "ssh" && keyUsers.test(text))
  );
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function removeCopy(model: Model, { instruction, word }: PlacedSecret): readonly Edit[] {
  const { words } = instruction.parsed;
  return words.length === 2
    ? [removeInstruction(model, instruction)]
    : removeParts(model, instruction, words, new Set([word]));
}

/** True where the file says something of the hosts whose keys ssh is to trust. */
function namesHosts({ text }: Model): boolean {
  return /known_hosts|ssh-keyscan|StrictHostKeyChecking/i.test(text);
}
