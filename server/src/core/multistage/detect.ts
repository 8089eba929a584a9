/** Finds a stage that both builds a program and ships it. */

import { imageUnder } from "../catalogue/stage";
import type { ImageFacts } from "../catalogue/types";
import type { Model, Stage } from "../model/types";
import type { RuleContext } from "../rule";
import { flagValue } from "../shell/commands";
import { buildRole } from "./build-packages";
import { type BuildFamily, type BuildStep, buildSteps } from "./build-steps";
import { landsAt, readCopy } from "./copies";
import { installedPackages } from "./installed";
import { readSite, type Site } from "./node/site";
import { baseName, isWithin, parentOf, resolvePath } from "./paths";
import { isNamedForDevelopment, startKind } from "./purpose";
import { folderAt } from "./run-commands";
import { type Start, startOf } from "./start";

/** What kind of program is built. */
export type Ecosystem =
  | "go"
  | "rust"
  | "maven"
  | "gradle"
  | "dotnet"
  | "c"
  | "node-site"
  | "node-server"
  | "python"
  | "ruby"
  | "php";

/** A single stage that builds and ships. */
export interface Build {
  readonly ecosystem: Ecosystem;
  readonly stage: Stage;
  readonly image: ImageFacts;
  /** The command that makes what ships; the last one where there are several. */
  readonly step: BuildStep;
  readonly start: Start;
  /** `base`: the base image brings the tools. `packages`: the stage installs them. */
  readonly tools: "base" | "packages";
  /** Absolute path of what has to move to the final stage, or null when it is not known. */
  readonly artefact: string | null;
  /** For `node-site`: what serves the files. */
  readonly site: Site | null;
}

/** Their packages are installed, not built, so what starts is seldom what a step made. */
const interpreted: ReadonlySet<Ecosystem> = new Set(["python", "ruby", "php"]);

type Context = Pick<RuleContext, "model" | "catalogue" | "facts" | "path">;

/** The build in a file of one stage, or null when there is none, or it is not sure that what is built is what ships. */
export function detectBuild({ model, catalogue, facts, path }: Context): Build | null {
  const stage = model.finalStage;
  if (!stage || model.stages.length !== 1 || !stage.base.reference || model.problems.length > 0) return null;
  if (stage.instructions.some((instruction) => instruction.keyword === "ONBUILD")) return null;
  const image = imageUnder(stage, catalogue);
  if (!image || image.windows || isGpuImage(stage) || isNamedForDevelopment(path, stage)) return null;
  const start = startOf(stage) ?? imageStart(image);
  if (!start || startKind(start) !== "runs") return null;

  const steps = buildSteps(stage, image.repository.name);
  if (steps.length === 0) return null;
  const site = readSite(start, facts);
  if (site === "develops") return null;
  const found = byBase(image, steps, start, site) ?? byPackages(stage, steps, start, image.repository.name);
  if (!found) return null;
  const { ecosystem, step, tools } = found;
  const isOwnScript = startsOwnScript(start, stage, model, image.repository.name);
  // What such a script runs is not known: it may well compile something.
  if (isOwnScript && tools === "packages" && !interpreted.has(ecosystem)) return null;
  const artefact = isOwnScript ? null : artefactOf(ecosystem, step, start, stage, image, site);
  if (tools === "packages" && artefact !== null && !isMadeBy(step, artefact)) return null;
  return { ecosystem, stage, image, step, start, tools, artefact, site: ecosystem === "node-site" ? site : null };
}

/** What the PHP images for web servers start by themselves. Source: CMD in docker-library/php. */
function imageStart({ repository, variants }: ImageFacts): Start | null {
  if (repository.name !== "php") return null;
  const name = variants.includes("fpm") ? "php-fpm" : variants.includes("apache") ? "apache2-foreground" : null;
  return name && { instructions: [], commands: [{ name, arguments: [] }], words: [name], needsShell: false };
}

