/** What the second stage of a .NET build is put together from, and what it asks of its base. */
import { scriptsOf } from "../../model/scripts";
import type { Instruction } from "../../model/types";
import type { RuleContext } from "../../rule";
import { type Copy, folderOf, readCopy } from "../copies";
import type { Build } from "../detect";
import { settledRoles } from "../moved-roles";
import { readMoves } from "../moves";
import { baseName, isWithin, parentOf } from "../paths";
import { healthCheck, runtimePackages } from "../runtime-packages";
import { type Sorted, sortInstructions } from "../sort";
import type { DotnetBase } from "./dotnet-base";
import type { Published } from "./dotnet-start";

/** What a rewrite is given. */
export type DotnetContext = Pick<RuleContext, "model" | "catalogue" | "facts">;

/** What the second stage is put together from. */
export interface DotnetParts {
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

/** Reads them; null where anything that the program may need is not known. `content`: files for the folder it starts in. */
export function readDotnetParts(
  build: Build,
  { output, folder }: Published,
  base: DotnetBase,
  content: readonly string[],
  context: DotnetContext,
): DotnetParts | null {
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

/** The COPY and ADD instructions of the stage, apart from those that depend on unknown variables. */
export function copiesOf({ stage, image }: Build, { model }: DotnetContext): readonly Copy[] {
  const own = stage.instructions.filter(({ keyword }) => keyword === "COPY" || keyword === "ADD");
  return own.flatMap((one) => readCopy(model, one, image.repository.name) ?? []);
}

/** Commands of `dotnet` that leave nothing but what is published. */
const quietVerbs: ReadonlySet<string> = new Set([
  ...["restore", "build", "publish", "test", "clean", "tool", "nuget", "workload", "sln", "msbuild", "pack", "format"],
  ...["--info", "--version", "--list-sdks", "--list-runtimes", "new", "add"],
]);

/** True when a command makes something else: a certificate for development, a database. */
export function usesMore({ stage }: Build): boolean {
  const commands = stage.instructions
    .filter(({ keyword }) => keyword === "RUN")
    .flatMap((one) => scriptsOf(one).flatMap((script) => script.commands));
  return commands.some(({ name, words }) => name === "dotnet" && !quietVerbs.has(words[1]?.value ?? ""));
}

/** True when nothing in the file asks for more than an ordinary account may do. */
export function isSafeForAccount({ stage }: Build, { sorted }: DotnetParts): boolean {
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
export function isBareDotnet(
  { start, stage }: Build,
  published: Published,
  { sorted, packages }: DotnetParts,
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
