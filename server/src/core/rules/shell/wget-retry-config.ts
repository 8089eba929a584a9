import { distributionUnder } from "../../catalogue/stage";
import { defineRule } from "../../rule";
import { hasFlag } from "../../shell/arguments";
import { callSpan, callsOf, canEdit, insertAfterName, isPlain } from "./calls";
import { addressesOf, isPrivateHost, wgetValueFlags } from "./downloads";

export default defineRule({
  id: "wget-retry-config",
  theme: "shell",
  category: "correctness",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "wget gives up where a connection is refused.",
  why: "GNU wget tries 20 times when a transfer breaks off, but not once more when the server refuses the connection. `--tries=5 --retry-connrefused` says both. The wget of busybox (Alpine) knows neither flag and is left alone. Off by default: a matter of how often your builds meet bad networks.",
  aliases: { tally: ["tally/prefer-wget-config"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "Nothing is said of retries",
      code: "FROM debian:13\nRUN [|wget -q https://example.org/a.tgz|]\n",
      fixed: "FROM debian:13\nRUN wget --tries=5 --retry-connrefused -q https://example.org/a.tgz\n",
    },
    { title: "Retries are given", code: "FROM debian:13\nRUN wget -t 3 -q https://example.org/a.tgz\n" },
    { title: "The wget of busybox", code: "FROM alpine:3.24\nRUN wget -q https://example.org/a.tgz\n" },
  ],
  *check({ model, catalogue }) {
    const calls = callsOf(model, "wget");
    if (calls.length === 0 || /wgetrc/i.test(model.text)) return;
    for (const call of calls) {
      const { run, command } = call;
      if (
        hasFlag(command, ["-t", "--tries", "--retry-connrefused", "--retry-on-http-error", "--config"], wgetValueFlags)
      )
        continue;
      const addresses = addressesOf(command);
      if (addresses.length === 0 || addresses.some(({ host }) => host !== null && isPrivateHost(host))) continue;
      const system = run.stage && distributionUnder(run.stage, catalogue);
      if (!system || system.shell === "busybox" || !isPlain(model, call)) continue;
      yield {
        message: "wget does not try again when the server refuses the connection. Add --tries=5 --retry-connrefused.",
        range: callSpan(call),
        fixes: () => {
          const edit = canEdit(model, call) ? insertAfterName(call, " --tries=5 --retry-connrefused") : null;
          return edit
            ? [
                {
                  title: "Let wget try again",
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
