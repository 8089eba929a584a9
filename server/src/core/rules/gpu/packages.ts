/** Taking one package out of an install. */
import { hasTemplate } from "../../fixes/mount";
import { removeWord } from "../../fixes/shell-list";
import type { Script } from "../../model/scripts";
import type { Instruction, Model } from "../../model/types";
import type { ShellWord } from "../../shell/ast";
import type { PackageOperation } from "../../shell/packages";
import type { Edit } from "../../text";

/** The edit that takes a package's word out; null where it is the only one, or in a template or an open heredoc. */
export function dropPackage(
  model: Model,
  run: Instruction,
  script: Script,
  operation: PackageOperation,
  word: ShellWord,
): Edit | null {
  if (operation.packages.length + operation.unknown.length < 2 || hasTemplate(model, run.span)) return null;
  if (operation.command.outer !== operation.command.command) return null;
  if (run.parsed.heredocs.some((heredoc) => heredoc.delimiterSpan === null)) return null;
  return removeWord(model, script, word);
}
