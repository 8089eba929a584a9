import { defineRule } from "../../rule";
import { canEdit, isPlain, wordSpan } from "./calls";
import { addressesOf, checksDownloads, downloadsOf, isPrivateHost } from "./downloads";

export default defineRule({
  id: "cleartext-download",
  theme: "shell",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A download uses http or ftp to a public host.",
  why: "Whoever sits between the builder and the server can replace what arrives, and it becomes part of your image. Nearly every public host answers over https as well. A RUN that checks the file by a sum or a signature is not reported: a replaced file would be noticed. (Sums that have grown weak are `weak-hash-check`'s.) Hosts of your own network are left alone, and so are addresses whose host is a variable.",
  aliases: { sonar: ["S5332"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "An archive over http",
      code: "FROM debian:13\nRUN curl -fsSL [|http://downloads.example.org/tool.tar.gz|] | tar xz\n",
      fixed: "FROM debian:13\nRUN curl -fsSL https://downloads.example.org/tool.tar.gz | tar xz\n",
    },
    {
      title: "In quotes, with a version",
      code: 'FROM alpine:3.24\nARG VERSION=1.2\nRUN wget -q [|"http://dl.example.org/tool-${VERSION}.tgz"|]\n',
      fixed: 'FROM alpine:3.24\nARG VERSION=1.2\nRUN wget -q "https://dl.example.org/tool-${VERSION}.tgz"\n',
    },
    {
      title: "Over ftp there is no plain rewrite",
      code: "FROM debian:13\nRUN wget -q [|ftp://ftp.example.org/a.tgz|]\n",
    },
    { title: "https", code: "FROM debian:13\nRUN curl -fsSLO https://example.org/a.tgz\n" },
    {
      title: "A host of one's own",
      code: "FROM debian:13\nRUN curl -fsS http://nexus:8081/a.tgz -o a && curl http://10.0.0.7/b\n",
    },
    { title: "The host is a variable", code: "FROM debian:13\nARG MIRROR\nRUN wget http://${MIRROR}/a.tgz\n" },
    {
      title: "The file is checked",
      code: 'FROM debian:13\nRUN curl -fsSLo a.tgz http://example.org/a.tgz && echo "$SUM  a.tgz" | sha256sum -c -\n',
    },
    {
      title: "It is checked by an old sum, which still tells another file",
      code: 'FROM debian:13\nARG SHA\nRUN curl -o a.deb http://example.org/a.deb && echo "$SHA a.deb" | sha1sum -c -\n',
    },
    {
      title: "A health check asks the container itself",
      code: "FROM debian:13\nHEALTHCHECK CMD curl -f http://localhost/\n",
    },
  ],
  *check({ model }) {
    for (const call of downloadsOf(model)) {
      for (const address of addressesOf(call.command)) {
        if (address.scheme === "https" || address.scheme === "ftps") continue;
        if (address.host === null || isPrivateHost(address.host)) continue;
        if (!isPlain(model, call) || checksDownloads(call.run)) continue;
        const range = wordSpan(call, address.word);
        const isHttp = address.scheme === "http";
        yield {
          message: `${address.host} is asked over ${address.scheme}, so anybody on the way can replace the file. ${
            isHttp ? "Use https, or check the file by its SHA-256." : "Fetch it over https, or check it by its SHA-256."
          }`,
          range,
          fixes: () => {
            const at = range.start + address.schemeAt;
            return isHttp && canEdit(model, call) && !/^[^:]*:\/\/[^/]*:\d/.test(address.text)
              ? [
                  {
                    title: `Use https for ${address.host}`,
                    applicability: "unsafe",
                    reason: "The build fails where the server does not answer over https.",
                    edits: [{ span: { start: at, end: at + address.scheme.length }, newText: "https" }],
                  },
                ]
              : [];
          },
        };
      }
    }
  },
});
