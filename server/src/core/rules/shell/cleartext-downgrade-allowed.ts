import { defineRule } from "../../rule";
import { hasFlag } from "../../shell/arguments";
import { callSpan, callsOf, canEdit, insertAfterName, isPlain } from "./calls";
import { addressesOf, checksDownloadsWell, curlValueFlags } from "./downloads";

export default defineRule({
  id: "cleartext-downgrade-allowed",
  theme: "shell",
  category: "security",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A redirect may lead curl from https to http.",
  why: "With `-L`, curl follows a redirect to plain http as well, where the answer can be replaced on its way. `--proto '=https'` makes curl refuse. Off by default: few servers send such redirects, and most Dockerfiles would be marked.",
  aliases: { sonar: ["S6506"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "Redirects are followed to anywhere",
      code: "FROM debian:13\nRUN [|curl -fsSL https://example.org/a.tgz|] | tar xz\n",
      fixed: "FROM debian:13\nRUN curl --proto '=https' --tlsv1.2 -fsSL https://example.org/a.tgz | tar xz\n",
    },
    {
      title: "Only https is allowed",
      code: "FROM debian:13\nRUN curl --proto '=https' --tlsv1.2 -sSfL https://example.org/a.sh -o a.sh\n",
    },
    { title: "Redirects are not followed", code: "FROM debian:13\nRUN curl -fsSO https://example.org/a.tgz\n" },
    {
      title: "The file is checked",
      code: 'FROM debian:13\nRUN curl -fsSLO https://example.org/a && echo "$SUM a" | sha256sum -c\n',
    },
  ],
  *check({ model }) {
    for (const call of callsOf(model, "curl")) {
      const { command } = call;
      if (!hasFlag(command, ["-L", "--location", "--location-trusted"], curlValueFlags)) continue;
      if (hasFlag(command, ["--proto", "--proto-redir", "-K", "--config"], curlValueFlags)) continue;
      const addresses = addressesOf(command);
      if (addresses.length === 0 || addresses.some(({ scheme }) => scheme !== "https")) continue;
      if (!isPlain(model, call) || checksDownloadsWell(call.run)) continue;
      yield {
        message: "curl -L follows a redirect from https to http too. Add --proto '=https' so that it refuses.",
        range: callSpan(call),
        fixes: () => {
          const edit = canEdit(model, call) ? insertAfterName(call, " --proto '=https' --tlsv1.2") : null;
          return edit
            ? [
                {
                  title: "Allow curl only https",
                  applicability: "unsafe",
                  reason: "The build fails where a redirect really leads to http, or the server has no TLS 1.2.",
                  edits: [edit],
                },
              ]
            : [];
        },
      };
    }
  },
});
