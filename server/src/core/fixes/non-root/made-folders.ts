/** Folders that a RUN makes for the program to write to: nothing is put there while the image is built. */
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { readCopy } from "../../multistage/copies";
import { baseName, isWithin, resolvePath } from "../../multistage/paths";
import { type EffectiveCommand, operands } from "../../shell/commands";

/**
 * Absolute paths of folders that `mkdir` makes in the shipped stages (`chain`) and that stay empty: no COPY and no
 * WORKDIR leads there, and no other command names them. Whoever runs the program is to write there. Folders that were
 * handed to somebody are left out, and so is what cannot be read for certain.
 */
export function madeFolders(model: Model, chain: readonly Stage[]): readonly string[] {
  const made = new Set<string>();
  const named: string[] = [];
  for (const instruction of chain.flatMap(({ instructions }) => instructions)) {
    if (instruction.keyword === "RUN") readRun(instruction, made, named);
    else if (instruction.keyword === "WORKDIR") named.push(instruction.parsed.text);
    else if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
      const copy = readCopy(model, instruction, null);
      named.push(copy?.destination ?? instruction.parsed.text);
    }
  }
  if (made.size > most) return [];
  const text = named.join("\n");
  const paths = [...made].filter((path) => !ofPackages.test(path) && !isNamed(path, text));
  return paths.filter((path) => !paths.some((one) => one !== path && isWithin(one, path)));
}

/** A file that makes more folders than this lays out a system, and says nothing about its program. */
const most = 20;
const ofPackages = /^\/var\/(?:lib\/(?:apt|dpkg|rpm)|cache\/(?:apt|debconf|apk|yum|dnf))(?:\/|$)/;

function readRun(instruction: Instruction, made: Set<string>, named: string[]): void {
  if (instruction.parsed.json || instruction.shell.kind !== "posix") {
    named.push(instruction.parsed.text);
    return;
  }
  for (const { commands } of scriptsOf(instruction)) {
    const moves = commands.some(({ name }) => name === "cd" || name === "pushd");
    for (const command of commands) {
      if (command.name === "mkdir" && !moves && command.command.context.length === 0) {
        for (const path of pathsOf(command)) {
          const whole = resolvePath(path, instruction.workdir);
          if (whole !== null) made.add(whole);
        }
      } else named.push(wordsOf(command));
    }
  }
}

function pathsOf(command: EffectiveCommand): readonly string[] {
  return operands(command, ["-m", "--mode"]).flatMap(({ value }) =>
    value !== null && /^[\w./-]+$/.test(value) ? [value] : [],
  );
}

function wordsOf({ words, redirections }: EffectiveCommand): string {
  const targets = redirections.flatMap(({ target }) => (target ? [target.text] : []));
  return [...words.map(({ text }) => text), ...targets].join(" ");
}

/** True when the last part of the path is a word, or a part of a path, somewhere in the text. */
function isNamed(path: string, text: string): boolean {
  const name = baseName(path).replace(/[.-]/g, "\\$&");
  return new RegExp(`(?<![\\w.-])${name}(?![\\w-])`).test(text);
}
