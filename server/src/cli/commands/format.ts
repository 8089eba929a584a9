/** `plimsoll format`: lays Dockerfiles out anew. */
import { createConfigSource } from "../../config/find";
import { formatOptionsFor } from "../../config/format-options";
import { toConfig } from "../../config/to-config";
import { formatDocument } from "../../core/format/format";
import { applyEdits, buildModel } from "../../core/index";
import { decode, encode } from "../decode";
import { unifiedDiff } from "../diff";
import { findTargets, readBytes, reason, shownPath, slashes } from "../files";
import { commonOptions, type OptionSpec, readOptions } from "../options";
import { exit, type Product, type Terminal } from "../terminal";
import { writeWhole } from "../write";

export const formatCommandOptions: readonly OptionSpec[] = [
  { name: "check", help: "Write nothing; name the files that are not laid out, and exit with 1 when there are any." },
  { name: "diff", help: "Write nothing; show what would change." },
  { name: "config", value: "FILE", help: "Use this configuration file, whatever lies nearer." },
  { name: "quiet", short: "q", help: "Name no files." },
  ...commonOptions,
];

/** Formats files, or stdin (`-`) to stdout. Resolves to the exit code. */
export async function runFormat(args: readonly string[], terminal: Terminal, product: Product): Promise<number> {
  const given = readOptions(args, formatCommandOptions, "format");
  const configs = createConfigSource({ reader: terminal.reader, rules: product.rules, boundary: null });
  const named = given.value("config");
  const paths = given.positionals.filter((word) => word !== "-");
  const stdin = given.positionals.includes("-");
  let [faulty, untidy, seen] = [false, false, 0];
  const complain = (path: string, what: string): void => {
    faulty = true;
    terminal.stderr.write(`${path} ${what}.\n`);
  };

  /** The text laid out; the same text where the formatter leaves it alone. */
  const tidy = async (text: string, absolute: string): Promise<string> => {
    const file = named === null ? await configs.forFile(absolute) : await configs.load(slashes(named));
    const config = toConfig(file, product.rules);
    const options = await formatOptionsFor(absolute, slashes(terminal.cwd), config, terminal.reader, null);
    const edits = formatDocument(buildModel(text, { buildArgs: config.buildArgs, target: config.target }), options);
    return edits === null ? text : applyEdits(text, edits);
  };

  if (stdin) {
    const decoded = decode(await terminal.readStdin());
    if ("fault" in decoded) complain("stdin", decoded.fault);
    else {
      const text = await tidy(decoded.text, `${slashes(terminal.cwd)}/Dockerfile`);
      untidy ||= text !== decoded.text;
      seen++;
      if (given.has("diff")) terminal.stdout.write(unifiedDiff("Dockerfile", decoded.text, text));
      else if (!given.has("check")) terminal.stdout.write(text);
    }
  }
  const { targets, faults } =
    stdin && paths.length === 0
      ? { targets: [], faults: [] }
      : await findTargets(paths.length > 0 ? paths : ["."], terminal.cwd);
  for (const fault of faults) complain(fault.path, fault.message);
  for (const target of targets) {
    const bytes = readBytes(target.absolute);
    if ("fault" in bytes) {
      complain(target.path, bytes.fault);
      continue;
    }
    const decoded = decode(bytes);
    if ("fault" in decoded) {
      complain(target.path, decoded.fault);
      continue;
    }
    seen++;
    const text = await tidy(decoded.text, target.absolute);
    if (text === decoded.text) continue;
    untidy = true;
    if (given.has("diff")) terminal.stdout.write(unifiedDiff(target.path, decoded.text, text));
    else if (!given.has("quiet")) terminal.stdout.write(`${shownPath(terminal.cwd, target.absolute)}\n`);
    if (given.has("check") || given.has("diff")) continue;
    if (!decoded.lossless)
      complain(target.path, "was not written: it is not valid UTF-8, and writing it would lose bytes");
    else {
      try {
        writeWhole(target.absolute, encode(text, decoded.mark));
      } catch (error) {
        complain(target.path, `cannot be written (${reason(error)})`);
      }
    }
  }
  if (seen === 0 && !faulty) terminal.stderr.write("No Dockerfile found.\n");
  return faulty ? exit.fault : untidy && given.has("check") ? exit.found : exit.clean;
}
