/** Splits a stage that publishes and runs a .NET program. */
import { scriptsOf } from "../model/scripts";
import type { Instruction, Stage } from "../model/types";
import type { Facts, Fix, RuleContext } from "../rule";
import { contextFile } from "./context-files";
import { type Copy, readCopy } from "./copies";
import { copyLines } from "./copy-lines";
import type { Build } from "./detect";
import { bareDotnetBase, type DotnetBase, type DotnetRuntime, dotnetBase } from "./dotnet-base";
import { contentFiles } from "./dotnet-content";
import { type DotnetProject, readDotnetProject, writesBeside } from "./dotnet-project";
import { type Published, readPublished } from "./dotnet-start";
import { folderOf } from "./java-artefact";
import { settledRoles } from "./moved-roles";
import { readMoves } from "./moves";
import { baseName, isWithin, parentOf } from "./paths";
import { healthCheck, installLines, runtimePackages } from "./runtime-packages";
import { type Sorted, sortInstructions } from "./sort";
import { buildStageName, splitStage } from "./split";

type Context = Pick<RuleContext, "model" | "catalogue" | "facts">;

/** The ways to split the stage, best first; empty where it is not known what the program needs when it runs. */
export function splitDotnet(build: Build, context: Context): readonly Fix[] {
  const published = readPublished(build, context.model);
  if (build.tools !== "base" || !published || usesMore(build)) return [];
  const copies = copiesOf(build, context);
  const project = readProject(published, copies, context.facts);
  const runtime = runtimeOf(published, project);
  const base = dotnetBase(context.catalogue, build.image, runtime);
  const content = contentFiles(published, project, copies, context.facts);
  const parts = base && content && readParts(build, published, base, content, context);
  if (!base || !parts) return [];
  const writes = project?.writesFiles ? "yes" : writesOf(published, copies, context.facts);
  const account = writes === "no" && isSafeForAccount(build, parts) ? base.account : null;
  const first = planFix(build, published, base.reference, parts, account, context, []);
  const bare =
    writes !== "yes" && isPlain(build, published, parts, base)
      ? bareDotnetBase(context.catalogue, base, runtime)
      : null;
  const noShell = ["the container has no shell", "it runs as app (1654)"];
  const second = bare === null ? null : planFix(build, published, bare, parts, null, context, noShell);
  return [first, second].filter((fix) => fix !== null);
}

/** Commands of `dotnet` that leave nothing but what is published. */
const quietVerbs: ReadonlySet<string> = new Set([
  ...["restore", "build", "publish", "test", "clean", "tool", "nuget", "workload", "sln", "msbuild", "pack", "format"],
  ...["--info", "--version", "--list-sdks", "--list-runtimes", "new", "add"],
]);

/** True when a command makes something else: a certificate for development, a database. */
function usesMore({ stage }: Build): boolean {
  const commands = stage.instructions
    .filter(({ keyword }) => keyword === "RUN")
    .flatMap((one) => scriptsOf(one).flatMap((script) => script.commands));
  return commands.some(({ name, words }) => name === "dotnet" && !quietVerbs.has(words[1]?.value ?? ""));
}

function copiesOf({ stage, image }: Build, { model }: Context): readonly Copy[] {
  const own = stage.instructions.filter(({ keyword }) => keyword === "COPY" || keyword === "ADD");
  return own.flatMap((one) => readCopy(model, one, image.repository.name) ?? []);
}

function readProject(published: Published, copies: readonly Copy[], facts: Facts): DotnetProject | null {
  for (const path of published.projects) {
    const file = contextFile(path, copies, facts);
    if (file) return readDotnetProject(file.text);
  }
  return null;
}

