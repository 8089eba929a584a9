/** Addresses of clones that hold a secret, and the folders that git clones into. */
import type { ShellWord } from "../shell/ast";

/** The user part and the host of an address that holds a variable before its `@`; null for any other word. */
export function credentialsInAddress(
  word: ShellWord,
): { readonly scheme: string; readonly user: string; readonly host: string; readonly at: number } | null {
  const match = /^(["']?)(https?:\/\/)([^@/\s"']*\$[^@/\s"']*)@([\w.-]+(?::\d+)?)\//.exec(word.text);
  if (!match || match[1] === "'") return null;
  const [, quote = "", scheme = "", user = "", host = ""] = match;
  return { scheme, user, host, at: quote.length + scheme.length };
}

/** The folder that a clone of an address goes into, by its words; null where a variable decides it. */
export function cloneFolder(words: readonly ShellWord[], address: ShellWord): string | null {
  const next = words[words.indexOf(address) + 1];
  if (next) return next.value;
  const name = /\/([^/"']+?)(?:\.git)?["']?$/.exec(address.text)?.[1];
  return name === undefined || name.includes("$") ? null : name;
}
