import type { AnyRule } from "../../rule";
import inlineIgnoreForbidden from "./inline-ignore-forbidden";
import suppressionInvalid from "./suppression-invalid";
import suppressionUnused from "./suppression-unused";
import suppressionWithoutReason from "./suppression-without-reason";

/** The rules of the theme suppression, in the order of their ids. */
export const suppressionRules: readonly AnyRule[] = [
  inlineIgnoreForbidden,
  suppressionInvalid,
  suppressionUnused,
  suppressionWithoutReason,
];
