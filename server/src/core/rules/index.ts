/** Every rule, theme by theme: the list is visible, nothing registers itself. */
import type { AnyRule } from "../rule";

export const allRules: readonly AnyRule[] = [];
