import { defineRule } from "../../rule";
import { hasFlag } from "../../shell/arguments";
import { callSpan, callsOf, canEdit, insertAfterName, isPlain } from "./calls";
import { addressesOf, curlValueFlags, isPrivateHost } from "./downloads";

export default defineRule({
  id: "curl-follow-redirects",
  theme: "shell",
  category: "correctness",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "curl does not follow redirects, so a moved download is saved as an empty page.",
  why: 'Without `-L`, curl takes the page that says "moved" for the file, and even `-f` does not call that a failure. Release downloads of GitHub and most mirrors redirect. Off by default: whether a given address redirects only the server knows.',
  aliases: { tally: ["tally/curl-should-follow-redirects"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "A release that moves",
      code: "FROM debian:13\nRUN [|curl -fsSO https://github.com/a/b/releases/download/v1/b.tgz|]\n",
      fixed: "FROM debian:13\nRUN curl -L -fsSO https://github.com/a/b/releases/download/v1/b.tgz\n",
    },
    { title: "Redirects are followed", code: "FROM debian:13\nRUN curl -fsSLO https://example.org/b.tgz\n" },
    {
      title: "A request that is no download",
      code: "FROM debian:13\nRUN curl -I https://example.org/ && curl -X POST -d a=b https://example.org/hook\n",
    },
    { title: "A host of one's own", code: "FROM debian:13\nRUN curl -fsS http://localhost:8080/ready\n" },
  ],
  *check({ model }) {
    for (const call of callsOf(model, "curl")) {
      const { command } = call;
      if (hasFlag(command, ["-L", "--location", "--location-trusted", "--max-redirs", ...noDownload], curlValueFlags))
        continue;
      const hosts = addressesOf(command);
      if (hosts.length === 0 || hosts.some(({ host }) => host !== null && isPrivateHost(host))) continue;
      if (!isPlain(model, call)) continue;
      yield {
        message: "curl stops at a redirect and saves the page that announces it. Add -L.",
        range: callSpan(call),
        fixes: () => {
          const edit = canEdit(model, call) ? insertAfterName(call, " -L") : null;
          return edit
            ? [
                {
                  title: "Follow redirects (-L)",
                  applicability: "unsafe",
                  reason: "What is downloaded may come from the place a redirect names.",
                  edits: [edit],
                },
              ]
            : [];
        },
      };
    }
  },
});

/** Flags of calls that send or ask, and of those whose flags stand in a file. */
const noDownload: readonly string[] = [
  ...["-I", "--head", "-X", "--request", "-d", "--data", "--data-binary", "--data-raw", "--json", "-F", "--form"],
  ...["-T", "--upload-file", "-K", "--config"],
];
