/** A source that does not exist in the build context. What a build makes before the image is built may be missing now. */

import { cleanPath } from "../../context/dockerignore";
import { instructionsOf } from "../../model/index-of";
import type { Instruction } from "../../model/types";
import { nearest } from "../../nearest";
import type { Facts } from "../../rule";
import { defineRule } from "../../rule";
import { isContextElsewhere, type NamedSource } from "./context-elsewhere";
import { baseName, copiesOf, isPattern, isRemote, type Place } from "./copies";
import { isMadeLater, readGitignore } from "./made-later";

export default defineRule({
  id: "copy-source-missing",
  theme: "copy",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A source of COPY or ADD does not exist in the build context.",
  why: "The build stops there, often after minutes. Only plain names are judged, and only where the whole build context is known. Folders that builds write into (`dist`, `target`), and whatever `.gitignore` names, may be made later and are left alone.",
  aliases: {},
  reads: ["ADD", "COPY"],
  fixable: "unsafe",
  examples: [
    {
      title: "A typing error",
      code: "FROM python:3.14\nWORKDIR /app\nCOPY [|requirments.txt|] .\n",
      files: { "requirements.txt": "", "src/app.py": "" },
      fixed: "FROM python:3.14\nWORKDIR /app\nCOPY requirements.txt .\n",
    },
    {
      title: "In a folder",
      code: "FROM python:3.14\nWORKDIR /app\nCOPY [|./src/ap.py|] src/utils /app/\n",
      files: { "src/app.py": "", "src/utils/a.py": "" },
      fixed: "FROM python:3.14\nWORKDIR /app\nCOPY ./src/app.py src/utils /app/\n",
    },
    {
      title: "Nothing alike",
      code: "FROM alpine:3.24\nCOPY [|scripts/start.sh|] /\n",
      files: { "main.go": "" },
    },
    { title: "There", code: "FROM alpine:3.24\nCOPY main.go src /\n", files: { "main.go": "", "src/a.go": "" } },
    {
      title: "The context is a folder further up",
      code: "FROM nginx:1.31\nCOPY package.json .\nCOPY apps/web/nginx.conf /etc/nginx/\n",
      files: { "package.json": "", "nginx.conf": "" },
      path: "shop/apps/web/Dockerfile",
    },
    {
      title: "Most is missing, so the context is another folder",
      code: "FROM node:26\nCOPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./\nCOPY packages/ui/package.json packages/ui/\n",
      files: { "package.json": "", "src/index.ts": "" },
    },
    {
      title: "A sample is for a project of its own",
      code: "FROM fluent/fluentd:v1.19\nCOPY fluent.conf /fluentd/etc/\n",
      files: { "README.md": "" },
      path: "Dockerfile.sample",
    },
    {
      title: "What is copied anyway was not meant",
      code: "FROM node:26\nCOPY package.json [|packages.json|] ./\n",
      files: { "package.json": "" },
    },
    { title: "A program that is built first", code: "FROM alpine:3.24\nCOPY server /\n", files: { "main.go": "" } },
    { title: "A build makes it", code: "FROM nginx:1.31\nCOPY dist /html\nCOPY target/app.jar /\n", files: { a: "" } },
    {
      title: "git does not keep it",
      code: "FROM alpine:3.24\nCOPY server /\nCOPY web/app.js /\n",
      files: { ".gitignore": "/server\napp.js\n", "web/a": "" },
    },
    { title: "A pattern may match nothing", code: "FROM alpine:3.24\nCOPY a* /x/\n", files: { b: "" } },
    { title: "A variable", code: "FROM alpine:3.24\nARG NAME\nCOPY $NAME /\n", files: { b: "" } },
    { title: "An address", code: "FROM alpine:3.24\nADD https://example.com/x /x\n", files: { b: "" } },
    { title: "From another stage", code: "FROM alpine:3.24 AS a\nFROM a\nCOPY --from=a /x /x\n", files: { b: "" } },
    { title: "Nobody knows the context", code: "FROM alpine:3.24\nCOPY x /x\n" },
    { title: "Everything", code: "FROM alpine:3.24\nCOPY . /x\n", files: { b: "" } },
  ],
  *check({ model, facts, path: dockerfile }) {
    const copying = instructionsOf(model, "COPY", "ADD");
    // Without a list of the context nothing can be said.
    if (copying.length === 0 || facts.list(".") === undefined || isSample(dockerfile)) return;
    const found = sourcesOf(copying, facts);
    const named = new Set(found.map(({ path }) => path));
    const judged = found.map((one) => ({ ...one, near: one.missing && nearTo(one.missing, named) }));
    const states = judged.map(({ path, missing, near }): NamedSource => {
      return { path, state: !missing ? "there" : near ? "typo" : "missing", fromTop: missing?.folder === "" };
    });
    if (isContextElsewhere(states, dockerfile)) return;
    for (const { source, path, missing, near } of judged) {
      // A name without an ending is often a program that is built first, or a folder that is filled.
      if (!missing || (!near && !/.\.[A-Za-z0-9]+$/.test(baseName(path)))) continue;
      yield {
        message: `There is no ${path} in the build context. ${near ? `Did you mean ${join(missing.folder, near)}?` : "Mend the path, or make the file before the build."}`,
        range: source.span,
        fixes: () => {
          const at = source.text.lastIndexOf(missing.name);
          if (!near || !source.isPlain || at < 0) return [];
          const start = source.span.start + at;
          return [
            {
              title: `Replace ${missing.name} by ${near}`,
              applicability: "unsafe",
              reason: `It assumes that ${near} was meant.`,
              edits: [{ span: { start, end: start + missing.name.length }, newText: near }],
            },
          ];
        },
      };
    }
  },
});

