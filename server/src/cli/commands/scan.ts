/** `plimsoll scan`: lets a scanner look at base images, and reports what counts. */
import { imagePlaces } from "../../core/fixes/image-places";
import type { ImageReference } from "../../core/image/reference";
import {
  atLeast,
  countedVulnerabilities,
  readFilter,
  type ScanReport,
  type Vulnerability,
  vulnerabilitySeverities,
} from "../../core/image/vulnerability";
import { lint, resolveConfig } from "../../core/index";
import { nameOf } from "../../registry/facts";
import { createScanMemory, type ScanMemory } from "../../scan/memory";
import { scanImage } from "../../scan/scan";
import { type ScannerName, scannerNames } from "../../scan/scanners";
import { type OpenFile, openFiles } from "../open-files";
import { commonOptions, type Given, type OptionSpec, readOptions } from "../options";
import { choosePaint } from "../paint";
import { createProgress } from "../progress";
import { createRegistries, learn } from "../registry";
import { createReporter, type Format, formats } from "../reporters/index";
import { siblingReader } from "../save";
import { type Scanned, scanJson, scanLines, scanSummary } from "../scan-report";
import { exit, type Product, type Terminal, UsageError } from "../terminal";
import { harmless } from "../width";

const thresholds = ["critical", "high", "medium", "low", "never"] as const;

export const scanOptions: readonly OptionSpec[] = [
  { name: "scanner", value: "NAME", values: scannerNames, help: `The scanner to run: ${scannerNames.join(", ")}.` },
  {
    name: "format",
    value: "FORMAT",
    values: formats,
    help: `Form of the report: ${formats.join(", ")}. Default: text; json holds every vulnerability.`,
  },
  {
    name: "fail-on",
    value: "SEVERITY",
    values: thresholds,
    help: `From which severity on to exit with 1: ${thresholds.join(", ")}. Default: high.`,
  },
  { name: "all", help: "Show every vulnerability, not only the worst." },
  { name: "fresh", help: "Scan again, whatever is kept." },
  { name: "config", value: "FILE", help: "Use this configuration file, whatever lies nearer." },
  { name: "quiet", short: "q", help: "Name only images with vulnerabilities." },
  ...commonOptions,
];

const ruleId = "base-image-vulnerable";

interface Wanted {
  readonly file: OpenFile;
  readonly reference: ImageReference;
  readonly platform: string | null;
  readonly line: number;
}

/** Scans. Resolves to the exit code. */
export async function runScan(args: readonly string[], terminal: Terminal, product: Product): Promise<number> {
  const given = readOptions(args, scanOptions, "scan");
  if (given.positionals.includes("-")) throw new UsageError("`plimsoll scan` needs files; it does not read stdin.");
  let faulty = false;
  const complain = (what: string): void => {
    faulty = true;
    terminal.stderr.write(`plimsoll: ${harmless(what)}\n`);
  };
  const paths = given.positionals.length > 0 ? given.positionals : ["."];
  const files = await openFiles(paths, { config: given.value("config"), done: "scanned", complain }, terminal, product);
  if (files.length === 0 && !faulty) terminal.stderr.write("No Dockerfile found.\n");
  const wanted = files.flatMap((file) => basesOf(file, product));

  const memory = createScanMemory();
  await scanAll(wanted, memory, given, terminal, complain);

  const scanned = wanted.map((one): Scanned => {
    const report = memory.scan(one.reference) ?? null;
    const { file, reference, line } = one;
    return {
      path: file.target.path,
      line,
      image: reference.text,
      report,
      counted: report ? counted(file, report) : [],
    };
  });
  terminal.stdout.write(await reportOf(files, scanned, memory, given, terminal, product));
  if (faulty) return exit.fault;
  const limit = given.value("fail-on") ?? "high";
  const severity = vulnerabilitySeverities.find((one) => one === limit);
  // `low` means all, those of unknown severity as well.
  const found =
    severity && scanned.some((one) => atLeast(one.counted, severity === "low" ? "unknown" : severity).length > 0);
  return found ? exit.found : exit.clean;
}

function basesOf(file: OpenFile, product: Product): readonly Wanted[] {
  return imagePlaces(file.model, product.catalogue()).flatMap(({ kind, reference, span, stage }): Wanted[] => {
    // A stage that nothing needs is not built.
    if (kind !== "from" || stage?.reachesFinal === false) return [];
    const { line } = file.model.lines.positionAt(span.start);
    return [{ file, reference, platform: stage?.base.platform ?? null, line }];
  });
}

