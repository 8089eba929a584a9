/** Completion: what may be written at a place. */
import type { Model } from "../model/types";
import { completeArgument } from "./complete-argument";
import { completeComment } from "./complete-comment";
import { type CompletionContext, type CompletionList, nothing, offer } from "./complete-item";
import { completeKeyword } from "./complete-keyword";
import { placeAt } from "./complete-place";
import { variableOffers, variablePartial } from "./complete-variable";

export type { Completion, CompletionContext, CompletionKind, CompletionList } from "./complete-item";

/** The entries for an offset, best first; empty where nothing useful is known. */
export function completionsAt(model: Model, offset: number, context: CompletionContext): CompletionList {
  const place = placeAt(model, offset);
  const list = completionsOf(model, offset, place, context);
  // An entry takes the place of what is written before the cursor; where a line continuation divides that, there is none.
  const [first] = list.items;
  if (first && (first.span.start < 0 || /[\n\r]/.test(model.text.slice(first.span.start, offset)))) return nothing;
  return list;
}

function completionsOf(
  model: Model,
  offset: number,
  place: ReturnType<typeof placeAt>,
  context: CompletionContext,
): CompletionList {
  switch (place.kind) {
    case "comment":
      return completeComment(model, offset, place, context);
    case "keyword":
      // What stands before the cursor may be the end of a line that a word processor wrapped: no keyword has a blank.
      if (/\s/.test(place.partial) || context.trigger === " ") return nothing;
      return completeKeyword(model, offset, place, context);
    case "heredoc": {
      const variable = variablePartial(place.before);
      if (!variable) return nothing;
      const close = variable.braced && model.text[offset] !== "}" ? "}" : "";
      const { stage, instruction } = place;
      return offer(offset, variable.name, variableOffers(model, stage, instruction.index, false, close));
    }
    case "argument":
      return completeArgument(model, offset, place, context);
  }
}
