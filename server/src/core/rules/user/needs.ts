/** What a stage that runs as root has to be given before another user can run it, and what no edit can give. */

import { writtenFolders } from "../../fixes/accounts";
import { closedModes } from "../../fixes/non-root/closed-modes";
import { madeFolders } from "../../fixes/non-root/made-folders";
import { frameworkTrees, nextCache, programWrites } from "../../fixes/non-root/program-writes";
import { rootActs } from "../../fixes/non-root/root-acts";
import { neededFromRootHome } from "../../fixes/non-root/root-home";
import { instructionsIn } from "../../model/index-of";
import type { Instruction, Stage } from "../../model/types";
import { resolvePath } from "../../multistage/paths";
import type { RuleContext } from "../../rule";
import type { EffectiveCommand } from "../../shell/commands";
import type { Edit } from "../../text";
import { chainOf } from "./accounts";
import { type Entry, startingCommands } from "./entry";
import { isOwnFolder, volumesOf } from "./folders";
import { privilegedPackages } from "./programs";
import { hasTools, installs, isDevelopmentFile, isDevelopmentStage, type RootRuntime } from "./root-runtime";
import { startingPrograms } from "./starting-programs";

/** What another user needs. All folders are absolute. */
export interface Needs {
  /** Folders of VOLUME: theirs with all that is in them, before they are declared. */
  readonly volumes: readonly string[];
  /** Folders that are theirs with all that is in them. */
  readonly trees: readonly string[];
  /** Folders in which they make files. */
  readonly folders: readonly string[];
  /** Folders that the file has made for it, and that are there already. */
  readonly made: readonly string[];
  /** Edits that open files which only root may use. */
  readonly edits: readonly Edit[];
  /** What those open. */
  readonly opened: readonly string[];
  /** The program that is known to write, or null. */
  readonly program: string | null;
}

/** What the stage needs, or why no fix is sure to build and run: a sentence that says it and what to do. */
export function needsOf(context: RuleContext, runtime: RootRuntime): Needs | string {
  const { model, facts } = context;
  const { stage, entry, image } = runtime;
  const obstacle = obstacleOf(context, runtime);
  if (obstacle !== null) return obstacle;
  const chain = chainOf(stage);
  const volumes = volumesOf(stage, model);
  const workdir = stage.workdirAtEnd;
  const variable = (name: string) => stage.scope.lookup(name, Number.POSITIVE_INFINITY)?.value ?? null;
  const acts = rootActs(commandsForAll(entry), { workdir, variable, given: volumes });
  if (acts.obstacle !== null)
    return `When it starts, it does what only root may (${acts.obstacle}). Do that in a RUN, then switch with USER.`;
  const home = neededFromRootHome(chain);
  if (home !== null) return `It may need ${home}, which only root can read. Put that elsewhere, then switch with USER.`;
  const writes = programWrites(startingPrograms(entry, stage, model, facts), volumes.length > 0);
  if (writes.builder !== null)
    return `It starts with ${writes.builder}, which writes to root's folders. Build in a RUN, then switch with USER.`;
  const modes = closedModes(model, chain);
  if (modes.closed !== null) return `Only root may use ${modes.closed}. Give it another owner, then switch with USER.`;
  const within = (path: string): string | null => (workdir === null ? null : resolvePath(path, workdir));
  const next = servesNext(stage) ? nextCache : [];
  const runs = instructionsIn(stage, "RUN").map(({ parsed }) => parsed.text);
  const folders = [...acts.folders, ...[...writes.folders, ...next].map(within)];
  const trees = [
    ...(writtenFolders[image?.repository.name ?? ""] ?? []),
    ...[...writes.trees, ...frameworkTrees(runs)].map(within),
  ];
  for (const { path, isTree } of modes.shared) if (isOwnFolder(path)) (isTree ? trees : folders).push(path);
  const wanted = [...folders, ...trees];
  if (wanted.some((path) => path === null || !isMaybeOwn(path)) || (!hasTools(runtime) && wanted.length > 0))
    return `${writes.program ?? "Its start script"} writes to a folder of root's. Give it one of its own, then switch with USER.`;
  if (!hasTools(runtime) && volumes.length > 0 && runtime.system?.family !== "windows")
    return `Its volume ${volumes[0]} belongs to root. Copy it with --chown from another stage, then switch with USER.`;
  const given = [...volumes, ...unique(wanted)];
  return {
    volumes,
    trees: unique(trees),
    folders: unique(folders).filter((path) => !volumes.includes(path)),
    made: hasTools(runtime)
      ? madeFolders(model, chain).filter((path) => isOwnFolder(path) && !given.includes(path))
      : [],
    edits: modes.edits,
    opened: modes.opened,
    program: writes.program,
  };
}

