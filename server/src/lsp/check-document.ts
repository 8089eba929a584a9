/** Checks one version of a document: from its text and configuration to findings. Remembers nothing of documents itself. */
import type { TextDocument } from "vscode-languageserver-textdocument";
import { type Group, groupReports } from "../core/group";
import type { ScanFacts } from "../core/image/vulnerability";
import {
  type AnyRule,
  buildModel,
  type Catalogue,
  type Config,
  type Day,
  type Facts,
  type InstructionCache,
  type LintInput,
  type LintMemory,
  type Log,
  lint,
  type Model,
  noFacts,
  type RuleFailure,
  type ShellCheckGuest,
} from "../core/index";
import type { DocumentConfig } from "./configuration";
import { isExcludedName } from "./names";
import type { OnlineService } from "./registry";
import type { WorkspaceBases } from "./workspace-bases";

/** Texts longer than this (UTF-16 units) are left alone: no Dockerfile that a person wrote comes near. */
export const longestText = 2_000_000;

/** What checks need of the world. */
export interface CheckHost {
  readonly rules: readonly AnyRule[];
  /** Asked for when the first Dockerfile is checked, not before. */
  readonly catalogue: () => Catalogue;
  readonly log: Log;
  /** ShellCheck, for documents whose settings want it; null where no programs can be run. */
  readonly shellcheck: ShellCheckGuest | null;
  /** Answers of registries, for documents whose settings want them; null where nobody can be asked. */
  readonly online: OnlineService | null;
  /** What scanners said, where the user ran one. */
  readonly scans: ScanFacts | null;
  readonly today: () => Day;
}

/** What is known of one version of a document. */
export interface Result {
  readonly uri: string;
  /** Version of the open document; null for a file that is not open. */
  readonly version: number | null;
  readonly config: DocumentConfig;
  /** Why nothing is said of it, or null when it was checked. */
  readonly silence: Silence | null;
  /** Null when it was not checked. */
  readonly checked: Checked | null;
  /** What the user should know beside, as a sentence: a guest that is wanted and does not answer. */
  readonly note: string | null;
}

/** `fault`: the engine itself failed; the log has a line. */
export type Silence = "name" | "disabled" | "ignored" | "too-large" | "fault";

/** Findings, and all that is needed to act on them. */
export interface Checked {
  readonly input: LintInput;
  readonly model: Model;
  readonly groups: readonly Group[];
}

/** What an open document remembers from check to check. */
export interface CheckMemory {
  readonly cache?: InstructionCache;
  readonly facts?: Facts;
  readonly findings?: LintMemory;
}

/** Checks documents; see `createChecker`. */
export interface Checker {
  /** Checks a text; `model` builds its model, anew where left out. Never throws: a fault of the engine is the answer. */
  examine(
    text: TextDocument,
    config: DocumentConfig,
    memory?: CheckMemory,
    version?: number | null,
    model?: () => Model,
  ): Result;
  /** The model of a text under a configuration. */
  build(content: string, config: Config, memory: CheckMemory): Model;
  /** What the user should know beside the findings, or null. */
  noteOf(config: DocumentConfig): string | null;
}

/** Makes a checker. Rules that fail cost one line of the log each. */
export function createChecker(host: CheckHost, bases: WorkspaceBases): Checker {
  const complained = new Set<string>();

  const noteOf = (config: DocumentConfig): string | null =>
    config.shellcheck ? (host.shellcheck?.trouble ?? null) : null;

  const examine = (
    text: TextDocument,
    config: DocumentConfig,
    memory: CheckMemory = {},
    version: number | null = text.version,
    model: () => Model = () => build(text.getText(), config.config, memory),
  ): Result => {
    const { uri } = text;
    const content = text.getText();
    const silence = silenceOf(uri, config, content.length);
    if (silence !== null) return { uri, version, config, silence, checked: null, note: null };
    try {
      return { uri, version, config, silence: null, checked: run(model(), config, memory), note: noteOf(config) };
    } catch (error) {
      host.log.error(`a file could not be checked: ${describeFault(error)}`);
      return { uri, version, config, silence: "fault", checked: null, note: null };
    }
  };

  const build = (content: string, { buildArgs, target }: Config, memory: CheckMemory): Model =>
    buildModel(content, { buildArgs, target, ...(memory.cache ? { cache: memory.cache } : {}) });

  const run = (model: Model, config: DocumentConfig, memory: CheckMemory): Checked => {
    const registry = host.online?.byTheWay(config.registry);
    const { folder } = config;
    // Only a policy makes anybody look at signatures.
    const isAsked = config.registry.signatures.required.length > 0;
    const signatures = isAsked ? host.online?.signatures(config.registry) : null;
    const facts = withAnswers(memory.facts ?? noFacts, {
      ...(registry ? { registry } : {}),
      ...(signatures ? { signatures } : {}),
      ...(host.scans ? { scans: host.scans } : {}),
      ...(folder === null ? {} : { bases: () => bases.of(folder) }),
    });
    const input: LintInput = {
      model,
      rules: host.rules,
      config: config.config,
      catalogue: host.online?.catalogue(config.registry, host.catalogue()) ?? host.catalogue(),
      today: host.today(),
      path: config.path,
      facts,
      ...(memory.findings ? { memory: memory.findings } : {}),
    };
    const { reports, failures } = lint(input);
    for (const failure of failures) complain(failure);
    host.online?.askSoon(config.registry);
    return { input, model, groups: groupReports(model, reports) };
  };

  /** One line for each rule that fails, once: what it stumbled over may come with every keystroke. */
  const complain = ({ rule, error }: RuleFailure): void => {
    if (complained.has(rule)) return;
    complained.add(rule);
    host.log.error(`rule ${rule} failed and was skipped: ${describeFault(error)}`);
  };

  return { examine, build, noteOf };
}

/** The same facts, with more of the world beside them. What is known only later shows through. */
function withAnswers(facts: Facts, more: Partial<Facts>): Facts {
  return Object.assign(Object.create(facts) as Facts, more);
}

function silenceOf(uri: string, config: DocumentConfig, length: number): Silence | null {
  if (!config.enabled) return "disabled";
  if (isExcludedName(uri)) return "name";
  if (config.ignored) return "ignored";
  return length > longestText ? "too-large" : null;
}

/** A fault for the log: its kind and where, not its message, which may quote the user's file. */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frame = error.stack?.split("\n").find((line) => /^\s+at /.test(line));
  return frame ? `${error.name} ${frame.trim()}` : error.name;
}
