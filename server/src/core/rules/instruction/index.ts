import type { AnyRule } from "../../rule";
import argOutOfScope from "./arg-out-of-scope";
import duplicateDirective from "./duplicate-directive";
import duplicateFlag from "./duplicate-flag";
import emptyContinuationLine from "./empty-continuation-line";
import envSelfReference from "./env-self-reference";
import extraArgument from "./extra-argument";
import instructionBeforeFrom from "./instruction-before-from";
import invalidEscapeDirective from "./invalid-escape-directive";
import invalidFlagValue from "./invalid-flag-value";
import invalidFromAs from "./invalid-from-as";
import keyValueSyntax from "./key-value-syntax";
import missingArgument from "./missing-argument";
import onbuildForbiddenTrigger from "./onbuild-forbidden-trigger";
import onbuildUnknownTrigger from "./onbuild-unknown-trigger";
import syntaxDirectiveTypo from "./syntax-directive-typo";
import syntaxError from "./syntax-error";
import trailingCommentInArgument from "./trailing-comment-in-argument";
import undefinedVariable from "./undefined-variable";
import unknownFlag from "./unknown-flag";
import unknownInstruction from "./unknown-instruction";
import unsupportedVariableModifier from "./unsupported-variable-modifier";
import unusedArg from "./unused-arg";

/**
 * The rules of the theme instruction, in the order of their ids; syntax-error, which says whatever nobody else has said
 * of a fault, is the last.
 */
export const instructionRules: readonly AnyRule[] = [
  argOutOfScope,
  duplicateDirective,
  duplicateFlag,
  emptyContinuationLine,
  envSelfReference,
  extraArgument,
  instructionBeforeFrom,
  invalidEscapeDirective,
  invalidFlagValue,
  invalidFromAs,
  keyValueSyntax,
  missingArgument,
  onbuildForbiddenTrigger,
  onbuildUnknownTrigger,
  syntaxDirectiveTypo,
  trailingCommentInArgument,
  undefinedVariable,
  unknownFlag,
  unknownInstruction,
  unsupportedVariableModifier,
  unusedArg,
  syntaxError,
];
