import type { AnyRule } from "../../rule";
import duplicateDirective from "./duplicate-directive";
import duplicateFlag from "./duplicate-flag";
import extraArgument from "./extra-argument";
import instructionBeforeFrom from "./instruction-before-from";
import invalidEscapeDirective from "./invalid-escape-directive";
import invalidFlagValue from "./invalid-flag-value";
import invalidFromAs from "./invalid-from-as";
import keyValueSyntax from "./key-value-syntax";
import missingArgument from "./missing-argument";
import onbuildForbiddenTrigger from "./onbuild-forbidden-trigger";
import onbuildUnknownTrigger from "./onbuild-unknown-trigger";
import syntaxError from "./syntax-error";
import unknownFlag from "./unknown-flag";
import unknownInstruction from "./unknown-instruction";

/**
 * The rules of the theme instruction, in the order of their ids; syntax-error, which says whatever nobody else has said
 * of a fault, is the last.
 */
export const instructionRules: readonly AnyRule[] = [
  duplicateDirective,
  duplicateFlag,
  extraArgument,
  instructionBeforeFrom,
  invalidEscapeDirective,
  invalidFlagValue,
  invalidFromAs,
  keyValueSyntax,
  missingArgument,
  onbuildForbiddenTrigger,
  onbuildUnknownTrigger,
  unknownFlag,
  unknownInstruction,
  syntaxError,
];
