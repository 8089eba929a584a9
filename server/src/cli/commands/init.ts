/** `plimsoll init`: writes a first `.plimsoll.yaml`. */
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { configNames, hadolintNames } from "../../config/find";
import { joinPath, nameOf, parentOf } from "../../config/paths";
import type { ConfigFile } from "../../config/types";
import { reason, shownPath, slashes } from "../files";
import { commonOptions, type OptionSpec, readOptions } from "../options";
import { exit, type Product, type Terminal, UsageError } from "../terminal";

export const initOptions: readonly OptionSpec[] = [
  { name: "from-hadolint", help: "Take over what the nearest .hadolint.yaml says." },
  ...commonOptions,
];

/** Writes the file into the working directory. Never overwrites one. Resolves to the exit code. */
export async function runInit(args: readonly string[], terminal: Terminal, product: Product): Promise<number> {
  const given = readOptions(args, initOptions, "init");
  const [extra] = given.positionals;
  if (extra !== undefined) throw new UsageError(`\`plimsoll init\` takes no paths; it writes ${configNames[0]} here.`);
  const present = configNames.find((name) => existsSync(path.join(terminal.cwd, name)));
  if (present) throw new UsageError(`${present} exists already; it was left as it is.`);
  const text = given.has("from-hadolint") ? await converted(terminal, product) : await template();
  const name = configNames[0] as string;
  try {
    writeFileSync(path.join(terminal.cwd, name), text, { flag: "wx" });
  } catch (error) {
    throw new UsageError(`${name} cannot be written (${reason(error)}).`);
  }
  terminal.stdout.write(`Wrote ${name}.\n`);
  return exit.clean;
}

async function template(): Promise<string> {
  return (await import("../../config/template")).configTemplate();
}

async function converted(terminal: Terminal, product: Product): Promise<string> {
  const file = await nearestHadolint(terminal);
  if (file === null) throw new UsageError("No .hadolint.yaml was found here or in a folder above.");
  const { parseConfig } = await import("../../config/read");
  const text = await terminal.reader.read(file);
  if (text === null) throw new UsageError(`${shownPath(terminal.cwd, file)} cannot be read.`);
  const config = parseConfig(text, file, product.rules);
  report(config, terminal);
  if (config.problems.some((problem) => problem.severity === "error")) {
    throw new UsageError(`${shownPath(terminal.cwd, file)} has errors; nothing was written.`);
  }
  return (await import("../../config/template")).configText(config, nameOf(file));
}

function report(config: ConfigFile, terminal: Terminal): void {
  for (const { range, severity, message } of config.problems) {
    const place = `${shownPath(terminal.cwd, config.path)}:${range.start.line + 1}:${range.start.character + 1}`;
    terminal.stderr.write(`${place}: ${severity}: ${message}\n`);
  }
}

async function nearestHadolint({ cwd, reader }: Terminal): Promise<string | null> {
  for (let folder: string | null = slashes(cwd); folder !== null; folder = parentOf(folder)) {
    const names: readonly string[] = (await reader.list(folder)) ?? [];
    const found = hadolintNames.find((name) => names.includes(name));
    if (found) return joinPath(folder, found);
    if (names.includes(".git") || names.includes(".git/")) return null;
  }
  return null;
}
