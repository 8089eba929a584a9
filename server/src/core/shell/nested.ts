/** Scripts inside scripts: `sh -c '…'`, `su -c "…"`, `eval '…'`, `bash <<'EOF'`. */
import type { ShellHeredoc, ShellRedirection, ShellWord } from "./ast";
import type { LogicalText } from "./body";

/** What `nestedScript` needs of a command: its base name, its words from the name on, its redirections. */
export interface RunsScript {
  readonly name: string | null;
  readonly words: readonly ShellWord[];
  readonly redirections: readonly ShellRedirection[];
}

const shells = new Set(["sh", "bash", "dash", "ash", "ksh", "zsh"]);

/**
 * The script that a command hands to another shell, with the way back to the offsets of the command's words; null when
 * there is none or its text is not known. Between double quotes `$X` is left as it is, since its value is one unknown
 * word for both shells; a command substitution there gives null, because the outer shell runs it.
 */
export function nestedScript(command: RunsScript): LogicalText | null {
  const { name, words } = command;
  if (name === null) return null;
  if (name === "eval") {
    const [, script] = words;
    return words.length === 2 && script ? literalText(script) : null;
  }
  if (name === "su" || name === "runuser") return switchedUserScript(words);
  return shells.has(name) ? shellScript(words, command.redirections) : null;
}

function shellScript(words: readonly ShellWord[], redirections: readonly ShellRedirection[]): LogicalText | null {
  let fromArgument = false;
  let fromInput = false;
  for (let i = 1; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const { value } = word;
    if (value !== null && /^[-+]./.test(value)) {
      if (value === "--") continue;
      if (value.startsWith("--")) {
        if (value === "--rcfile" || value === "--init-file") i++;
        continue;
      }
      if (value.startsWith("-") && value.includes("c")) fromArgument = true;
      if (value.startsWith("-") && value.includes("s")) fromInput = true;
      i += value.match(/[oO]/g)?.length ?? 0;
      continue;
    }
    if (fromArgument) return literalText(word);
    if (!fromInput && value !== "-") return null;
  }
  if (fromArgument) return null;
  const heredoc = redirections.find((redirection) => redirection.heredoc !== null)?.heredoc;
  return heredoc ? heredocText(heredoc) : null;
}

function switchedUserScript(words: readonly ShellWord[]): LogicalText | null {
  for (let i = 1; i < words.length; i++) {
    const value = words[i]?.value ?? "";
    if (value !== "--command" && !/^-[a-z]*c$/.test(value)) continue;
    const script = words[i + 1];
    return script ? literalText(script) : null;
  }
  return null;
}

/** The text that a word stands for, with its positions; null where positions would not be exact. */
function literalText(word: ShellWord): LogicalText | null {
  const { text, value, from } = word;
  if (text.length !== word.to - from) return null;
  if (word.quoted === "none") return value === text ? { text, segments: [[0, from]] } : null;
  if (word.quoted === "mixed" || text.length < 2) return null;
  const inner = text.slice(1, -1);
  if (word.quoted === "single") return value === inner ? { text: inner, segments: [[0, from + 1]] } : null;
  const unescaped = unescapeDouble(inner, from + 1);
  return unescaped !== null && (value === null || value === unescaped.text) ? unescaped : null;
}

function heredocText(heredoc: ShellHeredoc): LogicalText | null {
  const { text, from } = heredoc;
  if (text.length !== heredoc.to - from) return null;
  if (!heredoc.quoted && /[\\`]|\$\(/.test(text)) return null;
  return { text, segments: [[0, from]] };
}

/** Takes the backslashes away that the outer shell takes away between double quotes (POSIX, 2.2.3). */
function unescapeDouble(inner: string, from: number): LogicalText | null {
  const pieces: string[] = [];
  const segments: [number, number][] = [];
  let length = 0;
  let start = 0;
  const keep = (end: number) => {
    if (end === start) return;
    pieces.push(inner.slice(start, end));
    segments.push([length, from + start]);
    length += end - start;
  };
  for (let i = 0; i < inner.length; i++) {
    const one = inner[i];
    if (one === "`" || (one === "$" && inner[i + 1] === "(")) return null;
    if (one !== "\\") continue;
    const next = inner[i + 1] ?? "";
    if (next === "\n") {
      keep(i);
      start = i + 2;
    } else if ('$`"\\'.includes(next) && next !== "") {
      keep(i);
      start = i + 1;
    }
    i++;
  }
  keep(inner.length);
  if (segments.length === 0) segments.push([0, from]);
  return { text: pieces.join(""), segments };
}
