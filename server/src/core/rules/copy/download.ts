/** Calls of curl and wget: which address, to which file. */
import { findFlag, flagValue, splitArguments } from "../../shell/arguments";
import type { ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";

/** One download of one address. */
export interface Download {
  readonly address: ShellWord;
  /** Where it goes: a word that names the file, `stdout`, or `unknown` (a name that the server or the address gives). */
  readonly to: ShellWord | "stdout" | "unknown";
  /** True when nothing but the address and the file matters: no header, no login, no data. */
  readonly isPlain: boolean;
}

const curlValues = [
  ...["-o", "--output", "-H", "--header", "-u", "--user", "-d", "--data", "-X", "--request", "-A", "--user-agent"],
  ...["--retry", "--retry-delay", "--retry-max-time", "--connect-timeout", "-m", "--max-time", "--proto", "-b", "-e"],
  ...["--output-dir", "-x", "--proxy", "--cacert", "--cert", "--key", "-F", "--form", "-T", "-w", "--write-out"],
];
const wgetValues = [
  ...["-O", "--output-document", "-P", "--directory-prefix", "-t", "--tries", "-T", "--timeout", "--header", "-o"],
  ...["--user", "--password", "-U", "--user-agent", "--waitretry", "--post-data", "-a"],
];
const curlPlain =
  /^(?:-[fsSLgk#o]+|--fail|--silent|--show-error|--location|--output|--retry.*|--connect-timeout.*|--max-time.*|--proto.*|--tlsv1\.\d|--compressed|--progress-bar)$/;
const wgetPlain =
  /^(?:-[qnvO]+|-O-|-qO-|--quiet|--no-verbose|--output-document.*|--tries.*|--timeout.*|--progress.*|--show-progress|-[tT]\d*)$/;

/** The download that a command is; null for other commands, several addresses, and addresses that only a variable knows. */
export function downloadOf(command: EffectiveCommand): Download | null {
  const isCurl = command.name === "curl";
  if ((!isCurl && command.name !== "wget") || command.wrappers.includes("xargs")) return null;
  const { operands, flags } = splitArguments(command, isCurl ? curlValues : wgetValues);
  const [address, second] = operands.filter((word) => word.value !== "-");
  if (!address || second || !/^["']?(?:https?|ftp):\/\//i.test(address.text)) return null;
  const plain = isCurl ? curlPlain : wgetPlain;
  return {
    address,
    to: isCurl ? curlTarget(command) : wgetTarget(command),
    isPlain: flags.every((word) => plain.test(word.value ?? "")) && command.assignments.length === 0,
  };
}

function curlTarget(command: EffectiveCommand): Download["to"] {
  const joined = command.words.findIndex((word) => /^-[A-Za-z]*o$/.test(word.value ?? ""));
  const file = joined > 0 ? command.words[joined + 1] : flagValue(command, ["--output"])?.word;
  if (file) return file.value === "-" ? "stdout" : file;
  if (findFlag(command, ["-O", "--remote-name", "-J"], curlValues)) return "unknown";
  return redirected(command) ?? "stdout";
}

function wgetTarget(command: EffectiveCommand): Download["to"] {
  if (command.words.some((word) => /^-[A-Za-z]*O-$/.test(word.value ?? ""))) return "stdout";
  const joined = command.words.findIndex((word) => /^-[A-Za-z]*O$/.test(word.value ?? ""));
  const file = joined > 0 ? command.words[joined + 1] : flagValue(command, ["--output-document"])?.word;
  if (!file) return "unknown";
  return file.value === "-" ? (redirected(command) ?? "stdout") : file;
}

function redirected(command: EffectiveCommand): ShellWord | null {
  const out = command.redirections.find(({ operator, descriptor }) => operator === ">" && (descriptor ?? 1) === 1);
  return out?.target ?? null;
}
