/** Build tools that a shipped stage installs and keeps, although only steps of the build use them. */
import { imageUnder } from "../catalogue/stage";
import { commentsAbout } from "../model/comments";
import { scriptsOf } from "../model/scripts";
import type { Model, Stage } from "../model/types";
import type { RuleContext } from "../rule";
import { packageOperations } from "../shell/packages";
import { buildRole } from "./build-packages";
import { type BuildStep, buildSteps } from "./build-steps";
import { readCopy } from "./copies";
import { canHaveMade, detectBuild, isGpuImage, startsOwnScript } from "./detect";
import { type Installed, installedPackages } from "./installed";
import { baseName } from "./paths";
import { isNamedForDevelopment, startKind } from "./purpose";
import { type Start, startOf } from "./start";
import { compilesWhenRun, runsOwnProgram, servesProgrammers, toolUse } from "./tool-users";

/** What one stage leaves behind. */
export interface Leftovers {
  readonly stage: Stage;
  /** Never empty; in the order of the file. */
  readonly tools: readonly Installed[];
  /** The steps that use them; never empty. */
  readonly steps: readonly BuildStep[];
  /** True when a program of the project runs as well, which may use them too. */
  readonly runsOwnProgram: boolean;
  /** True when a later RUN removes them all: their layers are shipped all the same. */
  readonly removedTooLate: boolean;
  /** True when there are headers alone, no compiler. */
  readonly onlyHeaders: boolean;
}

type Context = Pick<RuleContext, "model" | "catalogue" | "facts" | "path">;

/** The leftovers of every shipped stage; none where the image is for development or its start may need the tools. */
export function leftoverTools(context: Context): readonly Leftovers[] {
  const { model, catalogue, path } = context;
  const final = model.finalStage;
  if (!final || isNamedForDevelopment(path, final)) return [];
  const shipped = model.stages.filter((stage) => stage.ships);
  const isNeeded = (stage: Stage) =>
    isGpuImage(stage) || hasTrigger(stage) || servesProgrammers(stage) || compilesWhenRun(stage);
  if (shipped.some(isNeeded)) return [];
  const image = imageUnder(final, catalogue);
  const start = startOf(final);
  if (start ? startKind(start) !== "runs" || needsTools(start, context) : !isService(image?.repository.name ?? "")) {
    return [];
  }
  const found = shipped.flatMap((stage) => leftoversOf(stage, start, context) ?? []);
  // Where the base image itself is the toolchain, missing-multi-stage says all of it.
  return found.length > 0 && detectBuild(context)?.tools === "base" ? [] : found;
}

function leftoversOf(stage: Stage, start: Start | null, { model, catalogue }: Context): Leftovers | null {
  const image = imageUnder(stage, catalogue);
  if (image && bringsTools.has(image.repository.name) && image.distribution?.family === "debian") {
    if (!image.variants.includes("slim")) return null;
  }
  const isInPhp = image?.repository.name === "php" && image.distribution?.family === "debian";
  const installed = installedPackages(stage).filter(({ package: one }) => {
    const role = one.kind === "name" ? buildRole(one.name) : null;
    return (role === "compiler" || role === "headers") && !(isInPhp && phpTools.has(one.name));
  });
  const later = model.stages.filter((other) => other.ships && other.index >= stage.index);
  const name = image?.repository.name ?? null;
  const allSteps = later.flatMap((other) => buildSteps(other, name));
  const [begin] = installed;
  if (!begin) return null;
  const { tools, steps } = toolUse(
    installed,
    allSteps.filter((one) => one.instruction.index >= begin.instruction.index),
  );
  const [first] = tools;
  if (!first || saysForRunTime(model, tools)) return null;
  // Kernel modules are built where they are loaded, when the container starts.
  if (tools.some(({ package: one }) => /^(?:dkms|kernel-devel|linux-headers-.+)$/.test(one.name))) return null;
  // Without a compiler or headers, make runs tasks.
  if (tools.every(({ package: one }) => one.name === "make")) return null;
  // A script of their own may compile again what was compiled from C; packages of a language are only installed once.
  const isC = steps.every((one) => one.family === "c" || one.family === "make");
  if (isC && start && (startsOwnScript(start, stage, model, name) || !canHaveMade(steps, start, stage))) return null;
  const removed = new Set(later.flatMap((other) => removedLater(other, first)));
  return {
    stage,
    tools,
    steps,
    runsOwnProgram: later.some((other) => runsOwnProgram(other, name, first.instruction.index)),
    removedTooLate: tools.every(({ package: one }) => removed.has(one.name)),
    onlyHeaders: tools.every(({ package: one }) => buildRole(one.name) === "headers"),
  };
}

