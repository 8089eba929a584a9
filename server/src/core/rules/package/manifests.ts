/** Manifests and lock files of the managers that install a project's dependencies. */
import { imageUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import type { Instruction, Model, Stage } from "../../model/types";
import { bringsEverything, type Copy, landsAt, readCopy } from "../../multistage/copies";
import { parentOf } from "../../multistage/paths";
import { runCommands } from "../../multistage/run-commands";
import type { Facts } from "../../rule";
import type { EffectiveCommand } from "../../shell/commands";
import type { PackageCall } from "./calls";

/** The folder that each command of a stage runs in; null where it is not known. */
export function foldersOf(stage: Stage, catalogue: Catalogue): (command: EffectiveCommand) => string | null {
  const image = imageUnder(stage, catalogue)?.repository.name ?? null;
  const folders = new Map<EffectiveCommand["command"], string | null>();
  for (const { command, folder } of runCommands(stage, image)) folders.set(command.command, folder);
  return (command) => folders.get(command.command) ?? null;
}

/** The COPY and ADD instructions from the build context that stand before an instruction in its stage or those below. */
export function copiesBefore(model: Model, stage: Stage, before: Instruction, catalogue: Catalogue): readonly Copy[] {
  const image = imageUnder(stage, catalogue)?.repository.name ?? null;
  const found: Copy[] = [];
  for (let one: Stage | null = stage; one; one = one.base.stage) {
    for (const instruction of one.instructions) {
      if (instruction.index >= before.index) break;
      if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
      const copy = readCopy(model, instruction, image);
      if (copy?.from === null) found.push(copy);
    }
  }
  return found;
}

/**
 * True when a file of the context surely lies in `folder`: a COPY names it, or a COPY brings whatever is there and the
 * context is known to hold it.
 */
export function isThere(copies: readonly Copy[], name: string, folder: string, facts: Facts): boolean {
  return copies.some((copy) => {
    for (const source of copy.sources) {
      const plain = source.replace(/^(?:\.?\/)+/, "");
      const base = plain.slice(plain.lastIndexOf("/") + 1);
      if (base === name) {
        if (parentOf(landsAt(copy, plain)) === folder) return true;
      } else if (isGlobFor(base, name)) {
        const path = plain.slice(0, plain.length - base.length) + name;
        if (folderOf(copy) === folder && typeof facts.file(path) === "string") return true;
      }
    }
    const whole = bringsEverything(copy);
    const target = folderOf(copy);
    if (!whole || !(folder === target || folder.startsWith(target === "/" ? "/" : `${target}/`))) return false;
    const inside = folder.slice(target.length).replace(/^\//, "");
    return typeof facts.file(inside === "" ? name : `${inside}/${name}`) === "string";
  });
}

/** Where what a COPY brings lies, when it is a folder. */
export function folderOf(copy: Copy): string {
  return copy.destination.replace(/\/+$/, "") || "/";
}

/** True when a call installs what the project's manifest lists: no package is named, nothing is global. */
export function installsProject({ operation }: PackageCall): boolean {
  if (operation.packages.length > 0 || operation.unknown.length > 0) return false;
  return !operation.flags.some((word) =>
    /^(?:-g|--global|--location=global|--prefix|--cwd|-C|--dir|--project|--directory|--help|-h|--version|-v)(?:=|$)/.test(
      word.value ?? word.text,
    ),
  );
}

function isGlobFor(pattern: string, name: string): boolean {
  if (!pattern.includes("*") || pattern === "*" || pattern.length > 60) return false;
  const parts = pattern.split("*");
  if (!name.startsWith(parts[0] ?? "") || !name.endsWith(parts.at(-1) ?? "")) return false;
  let at = 0;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
