/** Splits a stage that builds and runs a Go program. */

import { expandWord, stageState } from "../model/scope";
import { execWords, scriptsOf } from "../model/scripts";
import type { Instruction, Model, Stage } from "../model/types";
import type { Facts, Fix, RuleContext } from "../rule";
import { flagValue, operands } from "../shell/commands";
import { packageOperations } from "../shell/packages";
import type { Edit } from "../text";
import { buildRole, isPureHeaders, runtimeCounterpart } from "./build-packages";
import type { BuildStep } from "./build-steps";
import { bringsEverything, type Copy, landsAt, readCopy } from "./copies";
import type { Build } from "./detect";
import { installedPackages, isSystemManager } from "./installed";
import { baseName, isWithin, joinPath, parentOf, resolvePath } from "./paths";
import { folderAt } from "./run-commands";
import { runEffect } from "./run-effects";
import { staticBase, systemBase } from "./runtime-base";
import { buildStageName, type Role, splitStage } from "./split";

type Context = Pick<RuleContext, "model" | "catalogue" | "facts">;

/** The ways to split the stage, best first; empty where anything that the program may need is not known. */
export function splitGo(build: Build, context: Context): readonly Fix[] {
  const { model } = context;
  if (build.tools !== "base" || build.step.family !== "go") return [];
  const program = readProgram(build, context.facts);
  if (!program) return [];
  const cgo = cgoState(build.step, build.stage, model);
  const fixes: Fix[] = [];
  const first = planFix(build, program, context, cgo === "off");
  if (first) fixes.push(first);
  if (cgo === "maybe" && build.image.distribution?.family === "debian" && !needsC(context.facts)) {
    const prefix = withoutCgo(build.step);
    const second = prefix && planFix(build, { ...program, edits: [...program.edits, prefix] }, context, true);
    if (second && second.title !== first?.title) fixes.push(second);
  }
  return fixes;
}

/** The program that is built and run. */
interface Program {
  /** Where it lies in the first stage. */
  readonly built: string;
  /** Where the second stage has to have it. */
  readonly runs: string;
  /** Edits that make the build write it there for sure. */
  readonly edits: readonly Edit[];
}

const programFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

function readProgram({ start, step, stage, image }: Build, facts: Facts): Program | null {
  const word = start.words?.[0];
  const command = start.instructions.at(-1);
  if (!word || !command || /\.(?:sh|bash|py|js)$/.test(word)) return null;
  const isBare = !word.includes("/");
  const runs = isBare ? null : resolvePath(word, folderAt(command, image.repository.name));
  if (!isBare && runs === null) return null;
  const name = baseName(word);
  const words = operands(step.command, ["-C", "-o", "-p", "-ldflags", "-tags", "-gcflags", "-asmflags", "-mod"]);
  const verb = words[0]?.value;
  if (verb === "install") {
    if (declares(stage, "GOBIN") || declares(stage, "GOPATH")) return null;
    const built = `/go/bin/${name}`;
    if (runs !== null && runs !== built) return null;
    return { built, runs: runs ?? `/usr/local/bin/${name}`, edits: [] };
  }
  if (verb !== "build" || flagValue(step.command, ["-C"])) return null;

  const output = flagValue(step.command, ["-o"]);
  if (output) {
    const text = output.value;
    const resolved = text === null ? null : resolvePath(text, step.folder);
    if (text === null || resolved === null) return null;
    const isFolder = text.endsWith("/") || baseName(resolved) !== name;
    const built = isFolder ? joinPath(resolved, name) : resolved;
    if (isBare) {
      if (programFolders.includes(parentOf(built))) return { built, runs: built, edits: [] };
      return parentOf(built) === "/go/bin" ? { built, runs: `/usr/local/bin/${name}`, edits: [] } : null;
    }
    if (runs === built) return { built, runs, edits: [] };
    return runs !== null && isMovedTo(step, runs) ? { built: runs, runs, edits: [] } : null;
  }

  // Without -o, `go build` writes into the folder it runs in, under a name that go.mod or the folder decides. That CMD
  // starts a file of that folder says which name it has; with -o it no longer depends on anything.
  const packages = words.slice(1).map((one) => one.value);
  if (runs === null || packages.some((one) => one === null || one.includes("..."))) return null;
  if (step.folder === null || parentOf(runs) !== step.folder) return null;
  const given = defaultName(packages as readonly string[], facts);
  if (given !== null && given !== name) return null;
  const at = words[0] && step.script.locate(words[0].from, words[0].to).end;
  if (at === undefined) return null;
  return { built: runs, runs, edits: [{ span: { start: at, end: at }, newText: ` -o ${name}` }] };
}

