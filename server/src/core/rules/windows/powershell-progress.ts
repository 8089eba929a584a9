import type { Instruction } from "../../model/types";
import { defineRule } from "../../rule";
import { settingFix } from "./settings";
import { powerShellScripts } from "./stages";

export default defineRule({
  id: "powershell-progress",
  theme: "windows",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "Invoke-WebRequest downloads with the progress bar of Windows PowerShell.",
  why: "Windows PowerShell redraws its progress bar for every packet, and a download takes many times as long. `$ProgressPreference = 'SilentlyContinue'` turns it off. PowerShell 7 (`pwsh`) no longer has that fault, and nothing is said of it.",
  aliases: { tally: ["tally/powershell/progress-preference"] },
  fixable: "unsafe",
  examples: [
    {
      title: "In the RUN itself",
      code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN [|powershell|] -Command Invoke-WebRequest https://example.com/a.zip -OutFile a.zip -ErrorAction Stop\n",
      fixed:
        "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN powershell -Command $ProgressPreference = 'SilentlyContinue'; Invoke-WebRequest https://example.com/a.zip -OutFile a.zip -ErrorAction Stop\n",
    },
    {
      title: "Behind SHELL",
      code: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL [|["powershell", "-Command", "$ErrorActionPreference = \'Stop\';"]|]\nRUN iwr https://example.com/a.zip -OutFile a.zip\n',
      fixed:
        'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL ["powershell", "-Command", "$ErrorActionPreference = \'Stop\';", "$ProgressPreference = \'SilentlyContinue\';"]\nRUN iwr https://example.com/a.zip -OutFile a.zip\n',
    },
    {
      title: "Turned off",
      code: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL ["powershell", "-Command", "$ProgressPreference = \'SilentlyContinue\';"]\nRUN iwr https://example.com/a.zip -OutFile a.zip\n',
    },
    {
      title: "PowerShell 7",
      code: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL ["pwsh", "-Command"]\nRUN iwr https://example.com/a.zip -OutFile a.zip\n',
    },
    {
      title: "No download",
      code: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nSHELL ["powershell", "-Command"]\nRUN Remove-Item a.zip\n',
    },
  ],
  *check({ model }) {
    const told = new Set<Instruction>();
    for (const script of powerShellScripts(model)) {
      if (/pwsh/i.test(script.program) || !/\b(?:Invoke-WebRequest|iwr|wget|curl)\s/i.test(script.text)) continue;
      if (/\b(?:curl|wget)\.exe\b/i.test(script.text) || /ProgressPreference/i.test(script.setup + script.text))
        continue;
      const shell = script.isInline ? null : script.run.shell.instruction;
      if (shell && told.has(shell)) continue;
      if (shell) told.add(shell);
      yield {
        message: `Downloads are slow under the progress bar of Windows PowerShell. Set $ProgressPreference = 'SilentlyContinue' ${shell ? "in SHELL" : "first"}.`,
        range: script.programSpan,
        fixes: () =>
          settingFix(model, script, {
            setting: "$ProgressPreference = 'SilentlyContinue';",
            title: "Turn the progress bar off",
            reason: "Nothing is shown while something is downloaded.",
          }),
      };
    }
  },
});