/** What counts by the options of the rule in the configuration of a file. */
function counted({ config }: OpenFile, { vulnerabilities }: ScanReport): readonly Vulnerability[] {
  return countedVulnerabilities(vulnerabilities, readFilter(config.rules.get(ruleId)?.options ?? {}));
}

/** One image after the other, each once: scanners use all of a machine themselves. */
async function scanAll(
  wanted: readonly Wanted[],
  memory: ScanMemory,
  given: Given,
  terminal: Terminal,
  complain: (what: string) => void,
): Promise<void> {
  const registries = createRegistries(terminal, 0);
  const digestOf = ({ file, reference }: Wanted): string | null =>
    reference.digest ?? registries.factsFor(file.file).digest(reference) ?? null;
  const look = (): void => {
    for (const one of wanted) digestOf(one);
  };
  look();
  // A registry that gives no digest may still give the scanner its image: then nothing is kept, and that is all.
  await learn(registries.all, look);
  if (wanted.length === 0) return;
  const images = new Map(wanted.map((one) => [`${nameOf(one.reference)} ${one.reference.text}`, one]));
  const progress = createProgress(terminal, given.has("quiet"), "images");
  const ports = { processes: terminal.processes, store: terminal.registry([]).store, now: Date.now };
  const { signal } = new AbortController();
  let done = 0;
  const scanner = given.value("scanner") as ScannerName | null;
  for (const one of images.values()) {
    progress.show(done++, images.size);
    const { reference, platform } = one;
    const digest = digestOf(one);
    const outcome = await scanImage(ports, reference, { scanner, digest, platform, fresh: given.has("fresh") }, signal);
    if (outcome.kind === "done") memory.keep(reference, outcome.report);
    if (outcome.kind === "failed") complain(`${reference.text} was not scanned. ${outcome.reason}`);
    if (outcome.kind === "absent") {
      progress.end();
      const what =
        scanner === null
          ? `No scanner is installed: Plimsoll runs ${scannerNames.join(", ")}, and brings none.`
          : `${scanner} is not installed.`;
      return complain(`${what} Install one, so that it is found on the PATH.`);
    }
  }
  progress.end();
}

async function reportOf(
  files: readonly OpenFile[],
  scanned: readonly Scanned[],
  memory: ScanMemory,
  given: Given,
  terminal: Terminal,
  product: Product,
): Promise<string> {
  const format = (given.value("format") ?? "text") as Format;
  const paint = choosePaint(given, terminal, terminal.stdout);
  const quiet = given.has("quiet");
  if (format === "json") return scanJson(product.version, scanned);
  if (format === "text") {
    const lines = scanLines(scanned, { all: given.has("all"), quiet, paint });
    return quiet || scanned.length === 0 ? lines : `${lines}${scanSummary(scanned)}\n`;
  }
  const reporter = await createReporter(format, product, terminal.cwd, { paint, columns: 120, quiet });
  const counts = { error: 0, warning: 0, info: 0, hint: 0 };
  const parts = files.map((file) => {
    const reports = lintFor(file, memory, terminal, product);
    for (const { severity } of reports) counts[severity]++;
    const { path, absolute } = file.target;
    const sibling = siblingReader(absolute);
    return reporter.file({ path, absolute, error: null, model: file.model, reports, applied: [], sibling });
  });
  const summary = { files: files.length, faults: 0, counts, fixed: 0, fixedFiles: 0, known: 0, diff: false };
  return `${parts.join("")}${reporter.end({ ...summary, args: given.positionals })}`;
}

/** What the rule says, with its options; it is on, since somebody scanned. */
function lintFor({ model, config, target }: OpenFile, memory: ScanMemory, terminal: Terminal, product: Product) {
  const options = config.rules.get(ruleId)?.options ?? {};
  const overrides = [new Map([[ruleId, { severity: "on" as const, options }]])];
  const own = resolveConfig(product.rules, { presets: [], overrides, inlineConfig: config.inlineConfig });
  return lint({
    ...{ model, rules: product.rules, config: own, catalogue: product.catalogue(), today: terminal.today },
    path: target.path,
    facts: { file: () => undefined, list: () => undefined, scans: memory },
  }).reports;
}
