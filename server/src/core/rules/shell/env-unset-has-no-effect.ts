import { canChangeRun } from "../../fixes/mount";
import { removeInstruction, removeItems } from "../../fixes/remove";
import { instructionsOf } from "../../model/index-of";
import type { Model } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { type Call, callSpan, callsOf, isPlain, wordSpan } from "./calls";

export default defineRule({
  id: "env-unset-has-no-effect",
  theme: "shell",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A RUN ends by unsetting a variable that ENV set, so it stays set afterwards.",
  why: "`unset` reaches as far as the shell that runs this one step. The next step and every container get the value of ENV again; where it is a password, it is still there for everybody to read. Give the value to the one RUN that needs it (`RUN NAME=value command`, or a secret mount), or set it anew by ENV. An `unset` that commands of the same RUN follow does its work and is not reported.",
  aliases: { sonar: ["S6581"] },
  reads: ["RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Unset in a step of its own",
      code: "FROM alpine:3.24\nENV ADMIN_USER=mark\nRUN setup\nRUN unset [|ADMIN_USER|]\n",
      fixed: "FROM alpine:3.24\nENV ADMIN_USER=mark\nRUN setup\n",
    },
    {
      title: "Unset at the end",
      code: "FROM alpine:3.24\nENV http_proxy=http://proxy:3128\nRUN apk add --no-cache curl && unset [|http_proxy|]\n",
      fixed: "FROM alpine:3.24\nENV http_proxy=http://proxy:3128\nRUN apk add --no-cache curl\n",
    },
    { title: "For the rest of the same step", code: "FROM alpine:3.24\nENV CFLAGS=-O2\nRUN unset CFLAGS && make\n" },
    { title: "A variable of the step itself", code: "FROM alpine:3.24\nRUN export TOKEN=x && setup && unset TOKEN\n" },
    {
      title: "An ARG is gone after the build anyway",
      code: "FROM alpine:3.24\nARG VERSION=1\nRUN setup && unset VERSION\n",
    },
  ],
  *check({ model }) {
    // Hardly a file does, and then its scripts need not be looked through for this.
    if (!instructionsOf(model, "RUN", "ONBUILD").some(({ parsed }) => parsed.text.includes("unset"))) return;
    for (const call of callsOf(model, "unset")) {
      const { run, script, command } = call;
      const { stage, index } = run.instruction;
      const isLast = command.outer.item === script.script.topLevel.length - 1;
      if (!stage || !isLast || command.command.context.length > 0 || command.command.pipeline.length > 1) continue;
      if (command.outer !== command.command || !isPlain(model, call)) continue;
      for (const word of command.words.slice(1)) {
        const binding = word.value === null ? null : stage.scope.lookup(word.value, index);
        if (binding?.kind !== "env") continue;
        yield {
          message: `${word.value} is unset for the end of this step only: ENV sets it again for the next one and in every container. Set it in the RUN that needs it instead of by ENV.`,
          range: wordSpan(call, word),
          ...(binding.instruction
            ? { related: [{ message: `${word.value} is set here.`, range: binding.instruction.span }] }
            : {}),
          fixes: () => (command.words.length === 2 ? removeUnset(model, call) : []),
        };
      }
    }
  },
});

function removeUnset(model: Model, call: Call): readonly Fix[] {
  const { run, script, command } = call;
  if (run.isTrigger || !canChangeRun(model, run.instruction) || !script.script.wellFormed) return [];
  const only = script.script.topLevel.length === 1 && run.scripts.length === 1;
  const edit = only
    ? removeInstruction(model, run.instruction)
    : removeItems(script, command.outer.item, command.outer.item);
  if (!edit || callSpan(call).start < edit.span.start) return [];
  return [
    {
      title: "Remove the unset, which does nothing here",
      applicability: "unsafe",
      reason: "The variable stays set, as it does now; only the step's text changes, which builds its layer anew.",
      edits: [edit],
    },
  ];
}
