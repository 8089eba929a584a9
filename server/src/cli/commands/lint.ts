/** `plimsoll lint` and `plimsoll fix`. */
import { statSync } from "node:fs";
import path from "node:path";
import { type ConfigSource, createConfigSource } from "../../config/find";
import { createIgnore } from "../../config/ignore";
import { relativeTo } from "../../config/paths";
import type { ConfigFile } from "../../config/types";
import { createShellCheck, type Facts, noFacts, type ShellCheckGuest, severities } from "../../core/index";
import type { Baseline } from "../baseline";
import { contextFacts, isContextFolder } from "../context";
import { findTargets, readBytes, reason, shownPath, slashes, type Target, type Targets } from "../files";
import { lintFile, notLinted, type Outcome } from "../lint-file";
import { createOnlineLint } from "../lint-online";
import { type LintOptions, readLintOptions } from "../lint-options";
import { choosePaint, type Paint } from "../paint";
import { createReporter } from "../reporters/index";
import { exit, type Product, type Terminal, UsageError } from "../terminal";
import { harmless } from "../width";
import { workspaceBases } from "../workspace-bases";
import { writeWhole } from "../write";

/** Lints, and mends where it is asked to. Resolves to the exit code. */
export async function runLint(
  args: readonly string[],
  always: { readonly fix: boolean },
  terminal: Terminal,
  product: Product,
): Promise<number> {
  const options = readLintOptions(args, always, terminal, product);
  checkContext(options);
  const baseline = await baselineOf(options, terminal);
  const { targets, faults, compared } = await targetsOf(options, terminal);
  const bases = workspaceBases(compared);
  const configs = createConfigSource({ reader: terminal.reader, rules: product.rules, boundary: null });
  const problems = createProblemReport(terminal, options);
  if (options.config !== null) problems.require(await configs.load(options.config));

  const paint = choosePaint(options.given, terminal, terminal.stdout);
  const columns = terminal.stdout.columns ?? 120;
  const reporter = await createReporter(options.format, product, terminal.cwd, {
    paint,
    columns,
    quiet: options.quiet,
  });
  const report = createReportWriter(options, terminal);
  const shellcheck = options.shellcheck ? createShellCheck(terminal.processes) : null;
  const online = createOnlineLint(options, terminal, product);
  const counts = { error: 0, warning: 0, info: 0, hint: 0 };
  const total = { files: 0, faults: 0, fixed: 0, fixedFiles: 0 };
  let [found, mistaken] = [false, false];
  const take = (outcome: Outcome): void => {
    total.files++;
    const { error } = outcome.result;
    if (error !== null) total.faults++;
    if (outcome.fixed > 0) total.fixedFiles++;
    total.fixed += outcome.fixed;
    const reports = baseline && error === null ? baseline.sift(outcome.result) : outcome.result.reports;
    for (const { severity } of reports) {
      counts[severity]++;
      found ||= severities.indexOf(severity) <= outcome.limit;
    }
    mistaken ||= outcome.fault;
    for (const note of outcome.notes) say(terminal, note);
    report.add(options.diff ? colored(outcome.diff, paint) : reporter.file({ ...outcome.result, reports }));
  };

  for (const fault of faults) take(notLinted(fault.path, fault.message));
  for (const [index, target] of targets.entries()) {
    showProgress(terminal, options, index, targets.length);
    const config = await configFor(target, configs, options);
    if (config && !target.named && isIgnored(config, target)) continue;
    const bytes = readBytes(target.absolute);
    if ("fault" in bytes) take(notLinted(target.path, bytes.fault, target.absolute));
    else take(await lintBytes(target, bytes, config, "file"));
  }
  showProgress(terminal, options, targets.length, targets.length);
  if (options.stdin) {
    const absolute = slashes(path.resolve(terminal.cwd, options.stdinName));
    const target = { path: options.stdinName, absolute, named: true };
    const config = await configFor(target, configs, options);
    const outcome = await lintBytes(target, await terminal.readStdin(), config, "stdout");
    if (options.fix && !options.diff && outcome.mended !== null) terminal.stdout.write(outcome.mended);
    take(outcome);
  }
  if (shellcheck?.trouble) say(terminal, shellcheck.trouble);
  for (const trouble of online.troubles()) say(terminal, `${trouble} What it would have said is missing.`);
  if (total.files === 0) say(terminal, options.changedOnly ? "No Dockerfile changed." : "No Dockerfile found.");
  const known = baseline && !options.updateBaseline ? baseline.known : 0;
  report.add(reporter.end({ ...total, counts, known, diff: options.diff, args: options.given.positionals }));
  const written = report.end() && saveBaseline(baseline, options, terminal);
  return mistaken || !written ? exit.fault : found ? exit.found : exit.clean;

  function lintBytes(
    target: Target,
    bytes: Uint8Array,
    config: ConfigFile | null,
    to: "file" | "stdout",
  ): Outcome | Promise<Outcome> {
    if (config && !problems.usable(config)) {
      return notLinted(target.path, `was not linted: ${problems.shown(config)} has errors`, target.absolute);
    }
    const facts = { ...factsOf(target, to, options.context, shellcheck), bases };
    if (online.isOn(config)) return online.lint(target, bytes, config, facts, to);
    return lintFile(target, bytes, config, facts, to, options, product);
  }
}

/**
 * Which files the run is about: those of the arguments and of the list, where asked for only the changed ones. Rules
 * that compare files compare them with all of them.
 */
