/**
 * What rules look for, found once per model: instructions by keyword, commands by name. A rule that walks over every
 * instruction to find its few costs a file of ten thousand lines as much as one that finds something in each.
 */
import type { EffectiveCommand } from "../shell/commands";
import type { Script } from "./scripts";
import { scriptsOf } from "./scripts";
import type { Instruction, Model, Stage } from "./types";

/** A command with its place. */
export interface PlacedCommand {
  readonly instruction: Instruction;
  readonly script: Script;
  readonly command: EffectiveCommand;
}

interface Index {
  readonly instructions: ReadonlyMap<string, readonly Instruction[]>;
  /** Made when somebody asks for commands. */
  commands: ReadonlyMap<string, readonly PlacedCommand[]> | null;
}

const indexes = new WeakMap<Model, Index>();
const noInstructions: readonly Instruction[] = [];
const noCommands: readonly PlacedCommand[] = [];

/** The instructions with a keyword (upper case), in the order of the file. */
export function instructionsNamed(model: Model, keyword: string): readonly Instruction[] {
  return indexOf(model).instructions.get(keyword) ?? noInstructions;
}

/** The instructions of a stage with a keyword (upper case), in the order of the file. */
export function instructionsIn(stage: Stage, keyword: string): readonly Instruction[] {
  let index = stageIndexes.get(stage);
  if (!index) {
    index = byKeyword(stage.instructions);
    stageIndexes.set(stage, index);
  }
  return index.get(keyword) ?? noInstructions;
}

/** The instructions of a model with one of the keywords (upper case), in the order of the file. */
export function instructionsOf(model: Model, ...keywords: readonly string[]): readonly Instruction[] {
  const lists = keywords.map((keyword) => instructionsNamed(model, keyword)).filter((list) => list.length > 0);
  return lists.length > 1 ? lists.flat().sort((a, b) => a.index - b.index) : (lists[0] ?? noInstructions);
}

/**
 * The commands with one of the names (base names, wrappers seen through) in the POSIX scripts of RUN instructions, in the
 * order of the file.
 */
export function commandsNamed(model: Model, ...names: readonly string[]): readonly PlacedCommand[] {
  const index = indexOf(model);
  index.commands ??= indexCommands(index.instructions.get("RUN") ?? noInstructions);
  const { commands } = index;
  if (names.length === 1) return commands.get(names[0] as string) ?? noCommands;
  const lists = names.flatMap((name) => commands.get(name) ?? []);
  return lists.length === 0 ? noCommands : lists.sort(inOrder);
}

function indexOf(model: Model): Index {
  const known = indexes.get(model);
  if (known) return known;
  const index: Index = { instructions: byKeyword(model.instructions), commands: null };
  indexes.set(model, index);
  return index;
}

const stageIndexes = new WeakMap<Stage, ReadonlyMap<string, readonly Instruction[]>>();

function byKeyword(instructions: readonly Instruction[]): ReadonlyMap<string, readonly Instruction[]> {
  const lists = new Map<string, Instruction[]>();
  for (const instruction of instructions) {
    const { keyword } = instruction;
    const list = lists.get(keyword);
    if (list) list.push(instruction);
    else lists.set(keyword, [instruction]);
  }
  return lists;
}

function indexCommands(runs: readonly Instruction[]): ReadonlyMap<string, readonly PlacedCommand[]> {
  const commands = new Map<string, PlacedCommand[]>();
  for (const instruction of runs) {
    for (const script of scriptsOf(instruction)) {
      for (const command of script.commands) {
        if (command.name === null) continue;
        const placed = { instruction, script, command };
        const list = commands.get(command.name);
        if (list) list.push(placed);
        else commands.set(command.name, [placed]);
      }
    }
  }
  return commands;
}

function inOrder(a: PlacedCommand, b: PlacedCommand): number {
  return a.instruction.index - b.instruction.index || a.command.command.from - b.command.command.from;
}
