/** Where the instructions of a Node.js server go, beyond what is alike for all languages. */
import { scriptsOf } from "../../model/scripts";
import type { Instruction } from "../../model/types";
import { packageOperations } from "../../shell/packages";
import type { Build } from "../detect";
import { baseName, isWithin } from "../paths";
import type { Sorted } from "../sort";
import type { Role } from "../split";
import type { NodeLayout } from "./node-layout";

/** The roles, with the manifests left where packages are installed, and the managers that the start needs in both stages. */
export function nodeRoles(build: Build, layout: NodeLayout, sorted: Sorted): Map<Instruction, Role> {
  const roles = new Map(sorted.roles);
  const { step, start } = build;
  for (const { instruction, sources, destination } of sorted.copies) {
    if (instruction.index >= step.instruction.index || !roles.has(instruction)) continue;
    const lands = destination.replace(/\/$/, "") || "/";
    const isCopied = layout.paths.some((path) => isWithin(lands, path));
    if (isCopied || sources.every((source) => isManifest(source))) roles.set(instruction, "build");
  }
  const [command] = start.commands;
  for (const instruction of build.stage.instructions) {
    if (instruction.keyword !== "RUN" || !command || roles.has(instruction)) continue;
    if (bringsManager(instruction, command.name)) roles.set(instruction, "both");
  }
  return roles;
}

/** True for a RUN that does nothing but make a package manager or pm2 available to all. */
export function bringsManager(instruction: Instruction, name: string): boolean {
  const scripts = scriptsOf(instruction);
  const commands = scripts.flatMap((script) => script.commands);
  const wanted = name === "pm2-runtime" ? "pm2" : name;
  if (wanted === "npm" || wanted === "node") return false;
  const operations = scripts.flatMap(({ script }) => packageOperations(script));
  const isGlobal = operations.some(
    (one) =>
      one.flags.some((flag) => /^(?:-g|--global)$/.test(flag.value ?? "")) &&
      one.packages.some((each) => each.name === wanted),
  );
  const isCorepack =
    commands.some((command) => command.name === "corepack") && (wanted === "pnpm" || wanted === "yarn");
  return (isGlobal || isCorepack) && commands.every((command) => command.name === "npm" || command.name === "corepack");
}

/** Names that only package managers and compilers read. */
export function isManifest(source: string): boolean {
  return /^(?:package[*.-].*|.*lock.*|npm-shrinkwrap\.json|\.npmrc|\.yarnrc(?:\.yml)?|pnpm-.*|tsconfig.*|ts\*.*|nest-cli\.json|.*\.config\.[cm]?[jt]s|\.swcrc|\.babelrc.*|\.eslintrc.*|\.prettierrc.*)$/.test(
    baseName(source.replace(/\/+$/, "")),
  );
}

/** Sources serve the build alone. */
export function isNodeSource(path: string, project: string): boolean {
  return isWithin(path, project) && /\.(?:[cm]?tsx?|map)$|\/(?:src|test|tests|node_modules|\.git)(?:\/|$)/.test(path);
}
