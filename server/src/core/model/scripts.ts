/** The shell scripts and commands inside instructions, with the way back to the file. */
import type { LogicalText } from "../shell/body";
import { plainText, sliceLogical, toSourceSpan } from "../shell/body";
import type { EffectiveCommand } from "../shell/commands";
import { effectiveCommands } from "../shell/commands";
import type { ShellScript } from "../shell/parse";
import { parseShell } from "../shell/parse";
import type { ParsedInstruction } from "../syntax/types";
import type { Span } from "../text";
import type { Instruction } from "./types";

/** One script of an instruction. */
export interface Script {
  /** `line`: the shell form. `heredoc`: the body of `RUN <<EOF`. */
  readonly kind: "line" | "heredoc";
  readonly script: ShellScript;
  /** All simple commands with wrappers such as sudo and env seen through, those of `sh -c '…'` included. */
  readonly commands: readonly EffectiveCommand[];
  /** Absolute span of a piece of the script's text. */
  locate(from: number, to: number): Span;
}

interface LocalScript {
  readonly kind: Script["kind"];
  readonly body: LogicalText;
  readonly script: ShellScript;
  readonly commands: readonly EffectiveCommand[];
}

/**
 * The scripts that a RUN hands to a POSIX shell, or the one of a shell form CMD or ENTRYPOINT, or of HEALTHCHECK CMD.
 * Empty for exec forms, other instructions, and where the shell is PowerShell, cmd or not known. Parsed once per text.
 */
export function scriptsOf(instruction: Instruction): readonly Script[] {
  const memo = instruction as { scripts?: readonly Script[] };
  memo.scripts ??= placeScripts(instruction);
  return memo.scripts;
}

// Nearly every rule about commands asks for these; the answer stays with the instruction for as long as its version lives.
function placeScripts(instruction: Instruction): readonly Script[] {
  if (instruction.shell.kind !== "posix") return noScripts;
  const { blockStart } = instruction;
  const scripts = localScripts(instruction.parsed);
  if (scripts.length === 0) return noScripts;
  return scripts.map(({ kind, body, script, commands }) => ({
    kind,
    script,
    commands,
    locate(from, to) {
      const local = toSourceSpan(body, from, to);
      return { start: blockStart + local.from, end: blockStart + local.to };
    },
  }));
}

const noScripts: readonly Script[] = [];

/** The words of an exec form (`CMD ["a", "b"]`), also those of HEALTHCHECK CMD; null for shell forms. */
export function execWords(instruction: Instruction): readonly string[] | null {
  const { json, keyword } = instruction.parsed;
  if (keyword === "HEALTHCHECK") {
    const rest = healthcheckCommand(instruction.parsed);
    if (!rest?.text.trimStart().startsWith("[")) return null;
    try {
      const value: unknown = JSON.parse(rest.text);
      return Array.isArray(value) && value.every((item) => typeof item === "string") ? (value as string[]) : null;
    } catch {
      return null;
    }
  }
  return json?.map((item) => item.value) ?? null;
}

const cache = new WeakMap<ParsedInstruction, readonly LocalScript[]>();
const none: readonly LocalScript[] = [];

function localScripts(parsed: ParsedInstruction): readonly LocalScript[] {
  const known = cache.get(parsed);
  if (known) return known;
  const scripts = readScripts(parsed);
  cache.set(parsed, scripts);
  return scripts;
}

function readScripts(parsed: ParsedInstruction): readonly LocalScript[] {
  switch (parsed.keyword) {
    case "RUN":
      if (parsed.json || !parsed.argumentsSpan) return none;
      return parsed.heredocs.length > 0 ? heredocScripts(parsed) : [local("line", rest(parsed, parsed.argumentsFrom))];
    case "CMD":
    case "ENTRYPOINT":
      return parsed.json || !parsed.argumentsSpan ? none : [local("line", rest(parsed, parsed.argumentsFrom))];
    case "HEALTHCHECK": {
      const command = healthcheckCommand(parsed);
      return command && !command.text.trimStart().startsWith("[") ? [local("line", command)] : none;
    }
    default:
      return none;
  }
}

/**
 * `RUN <<EOF` alone runs the body by the shell; with a command before the operator (`RUN cat <<EOF > /x`, `RUN bash
 * <<EOF`) the line is the script and the body is what it reads, which is a script only for the shells themselves.
 */
function heredocScripts(parsed: ParsedInstruction): readonly LocalScript[] {
  const line = rest(parsed, parsed.argumentsFrom);
  const command = line.text.replace(/(^|\s)\d*<<(?:-?\S+|[ \t]+\S+)/g, " ").trim();
  const bodies = parsed.heredocs.map((heredoc) => {
    const { from, to } = heredoc.bodySpan;
    return { from, text: parsed.text.slice(from, to), heredoc };
  });
  const first = bodies[0];
  if (!first) return none;
  if (command === "") {
    const interpreter = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(first.text);
    const program = interpreter && (interpreter[1]?.endsWith("/env") ? interpreter[2] : interpreter[1]);
    if (program && !isShell(program)) return none;
    return [local("heredoc", bodyText(first.text, first.from, first.heredoc.operator.chomp))];
  }
  const scripts = [local("line", line)];
  const word = command.split(/\s+/);
  if (isShell(word[0] ?? "") && word.slice(1).every((option) => /^-[a-z]+$/.test(option) || option === "-")) {
    scripts.push(local("heredoc", bodyText(first.text, first.from, first.heredoc.operator.chomp)));
  }
  return scripts;
}

function isShell(program: string): boolean {
  return /(?:^|\/)(?:sh|bash|ash|dash|zsh|ksh)$/.test(program);
}

/** A heredoc's body as the shell reads it: with `<<-`, leading tabs are gone; the shell joins continued lines itself. */
function bodyText(text: string, from: number, chomp: boolean): LogicalText {
  if (!chomp && !text.includes("\r")) return plainText(text, from);
  const segments: [number, number][] = [];
  let logical = "";
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline + 1;
    let start = at;
    while (chomp && text[start] === "\t") start++;
    const crlf = newline > start && text[newline - 1] === "\r";
    segments.push([logical.length, from + start]);
    logical += text.slice(start, crlf ? newline - 1 : end);
    if (crlf) {
      segments.push([logical.length, from + newline]);
      logical += "\n";
    }
    at = end;
  }
  if (segments.length === 0) segments.push([0, from]);
  return { text: logical, segments };
}

function healthcheckCommand(parsed: ParsedInstruction): LogicalText | null {
  const match = /^\s*CMD\s+/i.exec(parsed.body.text.slice(parsed.argumentsFrom));
  return match ? rest(parsed, parsed.argumentsFrom + match[0].length) : null;
}

/** The joined body from an offset on. */
function rest(parsed: ParsedInstruction, from: number): LogicalText {
  return sliceLogical(parsed.body, from);
}

function local(kind: Script["kind"], body: LogicalText): LocalScript {
  const script = parseShell(body.text);
  return { kind, body, script, commands: effectiveCommands(script) };
}
