/** What really runs: commands seen through `sudo`, `env`, `sh -c` and the like. */
import { isFlagWord, takesNext } from "./arguments";
import type { ShellAssignment, ShellCommand, ShellRedirection, ShellScript, ShellVariable, ShellWord } from "./ast";
import { type LogicalText, toSource, toSourceEnd } from "./body";
import { nestedScript } from "./nested";
import { parseShell } from "./parse";
import { type Wrapper, wrappers } from "./wrappers";

export { type Arguments, type FlagValue, findFlag, flagValue, hasFlag, operands, splitArguments } from "./arguments";
export { nestedScript } from "./nested";

/** A command without its wrappers. */
export interface EffectiveCommand {
  /** Base name of the program (`apt-get` for `/usr/bin/apt-get`); null when it is not known or there is none. */
  readonly name: string | null;
  /** The words from the effective name on. */
  readonly words: readonly ShellWord[];
  /** Base names of what it was wrapped in, outermost first. Behind `xargs` more words may follow that nobody knows. */
  readonly wrappers: readonly string[];
  /** Assignments before the command and those given to `env` or `sudo`. */
  readonly assignments: readonly ShellAssignment[];
  readonly redirections: readonly ShellRedirection[];
  /**
   * The whole command, wrappers included. In a nested script its offsets, context and item are those of the outermost
   * script; `index`, `pipeline`, `before` and `after` are those of the nested one.
   */
  readonly command: ShellCommand;
  /** The command of the outermost script that it is part of; the same as `command` outside nested scripts. */
  readonly outer: ShellCommand;
}

/** Scripts within scripts are followed this far. */
const deepest = 4;

/** Wrappers within wrappers are followed this far, so that a line of `sudo sudo sudo …` costs no square. */
const mostWrappers = 16;

/** Sees through the wrappers of a command. */
export function unwrap(command: ShellCommand): EffectiveCommand {
  return unwrapWithin(command, command);
}

/**
 * Every command of a script without its wrappers, those of nested scripts (`sh -c '…'`) behind the command that runs
 * them. Offsets are those of `script`, also within nested scripts. The answer is remembered with the script.
 */
export function effectiveCommands(script: ShellScript): readonly EffectiveCommand[] {
  const known = remembered.get(script);
  if (known) return known;
  const found: EffectiveCommand[] = [];
  for (const command of script.commands) collect(found, command, command, 0);
  remembered.set(script, found);
  return found;
}

const remembered = new WeakMap<ShellScript, readonly EffectiveCommand[]>();

function collect(found: EffectiveCommand[], command: ShellCommand, outer: ShellCommand, depth: number): void {
  const effective = unwrapWithin(command, outer);
  found.push(effective);
  if (depth === deepest) return;
  const nested = nestedScript(effective);
  if (!nested) return;
  for (const inner of parseShell(nested.text).commands) {
    collect(found, moved(inner, nested, command), outer, depth + 1);
  }
}

function unwrapWithin(command: ShellCommand, outer: ShellCommand): EffectiveCommand {
  const seen: string[] = [];
  const assignments = [...command.assignments];
  const { redirections } = command;
  let { words } = command;
  let name = baseName(words[0]);
  while (seen.length < mostWrappers) {
    const wrapper = name === null ? undefined : wrappers.get(name);
    const start = wrapper && commandStart(words, wrapper, assignments);
    if (name === null || start === undefined || start === null) break;
    seen.push(name);
    words = words.slice(start);
    name = baseName(words[0]);
  }
  return { name, words, wrappers: seen, assignments, redirections, command, outer };
}

/** Place of the word where the wrapped command begins; null when the wrapper runs none here. */
function commandStart(words: readonly ShellWord[], wrapper: Wrapper, assignments: ShellAssignment[]): number | null {
  const given: ShellAssignment[] = [];
  let required = wrapper.onlyWith === undefined;
  let at = 1;
  for (; at < words.length; at++) {
    const word = words[at] as ShellWord;
    const text = word.value ?? word.text;
    if (isFlagWord(word)) {
      if (text === "--") {
        at++;
        break;
      }
      const flag = text.split("=", 1)[0] ?? text;
      if (wrapper.unless?.includes(flag)) return null;
      if (wrapper.onlyWith?.includes(flag)) required = true;
      if (takesNext(text, wrapper.valueFlags)) at++;
    } else if (wrapper.assignments && /^[A-Za-z_]\w*=/.test(word.text)) given.push(asAssignment(word));
    else if (text !== "-") break;
  }
  at += wrapper.operands ?? 0;
  if (!required || at >= words.length) return null;
  assignments.push(...given);
  return at;
}

function asAssignment(word: ShellWord): ShellAssignment {
  const length = word.text.indexOf("=");
  const skipped = length + 1;
  const value: ShellWord = {
    ...word,
    text: word.text.slice(skipped),
    value: word.value?.slice(skipped) ?? null,
    from: word.from + skipped,
  };
  return { name: word.text.slice(0, length), value, from: word.from, to: word.to };
}

function baseName(word: ShellWord | undefined): string | null {
  if (word === undefined || word.value === null) return null;
  const name = word.value.slice(word.value.lastIndexOf("/") + 1);
  return name === "" ? null : name;
}

/** A command of a nested script with the offsets of the outer one. */
function moved(command: ShellCommand, nested: LogicalText, outer: ShellCommand): ShellCommand {
  const span = <T extends { readonly from: number; readonly to: number }>(piece: T): T => ({
    ...piece,
    from: toSource(nested, piece.from),
    to: toSourceEnd(nested, piece.to),
  });
  const variable = (one: ShellVariable): ShellVariable => ({
    ...span(one),
    nameFrom: toSource(nested, one.nameFrom),
    nameTo: toSourceEnd(nested, one.nameTo),
  });
  const word = (one: ShellWord): ShellWord => ({ ...span(one), variables: one.variables.map(variable) });
  return {
    ...span(command),
    words: command.words.map(word),
    assignments: command.assignments.map((one) => ({ ...span(one), value: one.value && word(one.value) })),
    redirections: command.redirections.map((one) => ({
      ...span(one),
      target: one.target && word(one.target),
      heredoc: one.heredoc && span(one.heredoc),
    })),
    context: [...outer.context, ...command.context],
    item: outer.item,
  };
}
