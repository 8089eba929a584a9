import type { AnyRule } from "../../rule";
import definitionCommentFormat from "./definition-comment-format";
import directiveCasing from "./directive-casing";
import epilogueOrder from "./epilogue-order";
import formatting from "./formatting";
import fromAsCasing from "./from-as-casing";
import instructionCasing from "./instruction-casing";
import legacyKeyValue from "./legacy-key-value";
import maxLines from "./max-lines";
import spaceBeforeEquals from "./space-before-equals";
import todoComment from "./todo-comment";

/** The rules of the theme layout, in the order of their ids. */
export const layoutRules: readonly AnyRule[] = [
  definitionCommentFormat,
  directiveCasing,
  epilogueOrder,
  formatting,
  fromAsCasing,
  instructionCasing,
  legacyKeyValue,
  maxLines,
  spaceBeforeEquals,
  todoComment,
];
