/** Flags of RUN that loosen the build's own walls. */

import { hasTemplate } from "../../fixes/mount";
import { instructionsNamed } from "../../model/index-of";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import type { Flag } from "../../syntax/types";
import type { Edit } from "../../text";

/** The RUN instructions with a flag of the given name and value. Triggers of ONBUILD bring no flags of their own here. */
export function* runsWithFlag(
  model: Model,
  name: string,
  value: string,
): Iterable<{ readonly run: Instruction; readonly flag: Flag }> {
  for (const run of instructionsNamed(model, "RUN")) {
    for (const flag of run.parsed.flags) {
      if (flag.name === name && flag.value?.value === value && !hasTemplate(model, locate(run, flag)))
        yield { run, flag };
    }
  }
}

/** Removes a flag with the blanks before it. */
export function removeFlag(run: Instruction, flag: Flag): Edit {
  const { flags, keywordSpan } = run.parsed;
  const before = flags[flags.indexOf(flag) - 1] ?? keywordSpan;
  return { span: { start: locate(run, before).end, end: locate(run, flag).end }, newText: "" };
}
