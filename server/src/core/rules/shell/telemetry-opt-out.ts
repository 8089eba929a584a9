import { imageUnder } from "../../catalogue/stage";
import { insertBefore, keywordLike } from "../../fixes/user";
import { defineRule } from "../../rule";
import type { EffectiveCommand } from "../../shell/commands";
import { type Call, callSpan, definedNames, isPlain, runsOf } from "./calls";
import { type TelemetryTool, telemetryTools } from "./telemetry";

export default defineRule({
  id: "telemetry-opt-out",
  theme: "shell",
  category: "security",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A tool known to send telemetry is used without its documented opt-out.",
  why: "Builds run on many machines and name projects, paths and versions; some tools report such things home unless a variable tells them not to. Off by default: whether that is wanted is yours to say. One finding for each tool and stage.",
  aliases: { tally: ["tally/prefer-telemetry-opt-out"] },
  fixable: "unsafe",
  examples: [
    {
      title: "Next.js",
      code: "FROM node:26\nCOPY . .\nRUN [|npx next build|]\n",
      fixed: "FROM node:26\nCOPY . .\nENV NEXT_TELEMETRY_DISABLED=1\nRUN npx next build\n",
    },
    {
      title: "The .NET SDK, once per stage",
      code: "FROM mcr.microsoft.com/dotnet/sdk:10.0\nRUN [|dotnet restore|]\nRUN dotnet publish -c Release\n",
      fixed:
        "FROM mcr.microsoft.com/dotnet/sdk:10.0\nENV DOTNET_CLI_TELEMETRY_OPTOUT=1\nRUN dotnet restore\nRUN dotnet publish -c Release\n",
    },
    { title: "Opted out", code: "FROM node:26\nENV NEXT_TELEMETRY_DISABLED=1\nRUN npx next build\n" },
    { title: "Opted out for the command", code: "FROM node:26\nRUN NEXT_TELEMETRY_DISABLED=1 npx next build\n" },
    { title: "A program to run, not the SDK", code: "FROM mcr.microsoft.com/dotnet/aspnet:10.0\nRUN dotnet app.dll\n" },
  ],
  *check({ model, catalogue }) {
    const told = new Set<string>();
    for (const run of runsOf(model)) {
      const { stage, index } = run.instruction;
      if (!stage) continue;
      for (const script of run.scripts) {
        for (const command of script.commands) {
          const tool = toolOf(command);
          if (!tool || told.has(`${stage.index} ${tool.variable}`)) continue;
          const call = { run, script, command };
          const names = [tool.variable, ...(tool.also ?? [])];
          if (names.some((name) => stage.scope.lookup(name, index) !== null || isSetIn(call, name))) continue;
          if (
            tool.variable === "DOTNET_CLI_TELEMETRY_OPTOUT" &&
            !imageUnder(stage, catalogue)?.repository.name.endsWith("/sdk")
          )
            continue;
          if (!isPlain(model, call)) continue;
          told.add(`${stage.index} ${tool.variable}`);
          yield {
            message: `${tool.label} reports its use home from here. Set ${tool.variable}=${tool.value} to say no.`,
            range: callSpan(call),
            fixes: () =>
              run.isTrigger
                ? []
                : [
                    {
                      title: `Set ${tool.variable}=${tool.value} in this stage`,
                      applicability: "unsafe",
                      reason: "The variable is part of the image, where the stage ships.",
                      edits: [
                        insertBefore(
                          model,
                          run.instruction,
                          `${keywordLike(stage, "ENV")} ${tool.variable}=${tool.value}`,
                        ),
                      ],
                    },
                  ],
          };
        }
      }
    }
  },
});

const runners: ReadonlySet<string> = new Set(["npx", "bunx", "pnpx"]);

function toolOf(command: EffectiveCommand): TelemetryTool | null {
  const { name, words } = command;
  if (name === null) return null;
  if (runners.has(name)) {
    const first = words.slice(1).find((word) => word.value !== null && !word.value.startsWith("-"));
    const program = first?.value?.replace(/(?<=.)@.*$/, "");
    return (program && telemetryTools.get(program)) || null;
  }
  if ((name === "yarn" || name === "pnpm") && words.length > 2) {
    const program = words[1]?.value === "exec" || words[1]?.value === "dlx" ? words[2]?.value : words[1]?.value;
    return (program && telemetryTools.get(program)) || null;
  }
  return words.length > 1 ? (telemetryTools.get(name) ?? null) : null;
}

function isSetIn({ run, command }: Call, name: string): boolean {
  if (command.assignments.some((assignment) => assignment.name === name)) return true;
  return definedNames(run).has(name);
}