/** What starts for everybody: a script that asks who runs it does the work of root only as root. */
function commandsForAll(entry: Entry): readonly EffectiveCommand[] {
  const commands = startingCommands(entry);
  if (!/\bid\s+-u\b|\bEUID\b|\bwhoami\b|\[\[?\s+(?:!\s+)?-w\s/.test(entry.script ?? "")) return commands;
  return commands.filter(({ command }) => !command.context.includes("if"));
}

/** The server that Next.js bundles is started by node itself. */
function servesNext({ instructions }: Stage): boolean {
  return instructions.some(({ keyword, parsed }) => keyword === "COPY" && /\.next\/standalone\b/.test(parsed.text));
}

function isMaybeOwn(path: string | null): boolean {
  return path !== null && (isOwnFolder(path) || path.startsWith("/usr/local/tomcat/"));
}

function unique(paths: readonly (string | null)[]): readonly string[] {
  return [...new Set(paths.filter((path) => path !== null))];
}

/** True where a heredoc swallows whatever is put behind it. */
function neverEnds(stage: Stage): boolean {
  return stage.instructions.at(-1)?.parsed.heredocs.some(({ delimiterSpan }) => delimiterSpan === null) ?? false;
}

function obstacleOf({ model, path }: RuleContext, { stage }: RootRuntime): string | null {
  const chain = chainOf(stage);
  const { start } = stage.from.span;
  const end = stage.instructions[stage.instructions.length - 1]?.span.end ?? start;
  const inside = (place: { readonly start: number }) => place.start >= start && place.start <= end;
  const general = "Switch to another user with USER.";
  if (model.templates.some(inside) || neverEnds(stage)) return general;
  if (model.stages.some((other) => other.base.stage === stage))
    return "Switch to another user in the stages built on it.";
  if (stage.instructions.some(({ keyword }) => keyword === "ONBUILD")) return general;
  if (isDevelopmentStage(stage) || isDevelopmentFile(path))
    return "Switch to another user with USER where it is more than a place to develop or test in.";
  for (const link of chain) {
    const host = link.instructions.map(hostPath).find((path) => path !== null);
    if (host) return `It uses ${host}, which only root may open as a rule. Let a group open it, then switch with USER.`;
  }
  const needed = installs(stage, privilegedPackages);
  return needed === null ? null : `It brings ${needed}, which works as root. See what else it needs before USER.`;
}

const hostPaths =
  /\/var\/run\/docker\.sock|\/run\/docker\.sock|(?:^|[\s"'=:[,])(\/dev\/(?!(?:\.\/)?u?random|null|stdout|stderr|stdin|shm|fd|zero|tty\b)[\w./-]*)/;
const atRuntime: ReadonlySet<string> = new Set(["ENV", "CMD", "ENTRYPOINT", "WORKDIR", "VOLUME", "COPY", "ADD"]);

/** The daemon's socket and devices are closed to everybody else. */
function hostPath({ keyword, parsed }: Instruction): string | null {
  if (!atRuntime.has(keyword)) return null;
  const match = hostPaths.exec(parsed.body.text);
  return match && (match[1] ?? match[0]);
}
