import { instructionAt } from "../../model/at";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import type { Flag } from "../../syntax/types";
import type { Span } from "../../text";
import { faultCause, faultsOf } from "./faults";

export default defineRule({
  id: "duplicate-flag",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A flag that may be given once is given twice.",
  why: "The builder does not choose between the two: it stops. Only `--mount`, `--device` and `--exclude` may be repeated.",
  aliases: { "dockerfile-utils": ["FLAG_DUPLICATE"] },
  fixable: "safe",
  examples: [
    {
      title: "The same owner twice",
      code: "FROM alpine:3.24\nCOPY --chown=1000 --link [|--chown=1000|] app /app/\n",
      fixed: "FROM alpine:3.24\nCOPY --chown=1000 --link app /app/\n",
    },
    {
      title: "Two values: somebody has to choose",
      code: "FROM alpine:3.24\nHEALTHCHECK --interval=5s [|--interval=30s|] CMD /check\n",
      fixed: "FROM alpine:3.24\nHEALTHCHECK --interval=5s CMD /check\n",
    },
    {
      title: "Mounts may be repeated",
      code: "FROM alpine:3.24\nRUN --mount=type=tmpfs,target=/a --mount=type=tmpfs,target=/b make\n",
    },
  ],
  *check({ model }) {
    for (const { span } of faultsOf(model, "duplicate-flag")) {
      const found = flagAt(model, span);
      if (!found) continue;
      const { instruction, flag, before } = found;
      const first = instruction.parsed.flags.find(({ name }) => name === flag.name) ?? flag;
      yield {
        message: `${instruction.keyword} takes --${flag.name} only once. Delete one of the two.`,
        range: span,
        cause: faultCause(span),
        related: [{ message: "Given here first.", range: locate(instruction, first) }],
        fixes: () => {
          const same = first.value?.text === flag.value?.text;
          return [
            {
              title: `Delete this --${flag.name}`,
              applicability: same ? "safe" : "unsafe",
              ...(same ? {} : { reason: "The two have different values; the first one stays." }),
              edits: [{ span: { start: locate(instruction, before).end, end: span.end }, newText: "" }],
            },
          ];
        },
      };
    }
  },
});

/** The flag at a span with the one before it. */
function flagAt(model: Model, span: Span): { instruction: Instruction; flag: Flag; before: Flag } | null {
  const instruction = instructionAt(model, span.start);
  const flags = instruction?.parsed.flags ?? [];
  const at = flags.findIndex((flag) => instruction && locate(instruction, flag).start === span.start);
  const flag = flags[at];
  const before = flags[at - 1];
  return instruction && flag && before ? { instruction, flag, before } : null;
}
