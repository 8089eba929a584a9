/** Files that the build closes to everybody but their owner: what starts must be open to whoever runs it. */
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { resolvePath } from "../../multistage/paths";
import type { EffectiveCommand } from "../../shell/commands";
import type { Edit } from "../../text";
import { hasTemplate } from "../mount";
import { canEditPlaced } from "../placed";
import { canEditRun } from "../shell-list";

/** What has to change in the modes. */
export interface ClosedModes {
  /** Edits that open programs and scripts; each only widens what a file of root's allows to others. */
  readonly edits: readonly Edit[];
  /** What they open, in the words of the file. */
  readonly opened: readonly string[];
  /** A file that is closed and that nobody knows how to open rightly, or null. */
  readonly closed: string | null;
  /** Folders and files whose group may write, and nobody else beside the owner: the program is meant to. Absolute. */
  readonly shared: readonly SharedPath[];
}

/** Something that a group may write to. */
export interface SharedPath {
  readonly path: string;
  /** True when all that lies in it is meant, too. */
  readonly isTree: boolean;
}

/** Reads every mode that the shipped stages (`chain`) give. */
export function closedModes(model: Model, chain: readonly Stage[]): ClosedModes {
  const edits: Edit[] = [];
  const opened: string[] = [];
  const shared: SharedPath[] = [];
  let closed: string | null = null;
  const judge = ({ mode, path, place, isTree, edit }: Given): void => {
    if (isForGroup(mode) && /^\/[\w./-]+$/.test(place)) shared.push({ path: place, isTree });
    const open = openedMode(mode, path);
    if (open === null || ofNoUse.test(path)) return;
    // Nobody knows what a variable names; most often it is a folder of the build.
    if (open === "" && path.includes("$")) return;
    const made = open === "" ? null : edit(open);
    if (!made) closed ??= path;
    else if (!edits.some(({ span }) => span.start === made.span.start)) {
      edits.push(made);
      opened.push(path);
    }
  };
  const owned = new Set<string>();
  for (const link of [...chain].reverse()) {
    for (const instruction of [...link.instructions].reverse()) {
      for (const given of givenBy(model, instruction, owned)) judge(given);
    }
  }
  return { edits: edits.sort((a, b) => a.span.start - b.span.start), opened: [...new Set(opened)], closed, shared };
}

interface Given {
  readonly mode: string;
  readonly path: string;
  /** Absolute where it can be known. */
  readonly place: string;
  readonly isTree: boolean;
  readonly edit: (mode: string) => Edit | null;
}

// Keys and rules of the system, and what lies in a home: the program has nothing to do with them.
const ofNoUse =
  /^(?:\/root|~|\$HOME|\/etc\/(?:sudoers|cron|ssh|ssl\/private|shadow|gshadow|apt))(?:\/|\.|$)|\.ssh(?:\/|$)/;

/**
 * The mode that lets everybody use what the given one lets its owner use; empty for files that may hold a secret, where
 * nobody knows; null when the mode is open as it is.
 */
function openedMode(mode: string, path: string): string | null {
  const octal = /^([0-7]?)([0-7])([0-7])([0-7])$/.exec(mode);
  if (octal) {
    const [owner, others] = [Number(octal[2]), Number(octal[4])];
    const wanted = owner & 5;
    if ((others & wanted) === wanted) return null;
    // A folder or file that is closed on purpose stays so; a program is there to be run.
    return owner & 1 && isProgram(path) ? `${octal[1]}${owner}${wanted}${wanted}` : "";
  }
  if (/^u\+(?:rx|xr|x)$/.test(mode)) return mode.replace("u", "a");
  return /^(?:g?o|og)-\w*[rx]|^u=\w+,g=,?o?=?|^(?:go|o)=(?:,|$)/.test(mode) ? "" : null;
}

/** `775`, `ug+rwx`, `g+w`: write for the group, not for all. */
function isForGroup(mode: string): boolean {
  const octal = /^[0-7]?[0-7]([0-7])([0-7])$/.exec(mode);
  if (octal) return (Number(octal[1]) & 2) !== 0 && (Number(octal[2]) & 2) === 0;
  return /^(?:ug|gu|g)[+=]\w*w/.test(mode);
}

function isProgram(path: string): boolean {
  return /\.(?:sh|bash|py|pl|rb|js)$|entrypoint|\/s?bin\/|(?:^|\/)(?:run|start|init|boot\w*)$/.test(path);
}

function* givenBy(model: Model, instruction: Instruction, owned: Set<string>): Iterable<Given> {
  const { keyword, parsed } = instruction;
  if (keyword === "RUN") {
    if (!/\bch(?:mod|own)\b/.test(parsed.text)) return;
    for (const script of [...scriptsOf(instruction)].reverse()) {
      for (const command of [...script.commands].reverse()) {
        if (command.name === "chown") {
          for (const path of pathsOf(command, 1).slice(1)) owned.add(absolute(path, instruction));
        }
        if (command.name !== "chmod") continue;
        const at = command.words.findIndex((word, index) => index > 0 && !/^-[RfvcHLP]+$|^--/.test(word.value ?? ""));
        const word = command.words[at];
        if (!word?.value) continue;
        const { value } = word;
        const canEdit = canEditRun(model, instruction, false) && command.command === command.outer;
        for (const path of pathsOf(command, at + 1)) {
          if (isOwned(absolute(path, instruction), owned)) continue;
          yield {
            mode: value,
            path,
            place: absolute(path, instruction),
            isTree: command.words.slice(1, at).some((one) => /^-\w*R|^--recursive$/.test(one.value ?? "")),
            edit: (newText) => {
              const span = script.locate(word.from, word.to);
              const isWritten = model.text.slice(span.start, span.end) === value;
              return canEdit && isWritten && script.script.wellFormed ? { span, newText } : null;
            },
          };
        }
      }
    }
  }
  if (keyword !== "COPY" && keyword !== "ADD") return;
  const mode = parsed.flags.find(({ name }) => name === "chmod")?.value;
  const path = parsed.json ? parsed.json.at(-1)?.value : parsed.words.at(-1)?.text;
  if (!mode?.value || !path || parsed.flags.some(({ name }) => name === "chown")) return;
  const { value } = mode;
  const canEdit = canEditPlaced(model, { instruction, isTrigger: false }) && mode.text === value;
  const span = locate(instruction, mode);
  yield {
    mode: value,
    // What is copied into a folder keeps its own name.
    path: isProgram(path) ? path : `${path} ${parsed.words.at(-2)?.text ?? ""}`.trim(),
    place: path,
    isTree: false,
    edit: (newText) => (canEdit && !hasTemplate(model, span) ? { span, newText } : null),
  };
}

/** The words from a place on that are no flags. */
function pathsOf(command: EffectiveCommand, from: number): readonly string[] {
  const words = command.words.slice(from).filter((word) => !(word.value ?? "").startsWith("-"));
  return words.map((word) => word.value ?? word.text);
}

function absolute(path: string, instruction: Instruction): string {
  return resolvePath(path, instruction.workdir) ?? path;
}

/** What is given to somebody afterwards is that one's to use. */
function isOwned(path: string, owned: ReadonlySet<string>): boolean {
  if (owned.has(path)) return true;
  let folder = path;
  while (folder !== "/" && folder.includes("/")) {
    folder = folder.slice(0, folder.lastIndexOf("/")) || "/";
    if (owned.has(folder)) return true;
  }
  return false;
}
