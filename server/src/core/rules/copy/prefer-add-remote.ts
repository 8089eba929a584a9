import { defineRule } from "../../rule";
import { downloadOf } from "./download";
import { soleItem } from "./sole-command";

export default defineRule({
  id: "prefer-add-remote",
  theme: "copy",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A RUN only downloads a file, which ADD can do.",
  why: "`ADD --checksum=sha256:… <address>` needs neither curl nor wget in the image, checks what it got, and the builder loads it beside other steps. Off by default: without a checksum little is won, and only the author knows it.",
  aliases: { sonar: ["S7026"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "curl", code: "FROM alpine:3.24\nRUN [|curl -fsSL -o /usr/bin/tool https://example.com/tool|]\n" },
    { title: "wget", code: "FROM alpine:3.24\nRUN [|wget -qO /tmp/a.deb https://example.com/a.deb|]\n" },
    {
      title: "Checked and used",
      code: "FROM alpine:3.24\nRUN curl -o a https://example.com/a && sha256sum -c a.sum\n",
    },
    { title: "Into a pipe", code: "FROM alpine:3.24\nRUN curl https://example.com/a | sh\n" },
    { title: "With a header", code: 'FROM alpine:3.24\nRUN curl -H "Accept: x" -o a https://example.com/a\n' },
    { title: "Printed", code: "FROM alpine:3.24\nRUN curl https://example.com/a\n" },
  ],
  *check({ model }) {
    for (const run of model.instructions) {
      if (run.keyword !== "RUN" || !run.parsed.text.includes("://")) continue;
      const sole = soleItem(run);
      const [command, second] = sole?.commands ?? [];
      const download = command && !second ? downloadOf(command) : null;
      if (!sole || !command || !download?.isPlain || typeof download.to === "string") continue;
      yield {
        message:
          "This RUN only downloads a file. ADD does that without curl or wget, and checks it: ADD --checksum=sha256:….",
        range: sole.script.locate(command.command.from, command.command.to),
      };
    }
  },
});
