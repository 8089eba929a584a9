/** Every rule, theme by theme: the list is visible, nothing registers itself. */
import type { AnyRule } from "../rule";
import { instructionRules } from "./instruction/index";

/** All rules. */
export const allRules: readonly AnyRule[] = [...instructionRules];
