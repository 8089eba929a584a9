/** RUNs that do one thing, so that another instruction could do it. */
import { hasTemplate } from "../../fixes/mount";
import type { Script } from "../../model/scripts";
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model } from "../../model/types";
import type { EffectiveCommand } from "../../shell/commands";

/** A script with all its commands, where the RUN has nothing but one item: a command, or one pipe. */
export interface SoleItem {
  readonly script: Script;
  readonly commands: readonly EffectiveCommand[];
}

/** The one item of a RUN in shell form without flags; null when there are more, or when it stands in a condition. */
export function soleItem(run: Instruction): SoleItem | null {
  if (run.keyword !== "RUN" || run.parsed.flags.length > 0) return null;
  const scripts = scriptsOf(run);
  const [script] = scripts;
  if (!script || scripts.length > 1 || script.kind !== "line" || !script.script.wellFormed) return null;
  const [item] = script.script.topLevel;
  if (script.script.topLevel.length !== 1 || !item || item.kind === "compound" || item.connector !== null) return null;
  if (script.commands.some(({ command, outer }) => command !== outer || command.context.length > 0)) return null;
  return { script, commands: script.commands };
}

/** True where the whole RUN may be replaced by another instruction. */
export function mayReplace(model: Model, run: Instruction): boolean {
  return run.parsed.comments.length === 0 && run.parsed.heredocs.length === 0 && !hasTemplate(model, run.span);
}

/** The keyword in the case of the instruction that it replaces. */
export function keywordAs(model: Model, run: Instruction, keyword: string): string {
  const written = model.text.slice(run.keywordSpan.start, run.keywordSpan.end);
  return written === written.toLowerCase() ? keyword.toLowerCase() : keyword;
}
