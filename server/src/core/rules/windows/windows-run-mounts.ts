import { placedInstructions } from "../../fixes/placed";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { hasWindows, windowsStages } from "./stages";

export default defineRule({
  id: "windows-run-mounts",
  theme: "windows",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "RUN --mount does not work in images of Windows.",
  why: "Mounts for a single RUN, be they caches, secrets or folders, need features of Linux. On Windows the build stops, or the older builder does not know the flag at all.",
  aliases: { tally: ["tally/windows/no-run-mounts"] },
  reads: ["RUN"],
  fixable: "none",
  examples: [
    {
      title: "A cache",
      code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN [|--mount=type=cache,target=C:/cache|] build.cmd\n",
    },
    { title: "Linux", code: "FROM alpine:3.24\nRUN --mount=type=cache,target=/cache ls /cache\n" },
    { title: "No mount", code: "FROM mcr.microsoft.com/windows/servercore:ltsc2025\nRUN build.cmd\n" },
    {
      title: "Nobody knows the system",
      code: "FROM registry.example.com/app:1\nRUN --mount=type=cache,target=/c ls\n",
    },
  ],
  *check({ model, catalogue }) {
    if (!hasWindows(model, catalogue)) return;
    const isWindows = windowsStages(catalogue);
    for (const { instruction } of placedInstructions(model, "RUN")) {
      if (instruction.parsed.flags.length === 0 || !isWindows(instruction.stage)) continue;
      for (const flag of instruction.parsed.flags) {
        if (flag.name !== "mount") continue;
        yield {
          message:
            "Windows cannot mount anything for a single RUN, and the build stops. Copy what is needed, and delete it in the same RUN.",
          range: locate(instruction, flag),
        };
      }
    }
  },
});
