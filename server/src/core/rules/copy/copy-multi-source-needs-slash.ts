import type { Aliases } from "../../rule";
import { defineRule } from "../../rule";
import { absolutePath, copiesOf } from "./copies";

const withHadolint: Aliases = {
  hadolint: ["DL3021"],
  trivy: ["DS-0011"],
  kics: ["Copy With More Than Two Arguments Not Ending With Slash"],
  "dockerfile-utils": ["INVALID_DESTINATION"],
  tally: ["hadolint/DL3021"],
};
const withoutHadolint: Aliases = { "dockerfile-utils": ["INVALID_DESTINATION"] };

export default defineRule({
  id: "copy-multi-source-needs-slash",
  theme: "copy",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "COPY or ADD with several sources has a destination that does not end in a slash.",
  why: "Several files need a folder. Without the slash the classic builder stops, and BuildKit makes one file of that name, which the last source wins, unless the folder is there already. The current folder (`.`) is a folder to BuildKit; only the mode `hadolint` asks for a slash there.",
  aliases: withHadolint,
  scope: "instruction",
  fixable: "safe",
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`hadolint` also asks for a slash behind `.` and `..`, as the classic builder does.",
    },
  },
  examples: [
    {
      title: "Two files",
      code: "FROM node:26\nCOPY package.json package-lock.json [|/app|]\n",
      fixed: "FROM node:26\nCOPY package.json package-lock.json /app/\n",
    },
    {
      title: "In JSON",
      code: 'FROM node:26\nADD ["a b", "c", [|"/app"|]]\n',
      fixed: 'FROM node:26\nADD ["a b", "c", "/app/"]\n',
    },
    { title: "In ONBUILD", code: "FROM node:26\nONBUILD COPY a b [|/app|]\n" },
    {
      title: "For hadolint",
      options: { mode: "hadolint" },
      code: "FROM node:26\nCOPY a b [|.|]\n",
      fixed: "FROM node:26\nCOPY a b ./\n",
    },
    { title: "A slash", code: "FROM node:26\nCOPY a b /app/\n" },
    { title: "One source", code: "FROM node:26\nCOPY a /app\n" },
    { title: "The current folder", code: "FROM node:26\nCOPY a b .\nCOPY c d ..\n" },
    {
      title: "A flag at the wrong end",
      code: 'FROM node:26 AS a\nFROM node:26\nCOPY ["a", "b", "./"] --from=a\n',
    },
    { title: "A variable", code: "FROM node:26\nARG DIR\nCOPY a b $DIR\n" },
    { title: "A Windows folder", code: "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCOPY a b C:\\\\app\\\\\n" },
  ],
  *check({ model, options }) {
    for (const instruction of model.instructions) {
      const { keyword } = instruction;
      if (keyword !== "COPY" && keyword !== "ADD" && keyword !== "ONBUILD") continue;
      const copies = copiesOf(instruction);
      if (!copies || copies.sources.length + copies.heredocs < 2) continue;
      const { value, span, text } = copies.target;
      if (value === null || /[\\/]$/.test(value)) continue;
      // The current folder is one, and a flag at the wrong end is no destination.
      if (options.mode !== "hadolint" && /^(?:(?:.*\/)?\.{1,2}|--[a-z].*)$/.test(value)) continue;
      const exists = copies.instruction.workdir !== null && absolutePath(value, instruction) === instruction.workdir;
      yield {
        message: `${copies.keyword} has several sources, so its destination has to be a folder. Write a slash behind ${text}.`,
        range: span,
        aliases: copies.keyword === "COPY" ? withHadolint : withoutHadolint,
        // BuildKit finds the working folder there already and puts the files into it.
        ...(exists ? { severity: "warning" as const } : {}),
        fixes: () => {
          if (copies.onbuild) return [];
          const quoted = /["']$/.test(model.text.slice(span.start, span.end));
          const at = quoted ? span.end - 1 : span.end;
          return [
            {
              title: "Add the slash",
              applicability: "safe",
              edits: [{ span: { start: at, end: at }, newText: "/" }],
            },
          ];
        },
      };
    }
  },
});
