/** A RUN that changes the mode or the owner of what an earlier COPY of the stage brought. */
import type { Script } from "../../model/scripts";
import { scriptsOf } from "../../model/scripts";
import type { Instruction } from "../../model/types";
import { operands } from "../../shell/arguments";
import type { ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";
import type { Copies, Place } from "./copies";
import { absolutePath, baseName, copiesOf } from "./copies";

/** One `chmod` or `chown` of a RUN. */
export interface Change {
  readonly run: Instruction;
  readonly script: Script;
  readonly command: EffectiveCommand;
  /** Mode or owner. */
  readonly value: ShellWord;
  readonly paths: readonly ShellWord[];
}

/** The commands of that name in a RUN of a POSIX shell, outside loops, conditions and nested scripts. */
export function changesIn(run: Instruction, name: "chmod" | "chown"): readonly Change[] {
  if (!run.parsed.text.includes(name)) return [];
  const found: Change[] = [];
  for (const script of scriptsOf(run)) {
    if (!script.script.wellFormed) continue;
    for (const command of script.commands) {
      if (command.name !== name || command.command !== command.outer || command.wrappers.includes("xargs")) continue;
      if (command.command.context.length > 0 || command.command.pipeline.length > 1) continue;
      const [value, ...paths] = operands(command);
      if (value && paths.length > 0) found.push({ run, script, command, value, paths });
    }
  }
  return found;
}

/** The absolute path that a word of a RUN names; null for variables, patterns, and where the shell has changed its folder. */
export function pathOf(word: ShellWord, run: Instruction, script: Script): string | null {
  if (word.value === null || /[*?[~{]/.test(word.value)) return null;
  if (!word.value.startsWith("/") && script.commands.some(({ name }) => name === "cd" || name === "pushd")) return null;
  return absolutePath(word.value, run);
}

/** What one source of a COPY becomes in the image. */
export interface Brought {
  readonly copies: Copies;
  readonly source: Place;
  /** The paths it may have: under the destination's own name, or inside it. */
  readonly paths: readonly string[];
  /** The destination as a folder, whatever lies in it. */
  readonly folder: string;
}

/** More copies than these are not looked back at, so that a long file costs no square. */
const farthest = 200;

/** What the COPYs and ADDs of a stage have brought so far, to places that are known. Give it each instruction in order. */
export interface Arrivals {
  add(instruction: Instruction): void;
  /** The latest ones, in order. */
  readonly latest: readonly Brought[];
  /** What last came to a path, or null. */
  at(path: string): Brought | null;
  /** Something else lies at a path from here on. */
  forget(path: string): void;
}

/** Starts a stage with nothing brought. */
export function arrivals(): Arrivals {
  const latest: Brought[] = [];
  const byPath = new Map<string, Brought>();
  return {
    latest,
    at: (path) => byPath.get(path) ?? null,
    forget: (path) => void byPath.delete(path),
    add(instruction) {
      if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") return;
      for (const brought of broughtBy(instruction)) {
        latest.push(brought);
        for (const path of brought.paths) byPath.set(path, brought);
      }
      if (latest.length > 2 * farthest) latest.splice(0, latest.length - farthest);
    },
  };
}

function broughtBy(instruction: Instruction): readonly Brought[] {
  const copies = copiesOf(instruction);
  const folder = copies && absolutePath(copies.target.value, instruction);
  if (!copies || !folder) return [];
  const isFolder = /(?:^|\/)\.{0,2}\/?$/.test(copies.target.value ?? "") || copies.sources.length > 1;
  return copies.sources.slice(0, farthest).map((source) => {
    const name = source.value === null ? "" : baseName(source.value);
    const inside = name === "" || name === "." ? [] : [`${folder === "/" ? "" : folder}/${name}`];
    return { copies, source, folder, paths: isFolder ? inside : [folder, ...inside] };
  });
}
