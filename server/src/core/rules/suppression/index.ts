import type { AnyRule } from "../../rule";
import suppressionInvalid from "./suppression-invalid";
import suppressionUnused from "./suppression-unused";

/** The rules of the theme suppression, in the order of their ids. */
export const suppressionRules: readonly AnyRule[] = [suppressionInvalid, suppressionUnused];
