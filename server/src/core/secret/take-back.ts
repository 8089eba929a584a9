/** Takes a credential back at the end of the RUN that stored it, so that no layer holds it. */

import { canChangeRun } from "../fixes/mount";
import { appendCommand, stopsOnError } from "../fixes/shell-list";
import { scriptsOf } from "../model/scripts";
import type { Instruction, Model, Stage } from "../model/types";
import { operands } from "../shell/arguments";
import type { Edit } from "../text";
import { isProjectScript } from "./consumers";
import { credentialFile } from "./files";
import { remembersLogins } from "./git";
import { isNodeManager, nodeScripts } from "./readers";
import { undoCommand } from "./undo";
import type { SecretWrite } from "./writes";

/**
 * The edit that deletes what `npm config set //host/:_authToken=…` stored, or the `.npmrc` that the RUN wrote, once the
 * commands of this RUN have used it. Null for files of no known tool, for scripts that are more than commands which stop
 * at the first failure, and where a later instruction may need it.
 */
export function takeBack(model: Model, run: Instruction, write: SecretWrite): Edit | null {
  const { command, script } = write;
  if (write.removed || command.command !== command.outer || command.wrappers.length > 0) return null;
  if (!canChangeRun(model, run) || scriptsOf(run).length !== 1) return null;
  if (command.name === "git" && remembersLogins(model)) return null;
  const undo =
    write.how === "settings" ? undoSetting(write) : write.how === "file" ? deleteFile(model, run, write) : null;
  if (!undo) return null;
  const items = script.script.topLevel;
  const isPlain = items.every(
    ({ kind, connector }) =>
      kind !== "compound" && (connector === null || connector === "&&" || (connector === "\n" && stopsOnError(script))),
  );
  // What is stored for nobody in this RUN is stored for others, who could not read it any more.
  if (command.outer.item >= items.length - 1) return null;
  if (!script.script.wellFormed || !isPlain || isNeededLater(model, run, undo)) return null;
  return appendCommand(model, run, script, items.length - 1, undo.command);
}

interface Undo {
  readonly command: string;
  /** Programs that read what is stored. */
  readonly readers: ReadonlySet<string>;
  /** The file that goes, as the command names it; null for settings. */
  readonly file: string | null;
}

function undoSetting({ command }: SecretWrite): Undo | null {
  const text = undoCommand(command);
  if (text === null || command.name === null) return null;
  const readers = readersOfSettings.find((names) => names.includes(command.name ?? "")) ?? [command.name];
  return { command: text, readers: new Set(readers), file: null };
}

const readersOfSettings: readonly (readonly string[])[] = [
  ["npm", "pnpm", "yarn", "bun", "npx", "pnpx", "bunx"],
  ["pip", "pip3", "python", "python3", "tox", "pipx"],
  ["hf", "huggingface-cli", "python", "python3"],
  ["git", "go", "npm", "pnpm", "yarn", "pip", "pip3", "uv", "poetry", "cargo", "composer", "bundle", "mix", "python3"],
];

function deleteFile(model: Model, run: Instruction, write: SecretWrite): Undo | null {
  const { file } = write;
  const kind = credentialFile(file);
  if (!kind?.readers || kind.mount === "ssh" || !/^[\w./~-]+$/.test(file)) return null;
  if (addsToProject(write) || hangsOnFolder(run, file)) return null;
  return takenByName(model, run, baseOf(file)) ? null : { command: `rm -f ${file}`, readers: kind.readers, file };
}

/** True where lines are added to a file of the project: the rest of it has to stay in the image. */
export function addsToProject({ command, path }: SecretWrite): boolean {
  const adds = command.redirections.some(({ operator }) => operator === ">>") || command.name === "sed";
  return adds && !/^\/(?:root|home\/[^/]+)\//.test(path ?? "");
}

/** True where a `cd` on the way may make the name that of another file. */
export function hangsOnFolder(run: Instruction, file: string): boolean {
  return !/^(?:[~/]|\$HOME\/|\$\{HOME\}\/)/.test(file) && /(?:^|[\s;&|(])(?:cd|pushd)\s/.test(run.parsed.body.text);
}

/** True when another stage copies the file by its name. */
function takenByName(model: Model, run: Instruction, name: string): boolean {
  return model.stages.some((stage) =>
    stage.copiesFrom.some(
      ({ stage: from, instruction }) =>
        from !== null &&
        from === run.stage &&
        instruction.parsed.words.some(({ value }) => value !== null && baseOf(value) === name),
    ),
  );
}

/** True when an instruction behind this RUN, in the stage or in one that builds on it, reads what was stored, or may do so. */
function isNeededLater(model: Model, run: Instruction, undo: Undo): boolean {
  const family = new Set<Stage | null>([run.stage]);
  for (const stage of model.stages) if (stage.base.stage && family.has(stage.base.stage)) family.add(stage);
  const name = undo.file === null ? null : baseOf(undo.file);
  return model.instructions.some((later) => {
    if (later.index <= run.index || !family.has(later.stage)) return false;
    if (name !== null && later.parsed.text.includes(name)) return true;
    return later.keyword === "RUN" && reads(later, undo.readers);
  });
}

function reads(run: Instruction, readers: ReadonlySet<string>): boolean {
  if (run.parsed.json) return run.parsed.json.some(({ value }) => readers.has(value));
  const scripts = scriptsOf(run);
  if (scripts.length === 0) return true;
  return scripts.some(({ commands }) =>
    commands.some((command) => {
      const { name, words } = command;
      if (name === null) return false;
      if (isProjectScript(name, words[0]?.value ?? name, words.length > 1)) return true;
      // `npm run build` talks to no registry; `yarn` alone does.
      return readers.has(name) && !(isNodeManager(name) && nodeScripts.has(operands(command)[0]?.value ?? ""));
    }),
  );
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
