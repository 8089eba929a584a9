/** The options of `lint` and `fix`, checked and made into what a run needs. */
import path from "node:path";
import { setCode } from "../config/lists";
import { ruleIds } from "../config/rule-ids";
import { didYouMean } from "../config/suggest";
import type { ExtraConfig } from "../config/to-config";
import { type FailOn, failOnValues } from "../config/types";
import { type AnyRule, type Day, presets, type RuleOverride, severities } from "../core/index";
import { slashes } from "./files";
import { commonOptions, type Given, type OptionSpec, readOptions } from "./options";
import { type Format, formats } from "./reporters/index";
import { type Product, type Terminal, UsageError } from "./terminal";

/** The table of options, in the order of the help. */
export const lintOptions: readonly OptionSpec[] = [
  {
    name: "format",
    value: "FORMAT",
    values: formats,
    help: `Form of the report: ${formats.join(", ")}. Default: text.`,
  },
  { name: "output", value: "FILE", help: "Write the report to a file instead of stdout." },
  { name: "config", value: "FILE", help: "Use this configuration for all files. Default: the nearest .plimsoll.yaml." },
  {
    name: "preset",
    value: "NAME",
    values: presets.map((preset) => preset.name),
    multiple: true,
    help: `Rules to start from: ${presets.map((preset) => preset.name).join(", ")}.`,
  },
  { name: "rule", value: "ID=SEVERITY", multiple: true, help: "Set a rule: error, warning, info, hint, off, on." },
  {
    name: "fail-on",
    value: "SEVERITY",
    values: failOnValues,
    help: "From which severity on to exit with 1: error, warning, info, hint, never. Default: error.",
  },
  { name: "fix", help: "Mend what can be mended without changing the image's behaviour." },
  { name: "unsafe-fixes", help: "With --fix: also fixes that may change the build or the running container." },
  { name: "fix-rule", value: "ID", multiple: true, help: "Mend only findings of this rule. Implies --fix." },
  { name: "diff", help: "Show what --fix would change, and write nothing." },
  { name: "baseline", value: "FILE", help: "Leave out the findings that this file knows; only new ones count." },
  { name: "update-baseline", help: "Write the findings of this run to the file of --baseline, and exit with 0." },
  { name: "files-from", value: "FILE", help: "Read paths from a file, or from stdin (-): one a line, or NUL between." },
  {
    name: "changed-only",
    value: "REF",
    optional: true,
    help: "Only files that changed since the branch left REF. Default: the default branch. Runs git.",
  },
  { name: "online", help: "Ask registries about images: digests, newer tags, users, sizes, platforms." },
  { name: "offline", help: "Ask nobody, whatever the configuration says about registries." },
  { name: "shellcheck", help: "Ask ShellCheck about the scripts of RUN, where it is on the PATH. Runs shellcheck." },
  { name: "no-inline-config", help: "Do not heed comments that silence findings." },
  { name: "target", value: "STAGE", help: "The stage that ships, where it is not the last one." },
  {
    name: "build-arg",
    value: "NAME=VALUE",
    multiple: true,
    help: "Value of a build argument. NAME alone: from the environment.",
  },
  {
    name: "context",
    value: "DIR",
    help: "The build context. Default: the Dockerfile's folder, if it has a .dockerignore or a .git.",
  },
  { name: "today", value: "DATE", help: "The day to judge ends of life by (YYYY-MM-DD). Default: today." },
  { name: "stdin-filename", value: "FILE", help: "What the file read from stdin (-) is called." },
  { name: "quiet", short: "q", help: "Findings only: no summary, no notes." },
  ...commonOptions,
];

/** What a run needs. Paths are absolute with forward slashes, but for `paths`. */
export interface LintOptions {
  readonly given: Given;
  /** As given; without `-`. */
  readonly paths: readonly string[];
  readonly stdin: boolean;
  readonly stdinName: string;
  readonly format: Format;
  readonly output: string | null;
  readonly config: string | null;
  readonly extra: ExtraConfig;
  /** Null: what the configuration of each file says. */
  readonly failOn: FailOn | null;
  readonly fix: boolean;
  readonly unsafe: boolean;
  readonly fixRules: ReadonlySet<string> | null;
  readonly diff: boolean;
  readonly baseline: string | null;
  readonly updateBaseline: boolean;
  /** As given: a file, or `-` for stdin. */
  readonly filesFrom: string | null;
  /** Null: all files. `ref` null: since the default branch. */
  readonly changedOnly: { readonly ref: string | null } | null;
  readonly shellcheck: boolean;
  /** Null: what the configuration of each file says. */
  readonly online: boolean | null;
  readonly context: string | null;
  readonly today: Day;
  readonly quiet: boolean;
}

