import { defineRule } from "../../rule";
import { hasFlag } from "../../shell/arguments";
import { callSpan, callsOf, canEdit, insertAfterName, isPlain } from "./calls";
import { addressesOf, curlValueFlags, isPrivateHost } from "./downloads";

export default defineRule({
  id: "curl-retry-config",
  theme: "shell",
  category: "correctness",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "curl is used without retries.",
  why: "curl tries once. A server that is busy for a second then breaks a build of an hour. A `curlrc` that the file copies or writes counts as an answer. Off by default: a matter of how often your builds meet bad networks.",
  aliases: { tally: ["tally/prefer-curl-config"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "One try",
      code: "FROM debian:13\nRUN [|curl -fsSLO https://example.org/a.tgz|]\n",
      fixed: "FROM debian:13\nRUN curl --retry 5 --retry-connrefused -fsSLO https://example.org/a.tgz\n",
    },
    { title: "Retries are given", code: "FROM debian:13\nRUN curl --retry 3 -fsSLO https://example.org/a.tgz\n" },
    {
      title: "Settings come from a file",
      code: "FROM debian:13\nCOPY curlrc /root/.curlrc\nRUN curl -fsSLO https://example.org/a.tgz\n",
    },
    { title: "Nothing is fetched", code: "FROM debian:13\nRUN curl --version\n" },
  ],
  *check({ model }) {
    const calls = callsOf(model, "curl");
    if (calls.length === 0 || /curlrc|CURL_HOME/.test(model.text)) return;
    for (const call of calls) {
      if (hasFlag(call.command, ["--retry", "--retry-all-errors", "-K", "--config"], curlValueFlags)) continue;
      const addresses = addressesOf(call.command);
      if (addresses.length === 0 || addresses.some(({ host }) => host !== null && isPrivateHost(host))) continue;
      if (!isPlain(model, call)) continue;
      yield {
        message:
          "curl tries only once, so one hiccup of the network ends the build. Add --retry 5 --retry-connrefused.",
        range: callSpan(call),
        fixes: () => {
          const edit = canEdit(model, call) ? insertAfterName(call, " --retry 5 --retry-connrefused") : null;
          return edit
            ? [
                {
                  title: "Let curl try again",
                  applicability: "unsafe",
                  reason: "A download that fails for good takes longer to fail.",
                  edits: [edit],
                },
              ]
            : [];
        },
      };
    }
  },
});
