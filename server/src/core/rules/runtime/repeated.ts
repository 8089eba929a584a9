/** Instructions of which a stage obeys the last one alone: CMD, ENTRYPOINT and HEALTHCHECK. */

import { hasTemplate } from "../../fixes/mount";
import { removeInstruction } from "../../fixes/remove";
import { instructionsIn, instructionsNamed } from "../../model/index-of";
import type { Model } from "../../model/types";
import type { Finding } from "../../rule";

/** A finding for each instruction that a later one of the same stage makes void. */
export function* overriddenInstructions(model: Model, keyword: string, effect: string): Iterable<Finding> {
  if (instructionsNamed(model, keyword).length < 2) return;
  for (const stage of model.stages) {
    const found = instructionsIn(stage, keyword).slice();
    const last = found.pop();
    if (!last) continue;
    const line = model.lines.positionAt(last.span.start).line + 1;
    for (const instruction of found) {
      yield {
        message: `${keyword} here has no effect: the one in line ${line} takes its place. ${effect}`,
        range: instruction.keywordSpan,
        tags: ["unnecessary"],
        related: [{ message: `This ${keyword} counts.`, range: last.keywordSpan }],
        fixes: () =>
          hasTemplate(model, instruction.span)
            ? []
            : [
                {
                  title: `Delete the ${keyword} without effect`,
                  applicability: "unsafe",
                  reason: "The image stays the same, but this one may be the one that was meant.",
                  edits: [removeInstruction(model, instruction)],
                },
              ],
      };
    }
  }
}
