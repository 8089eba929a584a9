/** Setting a preference of PowerShell before what it runs. */
import { hasTemplate } from "../../fixes/mount";
import { locate, type Model } from "../../model/types";
import type { Fix } from "../../rule";
import type { PowerShellScript } from "./stages";

/** What to set, and what the fix says of it. */
export interface Setting {
  /** A whole statement, its semicolon included. */
  readonly setting: string;
  readonly title: string;
  readonly reason: string;
}

/** Adds the statement to SHELL, or puts it before the script of the RUN; no fix where quotes or continuations are in the way. */
export function settingFix(
  model: Model,
  script: PowerShellScript,
  { setting, title, reason }: Setting,
): readonly Fix[] {
  const fix = (at: number, newText: string): readonly Fix[] => [
    { title, applicability: "unsafe", reason, edits: [{ span: { start: at, end: at }, newText }] },
  ];
  if (script.isInline) {
    // Under sh, a dollar sign would be the shell's.
    if (script.run.shell.kind !== "cmd" || hasTemplate(model, script.run.span)) return [];
    if (model.text.slice(script.start, script.start + 8) !== script.text.slice(0, 8) || script.text[0] === "&")
      return [];
    const quote = script.text[0] === '"' ? 1 : 0;
    return /^["'{(]/.test(script.text) && quote === 0 ? [] : fix(script.start + quote, `${setting} `);
  }
  const shell = script.run.shell.instruction;
  const items = shell?.parsed.json;
  const last = items?.[items.length - 1];
  if (!shell || !items || !last || hasTemplate(model, shell.span)) return [];
  // What follows -Command is one text, whose pieces are joined by blanks.
  const command = items.findIndex(({ value }) => /^-c(?:ommand)?$/i.test(value));
  if (command < 0 || (command < items.length - 1 && !/;\s*$/.test(last.value))) return [];
  return fix(locate(shell, last).end, `, ${JSON.stringify(setting)}`);
}
