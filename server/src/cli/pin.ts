/** `plimsoll pin`: writes the digests of images behind their tags. The one command that always asks registries. */
import path from "node:path";
import { type ConfigSource, createConfigSource } from "../config/find";
import { createIgnore } from "../config/ignore";
import { relativeTo } from "../config/paths";
import { toConfig } from "../config/to-config";
import type { ConfigFile } from "../config/types";
import { type PinPlan, planPins } from "../core/fixes/pin-file";
import { applyEdits, buildModel, type Model } from "../core/index";
import type { AskingFacts } from "../registry/facts";
import { type Decoded, decode } from "./decode";
import { unifiedDiff } from "./diff";
import { findTargets, readBytes, reason, slashes, type Target } from "./files";
import { commonOptions, type OptionSpec, readOptions } from "./options";
import { choosePaint } from "./paint";
import { countPins, pinLines, pinSummary } from "./pin-report";
import { createRegistries, learn, troublesOf } from "./registry";
import { saveFixes } from "./save";
import { exit, type Product, type Terminal, UsageError } from "./terminal";
import { harmless } from "./width";

export const pinOptions: readonly OptionSpec[] = [
  { name: "update", help: "Also replace digests that are no longer what their tag points to." },
  { name: "newest", help: "Also move tags to the newest patch of the same line and variant." },
  { name: "check", help: "Write nothing; exit with 1 when an image has no digest, or a stale one." },
  { name: "diff", help: "Write nothing; show what would change." },
  { name: "config", value: "FILE", help: "Use this configuration file, whatever lies nearer." },
  { name: "quiet", short: "q", help: "Name only what could not be done." },
  ...commonOptions,
];

interface PinFile {
  readonly target: Target;
  readonly decoded: Decoded;
  readonly model: Model;
  readonly facts: AskingFacts;
  plan: PinPlan;
}

/** Pins. Resolves to the exit code. */
export async function runPin(args: readonly string[], terminal: Terminal, product: Product): Promise<number> {
  const given = readOptions(args, pinOptions, "pin");
  if (given.positionals.includes("-")) throw new UsageError("`plimsoll pin` needs files; it does not read stdin.");
  const wish = { update: given.has("update") || given.has("check"), newest: given.has("newest") };
  const paint = choosePaint(given, terminal, terminal.stdout);
  let faulty = false;
  const complain = (what: string): void => {
    faulty = true;
    terminal.stderr.write(`plimsoll: ${harmless(what)}\n`);
  };

  const registries = createRegistries(terminal, 0);
  const paths = given.positionals.length > 0 ? given.positionals : ["."];
  const files = await openFiles(paths, given.value("config"), terminal, product, registries.factsFor, complain);
  if (files.length === 0 && !faulty) terminal.stderr.write("No Dockerfile found.\n");

  const progress = createProgress(terminal, given.has("quiet"));
  await learn(
    registries.all,
    () => {
      for (const file of files) file.plan = planPins(file.model, product.catalogue(), file.facts, wish);
    },
    progress.show,
  );
  progress.end();

  for (const file of files) {
    const lines = pinLines(file.target.path, file.model, file.plan, { ...shownOf(given), paint });
    terminal.stdout.write(lines);
    if (file.plan.edits.length === 0 || given.has("check")) continue;
    const text = applyEdits(file.decoded.text, file.plan.edits);
    if (given.has("diff")) terminal.stdout.write(unifiedDiff(file.target.path, file.decoded.text, text));
    else save(file, text, complain);
  }
  for (const trouble of troublesOf(registries.all)) complain(trouble);
  const counts = countPins(files.map(({ plan }) => plan));
  if (!given.has("quiet") && files.length > 0) terminal.stdout.write(`${pinSummary(counts, shownOf(given))}\n`);
  if (faulty || counts.unanswered > 0) return exit.fault;
  return counts.left > 0 || (given.has("check") && counts.open > 0) ? exit.found : exit.clean;
}

function shownOf(given: { has(name: string): boolean }): { readonly dry: boolean; readonly quiet: boolean } {
  return { dry: given.has("check") || given.has("diff"), quiet: given.has("quiet") };
}

async function openFiles(
  paths: readonly string[],
  named: string | null,
  terminal: Terminal,
  product: Product,
  factsFor: (config: ConfigFile | null) => AskingFacts,
  complain: (what: string) => void,
): Promise<readonly PinFile[]> {
  const configs = createConfigSource({ reader: terminal.reader, rules: product.rules, boundary: null });
  const { targets, faults } = await findTargets(paths, terminal.cwd);
  for (const fault of faults) complain(`${fault.path} ${fault.message}.`);
  const files: PinFile[] = [];
  for (const target of targets) {
    const config = await configFor(target, named, configs, terminal);
    if (config?.problems.some(({ severity }) => severity === "error")) {
      complain(`${target.path} was not pinned: ${relativeTo(terminal.cwd, config.path) ?? config.path} has errors.`);
      continue;
    }
    if (config && !target.named && isIgnored(config, target)) continue;
    const bytes = readBytes(target.absolute);
    const decoded = "fault" in bytes ? bytes : decode(bytes);
    if ("fault" in decoded) {
      complain(`${target.path} ${decoded.fault}.`);
      continue;
    }
    const { buildArgs, target: stage } = toConfig(config, product.rules);
    const model = buildModel(decoded.text, { buildArgs, target: stage });
    files.push({ target, decoded, model, facts: factsFor(config), plan: { items: [], edits: [] } });
  }
  return files;
}

function configFor(target: Target, named: string | null, configs: ConfigSource, { cwd }: Terminal) {
  return named === null ? configs.forFile(target.absolute) : configs.load(slashes(path.resolve(cwd, named)));
}

function isIgnored(config: ConfigFile, target: Target): boolean {
  if (config.ignore.length === 0) return false;
  const inside = relativeTo(path.posix.dirname(config.path), target.absolute);
  return inside !== null && createIgnore(config.ignore)(inside);
}

function save({ target, decoded }: PinFile, text: string, complain: (what: string) => void): void {
  if (!decoded.lossless) {
    complain(`${target.path} was not written: it is not valid UTF-8, and writing it would lose bytes.`);
    return;
  }
  try {
    saveFixes(target.absolute, decoded, text, []);
  } catch (error) {
    complain(`${target.path} cannot be written (${reason(error)}).`);
  }
}

/** One line that is written over and over, where somebody is looking. */
function createProgress({ stderr }: Terminal, quiet: boolean) {
  const isShown = stderr.isTTY && !quiet;
  return {
    show(done: number, all: number): void {
      if (!isShown) return;
      const full = Math.round((20 * done) / all);
      stderr.write(`\r\x1b[K${"█".repeat(full)}${"░".repeat(20 - full)} ${done} of ${all} answers`);
    },
    end(): void {
      if (isShown) stderr.write("\r\x1b[K");
    },
  };
}
