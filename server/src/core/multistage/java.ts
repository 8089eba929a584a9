/** Splits a stage that builds and runs a Java program, whatever tool builds it. */
import { scriptsOf } from "../model/scripts";
import type { Instruction, Stage } from "../model/types";
import type { Facts, Fix, RuleContext } from "../rule";
import { contextPaths } from "./context-files";
import { type Copy, readCopy } from "./copies";
import { copyLines } from "./copy-lines";
import type { Build } from "./detect";
import { bringsModule, folderOf, type JavaArtefact, javaArtefact, namedFiles, openedFolders } from "./java-artefact";
import { bareJavaBase, type JavaBase, javaBase } from "./java-base";
import { packagedJava } from "./java-packages";
import { agentOf, type JavaStart, readJavaStart } from "./java-start";
import { settledRoles } from "./moved-roles";
import { readMoves } from "./moves";
import { baseName, isWithin, parentOf, resolvePath } from "./paths";
import { folderAt } from "./run-commands";
import { healthCheck, installLines, runtimePackages } from "./runtime-packages";
import { type Sorted, sortInstructions } from "./sort";
import { buildStageName, splitStage } from "./split";

/** What a rewrite is given. */
export type JavaContext = Pick<RuleContext, "model" | "catalogue" | "facts">;

/** What is known of the start and of what the build left, for a look into the project's files. */
export interface JavaBuild {
  readonly build: Build;
  readonly start: JavaStart;
  readonly artefact: JavaArtefact;
  readonly copies: readonly Copy[];
  readonly facts: Facts;
}

/** Absolute paths that the project's files say are needed beside the artefact; null where they speak against it. */
export type JavaProject = (build: JavaBuild) => readonly string[] | null;

/** Names of the tools that build Java programs. */
const buildTools: ReadonlySet<string> = new Set(["mvn", "mvnw", "mvnd", "gradle", "gradlew", "dos2unix"]);

/** Declared for the build tools alone. */
const buildVariables =
  /^(?:MAVEN_\w+|MVN\w*|M2_HOME|M2|GRADLE_\w+|ORG_GRADLE_\w+|JAVA_HOME|JDK_\w+|DEBIAN_FRONTEND|HOME_GRADLE)$/;

/** The ways to split the stage, best first; empty where anything that the program may need is not known. */
export function splitJava(build: Build, context: JavaContext, project: JavaProject): readonly Fix[] {
  const start = readJavaStart(build.start);
  const command = build.start.instructions.at(-1);
  if (!start || !command) return [];
  const packaged = build.tools === "packages" ? packagedJava(build, context.catalogue) : null;
  const base = build.tools === "packages" ? packaged?.base : javaBase(context.catalogue, build.image);
  const parts = base && readParts(build, start, command, context, project);
  if (!base || !parts || !fits(build, base, parts, start)) return [];
  if (packaged) {
    parts.packages.delete(packaged.jdk);
    parts.packages.add(packaged.jre);
  }
  const first = planFix(build, base.reference, parts, context, [
    "the runtime has no compiler and none of the tools of a JDK",
    ...base.differences,
  ]);
  const bare = build.tools === "base" && isPlain(build, parts) ? bareJavaBase(context.catalogue, base.major) : null;
  const second =
    bare === null
      ? null
      : planFix(build, bare, parts, context, ["the container has no shell", "it runs as nonroot (65532)"]);
  return [first, second].filter((fix) => fix !== null);
}

/** What the second stage is put together from. */
interface Parts {
  readonly artefact: JavaArtefact;
  readonly sorted: Sorted;
  readonly roles: Sorted["roles"];
  /** Paths to copy beside the artefact. */
  readonly beside: readonly string[];
  readonly packages: Set<string>;
  /** The folder that the base image starts in, where the file sets none and a path depends on it. */
  readonly folder: string | null;
}