async function targetsOf(
  options: LintOptions,
  terminal: Terminal,
): Promise<Targets & { readonly compared: readonly Target[] }> {
  const { filesFrom, changedOnly, quiet } = options;
  const listed = filesFrom === null ? [] : await (await import("../file-list")).readFileList(filesFrom, terminal);
  const all = await findTargets(options.paths, terminal.cwd, listed);
  if (all.passedOver > 0 && !quiet) {
    const files = all.passedOver === 1 ? "1 file" : `${all.passedOver} files`;
    say(
      terminal,
      `${files} of the list left out: by name no Dockerfile. Name a file as an argument to lint it anyway.`,
    );
  }
  if (!changedOnly) return { ...all, compared: all.targets };
  const { changedFiles } = await import("../changed");
  const changed = await changedFiles(terminal.processes, terminal.cwd, changedOnly.ref);
  const targets = all.targets.filter((target) => changed.has(target.absolute));
  return { ...all, targets, compared: all.targets };
}

async function baselineOf(options: LintOptions, terminal: Terminal): Promise<Baseline | null> {
  if (options.baseline === null) return null;
  const { openBaseline } = await import("../baseline");
  return openBaseline(options.baseline, terminal.cwd, options.updateBaseline);
}

/** False when the baseline could not be written. */
function saveBaseline(baseline: Baseline | null, options: LintOptions, terminal: Terminal): boolean {
  if (!baseline || options.baseline === null) return true;
  const shown = shownPath(terminal.cwd, options.baseline);
  if (!options.updateBaseline) {
    if (baseline.outdated > 0 && !options.quiet) {
      const entries = baseline.outdated === 1 ? "1 finding" : `${baseline.outdated} findings`;
      say(terminal, `${entries} of ${shown} can no longer be found; --update-baseline takes them out.`);
    }
    return true;
  }
  try {
    baseline.save();
    if (!options.quiet) say(terminal, `Wrote the ${baseline.found} findings of this run to ${shown}.`);
    return true;
  } catch (error) {
    say(terminal, `${shown} cannot be written (${reason(error)}).`);
    return false;
  }
}

function factsOf(target: Target, to: "file" | "stdout", context: string | null, guest: ShellCheckGuest | null): Facts {
  // Standard input lies in no folder, whatever name it was given.
  const folder = context ?? (to === "file" ? path.dirname(target.absolute) : null);
  const facts = folder === null ? noFacts : contextFacts(folder, context !== null || isContextFolder(folder));
  if (!guest) return facts;
  return {
    ...facts,
    shellcheck(scripts) {
      guest.learnNow(scripts);
      return guest.known(scripts);
    },
  };
}

function checkContext({ context }: LintOptions): void {
  if (context === null) return;
  try {
    if (!statSync(context).isDirectory()) throw new UsageError(`--context: ${context} is no folder.`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--context: ${context} cannot be read (${reason(error)}).`);
  }
}

function configFor(target: Target, configs: ConfigSource, { config }: LintOptions): Promise<ConfigFile | null> {
  return config === null ? configs.forFile(target.absolute) : configs.load(config);
}

function isIgnored(config: ConfigFile, target: Target): boolean {
  if (config.ignore.length === 0) return false;
  const inside = relativeTo(path.posix.dirname(config.path), target.absolute);
  return inside !== null && createIgnore(config.ignore)(inside);
}

// Says what is wrong with configurations, each once.
function createProblemReport(terminal: Terminal, { quiet }: LintOptions) {
  const spoken = new Set<string>();
  const shown = (config: ConfigFile): string => relativeTo(terminal.cwd, config.path) ?? config.path;
  const usable = (config: ConfigFile): boolean => {
    if (!spoken.has(config.path)) {
      spoken.add(config.path);
      for (const { severity, message, range } of config.problems) {
        if (severity === "info" && quiet) continue;
        const place = `${shown(config)}:${range.start.line + 1}:${range.start.character + 1}`;
        terminal.stderr.write(`${harmless(`${place}: ${severity}: ${message}`)}\n`);
      }
    }
    return !config.problems.some((problem) => problem.severity === "error");
  };
  const require = (config: ConfigFile | null): void => {
    if (config && !usable(config)) throw new UsageError(`${shown(config)} cannot be used; nothing was linted.`);
  };
  return { shown, usable, require };
}

// Text goes out in large pieces, to stdout or, at the end and whole, to the file that was asked for.
function createReportWriter({ output, stdin, fix, diff }: LintOptions, terminal: Terminal) {
  let pending: string[] = [];
  // With `-` and --fix stdout carries the mended text.
  const stream = stdin && fix && !diff ? terminal.stderr : terminal.stdout;
  const flush = (): void => {
    const text = pending.join("");
    pending = [];
    if (text !== "") stream.write(text);
  };
  return {
    add(text: string): void {
      if (text !== "") pending.push(text);
      if (output === null && pending.length >= 64) flush();
    },
    /** False when the file could not be written. */
    end(): boolean {
      if (output === null) {
        flush();
        return true;
      }
      try {
        writeWhole(path.resolve(terminal.cwd, output), pending.join(""));
        return true;
      } catch (error) {
        say(terminal, `${output} cannot be written (${reason(error)}).`);
        return false;
      }
    },
  };
}

function say(terminal: Terminal, message: string): void {
  terminal.stderr.write(`plimsoll: ${harmless(message)}\n`);
}

function showProgress({ stderr }: Terminal, { quiet }: LintOptions, done: number, all: number): void {
  if (!stderr.isTTY || quiet || all < 200) return;
  if (done === all) stderr.write("\r\x1b[K");
  else if (done % 50 === 0) stderr.write(`\r${done} of ${all} files`);
}

function colored(diff: string, paint: Paint): string {
  const style = (line: string): string => {
    if (line.startsWith("@@")) return paint("cyan", line);
    if (/^(?:---|\+\+\+) /.test(line)) return paint("bold", line);
    return paint(line.startsWith("-") ? "red" : "green", line);
  };
  return diff.replace(/^(?:@@|[-+]).*$/gm, style);
}