/** The name that `go build` gives the program; null when it is not known. Source: `go help build`. */
function defaultName(packages: readonly string[], facts: Facts): string | null {
  const [first] = packages;
  if (first?.endsWith(".go")) return first.includes("*") ? null : baseName(first).slice(0, -".go".length);
  if (first !== undefined && !/^\.\/?$/.test(first)) return baseName(first.replace(/\/+$/, ""));
  const file = facts.file("go.mod");
  const module = typeof file === "string" ? /^module\s+"?([^\s"]+)/m.exec(file)?.[1] : undefined;
  return module ? baseName(module.replace(/\/v\d+$/, "")) : null;
}

/** `go build -o app && mv app /usr/local/bin/app`. */
function isMovedTo(step: BuildStep, target: string): boolean {
  return step.script.commands.some(({ name, words }) => {
    if (name !== "mv" && name !== "cp" && name !== "install") return false;
    const last = words.at(-1)?.value;
    const resolved = last ? resolvePath(last, step.folder) : null;
    return resolved !== null && (resolved === target || resolved === parentOf(target));
  });
}

function declares(stage: Stage, name: string): boolean {
  return stage.scope.bindings.some((binding) => binding.name === name);
}

/** `off`: CGO_ENABLED=0 is in force at the build. Official Go images have a C compiler, so anything else may link to it. */
function cgoState(step: BuildStep, stage: Stage, model: Model): "off" | "maybe" {
  const own = step.command.assignments.find((one) => one.name === "CGO_ENABLED");
  if (own) return own.value?.value === "0" ? "off" : "maybe";
  for (const { name, words, command } of step.script.commands) {
    if (command.index >= step.command.command.index) break;
    if (name === "export" && words.some((word) => word.value === "CGO_ENABLED=0")) return "off";
  }
  const state = stageState(stage.scope, "CGO_ENABLED", step.instruction.index);
  const isOff = state.kind === "value" && state.value === "0";
  return isOff && model.stages.length > 0 ? "off" : "maybe";
}

/** `CGO_ENABLED=0 ` before the build command; null where that is not the command's own beginning. */
function withoutCgo(step: BuildStep): Edit | null {
  const { command } = step;
  if (command.wrappers.length > 0 || command.outer !== command.command) return null;
  if (command.assignments.some((one) => one.name === "CGO_ENABLED")) return null;
  const { start } = step.script.locate(command.command.from, command.command.to);
  return { span: { start, end: start }, newText: "CGO_ENABLED=0 " };
}

/** True when go.mod names a module that is known to need C. */
function needsC(facts: Facts): boolean {
  const file = facts.file("go.mod");
  return (
    typeof file === "string" &&
    /mattn\/go-sqlite3|confluent-kafka-go|git2go|gocv\.io|h2non\/bimg|davidbyttow\/govips|go-gl\/|go-librdkafka|go-webkit|gotk3|google\/gopacket|rivo\/duplo|go-tesseract|gosseract/.test(
      file,
    )
  );
}

/** Declared for the Go tools alone. */
const buildVariables =
  /^(?:CGO_\w+|GOOS|GOARCH|GOARM|GOAMD64|GOPROXY|GOPRIVATE|GONOSUMDB|GONOPROXY|GOSUMDB|GO111MODULE|GOFLAGS|GOPATH|GOBIN|GOCACHE|GOMODCACHE|GOROOT|GOTOOLCHAIN|GOWORK|GOEXPERIMENT|CC|CXX|CFLAGS|LDFLAGS|DEBIAN_FRONTEND)$/;

