/** Splits a stage that builds a server with Node.js and runs it beside its sources and development packages. */
import type { Stage } from "../../model/types";
import type { Fix, RuleContext } from "../../rule";
import { buildSteps } from "../build-steps";
import { contextFile } from "../context-files";
import { copiesBefore, namesInFolder } from "../context-folders";
import { developmentTrees } from "../dependency-trees";
import type { Build } from "../detect";
import { joinPath } from "../paths";
import { folderAt, runCommands } from "../run-commands";
import { healthCheck } from "../runtime-packages";
import { runtimeBases } from "./node-base";
import { type NodeLayout, nodeLayout } from "./node-layout";
import { type NodeProject, packageTrap, readNodeProject, readsProjectFiles } from "./node-project";
import { majorOf, pruneCommand } from "./node-prune";
import { bringsManager } from "./node-roles";
import { type NodeServer, splitNode } from "./node-split";
import { standaloneNext } from "./node-standalone";
import { readNodeStart } from "./node-start";

/**
 * The ways to split the stage, best first; empty where it is not known what the server needs when it runs. A smaller
 * image of the same Node.js comes first where the packages are known to run on it, else second.
 */
export function splitNodeServer(build: Build, context: RuleContext): readonly Fix[] {
  const { stage, image, step } = build;
  const [command, more] = build.start.commands;
  const isNode = image.repository.name === "node" && build.tools === "base";
  if (!isNode || !command || more || touchesBrowsers(build)) return [];
  const project = step.folder;
  const last = build.start.instructions.at(-1);
  const startFolder = last ? folderAt(last, image.repository.name) : null;
  if (project === null || startFolder === null) return [];

  const copies = copiesBefore(context.model, stage, image.repository.name, step.instruction);
  const file = (name: string) => contextFile(joinPath(project, name), copies, context.facts)?.text ?? null;
  const text = file("package.json");
  const manifest = text === null ? null : readNodeProject(text);
  const isGlobal = stage.instructions.some((one) => one.keyword === "RUN" && bringsManager(one, command.name));
  const start = readNodeStart(command, manifest, isGlobal);
  const trap = manifest ? packageTrap(manifest.dependencies) : null;
  if (!start || (text !== null && !manifest) || trap === "breaks") return [];

  const names = namesInFolder(project, copies, context.facts);
  const settings = start.kind === "next" ? (names ?? []).filter((name) => /^next\.config\.[cm]?[jt]s$/.test(name)) : [];
  const hasWorkspaces = manifest?.hasWorkspaces ?? false;
  const files = checkedFiles(stage);
  const isRead = manifest !== null && readsProjectFiles(manifest.dependencies);
  const folder = { project, startFolder, names, hasWorkspaces, settings, isRead };
  const layout = files && nodeLayout(start, { ...folder, files });
  if (!layout) return [];
  const prune = pruneOf(build, manifest, file, context, layout);
  if (prune === "unknown") return [];

  const server: NodeServer = { build, project, layout, prune, manifest };
  const bases = runtimeBases(build, context.catalogue, manifest === null || trap === "system");
  const fixes = bases.flatMap((base) => splitNode(server, base, context) ?? []);
  const smallest = bases.at(-1);
  const alone =
    start.kind === "next" && smallest ? standaloneNext(server, { start, file, names }, smallest, context) : null;
  return alone ? [...fixes.slice(0, 1), alone] : fixes;
}

/** The scripts that HEALTHCHECK runs with node; null where it runs something that is not known. */
function checkedFiles(stage: Stage): readonly string[] | null {
  const files: string[] = [];
  for (const { name, arguments: words } of healthCheck(stage).commands) {
    if (name !== "node" || words.some((word) => word === "-e" || word === "--eval")) continue;
    const script = readNodeStart({ name, arguments: words }, null);
    if (script?.kind !== "script") return null;
    files.push(script.script, ...script.files);
  }
  return files;
}

/** True when a RUN brings a browser to the home folder, which is not copied. */
function touchesBrowsers({ stage, image }: Build): boolean {
  return runCommands(stage, image.repository.name).some(({ command }) =>
    command.words.some((word) => /\b(?:playwright|puppeteer)\b/.test(word.value ?? "")),
  );
}

/**
 * The command that takes the development packages away: null when there are none, or when no packages are copied;
 * `unknown` when it is not known how.
 */
function pruneOf(
  { stage, image, step }: Build,
  project: NodeProject | null,
  file: (name: string) => string | null,
  { model }: RuleContext,
  { hasPackages }: NodeLayout,
): string | null {
  if (!hasPackages) return null;
  const name = image.repository.name;
  const trees = developmentTrees(model, () => name).get(stage) ?? [];
  const tree = trees.find(({ path }) => path === joinPath(step.folder ?? "/", "node_modules"));
  if (tree) {
    const usesCorepack = runCommands(stage, name).some(({ command }) => command.name === "corepack");
    const known = { project, file, major: majorOf(image), usesCorepack };
    return pruneCommand(tree.install.operation, known) ?? "unknown";
  }
  const installs = buildSteps(stage, name).some((one) => one.family === "node-packages" && one.folder === step.folder);
  return installs && trees.length === 0 ? null : "unknown";
}
