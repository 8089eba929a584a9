/** What the second stage of a Java build is put together from. */
import type { Instruction, Stage } from "../../model/types";
import type { Facts, RuleContext } from "../../rule";
import { contextPaths } from "../context-files";
import { type Copy, folderOf, readCopy } from "../copies";
import type { Build } from "../detect";
import { settledRoles } from "../moved-roles";
import { readMoves } from "../moves";
import { isWithin, parentOf, resolvePath } from "../paths";
import { folderAt } from "../run-commands";
import { runtimePackages } from "../runtime-packages";
import { type Sorted, sortInstructions } from "../sort";
import { bringsModule, type JavaArtefact, javaArtefact, namedFiles, openedFolders } from "./java-artefact";
import { agentOf, type JavaStart } from "./java-start";

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

/** What the second stage is put together from. */
export interface JavaParts {
  readonly artefact: JavaArtefact;
  readonly sorted: Sorted;
  readonly roles: Sorted["roles"];
  /** Paths to copy beside the artefact. */
  readonly beside: readonly string[];
  readonly packages: Set<string>;
  /** The folder that the base image starts in, where the file sets none and a path depends on it. */
  readonly folder: string | null;
}

/** Names of the tools that build Java programs. */
const buildTools: ReadonlySet<string> = new Set(["mvn", "mvnw", "mvnd", "gradle", "gradlew", "dos2unix"]);

/** Declared for the build tools alone. */
const buildVariables =
  /^(?:MAVEN_\w+|MVN\w*|M2_HOME|M2|GRADLE_\w+|ORG_GRADLE_\w+|JAVA_HOME|JDK_\w+|DEBIAN_FRONTEND|HOME_GRADLE)$/;

/** Reads them; null where anything that the program may need is not known. `command`: the instruction that starts it. */
export function readJavaParts(
  build: Build,
  start: JavaStart,
  command: Instruction,
  { model, facts }: JavaContext,
  project: JavaProject,
): JavaParts | null {
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