/** True for bases whose driver libraries and compilers belong together: splitting them takes knowledge of the program. */
export function isGpuImage(stage: Stage): boolean {
  const reference = stage.base.reference;
  return reference !== null && /nvidia|cuda|rocm|l4t|tritonserver|pytorch\/pytorch|-gpu\b/i.test(reference.text);
}

/** True when the container starts a script, or a file that a COPY names: what that runs is not known. */
export function startsOwnScript(start: Start, stage: Stage, model: Model, image: string | null): boolean {
  const word = start.words?.[0] ?? start.commands[0]?.name ?? "";
  if (/\.(?:sh|bash|py|pl|rb)$/.test(word) || /(?:^|[/-])(?:entrypoint|docker-start|run|start)$/.test(word))
    return true;
  return stage.instructions.some((instruction) => {
    if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") return false;
    const copy = readCopy(model, instruction, image);
    if (!copy) return false;
    const program = word.includes("/") ? resolvePath(word, stage.workdirAtEnd) : null;
    return copy.sources.some(
      (source) => baseName(landsAt(copy, source)) === baseName(word) && (!program || landsAt(copy, source) === program),
    );
  });
}

/** True when one of the steps can have made the program that starts; for names without a path that is taken for granted. */
export function canHaveMade(steps: readonly BuildStep[], start: Start, stage: Stage): boolean {
  const word = start.words?.[0];
  const path = word?.includes("/") ? resolvePath(word, stage.workdirAtEnd) : null;
  return path === null || steps.some((step) => isMadeBy(step, path));
}

/** True for a program below the folder where it is built, or in one where programs are installed. */
function isMadeBy(step: BuildStep, artefact: string): boolean {
  return (step.folder !== null && isWithin(artefact, step.folder)) || /^\/(?:usr|opt|bin|sbin|[^/]+$)/.test(artefact);
}

type Found = Pick<Build, "ecosystem" | "step" | "tools">;

function byBase(image: ImageFacts, steps: readonly BuildStep[], start: Start, site: Site | null): Found | null {
  const last = (...families: readonly BuildFamily[]) => steps.filter((step) => families.includes(step.family)).at(-1);
  const base = (ecosystem: Ecosystem, step: BuildStep | undefined): Found | null =>
    step ? { ecosystem, step, tools: "base" } : null;
  const runsTool = (name: string) => start.commands.some((command) => command.name === name);
  const { name } = image.repository;
  const variants = image.variants.join("-");
  switch (name) {
    case "golang":
      return base("go", last("go") ?? last("make"));
    case "rust":
      return base("rust", last("rust") ?? last("make"));
    case "gcc":
      return base("c", last("c", "make"));
    case "maven":
    case "gradle":
      return base(name, last("maven", "gradle"));
    case "mcr.microsoft.com/dotnet/sdk":
      return base("dotnet", last("dotnet"));
    case "eclipse-temurin":
    case "openjdk":
    case "amazoncorretto":
    case "ibm-semeru-runtimes":
    case "sapmachine": {
      // `installDist` of Gradle writes a start script of its own.
      const isInstalled = start.words?.[0]?.includes("build/install/") ?? false;
      if (variants.includes("jre") || !(runsTool("java") || isInstalled)) return null;
      const step = last("maven", "gradle");
      return base(step?.family === "gradle" ? "gradle" : "maven", step);
    }
    case "node":
    case "oven/bun": {
      const step = last("node");
      if (!step || prunes(steps, step)) return null;
      return base(site ? "node-site" : "node-server", step);
    }
    case "python":
    case "ruby": {
      // The slim images and those on Alpine bring no compiler.
      const isFull = image.distribution?.family === "debian" && image.variants.length === 0;
      return isFull ? base(name, last(name)) : null;
    }
    default:
      return null;
  }
}