function readParts(
  build: Build,
  start: JavaStart,
  command: Instruction,
  { model, facts }: JavaContext,
  project: JavaProject,
): Parts | null {
  const { stage, image, step } = build;
  const name = image.repository.name;
  const folder = folderAt(command, name);
  const own = stage.instructions.filter(({ keyword }) => keyword === "COPY" || keyword === "ADD");
  const copies = own.flatMap((one) => readCopy(model, one, name) ?? []);
  const wanted = start.programs.flatMap((one) => resolvePath(one, folder) ?? []);
  const moves = readMoves(build, wanted, copies.map(folderOf));
  const artefact = moves && javaArtefact(build, start, folder, copies, moves);
  const needed = artefact && project({ build, start, artefact, copies, facts });
  if (!moves || !artefact || !needed) return null;

  const folders = stage.instructions.map((one) => one.workdir).concat(stage.workdirAtEnd);
  const paths = [...artefact.paths, ...needed];
  const kept = [...folders.filter((one) => one !== null), ...paths, ...paths.map(parentOf), ...moves.paths];
  const sorted = sortInstructions({
    ...{ model, stage, facts, buildVariables, kept },
    ...{ image: name, step: step.instruction, tools: buildTools, isSettled: moves.isSettled },
  });
  if (!sorted) return null;

  const modules = new Set(copies.filter((copy) => bringsModule(copy, artefact, facts)).map((copy) => copy.instruction));
  const repeated = sorted.copies.filter((copy) => sorted.roles.has(copy.instruction)).map(folderOf);
  const isThere = (path: string) =>
    [...paths, ...repeated].some((one) => isWithin(path, one)) || kept.some((one) => isWithin(one, path));
  const exists = (path: string) => {
    const known = contextPaths(path, sorted.copies).map((source) => facts.file(source));
    return known.some((text) => typeof text === "string") ? true : known.includes(undefined) ? undefined : false;
  };
  const agents = { ...start, files: [...start.files, ...agentsIn(stage)] };
  const named = namedFiles(agents, folder, sorted.copies, isThere, exists);
  if (!named) return null;
  const opened = openedFolders(sorted.files, sorted.copies, facts);
  const packages = runtimePackages(stage, image.distribution?.family ?? null, false);
  if (!packages) return null;
  const setsFolder = stage.instructions.some(({ keyword }) => keyword === "WORKDIR");
  return {
    artefact,
    sorted,
    roles: settledRoles(
      sorted.roles,
      stage,
      step.instruction,
      (one) => modules.has(one) || namesBuildTools(one, stage),
    ),
    beside: [...new Set([...needed, ...named, ...opened])].filter((path) => !artefact.paths.includes(path)),
    packages,
    folder: !setsFolder && folder !== "/" && start.programs.some((one) => !one.startsWith("/")) ? folder : null,
  };
}

