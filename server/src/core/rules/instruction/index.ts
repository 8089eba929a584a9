import type { AnyRule } from "../../rule";
import syntaxError from "./syntax-error";
import unknownInstruction from "./unknown-instruction";

/** The rules of the theme instruction, in the order of their ids. */
export const instructionRules: readonly AnyRule[] = [syntaxError, unknownInstruction];
