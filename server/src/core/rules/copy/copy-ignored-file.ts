import { cleanPath, type IgnoreFile, readDockerignore } from "../../context/dockerignore";
import { instructionsOf } from "../../model/index-of";
import { defineRule } from "../../rule";
import { copiesOf, isPattern, isRemote } from "./copies";
import { ignoreFileText } from "./ignore-file";

export default defineRule({
  id: "copy-ignored-file",
  theme: "copy",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "COPY or ADD names a path that .dockerignore keeps out.",
  why: "The builder never sees the file, so the build stops, though the file lies right there. For a pattern, and for the whole context, it goes on and copies nothing. A folder of which a later pattern with `!` brings something back is left alone.",
  aliases: { buildkit: ["CopyIgnoredFile"], tally: ["buildkit/CopyIgnoredFile"] },
  reads: ["ADD", "COPY"],
  fixable: "none",
  examples: [
    {
      title: "A file",
      code: "FROM alpine:3.24\nCOPY [|app.env|] /etc/\n",
      files: { ".dockerignore": "*.env\n", "app.env": "" },
    },
    {
      title: "A file of a folder that is kept out",
      code: "FROM nginx:1.31\nADD [|./dist/index.html|] /usr/share/nginx/html/\n",
      files: { ".dockerignore": "# builds\ndist\n", "dist/index.html": "" },
    },
    {
      title: "By the Dockerfile's own list",
      path: "docker/web.Dockerfile",
      code: "FROM nginx:1.31\nCOPY [|dist|] /usr/share/nginx/html\n",
      files: { "web.Dockerfile.dockerignore": "dist\n", ".dockerignore": "" },
    },
    {
      title: "Brought back",
      code: "FROM nginx:1.31\nCOPY dist /usr/share/nginx/html\nCOPY README.md /\n",
      files: { ".dockerignore": "*\n!dist/**\n!README.md\n", "dist/index.html": "" },
    },
    { title: "A pattern", code: "FROM alpine:3.24\nCOPY [|*.env|] /etc/\n", files: { ".dockerignore": "*.env\n" } },
    {
      title: "A pattern in a folder that is kept out",
      code: "FROM alpine:3.24\nCOPY [|conf/[a-c]*|] /etc/\n",
      files: { ".dockerignore": "conf\n!README.md\n" },
    },
    { title: "Everything", code: "FROM alpine:3.24\nCOPY [|.|] /app\n", files: { ".dockerignore": "**\n" } },
    {
      title: "A pattern that names more than is kept out",
      code: "FROM alpine:3.24\nCOPY *.env a?.txt /etc/\n",
      files: { ".dockerignore": "local.env\na*.txt\n!a1.txt\n" },
    },
    {
      title: "Everything but what is needed",
      code: "FROM alpine:3.24\nCOPY . /app\nCOPY *.go /app/\n",
      files: { ".dockerignore": "*\n!src\n!main.go\n" },
    },
    {
      title: "From another stage",
      code: "FROM alpine:3.24 AS a\nFROM alpine:3.24\nCOPY --from=a dist /dist\n",
      files: { ".dockerignore": "dist\n" },
    },
    { title: "Nobody knows the list", code: "FROM alpine:3.24\nCOPY app.env /etc/\n" },
    {
      title: "A name in another folder",
      code: "FROM alpine:3.24\nCOPY a/key /\n",
      files: { ".dockerignore": "key\n" },
    },
  ],
  *check({ model, facts, path }) {
    const copying = instructionsOf(model, "COPY", "ADD");
    const text = copying.length > 0 ? ignoreFileText(facts, path) : null;
    if (typeof text !== "string") return;
    const file = readDockerignore(text);
    for (const instruction of copying) {
      const copies = copiesOf(instruction);
      if (!copies?.fromContext) continue;
      for (const { value, span } of copies.sources) {
        if (value === null || isRemote(value)) continue;
        const message = saysEmpty(file, value, copies.keyword) ?? saysMissing(file, value, copies.keyword);
        if (message) yield { message, range: span };
      }
    }
  },
});

function saysMissing(file: IgnoreFile, value: string, keyword: string): string | null {
  if (isPattern(value) || cleanPath(value) === "" || !file.ignoresAll(value)) return null;
  return `.dockerignore keeps ${value} out of the build context, so ${keyword} cannot find it. Add !${cleanPath(value)} to .dockerignore, or copy something else.`;
}

/** What a pattern names, or the whole context, is gone: the builder goes on and copies nothing. */
function saysEmpty(file: IgnoreFile, value: string, keyword: string): string | null {
  if (cleanPath(value) === "") {
    return hasException(file) || !file.patterns.some(({ text }) => /^(?:\*|\*\*|\*\*\/\*)$/.test(text))
      ? null
      : `.dockerignore keeps everything out of the build context, so ${keyword} ${value} copies nothing. Bring back what is needed by lines with !.`;
  }
  if (!isPattern(value) || !isGone(file, value)) return null;
  return `.dockerignore keeps all that ${value} names out of the build context, so ${keyword} copies nothing for it. Change .dockerignore, or leave it out here.`;
}

function isGone(file: IgnoreFile, value: string): boolean {
  const folder = value.slice(0, value.lastIndexOf("/", value.search(/[*?[]/)) + 1);
  if (cleanPath(folder) !== "" && file.ignoresAll(folder)) return true;
  // A star of the source is any name, which only a star takes in.
  const isPlain = [value, ...file.patterns.map(({ text }) => text)].every((text) => !/[?[\\]/.test(text));
  return isPlain && !hasException(file) && file.ignores(value);
}

function hasException({ patterns }: IgnoreFile): boolean {
  return patterns.some(({ negated }) => negated);
}
