/** Writes the second stage of a Node.js server. */

import type { Instruction, Model } from "../../model/types";
import type { Fix, RuleContext } from "../../rule";
import type { Edit } from "../../text";
import { buildRole } from "../build-packages";
import type { Build } from "../detect";
import { installedPackages } from "../installed";
import { baseName, isWithin } from "../paths";
import { certificates } from "../runtime-base";
import { healthCheck, installLines, runtimePackages } from "../runtime-packages";
import { sortInstructions } from "../sort";
import { buildStageName, type Role, splitStage } from "../split";
import type { NodeBase } from "./node-base";
import type { NodeLayout } from "./node-layout";
import { nodeOwner } from "./node-owner";
import type { NodeProject } from "./node-project";
import { isManifest, isNodeSource, nodeRoles } from "./node-roles";

/** A server that is built and run. */
export interface NodeServer {
  readonly build: Build;
  /** Absolute path of the folder with package.json. */
  readonly project: string;
  readonly layout: NodeLayout;
  /** The command that takes the development packages away, or null where that is not needed. */
  readonly prune: string | null;
  readonly manifest: NodeProject | null;
}

/** Further changes to how the server starts. */
export interface NodeChanges {
  /** COPY lines in place of those of the layout; `chown` stands behind COPY. */
  readonly copies?: (copy: (from: string, to: string) => string) => readonly string[];
  /** Lines in place of CMD and ENTRYPOINT, before which they stand. */
  readonly start?: readonly string[];
  readonly title?: string;
  /** Says what is copied, in place of the layout; a clause. */
  readonly copied?: string;
  readonly remarks?: readonly string[];
}

const nodeTools: ReadonlySet<string> = new Set([
  ...[
    "npm",
    "npx",
    "yarn",
    "yarnpkg",
    "pnpm",
    "pnpx",
    "corepack",
    "node",
    "bun",
    "bunx",
    "tsc",
    "tsup",
    "swc",
    "esbuild",
  ],
  ...[
    "nest",
    "next",
    "nuxt",
    "nuxi",
    "vite",
    "webpack",
    "rollup",
    "turbo",
    "nx",
    "ng",
    "prisma",
    "gulp",
    "grunt",
    "astro",
  ],
]);

/** Declared for the package managers alone. */
const buildVariables =
  /^(?:npm_config_\w+|NPM_CONFIG_\w+|YARN_\w+|HUSKY\w*|CYPRESS_\w+|SKIP_ENV_VALIDATION|DEBIAN_FRONTEND|CI|PYTHON)$/;

/** The split onto an image, or null where an instruction does something that cannot be repeated there. */
export function splitNode(
  server: NodeServer,
  base: NodeBase,
  { model, facts }: Pick<RuleContext, "model" | "facts">,
  changes: NodeChanges = {},
): Fix | null {
  const { build, layout, manifest } = server;
  const prune = changes.copies ? null : server.prune;
  const { stage, step, image } = build;
  // Without fewer packages, fewer files or a smaller image nothing would be won.
  if (base.same && prune === null && !layout.isPartial && !changes.copies) return null;
  const sorted = sortInstructions({
    ...{ model, stage, facts, buildVariables, tools: nodeTools, image: image.repository.name, step: step.instruction },
    ...{ kept: layout.paths, accounts: ["node"] },
    isSettled: (path) => layout.paths.some((one) => isWithin(path, one)) || isNodeSource(path, server.project),
  });
  const packages = sorted && systemPackages(server, base);
  if (!sorted || !packages) return null;
  const roles = nodeRoles(build, layout, sorted);
  const last = lastBuildStep(roles, stage.instructions);
  if (roles === null || !last) return null;

  const from = buildStageName(stage);
  const owner = nodeOwner(build, server.project, sorted, roles);
  const chown = owner.name === null ? "" : ` --chown=${owner.name}`;
  const copy = (path: string, to = path) => `COPY --from=${from}${chown} ${path} ${to}`;
  const family = image.distribution?.family ?? null;
  const first = packages.size > 0 ? [...installLines(packages, family, model)] : [];
  if (!base.same && !packages.has("ca-certificates")) first.push(`COPY --from=${from} ${certificates} ${certificates}`);
  const beside = sorted.files.filter((file) => !layout.paths.some((one) => isWithin(file, one)) && !isManifest(file));
  const lines = [
    ...(owner.isNew ? [`RUN chown ${owner.name} ${server.project}`] : []),
    ...beside.map((path) => copy(path)),
    ...(changes.copies ? changes.copies(copy) : layout.paths.map((path) => copy(path))),
    ...(owner.isNew ? ["USER node"] : []),
  ];
  const instead = new Map<Instruction, readonly string[]>([[step.instruction, lines]]);
  if (changes.start) {
    for (const instruction of build.start.instructions) roles.set(instruction, "drop");
    const end = build.start.instructions.at(-1);
    if (end) instead.set(end, changes.start);
  }
  const edits = splitStage({
    model,
    stage,
    base: base.reference,
    roles,
    instead,
    first,
    edits: pruning(server, prune, last, model),
  });
  if (!edits) return null;
  return {
    title: changes.title ?? `Build in an earlier stage, run on ${base.reference}`,
    applicability: "unsafe",
    reason: `${[
      changes.copied ?? saidOf(layout, beside, prune !== null),
      ...(base.unsure ? [unsureOf(manifest)] : []),
      ...(!base.same && !base.unsure ? [`${base.reference} has no compilers, no git and no curl`] : []),
      ...(owner.isNew ? [`it runs as node instead of root, and owns nothing but ${server.project}`] : []),
      ...(changes.remarks ?? []),
    ].join("; ")}.`,
    kind: "refactor",
    edits,
  };
}

