import { canEditPlaced, placedInstructions } from "../../fixes/placed";
import { removeInstruction } from "../../fixes/remove";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { windowsStages } from "./stages";

export default defineRule({
  id: "windows-stopsignal",
  theme: "windows",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "STOPSIGNAL has no effect in images of Windows.",
  why: "Windows has no signals: Docker closes the container by an event of its own, whatever STOPSIGNAL says. Whoever counts on a graceful end has to handle that event.",
  aliases: { tally: ["tally/windows/no-stopsignal"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "Nobody gets it",
      code: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\n[|STOPSIGNAL|] SIGINT\nCMD ["app.exe"]\n',
      fixed: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nCMD ["app.exe"]\n',
    },
    { title: "Linux", code: "FROM alpine:3.24\nSTOPSIGNAL SIGINT\n" },
    { title: "Nobody knows the system", code: "FROM registry.example.com/app:1\nSTOPSIGNAL SIGINT\n" },
  ],
  *check({ model, catalogue }) {
    const isWindows = windowsStages(catalogue);
    for (const placed of placedInstructions(model, "STOPSIGNAL")) {
      const { instruction } = placed;
      if (!isWindows(instruction.stage)) continue;
      yield {
        message: "Windows has no signals, and this one is never sent. Delete the line.",
        range: locate(instruction, instruction.parsed.keywordSpan),
        tags: ["unnecessary"],
        fixes: () =>
          canEditPlaced(model, placed)
            ? [
                {
                  title: "Delete STOPSIGNAL",
                  applicability: "unsafe",
                  reason: "The image no longer names a signal, for tools that read it.",
                  edits: [removeInstruction(model, instruction)],
                },
              ]
            : [],
      };
    }
  },
});
