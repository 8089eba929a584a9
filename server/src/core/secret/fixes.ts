/** The fixes for a declared secret, the best one first. */
import type { Fix } from "../rule";
import { addInsteadOfClone } from "./add-git";
import type { DeclaredSecret } from "./declarations";
import { moveGitSettings } from "./git-settings";
import type { MoveContext } from "./move";
import { moveSecret } from "./move";
import { loginByNetrc } from "./netrc";
import { mountWrittenFile } from "./written-file";

/** The fixes, or none. SSH keys are lent to the build by an agent, not handed to it; all else is mounted. */
export function secretFixes(context: MoveContext, secret: DeclaredSecret): readonly Fix[] {
  const asFile = mountWrittenFile(context, secret);
  if (asFile?.command?.includes("--ssh ")) return [asFile];
  const moved = moveSecret(context, secret);
  return [
    moveGitSettings(context, secret),
    ...moved,
    asFile,
    loginByNetrc(context, secret),
    addInsteadOfClone(context, secret),
  ].filter((fix) => fix !== null);
}