/** Whether the program writes files beside itself, as its project shows. */
function writesOf({ projects }: Published, copies: readonly Copy[], facts: Facts): ReturnType<typeof writesBeside> {
  const file = projects.map((path) => contextFile(path, copies, facts)).find((one) => one);
  if (!file) return "unknown";
  const folder = file.path.slice(0, file.path.lastIndexOf("/") + 1);
  const paths = facts.list(folder === "" ? "." : folder) ?? null;
  const names = paths?.map((path) => path.replace(/^\.\//, "").slice(folder.length)) ?? null;
  const program = facts.file(`${folder}Program.cs`);
  return writesBeside(program ?? null, names?.filter((name) => !name.includes("/")) ?? null);
}

/** `aspnet` holds all that `runtime` holds, so it is right where the project is not known. */
function runtimeOf(published: Published, project: DotnetProject | null): DotnetRuntime {
  const isOwn = published.isSelfContained || project?.isSelfContained === true;
  if (isOwn && !published.throughDotnet) return "runtime-deps";
  return project?.isConsole ? "runtime" : "aspnet";
}

/** What the second stage is put together from. */
interface Parts {
  readonly sorted: Sorted;
  readonly roles: Sorted["roles"];
  readonly beside: readonly string[];
  readonly packages: Set<string>;
  readonly isAlpine: boolean;
}

/** Declared for the SDK alone. */
const buildVariables =
  /^(?:NUGET_\w+|MSBUILD\w*|BUILD_CONFIGURATION|CONFIGURATION|DOTNET_CLI_\w+|DOTNET_SKIP_\w+|DOTNET_NOLOGO|DOTNET_ROOT|DEBIAN_FRONTEND)$/;

const buildTools: ReadonlySet<string> = new Set(["dotnet", "dos2unix"]);

function readParts(
  build: Build,
  { output, folder }: Published,
  base: DotnetBase,
  content: readonly string[],
  context: Context,
): Parts | null {
  const { model, facts } = context;
  const { stage, image, step } = build;
  const moves = readMoves(build, [output], copiesOf(build, context).map(folderOf));
  if (!moves) return null;
  const folders = stage.instructions.map((one) => one.workdir).concat(stage.workdirAtEnd);
  const kept = [...folders.filter((one) => one !== null), output, parentOf(output), ...moves.paths];
  const sorted = sortInstructions({
    ...{ model, stage, facts, buildVariables, kept },
    ...{ image: image.repository.name, step: step.instruction, tools: buildTools, isSettled: moves.isSettled },
  });
  const packages = runtimePackages(stage, base.system.family, false);
  if (!sorted || !packages) return null;
  const isAlpine = base.system.family === "alpine";
  for (const tool of healthCheck(stage).programs) {
    if (tool !== "curl" && tool !== "wget") return null;
    if (tool === "curl" || !isAlpine) packages.add(tool);
  }
  if (packages.size > 0 && !["debian", "ubuntu", "alpine"].includes(base.system.family)) return null;
  // Folders of the context matter where the program starts; elsewhere they are sources.
  const opened = sorted.files.filter(
    (path) => parentOf(path) === folder && /^(?:config|data|certs)$/.test(baseName(path)),
  );
  const beside = [...new Set([...content, ...opened])].filter((path) => !isWithin(path, output));
  return {
    sorted,
    roles: settledRoles(sorted.roles, stage, step.instruction, () => false),
    beside,
    packages,
    isAlpine,
  };
}

/** True when nothing in the file asks for more than an ordinary account may do. */
function isSafeForAccount({ stage }: Build, { sorted }: Parts): boolean {
  return (
    sorted.user === null &&
    !sorted.repeatsRun &&
    !sorted.hasVolume &&
    !sorted.hasLowPort &&
    !stage.instructions.some(asksForLowPort) &&
    !stage.instructions.some(({ keyword }) => keyword === "HEALTHCHECK")
  );
}

/** `ASPNETCORE_URLS=http://+:80` or without a port, `ASPNETCORE_HTTP_PORTS=80`, `--urls http://*:80`. */
function asksForLowPort({ parsed }: Instruction): boolean {
  if (parsed.keyword !== "ENV" && parsed.keyword !== "CMD" && parsed.keyword !== "ENTRYPOINT") return false;
  const { text } = parsed;
  const urls = [...text.matchAll(/\bhttps?:\/\/[^\s:"';/\]]+(?::(\d+)|:(\[::\]))?/g)];
  const ports = [...text.matchAll(/HTTPS?_PORTS[=\s]"?(\d+)/g), ...urls].map((match) => Number(match[1] ?? 80));
  return ports.some((port) => port < 1024);
}

/** True when the program starts without a shell and asks for nothing but its own files. */
function isPlain(
  { start, stage }: Build,
  published: Published,
  { sorted, packages }: Parts,
  base: DotnetBase,
): boolean {
  return (
    base.major >= 8 &&
    base.system.libc === "glibc" &&
    !published.isForOneSystem &&
    !published.isSelfContained &&
    !start.needsShell &&
    !sorted.repeatsRun &&
    !sorted.hasVolume &&
    !sorted.hasLowPort &&
    !stage.instructions.some(asksForLowPort) &&
    sorted.user === null &&
    packages.size === 0 &&
    !stage.instructions.some(({ keyword }) => keyword === "HEALTHCHECK")
  );
}

function planFix(
  build: Build,
  { output }: Published,
  base: string,
  { roles, beside, packages, isAlpine }: Parts,
  account: string | null,
  { model }: Context,
  consequences: readonly string[],
): Fix | null {
  const { stage, step } = build;
  const from = buildStageName(stage);
  const first: string[] = [];
  const installed = new Set(packages);
  if (isAlpine) first.push(...alpineLines(stage, installed));
  if (installed.size > 0) first.push(...installLines(installed, isAlpine ? "alpine" : "debian", model));
  const paths = [...beside, output];
  const copies = copyLines(from, paths);
  if (!copies) return null;
  const lines = [...copies];
  const instead = new Map<Instruction, readonly string[]>([[step.instruction, lines]]);
  // USER stands where nothing is made any more, as people write it.
  const [command] = [...build.start.instructions].sort((a, b) => a.index - b.index);
  if (account !== null && command) {
    if (command.index > step.instruction.index) instead.set(command, [`USER ${account}`]);
    else lines.push(`USER ${account}`);
  }
  const edits = splitStage({ model, stage, base, roles, instead, first, edits: [] });
  if (!edits) return null;
  const only = `Only ${paths.map(baseName).join(", ")} ${paths.length === 1 ? "is" : "are"} copied, so other files need a COPY`;
  const asApp = account === null ? [] : ["it runs as app (1654), which writes nowhere but to /tmp and its home"];
  return {
    title: `Build in an earlier stage, run on ${base.replace(/^mcr\.microsoft\.com\//, "")}`,
    applicability: "unsafe",
    reason: `${[only, ...asApp, ...consequences].join("; ")}.`,
    kind: "refactor",
    edits,
  };
}

/**
 * What the SDK on Alpine has and its small relative lacks: languages, unless the file does without, and time zones. Adds
 * packages; gives the lines beside them. Source: the Dockerfiles of both.
 */
function alpineLines(stage: Stage, packages: Set<string>): readonly string[] {
  const binding = stage.scope.lookup("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", Number.POSITIVE_INFINITY);
  packages.add("tzdata");
  if (/^(?:1|true)$/i.test(binding?.value ?? "")) return [];
  packages.add("icu-data-full").add("icu-libs");
  return binding ? [] : ["ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false"];
}
