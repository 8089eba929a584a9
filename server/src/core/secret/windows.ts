/** Where advice and fixes must not speak of secret mounts: the builder for Windows has no RUN --mount. */
import { imageUnder, rootStage } from "../catalogue/stage";
import type { Catalogue } from "../catalogue/types";
import { cannotMount } from "../fixes/mount";
import type { Model, Stage } from "../model/types";

/** True for a stage that runs Windows; of what is declared before the stages (`null`), where all of them do. */
export function buildsForWindows(model: Model, stage: Stage | null, catalogue: Catalogue): boolean {
  if (!stage) return model.stages.length > 0 && model.stages.every((one) => isWindows(one, catalogue));
  return isWindows(stage, catalogue);
}

function isWindows(stage: Stage, catalogue: Catalogue): boolean {
  const root = rootStage(stage);
  if (cannotMount(root, catalogue)) return true;
  if (root.base.scratch || imageUnder(stage, catalogue) !== null) return false;
  // Of an image that nobody knows, the file's escape character may tell, or the shell. PowerShell for Linux is called pwsh.
  const [shell] = stage.shellAtEnd.words ?? [];
  return root.from.parsed.escape === "`" || /(?:^|[\\/])(?:powershell|cmd)(?:\.exe)?$/i.test(shell ?? "");
}
