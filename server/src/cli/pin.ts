/** `plimsoll pin`: writes the digests of images behind their tags. The one command that always asks registries. */
import { type PinPlan, planPins } from "../core/fixes/pin-file";
import { applyEdits } from "../core/index";
import type { AskingFacts } from "../registry/facts";
import { unifiedDiff } from "./diff";
import { reason } from "./files";
import { type OpenFile, openFiles } from "./open-files";
import { commonOptions, type OptionSpec, readOptions } from "./options";
import { choosePaint } from "./paint";
import { countPins, pinLines, pinSummary } from "./pin-report";
import { createProgress } from "./progress";
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

interface PinFile extends OpenFile {
  readonly facts: AskingFacts;
  plan: PinPlan;
}

const noPlan: PinPlan = { items: [], edits: [] };

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
  const opened = await openFiles(paths, { config: given.value("config"), done: "pinned", complain }, terminal, product);
  const files = opened.map((file): PinFile => ({ ...file, facts: registries.factsFor(file.file), plan: noPlan }));
  if (files.length === 0 && !faulty) terminal.stderr.write("No Dockerfile found.\n");

  const progress = createProgress(terminal, given.has("quiet"), "answers");
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
