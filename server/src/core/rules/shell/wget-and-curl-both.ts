import type { Stage } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { findFlag, splitArguments } from "../../shell/arguments";
import type { Edit } from "../../text";
import { type Call, callSpan, callsOf, canEdit, isPlain } from "./calls";
import { addressesOf, curlValueFlags, wgetValueFlags } from "./downloads";

export default defineRule({
  id: "wget-and-curl-both",
  theme: "shell",
  category: "maintainability",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "Both wget and curl are used in one stage.",
  why: "Both tools do the same here; one of them would do, and the image need not carry the other. One finding per stage, at the tool that is used less often. Off by default: where the base image brings both, nothing is gained.",
  aliases: {
    hadolint: ["DL4001"],
    trivy: ["DS-0014"],
    kics: ["Run Using 'wget' and 'curl'"],
    semgrep: ["use-either-wget-or-curl"],
    tally: ["hadolint/DL4001"],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "wget is the rarer one",
      code: "FROM debian:13\nRUN curl -fsSLO https://example.org/a && curl -fsSLO https://example.org/b\nRUN [|wget -q -O /c https://example.org/c|]\n",
      fixed:
        "FROM debian:13\nRUN curl -fsSLO https://example.org/a && curl -fsSLO https://example.org/b\nRUN curl -fsSL -o /c https://example.org/c\n",
    },
    {
      title: "curl is the rarer one",
      code: "FROM debian:13\nRUN wget https://example.org/a && wget https://example.org/b\nRUN [|curl -fsSL https://example.org/c -o /c|]\n",
      fixed:
        "FROM debian:13\nRUN wget https://example.org/a && wget https://example.org/b\nRUN wget -q -O /c https://example.org/c\n",
    },
    {
      title: "Flags that have no simple counterpart get no fix",
      code: "FROM debian:13\nRUN curl -fsSLO https://example.org/a && curl -fsSLO https://example.org/b\nRUN [|wget --recursive https://example.org/c|]\n",
    },
    { title: "One tool", code: "FROM debian:13\nRUN curl -fsSLO https://example.org/a\n" },
    {
      title: "Each in a stage of its own",
      code: "FROM debian:13 AS a\nRUN curl -fsSLO https://example.org/a\nFROM alpine:3.24\nRUN wget -q https://example.org/b\n",
    },
  ],
  *check({ model }) {
    const curls = byStage(callsOf(model, "curl"));
    const wgets = byStage(callsOf(model, "wget"));
    for (const [stage, curl] of curls) {
      const wget = wgets.get(stage);
      if (!wget) continue;
      const rarer = curl.length < wget.length ? curl : wget;
      const other = rarer === curl ? "wget" : "curl";
      const [first] = rarer;
      if (!first || !isPlain(model, first)) continue;
      yield {
        message: `This stage downloads by ${first.command.name} here and by ${other} elsewhere. Use ${other} here too, and do without ${first.command.name}.`,
        range: callSpan(first),
        fixes: () => {
          const edits = rarer.map((call) => (canEdit(model, call) ? rewrite(call) : null));
          return edits.includes(null)
            ? []
            : ([
                {
                  title: `Download by ${other}`,
                  applicability: "unsafe",
                  reason: `The two tools differ in details, such as what counts as a failure; ${other} has to be in the image at that step.`,
                  edits: edits as Edit[],
                },
              ] satisfies Fix[]);
        },
      };
    }
  },
});

function byStage(calls: readonly Call[]): ReadonlyMap<Stage, readonly Call[]> {
  const stages = new Map<Stage, Call[]>();
  for (const call of calls) {
    const { stage } = call.run;
    if (!stage) continue;
    const list = stages.get(stage);
    if (list) list.push(call);
    else stages.set(stage, [call]);
  }
  return stages;
}

/** The call in the words of the other tool; null where a flag has no plain counterpart. */
function rewrite(call: Call): Edit | null {
  const { command } = call;
  const addresses = addressesOf(command);
  const [address] = addresses;
  const fromWget = command.name === "wget";
  const valueFlags = fromWget ? wgetValueFlags : curlValueFlags;
  const { operands, flags } = splitArguments(command, valueFlags);
  if (!address || addresses.length !== 1 || operands.length !== 1) return null;
  let output: string | null = null;
  let named = false;
  let quiet = false;
  for (const flag of flags) {
    const written = flag.value ?? "";
    const clean = fromWget ? /^-(?:q|nv)?(O?)(-?)$/.exec(written) : /^-[fsSL]*([oO]?)$/.exec(written);
    const long = fromWget ? /^--(?:quiet|no-verbose)$/ : /^--(?:fail|silent|show-error|location)$/;
    if (!clean && !long.test(written)) return null;
    quiet ||= /q|s|nv|quiet|silent/.test(written);
    if (!clean) continue;
    if (clean[2] === "-") output = "-";
    else if (clean[1] === "O" && !fromWget) named = true;
    else if (clean[1]) {
      const words = command.words;
      output = words[words.indexOf(flag) + 1]?.text ?? null;
      if (output === null) return null;
    }
  }
  const { text } = address.word;
  const span = callSpan(call);
  if (fromWget) {
    const target = output === "-" ? "" : output === null ? " -O" : ` -o ${output}`;
    return { span, newText: `curl ${quiet ? "-fsSL" : "-fL"}${target} ${text}` };
  }
  const followed = findFlag(command, ["-L", "--location"], curlValueFlags);
  if (!followed || (output === null && !named))
    return output === null && followed ? { span, newText: `wget -qO- ${text}` } : null;
  return { span, newText: `wget ${quiet ? "-q " : ""}${output === null ? "" : `-O ${output} `}${text}` };
}
