/** Splits a stage that publishes and runs a .NET program. */
import type { Instruction, Stage } from "../../model/types";
import type { Facts, Fix } from "../../rule";
import { contextFile } from "../context-files";
import type { Copy } from "../copies";
import { copyLines } from "../copy-lines";
import type { Build } from "../detect";
import { baseName } from "../paths";
import { installLines } from "../runtime-packages";
import { buildStageName, splitStage } from "../split";
import { bareDotnetBase, type DotnetRuntime, dotnetBase } from "./dotnet-base";
import { contentFiles } from "./dotnet-content";
import {
  copiesOf,
  type DotnetContext,
  type DotnetParts,
  isBareDotnet,
  isSafeForAccount,
  readDotnetParts,
  usesMore,
} from "./dotnet-parts";
import { type DotnetProject, readDotnetProject, writesBeside } from "./dotnet-project";
import { type Published, readPublished } from "./dotnet-start";

/** The ways to split the stage, best first; empty where it is not known what the program needs when it runs. */
export function splitDotnet(build: Build, context: DotnetContext): readonly Fix[] {
  const published = readPublished(build, context.model);
  if (build.tools !== "base" || !published || usesMore(build)) return [];
  const copies = copiesOf(build, context);
  const project = readProject(published, copies, context.facts);
  const runtime = runtimeOf(published, project);
  const base = dotnetBase(context.catalogue, build.image, runtime);
  const content = contentFiles(published, project, copies, context.facts);
  const parts = base && content && readDotnetParts(build, published, base, content, context);
  if (!base || !parts) return [];
  const writes = project?.writesFiles ? "yes" : writesOf(published, copies, context.facts);
  const account = writes === "no" && isSafeForAccount(build, parts) ? base.account : null;
  const first = planFix(build, published, base.reference, parts, account, context, []);
  const bare =
    writes !== "yes" && isBareDotnet(build, published, parts, base)
      ? bareDotnetBase(context.catalogue, base, runtime)
      : null;
  const noShell = ["the container has no shell", "it runs as app (1654)"];
  const second = bare === null ? null : planFix(build, published, bare, parts, null, context, noShell);
  return [first, second].filter((fix) => fix !== null);
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

function planFix(
  build: Build,
  { output }: Published,
  base: string,
  { roles, beside, packages, isAlpine }: DotnetParts,
  account: string | null,
  { model }: DotnetContext,
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