/** Agents that variables for the Java launcher name. */
function agentsIn(stage: Stage): readonly string[] {
  return stage.instructions.flatMap(({ parsed }) =>
    parsed.keyword === "ENV"
      ? parsed.pairs.flatMap((pair) =>
          (pair.value?.value?.match(/-(?:javaagent|agentpath):[^\s"']+/g) ?? []).map(agentOf),
        )
      : [],
  );
}

/** `ENV PATH=$PATH:$GRADLE_HOME/bin`: a folder that the second stage does not have. */
function namesBuildTools({ parsed }: Instruction, stage: Stage): boolean {
  const isToolPath = (text: string) => /gradle|maven|\bmvn\b|M2_HOME|JAVA_HOME|\bj(?:dk|vm)\b/i.test(text);
  return (
    parsed.pairs.some((pair) => pair.name === "PATH" && isToolPath(pair.value?.text ?? "")) &&
    parsed.pairs.every((pair) => pair.name === "PATH" || buildVariables.test(pair.name)) &&
    stage.base.reference !== null
  );
}

/** Tools for health checks that Eclipse Temurin's images bring. Source: their Dockerfiles. */
const broughtTools: Readonly<Record<string, readonly string[]>> = { ubuntu: ["curl", "wget"], alpine: ["wget"] };

/** Systems whose packages can be installed in the second stage, with the tools that Gradle's start scripts call. */
const hasPackages: ReadonlySet<string> = new Set(["debian", "ubuntu", "alpine"]);

/** True when the base can do all that the second stage asks of it; adds what the health check runs to the packages. */
function fits(build: Build, base: JavaBase, parts: Parts, start: JavaStart): boolean {
  const family = base.system?.family ?? "ubuntu";
  const brought = build.tools === "base" ? (broughtTools[family] ?? []) : [];
  for (const tool of healthCheck(build.stage).programs) {
    if (tool !== "curl" && tool !== "wget") return false;
    if (!brought.includes(tool)) parts.packages.add(tool);
  }
  for (const tool of brought) parts.packages.delete(tool);
  if (parts.packages.size > 0 && !hasPackages.has(family)) return false;
  // Another system has other packages, and other accounts are there already.
  const isAlike = base.same || build.image.distribution === null;
  if (!isAlike && [...parts.packages].some((name) => !everywhere.has(name))) return false;
  if (!base.same && makesAccounts(parts)) return false;
  // Gradle's start scripts ask for `xargs`, `sed` and `uname`.
  return start.kind !== "script" || hasPackages.has(family);
}

/** Packages that have one name on Debian, Ubuntu and Alpine. */
const everywhere: ReadonlySet<string> = new Set([
  "curl",
  "wget",
  "ca-certificates",
  "tzdata",
  "fontconfig",
  "tini",
  "bash",
]);

function makesAccounts({ roles }: Parts): boolean {
  return [...roles].some(
    ([instruction, role]) =>
      instruction.keyword === "RUN" &&
      role !== "build" &&
      scriptsOf(instruction)
        .flatMap((script) => script.commands)
        .some(({ name }) => /^(?:user|group)(?:add|mod)$|^add(?:user|group)$/.test(name ?? "")),
  );
}

/** True when a jar starts without a shell and nothing asks for a package, an account or a right. */
function isPlain({ start, stage }: Build, { sorted, packages, artefact }: Parts): boolean {
  const keywords = stage.instructions.map(({ keyword }) => keyword);
  return (
    !start.needsShell &&
    !sorted.repeatsRun &&
    !sorted.hasVolume &&
    !sorted.hasLowPort &&
    sorted.user === null &&
    packages.size === 0 &&
    artefact.jar !== null &&
    !keywords.includes("HEALTHCHECK") &&
    // The image's own ENTRYPOINT would stand before a lone CMD.
    keywords.includes("ENTRYPOINT") &&
    start.words?.[0] === "java"
  );
}

function planFix(
  build: Build,
  base: string,
  parts: Parts,
  { model }: JavaContext,
  consequences: readonly string[],
): Fix | null {
  const { stage, step, image } = build;
  const { artefact, beside, packages, roles, folder } = parts;
  const from = buildStageName(stage);
  const first: string[] = [];
  if (packages.size > 0) first.push(...installLines(packages, image.distribution?.family ?? null, model));
  if (folder !== null) first.push(`WORKDIR ${folder}`);
  const lines = copyLines(from, [...beside, ...artefact.paths]);
  if (!lines) return null;
  const instead = new Map([[step.instruction, lines]]);
  const edits = splitStage({ model, stage, base, roles, instead, first, edits: [] });
  if (!edits) return null;
  const copied = [...artefact.paths, ...beside].map((path) =>
    path.includes("*") ? `${baseName(parentOf(path))}/${baseName(path)}` : baseName(path),
  );
  const only = `Only ${copied.join(", ")} ${copied.length === 1 ? "is" : "are"} copied, so other files need a COPY`;
  return {
    title: `Build in an earlier stage, run on ${base.replace(/^gcr\.io\//, "")}`,
    applicability: "unsafe",
    reason: `${[only, ...consequences].join("; ")}.`,
    kind: "refactor",
    edits,
  };
}
