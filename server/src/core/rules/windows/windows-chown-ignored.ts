import { canEditPlaced, placedInstructions } from "../../fixes/placed";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { hasWindows, windowsStages } from "./stages";

export default defineRule({
  id: "windows-chown-ignored",
  theme: "windows",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "--chown has no effect in images of Windows.",
  why: "Windows keeps rights in access control lists, and numbers of users and groups mean nothing there. The builder accepts `--chown` and leaves the files to the administrators. `icacls` in a RUN gives rights to an account.",
  aliases: { tally: ["tally/windows/no-chown-flag"] },
  reads: ["ADD", "COPY"],
  fixable: "safe",
  examples: [
    {
      title: "An owner that nobody gets",
      code: "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nCOPY [|--chown=ContainerUser|] app /app\n",
      fixed: "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nCOPY app /app\n",
    },
    {
      title: "Among other flags",
      code: "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025 AS a\nFROM a\nCOPY --from=a [|--chown=1:1|] --link app /app\n",
      fixed: "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025 AS a\nFROM a\nCOPY --from=a --link app /app\n",
    },
    { title: "Linux", code: "FROM alpine:3.24\nCOPY --chown=1234 app /app\n" },
    { title: "No owner", code: "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nCOPY app /app\n" },
    { title: "Nobody knows the system", code: "FROM registry.example.com/app:1\nCOPY --chown=1234 app /app\n" },
  ],
  *check({ model, catalogue }) {
    if (!hasWindows(model, catalogue)) return;
    const isWindows = windowsStages(catalogue);
    for (const placed of placedInstructions(model, "COPY", "ADD")) {
      const { instruction } = placed;
      const flag = instruction.parsed.flags.find(({ name }) => name === "chown");
      if (!flag || !isWindows(instruction.stage)) continue;
      const span = locate(instruction, flag);
      yield {
        message:
          "Windows knows no such owner, and the builder ignores --chown. Delete it, and give rights with icacls.",
        range: span,
        fixes: () => {
          if (!canEditPlaced(model, placed)) return [];
          const gap = /[ \t]+$/.exec(model.text.slice(Math.max(0, span.start - 80), span.start))?.[0].length ?? 0;
          return [
            {
              title: "Delete --chown",
              applicability: "safe",
              edits: [{ span: { start: span.start - gap, end: span.end }, newText: "" }],
            },
          ];
        },
      };
    }
  },
});
