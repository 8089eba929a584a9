import { readDockerignore } from "../../context/dockerignore";
import { instructionsOf } from "../../model/index-of";
import { defineRule } from "../../rule";
import { copiesOf } from "./copies";
import { ignoreFileText } from "./ignore-file";

export default defineRule({
  id: "copy-whole-context",
  theme: "copy",
  category: "security",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "The whole build context is copied, and no .dockerignore keeps anything out.",
  why: "`COPY . .` takes what lies there: `.git` with its history, `.env`, keys, dependencies of another system. A `.dockerignore` keeps them out, and makes the build faster. Off by default, because it is how most images are built; it is silent as soon as a `.dockerignore` says anything.",
  aliases: { sonar: ["S6470"], dockle: ["DKL-LI-0003"] },
  fixable: "none",
  examples: [
    {
      title: "No .dockerignore",
      code: "FROM node:26\nWORKDIR /app\nCOPY [|.|] .\n",
      files: { "package.json": "{}" },
    },
    {
      title: "An empty one",
      code: "FROM node:26\nWORKDIR /app\nCOPY [|./|] ./\n",
      files: { ".dockerignore": "# nothing yet\n" },
    },
    { title: "A .dockerignore", code: "FROM node:26\nWORKDIR /app\nCOPY . .\n", files: { ".dockerignore": ".git\n" } },
    { title: "Nobody knows", code: "FROM node:26\nWORKDIR /app\nCOPY . .\n" },
    { title: "One folder", code: "FROM node:26\nWORKDIR /app\nCOPY src src\n", files: { "src/a.js": "" } },
    {
      title: "From another stage",
      code: "FROM node:26 AS a\nFROM node:26\nCOPY --from=a . .\n",
      files: { "package.json": "{}" },
    },
  ],
  *check({ model, facts, path }) {
    for (const instruction of instructionsOf(model, "COPY", "ADD")) {
      const copies = copiesOf(instruction);
      const source = copies?.fromContext ? copies.sources.find(({ value }) => isWhole(value)) : undefined;
      if (!source) continue;
      const text = ignoreFileText(facts, path);
      if (text === undefined || (text !== null && readDockerignore(text).patterns.length > 0)) return;
      yield {
        message:
          "This copies everything in the build context, and no .dockerignore keeps anything out. Name what is needed, or write a .dockerignore.",
        range: source.span,
      };
    }
  },
});

function isWhole(value: string | null): boolean {
  return value !== null && /^(?:\.?\/?|\.?\/?\*)$/.test(value) && value !== "";
}
