/** Every rule, theme by theme: the list is visible, nothing registers itself. */
import type { AnyRule } from "../rule";
import { baseImageRules } from "./base-image/index";
import { instructionRules } from "./instruction/index";
import { suppressionRules } from "./suppression/index";

/** All rules. */
export const allRules: readonly AnyRule[] = [...baseImageRules, ...instructionRules, ...suppressionRules];
