/** The public door of the engine. */
export { bundledCatalogue } from "./catalogue/catalogue";
export * from "./catalogue/types";
export { type AppliedFix, applyFixes, bestFix, type FixOptions, type FixResult } from "./fix";
export { type Group, groupMessage, groupReports, meets, mostSevere } from "./group";
export type { RegistryFacts, RemoteImage } from "./image/registry";
export { type LintInput, type LintResult, lint, noFacts, type Report, type RuleFailure } from "./lint";
export { createLintMemory, type LintMemory } from "./memory";
export { buildModel, createInstructionCache, type InstructionCache, type ModelOptions } from "./model/build";
export * from "./model/types";
export { basesOf, type WorkspaceBase } from "./model/workspace-bases";
export * from "./ports";
export * from "./preset";
export * from "./rule";
export { allRules } from "./rules/index";
export type { ShellCheckRemark, ShellCheckScript } from "./shell/shellcheck";
export { createShellCheck, type ShellCheckGuest } from "./shellcheck";
export * from "./text";
