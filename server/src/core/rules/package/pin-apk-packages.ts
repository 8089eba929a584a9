import { defineRule } from "../../rule";
import { withoutVersion } from "./pins";

export default defineRule({
  id: "pin-apk-packages",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "`apk add` names packages without a version.",
  why: "Two builds of the same file may install different versions. It is off by default and has no fix: Alpine keeps only the newest version of a package in a release, so an exact version stops building as soon as a fix takes its place. Where a version is wanted, `curl~8.17` takes every fix of that line.",
  aliases: { hadolint: ["DL3018"], kics: ["Unpinned Package Version in Apk Add"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "No version", code: "FROM alpine:3.24\nRUN [|apk add|] --no-cache curl git\n" },
    { title: "With a version", code: "FROM alpine:3.24\nRUN apk add --no-cache curl=8.17.0-r1 git~2.52\n" },
    { title: "At least a version", code: "FROM alpine:3.24\nRUN apk add --no-cache 'curl>8'\n" },
    {
      title: "The name of a group",
      code: "FROM alpine:3.24\nRUN apk add --no-cache --virtual .build curl=8.17.0-r1\n",
    },
    { title: "A file", code: "FROM alpine:3.24\nRUN apk add --no-cache ./tool.apk\n" },
    { title: "A variable", code: "FROM alpine:3.24\nRUN apk add --no-cache $PHPIZE_DEPS\n" },
  ],
  check: (context) =>
    withoutVersion(context, {
      looks: ({ manager, action }) => manager === "apk" && action === "install",
      isFixed: ({ constraint }) => constraint !== null,
      form: (name) => `${name}~<version>`,
    }),
});