/** `Dockerfile.sample`: whoever takes it brings the files. */
function isSample(path: string): boolean {
  return /[._-](?:sample|example|dist)$/i.test(path);
}

interface Source {
  readonly source: Place;
  readonly path: string;
  readonly missing: Missing | null;
}

/** The sources with plain names, but for those that git ignores or a build may make. */
function sourcesOf(copying: readonly Instruction[], facts: Facts): readonly Source[] {
  const isIgnored = readGitignore(facts);
  return copying.flatMap((instruction) => {
    const copies = copiesOf(instruction);
    if (!copies?.fromContext) return [];
    return copies.sources.flatMap((source) => {
      const { value } = source;
      if (value === null || isPattern(value) || isRemote(value) || /[\\]/.test(value)) return [];
      const path = cleanPath(value);
      if (path === "" || isMadeLater(path) || isIgnored(path)) return [];
      return [{ source, path, missing: firstMissing(path, facts) }];
    });
  });
}

/** A name beside the missing one that is nearly the same; not one that is copied as well. */
function nearTo({ folder, name, others }: Missing, named: ReadonlySet<string>): string | null {
  return nearest(
    name,
    others.filter((other) => !named.has(join(folder, other))),
  );
}

interface Missing {
  readonly folder: string;
  readonly name: string;
  /** What the folder does hold. */
  readonly others: readonly string[];
}

/** The first part of a path that does not exist; null when all exist, or when nobody knows. */
function firstMissing(path: string, facts: Facts): Missing | null {
  const parts = path.split("/");
  let folder = "";
  for (const [at, name] of parts.entries()) {
    const names = facts.list(folder === "" ? "." : folder);
    // A known file needs no list: what is there counts even where the rest is not known.
    if (names === undefined) return null;
    const others = namesIn(names, folder);
    if (!others.includes(name)) {
      return at === parts.length - 1 && typeof facts.file(path) === "string" ? null : { folder, name, others };
    }
    folder = join(folder, name);
  }
  return null;
}

/** Names right in a folder, from paths that may lie deeper and end in a slash. */
function namesIn(paths: readonly string[], folder: string): readonly string[] {
  const skipped = folder === "" ? 0 : folder.length + 1;
  const names = new Set<string>();
  for (const path of paths) {
    const name = path.slice(skipped).split("/")[0];
    if (name) names.add(name);
  }
  return [...names];
}

function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
