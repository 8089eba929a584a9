import { cleanPath, readDockerignore } from "../../context/dockerignore";
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
  why: "The builder never sees the file, so the build stops, though the file lies right there. A folder of which a later pattern with `!` brings something back is left alone.",
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
    { title: "A pattern", code: "FROM alpine:3.24\nCOPY *.env /etc/\n", files: { ".dockerignore": "*.env\n" } },
    { title: "Everything", code: "FROM alpine:3.24\nCOPY . /app\n", files: { ".dockerignore": "**\n" } },
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
        if (value === null || isPattern(value) || isRemote(value) || cleanPath(value) === "") continue;
        if (!file.ignoresAll(value)) continue;
        yield {
          message: `.dockerignore keeps ${value} out of the build context, so ${copies.keyword} cannot find it. Add !${cleanPath(value)} to .dockerignore, or copy something else.`,
          range: span,
        };
      }
    }
  },
});