/** True when the RUN that installs the packages also takes the development ones away again. */
function prunes(steps: readonly BuildStep[], step: BuildStep): boolean {
  return steps.some(
    (other) =>
      other.family === "node-packages" &&
      other.instruction === step.instruction &&
      step.script.commands.some(
        ({ words }) => words.some((word) => word.value === "prune") || words.some((word) => word.value === "rm"),
      ),
  );
}

function byPackages(stage: Stage, steps: readonly BuildStep[], start: Start, image: string): Found | null {
  const names = installedPackages(stage).map((one) => one.package.name);
  // A program that comes as a package is not what is built here.
  if (start.commands.some((command) => names.includes(command.name))) return null;
  // PHP's images bring the compilers; what a file adds are headers.
  const isBuilder = (name: string) =>
    buildRole(name) === "compiler" || (image === "php" && buildRole(name) === "headers");
  if (!names.some(isBuilder)) return null;
  const families: readonly (readonly [Ecosystem, readonly BuildFamily[], RegExp])[] = [
    ["go", ["go"], /^(?:go|golang(?:-.*)?)$/],
    ["rust", ["rust"], /^(?:rust|rustc|cargo)$/],
    ["maven", ["maven"], /^maven$/],
    ["gradle", ["gradle"], /^gradle$/],
    ["python", ["python"], /./],
    ["ruby", ["ruby"], /./],
    ["php", ["php"], /./],
    ["c", ["c", "make"], /./],
  ];
  for (const [ecosystem, accepted, tool] of families) {
    const step = steps.filter((one) => accepted.includes(one.family)).at(-1);
    if (!step || !names.some((name) => tool.test(name))) continue;
    // What is compiled beside the program that starts is for build-tools-in-final-stage to tell.
    if (ecosystem !== image && !startsWith(ecosystem, start)) continue;
    return { ecosystem, step, tools: "packages" };
  }
  return null;
}

function startsWith(ecosystem: Ecosystem, start: Start): boolean {
  const names = start.commands.map((command) => command.name);
  switch (ecosystem) {
    case "python":
      return names.some((name) => /^(?:python|gunicorn|uvicorn|hypercorn|celery|uwsgi|flask|django)/.test(name));
    case "ruby":
      return names.some((name) => /^(?:ruby|rails|puma|unicorn|rackup|sidekiq|bundle|thin|rake)/.test(name));
    case "php":
      return names.some((name) => /^(?:php|apache2)/.test(name));
    default:
      return !names.some((name) => /^(?:python|ruby|node|php|nginx)/.test(name));
  }
}

function artefactOf(
  ecosystem: Ecosystem,
  step: BuildStep,
  start: Start,
  stage: Stage,
  image: ImageFacts,
  site: Site | null,
): string | null {
  const command = start.instructions.at(-1);
  if (!command) return null;
  const folder = folderAt(command, image.repository.name);
  const words = start.words ?? [];
  switch (ecosystem) {
    case "go":
    case "rust":
    case "c": {
      const program = words[0];
      return program?.includes("/") ? resolvePath(program, folder) : null;
    }
    case "maven":
    case "gradle": {
      const installed = /^(.*build\/install\/[^/]+)\//.exec(words[0] ?? "")?.[1];
      if (installed) return resolvePath(installed, folder);
      const at = words.indexOf("-jar");
      const jar = at < 0 ? undefined : words.slice(at + 1).find((word) => !word.startsWith("-"));
      return jar ? resolvePath(jar, folder) : null;
    }
    case "dotnet": {
      const output = flagValue(step.command, ["-o", "--output"])?.value;
      if (output) return resolvePath(output, step.folder);
      const library = words[0] === "dotnet" ? words.slice(1).find((word) => word.endsWith(".dll")) : words[0];
      const resolved = library?.includes("/") ? resolvePath(library, folder) : null;
      return resolved && parentOf(resolved);
    }
    case "node-site":
      return site?.folder ? resolvePath(site.folder, folder) : null;
    case "python":
    case "ruby":
    case "php":
      return null;
    default:
      return stage.workdirAtEnd;
  }
}
