import { hasTemplate } from "../../fixes/mount";
import { insertBefore, keywordLike } from "../../fixes/user";
import type { Model, Stage } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { type PowerShellScript, powerShellScripts } from "./stages";

export default defineRule({
  id: "powershell-shell-instruction",
  theme: "windows",
  category: "style",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "Several RUNs call PowerShell, where one SHELL would do.",
  why: '`SHELL ["powershell", "-Command"]` lets every RUN behind it be PowerShell, without a layer of quotes for cmd in between, and settings such as `$ErrorActionPreference` are said once. A matter of taste, so the rule is off unless you want it.',
  aliases: { tally: ["tally/powershell/prefer-shell-instruction"] },
  fixable: "unsafe",
  examples: [
    {
      title: "Twice the same",
      code: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN [|powershell|] -Command Expand-Archive a.zip\nRUN powershell -Command "Remove-Item a.zip"\n',
      fixed:
        'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL ["powershell", "-Command"]\nRUN Expand-Archive a.zip\nRUN Remove-Item a.zip\n',
    },
    {
      title: "cmd has something to do in between",
      code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN [|powershell|] -Command Expand-Archive a.zip\nRUN dir\nRUN powershell -Command Remove-Item a.zip\n",
    },
    {
      title: "Once",
      code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN powershell -Command Remove-Item a.zip\n",
    },
    {
      title: "SHELL",
      code: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL ["powershell", "-Command"]\nRUN Expand-Archive a.zip\nRUN Remove-Item a.zip\n',
    },
    {
      title: "One in each stage",
      code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025 AS a\nRUN powershell -Command Get-Date\n\nFROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN powershell -Command Get-Date\n",
    },
  ],
  *check({ model }) {
    const byStage = new Map<Stage, PowerShellScript[]>();
    for (const script of powerShellScripts(model)) {
      const { stage } = script.run;
      if (!script.isInline || !stage) continue;
      const list = byStage.get(stage);
      if (list) list.push(script);
      else byStage.set(stage, [script]);
    }
    for (const [stage, scripts] of byStage) {
      const [first] = scripts;
      if (!first || scripts.length < 2) continue;
      yield {
        message: `${scripts.length} RUNs of this stage call ${first.program}. Say it once with SHELL.`,
        range: first.programSpan,
        fixes: () => fixesOf(model, stage, scripts),
      };
    }
  },
});

function fixesOf(model: Model, stage: Stage, scripts: readonly PowerShellScript[]): readonly Fix[] {
  const [first] = scripts;
  if (!first || !scripts.every((script) => canShorten(model, script, first))) return [];
  // Every shell form behind the new SHELL has to be one of these.
  const known = new Set(scripts.map(({ run }) => run));
  const others = stage.instructions.filter(
    ({ index, keyword, parsed }) => index >= first.run.index && shellForms.has(keyword) && !parsed.json,
  );
  if (others.some((instruction) => !known.has(instruction)) || model.stages.some(({ base }) => base.stage === stage))
    return [];
  const name = JSON.stringify(first.program.replace(/^@/, ""));
  return [
    {
      title: "Say it once with SHELL",
      applicability: "unsafe",
      reason: "cmd no longer reads these lines first, with its own rules for quotes, carets and percent signs.",
      edits: [
        insertBefore(model, first.run, `${keywordLike(stage, "SHELL")} [${name}, "-Command"]`),
        ...scripts.flatMap((script) => {
          const body = script.text.trimEnd();
          const end = script.start + body.length;
          const isQuoted = body.startsWith('"');
          return [
            { span: { start: script.programSpan.start, end: script.start + (isQuoted ? 1 : 0) }, newText: "" },
            ...(isQuoted ? [{ span: { start: end - 1, end }, newText: "" }] : []),
          ];
        }),
      ],
    },
  ];
}

const shellForms: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD"]);

/** One line, the same program, and no rule of cmd that would be lost: no caret, no percent sign, no redirection, no inner quotes. */
function canShorten(
  model: Model,
  { run, text, start, program, setup }: PowerShellScript,
  first: PowerShellScript,
): boolean {
  const body = text.trimEnd();
  if (run.shell.kind !== "cmd" || program !== first.program || setup.trim() !== "") return false;
  if (model.text.slice(start, start + body.length) !== body || hasTemplate(model, run.span)) return false;
  const inner = /^"[^"]*"$/.test(body) ? body.slice(1, -1) : body;
  return !/["^%<>&|\n]/.test(inner);
}
