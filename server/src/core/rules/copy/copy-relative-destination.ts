import type { Catalogue } from "../../catalogue/types";
import { instructionsIn } from "../../model/index-of";
import type { Stage } from "../../model/types";
import { defineRule } from "../../rule";
import { copiesOf } from "./copies";

export default defineRule({
  id: "copy-relative-destination",
  theme: "copy",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "COPY has a relative destination while no WORKDIR is set.",
  why: "Where the file lands is up to the base image, and may change with it. This rule knows which images set no working folder, so that files land in `/`, among those of the system; images that set one (golang, php) and images it does not know are left alone. The mode `hadolint` reports every stage without a WORKDIR.",
  aliases: { hadolint: ["DL3045"], tally: ["hadolint/DL3045"] },
  reads: ["ADD", "COPY"],
  fixable: "safe",
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`hadolint` also reports images whose working folder is another one or not known.",
    },
  },
  examples: [
    {
      title: "A file",
      code: "FROM alpine:3.24\nCOPY app [|bin/app|]\n",
      fixed: "FROM alpine:3.24\nCOPY app /bin/app\n",
    },
    {
      title: "Everything, among the system's own files",
      code: "FROM node:26\nCOPY . [|.|]\nRUN npm ci\n",
      fixed: "FROM node:26\nCOPY . /\nRUN npm ci\n",
    },
    {
      title: "For hadolint",
      options: { mode: "hadolint" },
      code: "FROM registry.example.com/base:1\nCOPY . [|./src|]\n",
    },
    { title: "A WORKDIR", code: "FROM node:26\nWORKDIR /app\nCOPY . .\n" },
    { title: "A WORKDIR in the stage below", code: "FROM node:26 AS base\nWORKDIR /app\nFROM base\nCOPY . .\n" },
    { title: "An absolute path", code: "FROM node:26\nCOPY . /app\n" },
    {
      title: "A variable behind a word",
      code: "FROM alpine:3.24\nARG V\nCOPY app-$V.zip [|app-$V.zip|]\n",
    },
    { title: "A variable", code: "FROM node:26\nARG DIR=/app\nCOPY . $DIR\n" },
    { title: "An image with a working folder", code: "FROM golang:1.26\nCOPY . src\n" },
    { title: "An image that nobody knows", code: "FROM registry.example.com/base:1\nCOPY . src\n" },
    { title: "An empty image, where / is as good as any", code: "FROM scratch\nCOPY app app\n" },
    { title: "A Windows path", code: "FROM alpine:3.24\nCOPY . C:/app\n" },
  ],
  *check({ model, catalogue, options }) {
    // Stages that end in a folder of the file's choice; a stage stands behind the one that it builds on.
    const settled = new Set<Stage>();
    for (const stage of model.stages) {
      const inherits = stage.base.stage !== null && settled.has(stage.base.stage);
      if (inherits || instructionsIn(stage, "WORKDIR").length > 0) settled.add(stage);
      let withFolder = inherits;
      let root: boolean | null = null;
      for (const instruction of stage.instructions) {
        if (instruction.keyword === "WORKDIR") withFolder = true;
        if (withFolder) break;
        if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
        const target = copiesOf(instruction)?.target;
        // What a variable holds is not needed where a plain word stands before it.
        const start = target && (target.value ?? (isPlainStart(target.text) ? target.text : null));
        if (!target || !start || /^(?:[/\\$]|[A-Za-z]:)/.test(start)) continue;
        root ??= startsInRoot(stage, catalogue);
        if (!root && options.mode !== "hadolint") break;
        yield {
          message: root
            ? `No WORKDIR is set, so ${target.text} means ${landing(start)}, among the system's own files. Set a WORKDIR, or write the whole path.`
            : `No WORKDIR is set, so where ${target.text} lies is up to the base image. Set a WORKDIR, or write the whole path.`,
          range: target.span,
          ...(instruction.keyword === "ADD" ? { aliases: {} } : {}),
          fixes: () =>
            root && target.isPlain
              ? [
                  {
                    title: `Write ${landing(start)}, which is where it lands`,
                    applicability: "safe",
                    edits: [{ span: target.span, newText: landing(start) }],
                  },
                ]
              : [],
        };
      }
    }
  },
});

function isPlainStart(text: string): boolean {
  return /^[\w.-]+(?:\/|\$|$)/.test(text);
}

/** The same place as an absolute path. */
function landing(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
  const slash = parts.length > 0 && (path.endsWith("/") || /\/\.$/.test(path));
  return `/${parts.join("/")}${slash ? "/" : ""}`;
}

function startsInRoot(stage: Stage, catalogue: Catalogue): boolean {
  const { base } = stage.root;
  const name = base.reference && catalogue.repository(base.reference)?.name;
  return name ? withoutFolder.has(name) : false;
}

/** Images whose own Dockerfile has no WORKDIR, so that the working folder is `/`. */
const withoutFolder: ReadonlySet<string> = new Set([
  ...["alpine", "busybox", "debian", "ubuntu", "fedora", "centos", "rockylinux", "almalinux", "oraclelinux"],
  ...["amazonlinux", "archlinux", "buildpack-deps", "node", "python", "ruby", "rust", "nginx", "openjdk"],
  ...["eclipse-temurin", "amazoncorretto", "maven", "perl", "swift", "gcc", "haskell", "elixir", "erlang"],
]);
