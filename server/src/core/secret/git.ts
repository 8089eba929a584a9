/** Credentials in the address of a clone: git writes the address into `.git/config`, where it stays. */
import type { Model } from "../model/types";
import type { Edit } from "../text";
import { credentialsInAddress } from "./clone-address";
import type { SecretWrite } from "./writes";

/**
 * Edits that clone from the clean address and let `insteadOf` put the credentials in for this one command: git then
 * stores the clean one (git-config, url.<base>.insteadOf). Null where the address is not plain.
 */
export function rewriteAddress(model: Model, write: SecretWrite): readonly Edit[] | null {
  if (remembersLogins(model)) return null;
  const { command, script, address } = write;
  const git = command.words[0];
  if (!address || !git || git.value === null || !/(?:^|\/)git$/.test(git.value)) return null;
  if (command.words.slice(1).some((word) => word.value === "-c")) return null;
  // Only what talks to the remote with this very address; `remote add` would store it for later.
  if (command.words[1]?.value !== "clone") return null;
  const parts = credentialsInAddress(address);
  // Inside `sh -c "…"` the quotes that are written here would end the outer ones.
  if (!parts || command.command !== command.outer || address.text.length !== address.to - address.from) return null;
  const { scheme, user, host, at } = parts;
  const isBareToken = host === "github.com" && !user.includes(":");
  const login = isBareToken ? `x-access-token:${braced(user)}` : user;
  const option = ` -c url."${scheme}${login}@${host}/".insteadOf="${scheme}${host}/"`;
  const behind = script.locate(git.from, git.to).end;
  const from = address.from + at;
  const credentials = script.locate(from, from + user.length + 1);
  return [
    { span: { start: behind, end: behind }, newText: option },
    { span: credentials, newText: "" },
  ];
}

/** True where git is told to keep every login that worked in a file (gitcredentials, `store`): then it stays all the same. */
export function remembersLogins({ text }: Model): boolean {
  return /credential\.(?:\S+\.)?helper/.test(text);
}

function braced(user: string): string {
  return user.replace(/^\$(\w+)$/, "${$1}");
}
