import { defineRule } from "../../rule";
import { callSpan, callsOf, isPlain } from "./calls";
import { checksDownloadsWell } from "./downloads";

export default defineRule({
  id: "weak-hash-check",
  theme: "shell",
  category: "security",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "A download is verified with md5 or sha1.",
  why: "Two files with one MD5 or SHA-1 can be made on purpose, so the check catches a broken transfer but not an attacker who prepared both files. Use the SHA-256 that most projects publish. Off by default: some projects publish nothing better, and replacing a file that exists is still hard. A RUN that checks a signature or a SHA-2 sum as well is not reported.",
  aliases: { sonar: ["S4790"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    {
      title: "sha1sum",
      code: 'FROM debian:13\nRUN curl -fsSLO https://example.org/a.tgz && echo "$SUM a.tgz" | [|sha1sum -c -|]\n',
    },
    { title: "md5sum", code: "FROM debian:13\nRUN wget -q https://example.org/a.tgz && [|md5sum --check a.md5|]\n" },
    { title: "SHA-256", code: 'FROM debian:13\nRUN echo "$SUM a.tgz" | sha256sum -c -\n' },
    { title: "Nothing is checked by it", code: "FROM debian:13\nRUN md5sum /etc/passwd > /sums\n" },
  ],
  *check({ model }) {
    for (const name of ["md5sum", "sha1sum"]) {
      for (const call of callsOf(model, name)) {
        if (!call.command.words.some(({ value }) => /^(?:-[a-z]*c[a-z]*|--check)$/.test(value ?? ""))) continue;
        if (checksDownloadsWell(call.run) || !isPlain(model, call)) continue;
        yield {
          message: `${name} cannot tell a forged file from the real one. Check the SHA-256 (sha256sum -c) or a signature.`,
          range: callSpan(call),
        };
      }
    }
  },
});
