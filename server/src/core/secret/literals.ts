/** Passwords that a command is given in plain text, where the place and not the pattern gives them away. */

import { flagValue } from "../shell/arguments";
import type { ShellWord } from "../shell/ast";
import type { EffectiveCommand } from "../shell/commands";
import { isPlaceholder } from "./values";

/** One literal; offsets are those of the script. */
export interface CommandLiteral {
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** Matches every text in which `literalsInCommand` may find something. */
export const mayHoldLiteral =
  /(?:curl|https?|wget|sshpass|smbclient)\s[\s\S]*(?:authorization|token|key|password|\s-[a-zA-Z]*[upaU]|--user|--auth|--proxy-user)|\blogin\b/i;

/** The literal passwords and headers of a command; empty for values that hang on a variable, and for stand-ins. */
export function literalsInCommand(command: EffectiveCommand): readonly CommandLiteral[] {
  switch (command.name) {
    case "curl":
      return [...headers(command), ...userPasswords(command, ["-u", "--user", "-U", "--proxy-user"])];
    case "http":
    case "https":
      return userPasswords(command, ["-a", "--auth"]);
    case "wget":
      return [
        ...headers(command),
        ...passwords(command, ["--password", "--http-password", "--ftp-password", "--proxy-password"]),
      ];
    case "docker":
    case "podman":
    case "helm":
    case "skopeo":
    case "buildah":
    case "crane":
    case "oras":
      return command.words.some((word) => word.value === "login") ? passwords(command, ["-p", "--password"]) : [];
    case "sshpass":
      return passwords(command, ["-p"]);
    case "smbclient":
      return userPasswords(command, ["-U", "--user"], "%");
    default:
      return [];
  }
}

const header =
  /\b(?:(?:proxy-)?authorization:\s*(?:basic|bearer|token)\s+|(?:private-token|x-api-key|job-token|x-auth-token):\s*)([^\s"']{8,})/i;

function headers(command: EffectiveCommand): readonly CommandLiteral[] {
  const found: CommandLiteral[] = [];
  for (const word of command.words) {
    const match = header.exec(word.text);
    if (!match?.[1] || !isSecret(match[1]) || word.text.length !== word.to - word.from) continue;
    const from = word.from + match.index;
    found.push({ label: "a credential in a header", from, to: from + match[0].length });
  }
  return found;
}

function passwords(command: EffectiveCommand, flags: readonly string[]): readonly CommandLiteral[] {
  const given = flagValue(command, flags);
  if (!given?.word || given.value === null || !isSecret(given.value)) return [];
  return [{ label: "a password", ...place(given.word) }];
}

function userPasswords(command: EffectiveCommand, flags: readonly string[], between = ":"): readonly CommandLiteral[] {
  const given = flagValue(command, flags);
  if (!given?.word || given.value === null) return [];
  const at = given.value.indexOf(between);
  const user = given.value.slice(0, at);
  const password = given.value.slice(at + 1);
  // `anonymous:me@host` is the custom of public servers.
  if (at <= 0 || password === user || /^(?:anonymous|ftp)$/.test(user) || !isSecret(password)) return [];
  return [{ label: "a user with a password", ...place(given.word) }];
}

function place(word: ShellWord): { readonly from: number; readonly to: number } {
  return { from: word.from, to: word.to };
}

function isSecret(value: string): boolean {
  return !/[$`<>{}]/.test(value) && !isPlaceholder(value) && !/example|sample|dummy/i.test(value);
}
