/** Which shell runs the shell form of RUN, CMD and ENTRYPOINT. */
import type { ParsedInstruction } from "../syntax/types";
import type { Base, Instruction, ShellState } from "./types";

const posixShells = new Set(["sh", "bash", "ash", "dash", "zsh", "ksh", "mksh"]);

/** The default shell of an image as far as its name tells: Windows images use cmd, all others sh. */
export function defaultShell(base: Base, pragma: string | null): ShellState {
  if (pragma !== null) return { kind: shellKind(pragma), words: null, instruction: null };
  if (base.stage) return base.stage.shellAtEnd;
  return isWindowsBase(base) ? cmd : posix;
}

const posix: ShellState = { kind: "posix", words: null, instruction: null };
const cmd: ShellState = { kind: "cmd", words: null, instruction: null };

/** True where repository, tag or platform say that the image runs Windows. */
export function isWindowsBase(base: Base): boolean {
  if (base.platform?.toLowerCase().startsWith("windows")) return true;
  if (base.stage) return isWindowsBase(base.stage.base);
  const text = (base.resolved ?? base.word?.text ?? "").toLowerCase();
  return /(^|\/)windows\/|nanoserver|windowsservercore|servercore|windows-?ltsc|[:-]ltsc20\d\d|mcr\.microsoft\.com\/dotnet\/framework/.test(
    text,
  );
}

/** The state after a SHELL instruction. */
export function shellOf(instruction: Instruction, parsed: ParsedInstruction): ShellState {
  const words = parsed.json?.map((item) => item.value) ?? null;
  const program = words?.[0];
  if (program === undefined) return { kind: "unknown", words: null, instruction };
  return { kind: program.includes("$") ? "unknown" : shellKind(program), words, instruction };
}

function shellKind(program: string): ShellState["kind"] {
  const name = (program.toLowerCase().split(/[\\/]/).pop() ?? "").replace(/\.exe$/, "");
  if (posixShells.has(name)) return "posix";
  if (name === "powershell" || name === "pwsh") return "powershell";
  return name === "cmd" ? "cmd" : "other";
}