function planFix(build: Build, program: Program, { model, catalogue, facts }: Context, isStatic: boolean): Fix | null {
  const { stage, image, start, step } = build;
  const from = buildStageName(stage);
  const family = image.distribution?.family ?? null;
  const name = image.repository.name;
  const own = stage.instructions.filter((instruction) => instruction !== stage.from);
  if (own.some(({ keyword }) => keyword === "SHELL" || keyword === "ONBUILD")) return null;

  const lastBuild = own
    .filter(({ keyword }) => keyword === "RUN")
    .reduce((last, one) => (isCarried(one) ? last : one), step.instruction);
  const folders = own.filter(({ keyword }) => keyword === "WORKDIR");
  const workdirs = own
    .map((one) => one.workdir)
    .concat(stage.workdirAtEnd)
    .filter((one) => one !== null);
  const kept = [...workdirs, program.built, parentOf(program.built)];

  function isCarried(instruction: Instruction): boolean {
    return runEffect(instruction, name, goCommands, kept0(own, stage, program)) === "runtime";
  }

  const roles = new Map<Instruction, Role>();
  const copied = new Set<string>();
  const put = (instruction: Instruction) =>
    roles.set(instruction, instruction.index < lastBuild.index ? "both" : "final");
  let needsShell = start.needsShell;
  let makesUser = false;
  let user: string | null = null;
  let hasVolume = false;
  let hasLowPort = false;
  const copies: Copy[] = [];

  for (const instruction of own) {
    const { parsed, keyword } = instruction;
    switch (keyword) {
      case "RUN": {
        const effect = runEffect(instruction, name, goCommands, kept);
        if (effect === "unknown") return null;
        if (effect === "none") break;
        const isNeeded =
          own.some((one) => one.keyword === "USER" && one.index < lastBuild.index) || hasOwner(own, lastBuild);
        roles.set(instruction, isNeeded && instruction.index < lastBuild.index ? "both" : "final");
        needsShell = true;
        makesUser = true;
        break;
      }
      case "COPY":
      case "ADD": {
        const copy = readCopy(model, instruction, name);
        if (!copy || copy.from !== null || copy.sources.some((source) => /^(?:https?|git|ssh):|^git@/.test(source)))
          return null;
        copies.push(copy);
        const isAfter = instruction.index > lastBuild.index;
        if (isAfter || (copy.sources.length === 0 && copy.hasHeredoc)) put(instruction);
        else if (!bringsEverything(copy)) {
          const wanted = copy.sources.filter(isRuntimeFile);
          if (wanted.length === copy.sources.length) put(instruction);
          else for (const source of wanted) copied.add(landsAt(copy, source));
        } else for (const entry of runtimeEntries(facts)) copied.add(joinPath(copy.destination, entry));
        break;
      }
      case "ENV":
        if (!parsed.pairs.every((pair) => buildVariables.test(pair.name))) put(instruction);
        break;
      case "ARG":
        if (instruction.index > lastBuild.index) roles.set(instruction, "final");
        break;
      case "WORKDIR": {
        if (
          folders[0] === instruction &&
          !parsed.words[0]?.text.replace(/^["']/, "").startsWith("/") &&
          instruction.workdir === null
        ) {
          return null;
        }
        put(instruction);
        break;
      }
      case "USER": {
        const lookUp = (variable: string) => stageState(stage.scope, variable, instruction.index);
        const word = parsed.words[0];
        user = word ? expandWord(word, model.escape, lookUp) : null;
        if (user === null) return null;
        put(instruction);
        break;
      }
      case "EXPOSE":
        hasLowPort ||= parsed.words.some((word) => Number.parseInt(word.value ?? "0", 10) < 1024);
        roles.set(instruction, "final");
        break;
      case "VOLUME":
        hasVolume = true;
        roles.set(instruction, "final");
        break;
      default:
        roles.set(instruction, "final");
    }
  }

  const packages = runtimePackages(build, isStatic);
  if (packages === null) return null;
  const health = healthPrograms(own);
  for (const tool of health.programs) {
    if (tool === baseName(program.runs)) continue;
    if (tool === "wget" && family === "alpine") continue;
    if (tool !== "curl" && tool !== "wget") return null;
    packages.add(tool);
  }
  needsShell ||= health.needsShell;
  const files = argumentFiles(build, copies, roles, facts);
  if (files === null) return null;
  for (const file of files) copied.add(file);

  const isPlainUser = user === null || /^(?:\d+(?::\d+)?|root|nobody)$/.test(user);
  if (!isPlainUser && !makesUser) return null;
  const foreignOwner = own.some(
    (one) => (roles.get(one) === "both" || roles.get(one) === "final") && hasNamedOwner(one),
  );
  if (foreignOwner && !makesUser) return null;

  const tools = [...packages].filter((one) => one !== "ca-certificates" && one !== "tzdata");
  const bare =
    isStatic && family === "debian" && !needsShell && tools.length === 0 && !hasVolume && !(hasLowPort && user === null)
      ? staticBase(catalogue)
      : null;
  const system = bare === null ? systemBase(catalogue, image) : null;
  const base = bare ?? system?.reference;
  if (!base || (makesUser && system?.same === false)) return null;

  const first: string[] = [];
  if (folders.length === 0 && /^\.{1,2}\//.test(start.words?.[0] ?? "")) first.push("WORKDIR /go");
  if (bare === null) {
    if (packages.size > 0) first.push(...installLines(packages, family, model));
    if (family === "debian" && !packages.has("ca-certificates")) {
      first.push(copyLine(from, "/etc/ssl/certs/ca-certificates.crt"));
    }
    if (family === "alpine" && !packages.has("tzdata"))
      first.push(copyLine(from, "/usr/local/go/lib/time/zoneinfo.zip"));
  }
  const lines = [...[...copied].filter((path) => path !== program.built).map((path) => copyLine(from, path))];
  lines.push(copyLine(from, program.built, program.runs));

  const plan = {
    model,
    stage,
    base,
    roles,
    instead: new Map([[step.instruction, lines]]),
    first,
    edits: program.edits,
  };
  const edits = splitStage(plan);
  if (!edits) return null;
  const names = [baseName(program.runs), ...[...copied].map(baseName)];
  return {
    title: `Split into two stages: build on ${image.repository.name}, run on ${base}`,
    applicability: "unsafe",
    reason: reasonOf(names, base, bare !== null && user === null, program.edits, system?.same === false),
    kind: "refactor",
    edits,
  };
}

const goCommands: ReadonlySet<string> = new Set(["go"]);

function kept0(own: readonly Instruction[], stage: Stage, program: Program): readonly string[] {
  const workdirs = own.map((one) => one.workdir).concat(stage.workdirAtEnd);
  return [...workdirs.filter((one) => one !== null), program.built, parentOf(program.built)];
}

function copyLine(from: string, path: string, to = path): string {
  return `COPY --from=${from} ${path} ${to}`;
}

function hasOwner(own: readonly Instruction[], before: Instruction): boolean {
  return own.some((one) => one.index < before.index && one.parsed.flags.some((flag) => flag.name === "chown"));
}

function hasNamedOwner(instruction: Instruction): boolean {
  const flag = instruction.parsed.flags.find((one) => one.name === "chown");
  return flag !== undefined && !/^[\d:]+$/.test(flag.value?.value ?? "");
}

/** Folders and files that programs open when they run, by custom. */
const runtimeNames: ReadonlySet<string> = new Set([
  ...["templates", "template", "tmpl", "views", "static", "public", "assets", "web", "www", "html", "ui", "dist"],
  ...[
    "migrations",
    "migration",
    "config",
    "configs",
    "conf",
    "etc",
    "locales",
    "locale",
    "i18n",
    "lang",
    "certs",
    "data",
  ],
]);

function isRuntimeFile(source: string): boolean {
  const name = source.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return runtimeNames.has(name) || isSettingsFile(name);
}

function isSettingsFile(name: string): boolean {
  if (/^(?:docker-compose|compose|\.golangci|codecov|\.goreleaser)/.test(name)) return false;
  return /\.(?:ya?ml|json|toml|ini|conf|cfg|env|properties|html|tmpl|gohtml|pem|crt|xml|csv|txt)$|^\.env$/.test(name);
}

/** Entries at the top of the build context that a program may open when it runs; none while the context is not known. */
function runtimeEntries(facts: Facts): readonly string[] {
  const names = (facts.list(".") ?? []).map((path) => path.replace(/^\.?\//, "").split("/")[0] ?? "");
  return [...new Set(names)].filter((name) => runtimeNames.has(name)).sort();
}

/** System packages that the program may need; null when one of them depends on a variable or has no known counterpart. */
function runtimePackages({ stage, image }: Build, isStatic: boolean): Set<string> | null {
  const wanted = new Set<string>();
  const family = image.distribution?.family ?? null;
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== "RUN") continue;
    for (const { script } of scriptsOf(instruction)) {
      const installs = packageOperations(script).filter((one) => one.action === "install" && isSystemManager(one));
      if (installs.some((one) => one.unknown.length > 0)) return null;
    }
  }
  for (const { package: one } of installedPackages(stage)) {
    const role = buildRole(one.name);
    if (one.kind !== "name") return null;
    if (role === "compiler") continue;
    if (role === "headers") {
      if (isStatic || isPureHeaders(one.name)) continue;
      const library = runtimeCounterpart(one.name, family);
      if (library === null) return null;
      wanted.add(library);
    } else if (role !== "helper" || one.name === "curl" || one.name === "wget") wanted.add(one.word.value ?? one.name);
  }
  return wanted;
}

function installLines(packages: ReadonlySet<string>, family: string | null, model: Model): readonly string[] {
  const names = [...packages].sort().join(" ");
  if (family === "alpine") return [`RUN apk add --no-cache ${names}`];
  return [
    `RUN apt-get update ${model.escape}`,
    `    && apt-get install -y --no-install-recommends ${names} ${model.escape}`,
    "    && rm -rf /var/lib/apt/lists/*",
  ];
}

interface Health {
  readonly programs: readonly string[];
  readonly needsShell: boolean;
}

function healthPrograms(own: readonly Instruction[]): Health {
  const last = own.filter(({ keyword }) => keyword === "HEALTHCHECK").at(-1);
  if (!last) return { programs: [], needsShell: false };
  const words = execWords(last);
  if (words) return { programs: words[0] ? [baseName(words[0])] : [], needsShell: false };
  const commands = scriptsOf(last).flatMap((script) => script.commands);
  const programs = commands.flatMap(({ name }) => (name === null || quietHealth.has(name) ? [] : [name]));
  return { programs, needsShell: commands.length > 0 };
}

const quietHealth: ReadonlySet<string> = new Set(["exit", "true", "false", "test", "[", "grep", "echo"]);

/** Files that CMD names and the build brought along; null when it is not known whether the image has one of them. */
function argumentFiles(
  { start, stage, image }: Build,
  copies: readonly Copy[],
  roles: ReadonlyMap<Instruction, Role>,
  facts: Facts,
): readonly string[] | null {
  const command = start.instructions.at(-1);
  const folder = command ? folderAt(command, image.repository.name) : null;
  const found: string[] = [];
  for (const word of start.words?.slice(1) ?? []) {
    const text = word.startsWith("-") && word.includes("=") ? word.slice(word.indexOf("=") + 1) : word;
    if (text.startsWith("-") || /^\w+:\/\/|^:?\d|:\d+$/.test(text)) continue;
    if (!text.includes("/") && !isSettingsFile(text)) continue;
    const path = resolvePath(text, folder);
    if (path === null) return null;
    const brought = copies.filter((copy) => isWithin(path, copy.destination.replace(/\/$/, "") || "/"));
    const stays = brought.some((copy) => roles.get(copy.instruction) !== undefined && !bringsEverything(copy));
    if (brought.length === 0 || stays) continue;
    const relative =
      stage.workdirAtEnd && isWithin(path, stage.workdirAtEnd) ? path.slice(stage.workdirAtEnd.length + 1) : null;
    const known = relative === null ? undefined : facts.file(relative);
    if (known === null) continue;
    if (known === undefined && !isSettingsFile(baseName(path))) return null;
    found.push(path);
  }
  return found;
}

function reasonOf(
  names: readonly string[],
  base: string,
  isNonroot: boolean,
  edits: readonly Edit[],
  isOtherRelease: boolean,
): string {
  const list = names.join(", ");
  const parts = [
    `Only ${list} ${names.length === 1 ? "is" : "are"} copied, so a file that the program opens at run time needs a COPY of its own`,
  ];
  if (isNonroot) parts.push("the container has no shell and runs as nonroot (65532)");
  if (edits.some((edit) => edit.newText.startsWith("CGO_ENABLED"))) {
    parts.push("without cgo, packages that need C no longer build");
  }
  if (isOtherRelease) parts.push(`${base} may be newer than the system that the program is built on`);
  return `${parts.join("; ")}.`;
}
