/** Credential files that COPY and ADD bring. */
import { normalizePath } from "../model/build";
import { expandWord, stageState } from "../model/scope";
import type { Instruction } from "../model/types";
import type { Word } from "../syntax/types";
import type { CredentialFile } from "./files";
import { credentialFile } from "./files";

/** One file that an instruction copies. */
export interface CopiedSecret {
  readonly instruction: Instruction;
  readonly kind: CredentialFile;
  /** Path in the build context; null when it comes from another stage or image, or over the network. */
  readonly source: string | null;
  readonly word: Word;
  /** Where it lies in the image; null where nobody here knows the working folder. */
  readonly path: string | null;
}

/** One whose place is known. */
export interface PlacedSecret extends CopiedSecret {
  readonly path: string;
}

/** The credential files among the sources of a COPY or ADD. */
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
    if (!kind) continue;
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
