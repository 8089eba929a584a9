import { defineRule } from "../../rule";
import { copiesOf, isGit } from "./copies";

export default defineRule({
  id: "add-remote-url",
  theme: "copy",
  category: "security",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "ADD loads a file from the network without a checksum.",
  why: "Whoever controls the address, or the way to it, decides what gets into the image, and the same file may be another one tomorrow. `--checksum=sha256:…` makes the build stop instead. Off by default, since ADD at least loads again what has changed, which curl in a RUN does not.",
  aliases: { kics: ["Curl or Wget Instead of Add"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "An installer", code: "FROM alpine:3.24\nADD [|https://example.com/install.sh|] /tmp/\n" },
    { title: "In a variable", code: "FROM alpine:3.24\nARG V=1\nADD [|https://example.com/app-$V.jar|] /app.jar\n" },
    {
      title: "With a checksum",
      code: `FROM alpine:3.24\nADD --checksum=sha256:${"0".repeat(64)} https://example.com/a /a\n`,
    },
    {
      title: "A repository is another matter",
      code: "FROM alpine:3.24\nADD https://github.com/moby/buildkit.git#v0.10 /src\n",
    },
    { title: "A local file", code: "FROM alpine:3.24\nADD a.tgz /\n" },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      if (instruction.keyword !== "ADD") continue;
      const copies = copiesOf(instruction);
      if (!copies || copies.flag("checksum")) continue;
      for (const { text, value, span } of copies.sources) {
        const source = value ?? text.replace(/^["']/, "");
        if (!/^(?:https?|ftp):\/\//i.test(source) || isGit(source)) continue;
        yield {
          message:
            "ADD loads this file without a checksum, so it may be another one tomorrow. Add --checksum=sha256:….",
          range: span,
        };
      }
    }
  },
});