/** What is copied, and what that means. */
function saidOf(layout: NodeLayout, beside: readonly string[], isPruned: boolean): string {
  const names = [...layout.paths, ...beside].map(baseName);
  if (!layout.isPartial)
    return `${[...layout.paths, ...beside].join(", ")} is copied${isPruned ? " without development packages" : ""}`;
  return `Only ${names.join(", ")} ${names.length === 1 ? "is" : "are"} copied, so other files need a COPY`;
}

function unsureOf(manifest: NodeProject | null): string {
  return manifest === null
    ? "package.json is not known, and packages may need libraries that the slim image lacks"
    : "a package may need programs or libraries that the slim image lacks";
}

/** The packages of the system that the server needs; null when they are not known. */
function systemPackages({ build, manifest }: NodeServer, base: NodeBase): Set<string> | null {
  const { stage, image } = build;
  const system = image.distribution;
  const packages = runtimePackages(stage, system?.family ?? null, false, system?.codename ?? null);
  if (!packages) return null;
  // With a compiler beside it, Python serves node-gyp.
  const compiles = installedPackages(stage).some(({ package: { name } }) => buildRole(name) === "compiler");
  if (compiles)
    for (const name of [...packages])
      if (/^(?:python\d*(?:-minimal)?|py3-setuptools|python3-setuptools)$/.test(name)) packages.delete(name);
  const health = healthCheck(stage);
  for (const tool of health.programs) {
    if (tool === "node" || base.full || (tool === "wget" && system?.family === "alpine")) continue;
    if (tool !== "curl" && tool !== "wget") return null;
    packages.add(tool);
  }
  // Its engines look for OpenSSL, which the slim image has no program of.
  if (!base.same && manifest?.needs("@prisma/client")) packages.add("openssl").add("ca-certificates");
  return packages;
}

/** The last instruction that runs something in the first stage. */
function lastBuildStep(roles: ReadonlyMap<Instruction, Role>, list: readonly Instruction[]): Instruction | null {
  const isBuild = (one: Instruction) => one.keyword === "RUN" && (roles.get(one) ?? "build") !== "final";
  return list.filter(isBuild).at(-1) ?? null;
}

/** A RUN with the command behind the last one of the first stage. */
function pruning({ project }: NodeServer, prune: string | null, last: Instruction, model: Model): readonly Edit[] {
  if (prune === null) return [];
  const { end } = last.span;
  const keyword = model.text.slice(last.keywordSpan.start, last.keywordSpan.end);
  const run = keyword === keyword.toLowerCase() ? "run" : "RUN";
  const command = (last.workdir ?? "/") === project ? prune : `cd ${project} && ${prune}`;
  return [{ span: { start: end, end }, newText: `${model.lineEnding}${run} ${command}` }];
}
