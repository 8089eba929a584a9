/** `plimsoll stages FILE`: who builds on whom, who copies from whom, what ships; as text or as a picture. */
import { createConfigSource } from "../../config/find";
import { toConfig } from "../../config/to-config";
import { type StageGraph, stageGraph } from "../../core/features/stage-graph";
import { stageSvg } from "../../core/features/stage-svg";
import { stageMermaid, stageText } from "../../core/features/stage-text";
import { buildModel } from "../../core/index";
import { decode } from "../decode";
import { findTargets, readBytes, slashes } from "../files";
import { commonOptions, type OptionSpec, readOptions } from "../options";
import { exit, type Product, type Terminal, UsageError } from "../terminal";

const formats: { readonly [name: string]: (graph: StageGraph) => string } = {
  text: stageText,
  mermaid: stageMermaid,
  svg: (graph) => `${stageSvg(graph, true)}\n`,
};

export const stagesOptions: readonly OptionSpec[] = [
  {
    name: "format",
    short: "f",
    value: "FORMAT",
    values: Object.keys(formats),
    help: "text, mermaid (for a Markdown page) or svg. Default: text.",
  },
  { name: "target", value: "STAGE", help: "The stage that ships, where it is not the last one." },
  { name: "config", value: "FILE", help: "Use this configuration file, whatever lies nearer." },
  ...commonOptions,
];

/** Prints the stages of one file, or of stdin (`-`). Resolves to the exit code. */
export async function runStages(args: readonly string[], terminal: Terminal, product: Product): Promise<number> {
  const given = readOptions(args, stagesOptions, "stages");
  const [word = ".", ...more] = given.positionals;
  if (more.length > 0) throw new UsageError("One file at a time: `plimsoll stages FILE`.");
  const file =
    word === "-" ? { path: "stdin", absolute: `${slashes(terminal.cwd)}/Dockerfile` } : await only(word, terminal);
  const bytes = word === "-" ? await terminal.readStdin() : readBytes(file.absolute);
  const decoded = "fault" in bytes ? bytes : decode(bytes);
  if ("fault" in decoded) {
    terminal.stderr.write(`${file.path} ${decoded.fault}.\n`);
    return exit.fault;
  }
  const configs = createConfigSource({ reader: terminal.reader, rules: product.rules, boundary: null });
  const named = given.value("config");
  const found = named === null ? await configs.forFile(file.absolute) : await configs.load(slashes(named));
  const config = toConfig(found, product.rules);
  const model = buildModel(decoded.text, {
    buildArgs: config.buildArgs,
    target: given.value("target") ?? config.target,
  });
  const graph = stageGraph(model, product.catalogue(), terminal.today);
  terminal.stdout.write((formats[given.value("format") ?? "text"] ?? stageText)(graph));
  return exit.clean;
}

/** The one Dockerfile that a path leads to. Throws UsageError where it is none, or several. */
async function only(word: string, terminal: Terminal): Promise<{ readonly path: string; readonly absolute: string }> {
  const { targets, faults } = await findTargets([word], terminal.cwd);
  const [fault] = faults;
  if (fault) throw new UsageError(`${fault.path} ${fault.message}.`);
  const [first, ...rest] = targets;
  if (!first) throw new UsageError(`There is no Dockerfile in ${word}. Name one: \`plimsoll stages FILE\`.`);
  if (rest.length > 0) {
    throw new UsageError(
      `There are ${targets.length} Dockerfiles in ${word}. Name one: \`plimsoll stages ${first.path}\`.`,
    );
  }
  return first;
}
