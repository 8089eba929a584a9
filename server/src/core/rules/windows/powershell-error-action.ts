import type { Instruction, Model } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { settingFix } from "./settings";
import { type PowerShellScript, powerShellScripts } from "./stages";

export default defineRule({
  id: "powershell-error-action",
  theme: "windows",
  category: "correctness",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "PowerShell runs several commands and goes on when one of them fails.",
  why: "Left to itself, PowerShell writes an error and runs the next command; the RUN succeeds when the last one does, and the image lacks what failed. `$ErrorActionPreference = 'Stop'` makes a failed cmdlet end the build. Programs that are no cmdlets are not covered by it. Many files live well without, so the rule is off unless you want it.",
  aliases: { tally: ["tally/powershell/error-action-preference"] },
  fixable: "unsafe",
  examples: [
    {
      title: "SHELL without the setting",
      code: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL [|["powershell", "-Command"]|]\nRUN Expand-Archive a.zip C:\\\\a; Remove-Item a.zip\n',
      fixed:
        'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL ["powershell", "-Command", "$ErrorActionPreference = \'Stop\';"]\nRUN Expand-Archive a.zip C:\\\\a; Remove-Item a.zip\n',
    },
    {
      title: "In the RUN itself",
      code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN [|powershell|] -Command Expand-Archive a.zip; Remove-Item a.zip\n",
      fixed:
        "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN powershell -Command $ErrorActionPreference = 'Stop'; Expand-Archive a.zip; Remove-Item a.zip\n",
    },
    {
      title: "Said by SHELL",
      code: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL ["powershell", "-Command", "$ErrorActionPreference = \'Stop\';"]\nRUN Expand-Archive a.zip; Remove-Item a.zip\n',
    },
    {
      title: "Said by the script",
      code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN powershell -Command $ErrorActionPreference='Stop'; Expand-Archive a.zip; Remove-Item a.zip\n",
    },
    {
      title: "A single command",
      code: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL ["powershell", "-Command"]\nRUN Remove-Item a.zip\n',
    },
    {
      title: "A semicolon in a text",
      code: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN powershell setx /M PATH $(${Env:PATH} + \\";C:/tools\\")\n',
    },
    {
      title: "A file",
      code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN powershell -File setup.ps1; exit\n",
    },
    { title: "No PowerShell", code: "FROM alpine:3.24\nRUN apk add curl; ls\n" },
  ],
  *check({ model }) {
    const told = new Set<Instruction>();
    for (const script of powerShellScripts(model)) {
      if (!hasSeveral(script.text) || /ErrorAction(?:Preference)?\b/i.test(script.setup + script.text)) continue;
      const shell = script.isInline ? null : script.run.shell.instruction;
      if (shell && told.has(shell)) continue;
      if (shell) told.add(shell);
      yield {
        message: `PowerShell goes on after an error here. Set $ErrorActionPreference = 'Stop' ${shell ? "in SHELL" : "first"}.`,
        range: script.programSpan,
        fixes: () => fixesOf(model, script),
      };
    }
  },
});

/** Two commands at least: what a text between quotes holds does not count. */
function hasSeveral(text: string): boolean {
  // The quotes around the whole script are cmd's; a backslash hides those of PowerShell from it.
  const script = text.trim().replace(/^"([\s\S]*)"$/, "$1");
  const plain = script
    .replace(/\\"(?:[^\\]|\\(?!"))*\\"/g, '""')
    .replace(/"[^"\n]*"|'[^'\n]*'/g, '""')
    .replace(/#[^\n]*/g, "");
  return /;\s*[^\s;"'}]|\n\s*[^\s}]/.test(plain.trim());
}

function fixesOf(model: Model, script: PowerShellScript): readonly Fix[] {
  return settingFix(model, script, {
    setting: "$ErrorActionPreference = 'Stop';",
    title: "Stop at the first error",
    reason: "A build that went on after an error ends there from now on.",
  });
}
