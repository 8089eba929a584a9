import { defineRule } from "../../rule";
import { withoutVersion } from "./pins";

export default defineRule({
  id: "pin-npm-packages",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "`npm install` names packages without a version.",
  why: "Two builds of the same file may install different versions, and a new major version may break the build. The registry keeps old versions, so a pin lasts. Adding packages with yarn, pnpm and bun is looked at as well. It is off by default, since many images want the newest tool on purpose.",
  aliases: { hadolint: ["DL3016"], kics: ["NPM Install Command Without Pinned Version"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "No version", code: "FROM node:26\nRUN [|npm install|] -g pm2 typescript@5.9\n" },
    { title: "A scope is no version", code: "FROM node:26\nRUN [|npm i|] -g @angular/cli\n" },
    { title: "Another manager", code: "FROM node:24\nRUN [|yarn global add|] serve\n" },
    { title: "With a version", code: "FROM node:26\nRUN npm install -g pm2@6.0.13 @angular/cli@21\n" },
    { title: "What the manifest says", code: "FROM node:26\nRUN npm install\n" },
    { title: "A repository", code: "FROM node:26\nRUN npm install git+https://example.com/o/r.git#v1 ./local\n" },
  ],
  check: (context) =>
    withoutVersion(context, {
      looks: ({ tool, action }) => tool.family === "node" && action === "install",
      isFixed: ({ constraint, name }) => constraint !== null || (name.includes("/") && !name.startsWith("@")),
      form: (name) => `${name}@<version>`,
      aliases: ({ manager }) => (manager === "npm" ? null : {}),
    }),
});
