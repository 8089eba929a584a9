import { meaningOf, placedInstructions } from "../../fixes/placed";
import { locate } from "../../model/types";
import { resolvePath } from "../../multistage/paths";
import { defineRule } from "../../rule";

export default defineRule({
  id: "workdir-system-dir",
  theme: "runtime",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "WORKDIR lies in a folder that belongs to the kernel or to the start of a machine.",
  why: "`/proc`, `/sys` and `/dev` are mounted anew over the image in every container, so that files put there are gone; a process that works there is closer to the kernel than it need be. `/boot` and its like serve no container.",
  aliases: { trivy: ["DS-0030"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "Gone when the container starts", code: "FROM alpine:3.24\nWORKDIR [|/proc/self|]\n" },
    { title: "Devices", code: "FROM alpine:3.24\nWORKDIR /\nWORKDIR [|dev|]\n" },
    { title: "A folder of one's own", code: "FROM alpine:3.24\nWORKDIR /app\n" },
    { title: "Names that only begin alike", code: "FROM alpine:3.24\nWORKDIR /devel\n" },
    { title: "Nobody knows the variable", code: "FROM alpine:3.24\nARG DIR\nWORKDIR $DIR\n" },
  ],
  *check({ model }) {
    for (const { instruction } of placedInstructions(model, "WORKDIR")) {
      const word = instruction.parsed.words[0];
      const value = word ? meaningOf(instruction, word) : null;
      const path = value === null || !word ? null : resolvePath(value, instruction.workdir);
      const folder = path === null ? undefined : /^\/(?:proc|sys|dev|boot|initrd|lost\+found)(?=\/|$)/.exec(path)?.[0];
      if (!word || folder === undefined) continue;
      yield {
        message: `${folder} belongs to the system, and what the image puts there may be hidden in the container. Work in a folder of your own, such as /app.`,
        range: locate(instruction, word),
      };
    }
  },
});