/** Reads the arguments. Throws UsageError. */
export function readLintOptions(
  args: readonly string[],
  always: { readonly fix: boolean },
  terminal: Terminal,
  { rules }: Product,
): LintOptions {
  const given = readOptions(args, lintOptions, always.fix ? "fix" : "lint");
  const stdin = given.positionals.includes("-");
  const named = given.positionals.filter((arg) => arg !== "-");
  const fixRules = given.all("fix-rule").flatMap((id) => resolveRule(id, rules).map((rule) => rule.id));
  const fix = always.fix || given.has("fix") || fixRules.length > 0;
  const format = (given.value("format") ?? "text") as Format;
  const diff = given.has("diff");
  if (given.has("unsafe-fixes") && !fix && !diff) throw new UsageError("--unsafe-fixes needs --fix or --diff.");
  if (diff && format !== "text") throw new UsageError("--diff prints a diff; it cannot be had with --format.");
  if (given.has("stdin-filename") && !stdin) throw new UsageError("--stdin-filename needs the path -.");
  const filesFrom = given.value("files-from");
  if (filesFrom === "-" && stdin) throw new UsageError("Stdin cannot be a Dockerfile (-) and a list of files at once.");
  const updateBaseline = given.has("update-baseline");
  if (updateBaseline && !given.has("baseline")) throw new UsageError("--update-baseline needs --baseline FILE.");
  if (updateBaseline && diff) throw new UsageError("--update-baseline cannot be had with --diff.");
  const absolute = (file: string | null): string | null =>
    file === null ? null : slashes(path.resolve(terminal.cwd, file));
  const target = given.value("target");
  return {
    given,
    paths: named.length === 0 && !stdin && filesFrom === null ? ["."] : named,
    stdin,
    stdinName: slashes(given.value("stdin-filename") ?? "Dockerfile"),
    format,
    output: given.value("output") === "-" ? null : given.value("output"),
    config: absolute(given.value("config")),
    extra: {
      ...(given.has("preset") ? { presets: given.all("preset") } : {}),
      overrides: [ruleOverrides(given.all("rule"), rules)],
      ...(given.has("no-inline-config") ? { inlineConfig: false } : {}),
      ...(target === null ? {} : { target }),
      buildArgs: buildArgs(given.all("build-arg"), terminal.env),
    },
    failOn: given.value("fail-on") as FailOn | null,
    fix,
    unsafe: given.has("unsafe-fixes"),
    fixRules: fixRules.length > 0 ? new Set(fixRules) : null,
    diff,
    baseline: absolute(given.value("baseline")),
    updateBaseline,
    filesFrom,
    changedOnly: given.has("changed-only") ? { ref: given.value("changed-only") || null } : null,
    shellcheck: given.has("shellcheck"),
    online: given.has("offline") ? false : given.has("online") ? true : null,
    context: absolute(given.value("context")),
    today: day(given.value("today")) ?? terminal.today,
    quiet: given.has("quiet"),
  };
}

/** The rules behind a name. Throws UsageError when there is none. */
export function resolveRule(name: string, rules: readonly AnyRule[]): readonly AnyRule[] {
  const found = ruleIds(rules).resolve(name);
  if (found.length > 0) return found;
  const meant = ruleIds(rules).suggest(name);
  const hint = meant === null ? ". `plimsoll rules` lists them all." : `; did you mean "${meant}"?`;
  throw new UsageError(`Unknown rule "${name}"${hint}`);
}

function ruleOverrides(list: readonly string[], rules: readonly AnyRule[]): ReadonlyMap<string, RuleOverride> {
  const overrides = new Map<string, RuleOverride>();
  const levels = [...severities, "off", "on"] as const;
  for (const item of list) {
    const at = item.lastIndexOf("=");
    if (at < 1) throw new UsageError(`--rule takes ID=SEVERITY, not "${item}".`);
    const name = item.slice(0, at);
    const wanted = item.slice(at + 1);
    const severity = levels.find((level) => level === wanted);
    if (!severity) {
      const meant = didYouMean(wanted, levels) || ".";
      throw new UsageError(`"${wanted}" is not valid for --rule ${name}${meant} Valid: ${levels.join(", ")}.`);
    }
    for (const rule of resolveRule(name, rules)) {
      if (!setCode(rule, overrides, name, severity)) overrides.set(rule.id, { ...overrides.get(rule.id), severity });
    }
  }
  return overrides;
}

// As for `docker build`: a name without a value is taken from the environment, and left out where it is not set.
function buildArgs(list: readonly string[], env: Terminal["env"]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const item of list) {
    const at = item.indexOf("=");
    const name = at < 0 ? item : item.slice(0, at);
    if (name === "") throw new UsageError(`--build-arg takes NAME=VALUE, not "${item}".`);
    const value = at < 0 ? env[name] : item.slice(at + 1);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

function day(text: string | null): Day | null {
  if (text === null) return null;
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  if (!date || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text) {
    throw new UsageError(`"${text}" is not a day; --today takes YYYY-MM-DD.`);
  }
  return text;
}