/** True when a comment at the installation says that the tools are for the container: `# gcc: compiles kernels at start`. */
function saysForRunTime(model: Model, tools: readonly Installed[]): boolean {
  const says = (text: string): boolean => forRunTime.test(text) && names.test(text);
  return tools.some(({ instruction }) => commentsAbout(model, instruction).some(says));
}

const forRunTime = /\b(?:at|on|during|for|after) (?:container )?(?:start(?:up)?|run-?time|run time)\b|\bjit\b/i;
const names = /\b(?:gcc|g\+\+|cc|clang|make|compil\w*|build[- ]\w+|headers?|\w*-?devel?)\b/i;

function removedLater(stage: Stage, first: Installed): readonly string[] {
  return stage.instructions
    .filter((instruction) => instruction.keyword === "RUN" && instruction.index > first.instruction.index)
    .flatMap((instruction) => scriptsOf(instruction))
    .flatMap(({ script }) => packageOperations(script))
    .filter((operation) => operation.action === "remove")
    .flatMap((operation) => operation.packages.map((one) => one.name));
}

function hasTrigger(stage: Stage): boolean {
  return stage.instructions.some((instruction) => instruction.keyword === "ONBUILD");
}

/** True when the start is a script of the build context that is known and uses a compiler. */
function needsTools(start: Start, { model, facts }: Context): boolean {
  const names = new Set(start.commands.map((command) => command.name));
  for (const stage of model.stages) {
    if (!stage.ships) continue;
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
      const copy = readCopy(model, instruction, null);
      for (const source of copy?.from === null ? copy.sources : []) {
        if (!names.has(baseName(source))) continue;
        const text = facts.file(source.replace(/^(?:\.?\/)+/, ""));
        if (typeof text === "string" && /\b(?:gcc|g\+\+|make|cc|clang|cmake|cargo|go build|pip install)\b/.test(text)) {
          return true;
        }
      }
    }
  }
  return false;
}

/** Debian images with compilers and headers of their own: what a file adds to them is not what weighs. */
const bringsTools: ReadonlySet<string> = new Set([
  ...[
    "python",
    "node",
    "ruby",
    "rust",
    "golang",
    "gcc",
    "buildpack-deps",
    "perl",
    "pypy",
    "haskell",
    "elixir",
    "erlang",
  ],
]);

/** Kept by the official PHP images on Debian, so that extensions can be built. Source: PHPIZE_DEPS in docker-library/php. */
const phpTools: ReadonlySet<string> = new Set([
  ...["autoconf", "dpkg-dev", "file", "g++", "gcc", "libc-dev", "libc6-dev", "make", "pkg-config", "re2c"],
]);

/** Images that start a service of their own, so that a file without CMD still makes something that runs. */
function isService(name: string): boolean {
  return services.has(name);
}

const services: ReadonlySet<string> = new Set([
  ...[
    "php",
    "httpd",
    "nginx",
    "nginxinc/nginx-unprivileged",
    "caddy",
    "haproxy",
    "traefik",
    "tomcat",
    "jetty",
    "wordpress",
  ],
  ...[
    "drupal",
    "joomla",
    "nextcloud",
    "ghost",
    "redmine",
    "matomo",
    "mediawiki",
    "postgres",
    "mysql",
    "mariadb",
    "mongo",
  ],
  ...[
    "redis",
    "rabbitmq",
    "elasticsearch",
    "logstash",
    "kibana",
    "solr",
    "neo4j",
    "grafana/grafana",
    "prom/prometheus",
  ],
]);
