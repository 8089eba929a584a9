/** Calls of tar that unpack: which archive, where to. */
import { flagValue, splitArguments } from "../../shell/arguments";
import type { ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";

/** One call that unpacks. */
export interface Unpacking {
  /** The archive; null for standard input. */
  readonly archive: ShellWord | null;
  /** The folder of `-C`; null for the current one. */
  readonly folder: ShellWord | null;
  /** True when the call does no more than ADD would: everything is unpacked, nothing renamed or left out. */
  readonly isPlain: boolean;
}

const valueFlags = ["-f", "--file", "-C", "--directory", "--strip-components", "--strip", "--exclude", "-X", "-T"];
const plainFlags =
  /^(?:-[xzjJvf]+|-[xzjJvf]*C|--extract|--get|--gzip|--bzip2|--xz|--verbose|--file(?:=.*)?|--directory(?:=.*)?)$/;

/** What a `tar` unpacks; null when it does not. */
export function unpackingOf(command: EffectiveCommand): Unpacking | null {
  if (command.name !== "tar" && command.name !== "bsdtar") return null;
  const words = withDash(command);
  const { operands, flags } = splitArguments({ words }, valueFlags);
  const texts = flags.map((word) => word.value ?? word.text);
  if (!texts.some((text) => text === "--extract" || text === "--get" || /^-[A-Za-z]*x/.test(text))) return null;
  const file = flagValue({ words }, ["-f", "--file"])?.word ?? null;
  // `tar xzf a.tgz`: the flags are joined, and the file is the word behind them.
  const joined = words.findIndex((word) => /^-[A-Za-z]*f$/.test(word.value ?? ""));
  const archive = joined > 0 ? (words[joined + 1] ?? null) : file;
  const folder = flagValue({ words }, ["-C", "--directory"])?.word ?? null;
  const rest = operands.filter((word) => word !== archive && word !== folder);
  return {
    archive: archive?.value === "-" ? null : archive,
    folder,
    isPlain: rest.length === 0 && texts.every((text) => plainFlags.test(text)),
  };
}

/** The old form of the first word (`tar xzf`) with its dash. */
function withDash({ words }: EffectiveCommand): readonly ShellWord[] {
  const first = words[1];
  if (!first?.value || !/^[A-Za-z]+$/.test(first.value) || !/[xf]/.test(first.value)) return words;
  const dashed: ShellWord = { ...first, value: `-${first.value}`, text: `-${first.text}` };
  return [words[0] as ShellWord, dashed, ...words.slice(2)];
}
