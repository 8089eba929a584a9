/** Credential files that COPY and ADD bring, and the mount that replaces them. */
import { rootStage } from "../catalogue/stage";
import type { Catalogue } from "../catalogue/types";
import { canChangeRun, cannotMount, hasTemplate, insertFlag, mountOwner, mountSupport } from "../fixes/mount";
import { removeInstruction, removeParts } from "../fixes/remove";
import { normalizePath } from "../model/build";
import { expandWord, stageState } from "../model/scope";
import type { Script } from "../model/scripts";
import type { Instruction, Model } from "../model/types";
import type { Fix } from "../rule";
import type { ShellWord } from "../shell/ast";
import type { EffectiveCommand } from "../shell/commands";
import type { Word } from "../syntax/types";
import type { Edit, Span } from "../text";
import { withoutFile } from "./clean";
import type { CredentialFile } from "./files";
import { credentialFile } from "./files";
import { mountsOf, secretTarget } from "./writes";

/** One file that an instruction copies. */
export interface CopiedSecret {
  readonly instruction: Instruction;
  readonly kind: CredentialFile;
  /** Path in the build context; null when it comes from another stage or image, or over the network. */
  readonly source: string | null;
  readonly word: Word;
  /** Where it lies in the image. */
  readonly path: string;
}

/** One `rm` of a path. */
export interface Deletion {
  readonly run: Instruction;
  readonly script: Script;
  readonly command: EffectiveCommand;
  readonly word: ShellWord;
  readonly path: string;
  readonly span: Span;
}

/** The credential files among the sources of a COPY or ADD whose place in the image is known. */
export function copiedSecrets(instruction: Instruction): readonly CopiedSecret[] {
  const { parsed, stage } = instruction;
  const { words } = parsed;
  const last = words.at(-1);
  if (!stage || !last || words.length < 2 || parsed.json || parsed.heredocs.length > 0) return [];
  const state = (name: string) => stageState(stage.scope, name, instruction.index);
  const target = expandWord(last, parsed.escape, state);
  if (target === null) return [];
  const folder =
    target.endsWith("/") ||
    words.length > 2 ||
    /(?:^|\/)\.{1,2}$/.test(target) ||
    isExistingFolder(instruction, target);
  const fromContext = !parsed.flags.some((flag) => flag.name === "from");
  const found: CopiedSecret[] = [];
  for (const word of words.slice(0, -1)) {
    const source = word.value;
    if (source === null || /[*?[\]]|:\/\//.test(source)) continue;
    const name = source.replace(/\/+$/, "").slice(source.replace(/\/+$/, "").lastIndexOf("/") + 1);
    const place = folder ? `${target}/${name}` : target;
    const kind = credentialFile(source) ?? credentialFile(place);
    const path = absolute(place, instruction);
    if (!kind || path === null) continue;
    found.push({ instruction, kind, source: fromContext ? source.replace(/^\.?\/+/, "") : null, word, path });
  }
  return found;
}

/** `COPY .npmrc /app` puts the file into /app where that is the working folder. */
function isExistingFolder(instruction: Instruction, target: string): boolean {
  const path = absolute(target, instruction);
  return path !== null && (path === instruction.workdir || /^\/(?:root|tmp|app|home\/[^/]+|root\/\.ssh)$/.test(path));
}

function absolute(path: string, instruction: Instruction): string | null {
  if (path.startsWith("/")) return normalizePath(path);
  return instruction.workdir === null ? null : normalizePath(`${instruction.workdir}/${path}`);
}

/**
 * The fix for a file that is copied, used and deleted: neither copy nor deletion, and a mount at the same path for each RUN
 * between them that reads it. Null where one of them cannot be told apart or changed.
 */
export function mountInstead(
  context: { readonly model: Model; readonly catalogue: Catalogue },
  chain: readonly Instruction[],
  copy: CopiedSecret,
  deletion: Deletion,
  isIgnored: boolean,
): Fix | null {
  const { model, catalogue } = context;
  const { kind, source, instruction } = copy;
  const stage = instruction.stage;
  if (source === null || !stage || kind.readers === null || mountSupport(model) === "none") return null;
  if (cannotMount(rootStage(stage), catalogue) || hasTemplate(model, instruction.span)) return null;
  const between = chain.slice(chain.indexOf(instruction) + 1, chain.indexOf(deletion.run) + 1);
  const edits: Edit[] = [];
  const { words } = instruction.parsed;
  const sources = words.slice(0, -1);
  if (sources.length === 1) edits.push(removeInstruction(model, instruction));
  else edits.push(...removeParts(model, instruction, words, new Set([copy.word])));

  const isSsh = kind.mount === "ssh";
  let used = false;
  for (const run of between) {
    if (run.keyword !== "RUN") continue;
    const rest = withoutFile(run, copy.path, isSsh);
    if (!rest || (run === deletion.run && !rest.gone.has(deletion.command.outer.item))) return null;
    if (rest.isEmpty) {
      edits.push(removeInstruction(model, run));
      continue;
    }
    edits.push(...rest.edits);
    if (!rest.programs.some((program) => kind.readers?.has(program))) continue;
    const flag = mountFor(run, copy, catalogue);
    if (flag === null || !canChangeRun(model, run)) return null;
    edits.push(insertFlag(model, run, flag));
    used = true;
  }
  if (!used) return null;
  const build = isSsh ? "--ssh default" : `--secret id=${kind.id},src=${source}`;
  return {
    title: isSsh
      ? "Forward the SSH agent instead of copying the key"
      : `Mount ${source} as a secret instead of copying it`,
    applicability: "unsafe",
    reason: `The build then needs ${build}.`,
    edits,
    ...(isIgnored ? {} : { otherFiles: [{ path: ".dockerignore", append: source }] }),
    note: `Build with: docker build ${build} .`,
  };
}

function mountFor(run: Instruction, copy: CopiedSecret, catalogue: Catalogue): string | null {
  const mounts = mountsOf(run);
  const owner = mountOwner(run, catalogue);
  if (owner === null) return null;
  if (copy.kind.mount === "ssh") {
    return mounts.some((mount) => mount.type === "ssh") ? null : `--mount=type=ssh${owner}`;
  }
  const taken = mounts.some(
    (mount) => mount.type === "secret" && (mount.get("id") === copy.kind.id || secretTarget(mount) === copy.path),
  );
  return taken ? null : `--mount=type=secret,id=${copy.kind.id},target=${copy.path}${owner}`;
}
