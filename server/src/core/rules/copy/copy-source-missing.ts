/** A source that does not exist in the build context. What a build makes before the image is built may be missing now. */

import { cleanPath, readDockerignore } from "../../context/dockerignore";
import { instructionsOf } from "../../model/index-of";
import { nearest } from "../../nearest";
import type { Facts } from "../../rule";
import { defineRule } from "../../rule";
import { baseName, copiesOf, isPattern, isRemote } from "./copies";

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
  *check({ model, facts }) {
    const copying = instructionsOf(model, "COPY", "ADD");
    // Without a list of the context nothing can be said.
    if (copying.length === 0 || facts.list(".") === undefined) return;
    const isIgnored = readGitignore(facts);
    for (const instruction of copying) {
      const copies = copiesOf(instruction);
      if (!copies?.fromContext) continue;
      for (const source of copies.sources) {
        const { value, span, text, isPlain } = source;
        if (value === null || isPattern(value) || isRemote(value) || /[\\]/.test(value)) continue;
        const path = cleanPath(value);
        if (path === "" || isMadeLater(path) || isIgnored(path)) continue;
        const missing = firstMissing(path, facts);
        if (!missing) continue;
        const near = nearest(missing.name, missing.others);
        // A name without an ending is often a program that is built first, or a folder that is filled.
        if (!near && !/.\.[A-Za-z0-9]+$/.test(baseName(path))) continue;
        yield {
          message: `There is no ${path} in the build context. ${near ? `Did you mean ${join(missing.folder, near)}?` : "Mend the path, or make the file before the build."}`,
          range: span,
          fixes: () => {
            const at = text.lastIndexOf(missing.name);
            if (!near || !isPlain || at < 0) return [];
            const start = span.start + at;
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
    }
  },
});

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

const outputs: ReadonlySet<string> = new Set([
  ...["target", "build", "dist", "out", "output", "bin", "obj", "publish", "release", "node_modules", "vendor"],
  ...["artifacts", "_build", "_output", "public", "generated", ".next", "wheels", "rootfs", "coverage"],
]);

/** True for what a build may make before the image is built. */
function isMadeLater(path: string): boolean {
  if (path.split("/").some((part) => outputs.has(part.toLowerCase()))) return true;
  return /\.(?:jar|war|ear|whl|tgz|tar|tar\.\w+|zip|deb|rpm|exe|dll|so|crt|pem|key)$/i.test(baseName(path));
}

/** True for what git ignores; the file is read when somebody asks. */
function readGitignore(facts: Facts): (path: string) => boolean {
  let file: ReturnType<typeof readDockerignore> | null = null;
  return (path) => {
    file ??= readDockerignore(asRooted(facts.file(".gitignore") ?? ""));
    return file.ignores(path);
  };
}

/** git's patterns without a slash hold in every folder; the ignore file of the builder begins at the root. */
function asRooted(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [sign, pattern] = line.startsWith("!") ? ["!", line.slice(1)] : ["", line];
      return pattern.replace(/\/+$/, "").includes("/") ? `${sign}${pattern}` : `${sign}**/${pattern}`;
    })
    .join("\n");
}
