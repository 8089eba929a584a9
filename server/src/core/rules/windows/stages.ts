/** Which stages run Windows, and what PowerShell is given to run in them. */

import type { Catalogue } from "../../catalogue/types";
import { cannotMount } from "../../fixes/mount";
import { instructionsNamed } from "../../model/index-of";
import { type Instruction, locate, type Model, type Stage } from "../../model/types";
import type { Span } from "../../text";

/** True for a stage whose image runs Windows. Remembers its answers: one per check. */
export function windowsStages(catalogue: Catalogue): (stage: Stage | null) => boolean {
  const known = new Map<Stage, boolean>();
  return (stage) => {
    if (!stage) return false;
    let answer = known.get(stage);
    if (answer === undefined) {
      answer = cannotMount(stage, catalogue);
      known.set(stage, answer);
    }
    return answer;
  };
}

/** True when a stage of the file runs Windows, which few do. Remembered with the model. */
export function hasWindows(model: Model, catalogue: Catalogue): boolean {
  const known = remembered.get(model);
  if (known?.catalogue === catalogue) return known.answer;
  const seen = new Set<string>();
  const answer = model.stages.some((stage) => {
    const { stage: parent, platform, resolved } = stage.base;
    if (platform !== null) return parent ? platform.toLowerCase().startsWith("windows") : cannotMount(stage, catalogue);
    // A stage on another one is what that one is, and of equal images one look is enough.
    if (parent || (resolved !== null && seen.has(resolved))) return false;
    if (resolved !== null) seen.add(resolved);
    return cannotMount(stage, catalogue);
  });
  remembered.set(model, { catalogue, answer });
  return answer;
}

const remembered = new WeakMap<Model, { readonly catalogue: Catalogue; readonly answer: boolean }>();

/** A script that PowerShell runs. */
export interface PowerShellScript {
  readonly run: Instruction;
  /** The program as written: `powershell`, `pwsh.exe`. */
  readonly program: string;
  /** Where the program is named: in the RUN itself, or in the SHELL before it. */
  readonly programSpan: Span;
  /** True where the RUN names the program itself, false where SHELL does. */
  readonly isInline: boolean;
  /** The script as joined text, options of the program left out. */
  readonly text: string;
  /** Offset in the file of the first character of the script. */
  readonly start: number;
  /** What was set before: the words of SHELL, or those before the script. */
  readonly setup: string;
}

const inline =
  /^\s*((?:[A-Za-z]:[\w\\.() ]*\\|@)?(?:powershell|pwsh)(?:\.exe)?)((?:\s+-(?!c\b|command\b)\w+(?:\s+(?!-)[\w.]+)?)*?)(?:\s+-(?:c|command))?\s+(?!-)(?=\S)/i;

/** Every RUN that gives PowerShell a script, in the order of the file; exec forms, files and coded scripts are left out. */
export function* powerShellScripts(model: Model): Iterable<PowerShellScript> {
  for (const run of instructionsNamed(model, "RUN")) {
    const { shell, parsed } = run;
    if (parsed.json || !parsed.argumentsSpan) continue;
    const whole = parsed.body.text.slice(parsed.argumentsFrom);
    const span = locate(run, parsed.argumentsSpan);
    if (shell.kind === "powershell" && shell.words && shell.instruction) {
      const { argumentsSpan } = shell.instruction.parsed;
      const heredocs = parsed.heredocs.map((doc) => parsed.text.slice(doc.bodySpan.from, doc.bodySpan.to)).join("\n");
      yield {
        run,
        program: shell.words[0] ?? "",
        programSpan: argumentsSpan ? locate(shell.instruction, argumentsSpan) : shell.instruction.span,
        isInline: false,
        text: `${whole}\n${heredocs}`,
        start: span.start,
        setup: shell.words.slice(1).join(" "),
      };
    } else if (shell.kind === "cmd" || shell.kind === "posix") {
      const match = inline.exec(whole.slice(0, 400));
      if (!match?.[1] || /-(?:file|encodedcommand|enc|f|version|help)\b/i.test(match[0])) continue;
      const text = whole.slice(match[0].length);
      if (/^["']?[.\w:\\/$-]+\.ps1\b/i.test(text)) continue;
      const lead = /^\s*/.exec(whole)?.[0].length ?? 0;
      const programStart = span.start;
      yield {
        run,
        program: match[1],
        programSpan: { start: programStart, end: programStart + match[1].length },
        isInline: true,
        text,
        // Right only where no continuation lies before it, which fixes look at.
        start: span.start + match[0].length - lead,
        setup: match[2] ?? "",
      };
    }
  }
}
