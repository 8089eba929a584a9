import { imageUnder } from "../../catalogue/stage";
import { removeInstruction } from "../../fixes/remove";
import { appendCommand, canEditRun, dropItem, isTopLevel } from "../../fixes/shell-list";
import type { Script } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { landsAt, readCopy } from "../../multistage/copies";
import { baseName, resolvePath } from "../../multistage/paths";
import { folderAt } from "../../multistage/run-commands";
import { printing } from "../../multistage/run-effects";
import { downloadedPaths, writtenPaths } from "../../multistage/written-paths";
import type { Finding, Fix } from "../../rule";
import { defineRule } from "../../rule";
import { copiedSecrets } from "../../secret/copies";
import { flagValue } from "../../shell/arguments";
import type { EffectiveCommand } from "../../shell/commands";
import type { PackageOperation } from "../../shell/packages";
import { hasOperationFlag, skipsCache } from "../../shell/packages";
import { isApt, isScript, listsFolder, needsLists, runsScript, stepsThatNeedLists } from "./apt-lists";
import { isCleanedAfter, isMounted, overlaps, type RunStep, removedPaths, runSteps } from "./calls";

export default defineRule({
  id: "delete-in-later-layer",
  theme: "package",
  category: "size",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "What an earlier layer brought is deleted in a later one, which frees nothing.",
  why: "Each instruction makes a layer, and a later layer can only hide what lies below it: the files are still stored, pushed and pulled. Only the RUN that makes them can get rid of them. For archives of the build context a bind mount does it (`RUN --mount=type=bind,source=a.tar.gz,target=/a.tar.gz`). Small files are not worth a word, and stages that do not ship do not matter.",
  aliases: {},
  reads: ["ADD", "COPY", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Lists of apt",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl\nRUN [|rm -rf /var/lib/apt/lists/*|]\n",
      fixed: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "The cache of yum, cleaned among other things",
      code: "FROM rockylinux:9\nRUN yum install -y httpd\nRUN echo ok > /var/www/html/health && [|yum clean all|]\n",
      fixed: "FROM rockylinux:9\nRUN yum install -y httpd && yum clean all\nRUN echo ok > /var/www/html/health\n",
    },
    {
      title: "A download that the next step unpacks",
      code: "FROM debian:trixie\nWORKDIR /tmp\nRUN curl -fsSLO https://example.com/tool-1.2.tar.gz\nRUN tar xzf tool-1.2.tar.gz && [|rm tool-1.2.tar.gz|]\n",
    },
    {
      title: "An archive of the build context",
      code: "FROM debian:trixie\nCOPY tool.tar.gz /tmp/\nRUN tar xzf /tmp/tool.tar.gz -C /opt && [|rm -f /tmp/tool.tar.gz|]\n",
    },
    {
      title: "Packages that only the build needs",
      code: "FROM alpine:3.24\nRUN apk add --no-cache --virtual .build gcc musl-dev\nRUN make && [|apk del .build|]\n",
    },
    {
      title: "This RUN lives on the lists that an earlier one left",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y git\nRUN apt-get install -y libicu-dev && [|rm -rf /var/lib/apt/lists/*|]\n",
    },
    {
      title: "An archive in a folder that goes as a whole",
      code: "FROM debian:trixie\nCOPY tool.tar.gz /build/\nWORKDIR /opt\nRUN tar xzf /build/tool.tar.gz && [|rm -rf /build|]\n",
    },
    {
      title: "The RUN before has deleted what lay there",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y gnupg\nRUN apt-get update && apt-get install -y openssl && rm -rf /var/lib/apt/lists/*\nRUN rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "Written anew in this RUN",
      code: "FROM debian:trixie\nCOPY kong.deb /tmp/kong.deb\nRUN curl -fL https://example.com/kong.deb -o /tmp/kong.deb && dpkg -i /tmp/kong.deb && rm /tmp/kong.deb\n",
    },
    {
      title: "Other programs use that folder, too",
      code: "FROM python:3.14\nRUN pip install numpy\nRUN bazel build //... && bazel clean --expunge && rm -rf /root/.cache\n",
    },
    {
      title: "In the same RUN",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "A cache mount holds no layer",
      code: "FROM debian:trixie\nRUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "What the base image brought was never ours to free",
      code: "FROM debian:trixie\nRUN rm -rf /var/lib/apt/lists/* /usr/share/doc\n",
    },
    {
      title: "A small file",
      code: "FROM python:3.14\nCOPY requirements.txt /tmp/\nRUN pip install --no-cache-dir -r /tmp/requirements.txt && rm /tmp/requirements.txt\n",
    },
    {
      title: "A stage that does not ship",
      code: "FROM debian:trixie AS build\nRUN apt-get update && apt-get install -y gcc\nRUN rm -rf /var/lib/apt/lists/*\nFROM debian:trixie\nCOPY --from=build /app /app\n",
    },
    {
      title: "Removed to be installed anew",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y nodejs && rm -rf /var/lib/apt/lists/*\nRUN apt-get update && apt-get remove -y nodejs && apt-get install -y nodejs && rm -rf /var/lib/apt/lists/*\n",
    },
  ],
  *check({ model, catalogue }) {
    const chain = shippedChain(model);
    if (chain.length === 0) return;
    const steps = new Map(runSteps(model).map((step) => [step.instruction, step]));
    const left: Left = { caches: new Map(), files: new Map(), packages: new Map() };
    const images = new Map<Stage, string | null>();
    for (const { stage, instruction } of chain) {
      const known = images.get(stage);
      const image = known === undefined ? (imageUnder(stage, catalogue)?.repository.name ?? null) : known;
      images.set(stage, image);
      if (instruction.keyword === "COPY" || instruction.keyword === "ADD") {
        bringFiles(model, instruction, image, left);
        continue;
      }
      const step = steps.get(instruction);
      if (!step || step.isTrigger) continue;
      // What a step deletes of its own is gone; so it is asked what it deletes before it is asked what it leaves.
      yield* deletions(model, step, image, left);
      leave(step, image, left);
    }
  },
});

/** What lies in the layers so far. */
interface Left {
  /** By the name of the cache: the steps that filled it. */
  readonly caches: Map<string, RunStep[]>;
  /** By absolute path: the instruction that brought it. */
  readonly files: Map<string, Instruction>;
  /** By `family name`: the instruction that installed it. */
  readonly packages: Map<string, Instruction>;
}

/** A cache whose deletion elsewhere frees nothing. */
interface CacheKind {
  readonly name: string;
  readonly what: string;
  readonly folders: readonly string[];
  readonly fills: (operation: PackageOperation) => boolean;
  readonly cleans: (operation: PackageOperation) => boolean;
  /** The start of `cause` where another rule speaks of what the step leaves. */
  readonly cause: string;
}

const cacheKinds: readonly CacheKind[] = [
  {
    name: "apt",
    what: "The package lists of apt",
    folders: [listsFolder],
    fills: (operation) => isApt(operation) && operation.action === "update",
    cleans: (operation) => isApt(operation) && /^dist-?clean$/.test(operation.verb),
    cause: "apt-update",
  },
  {
    name: "rpm",
    what: "The package lists and caches",
    folders: ["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"],
    fills: ({ manager, action }) =>
      /^(?:dnf|yum|microdnf|tdnf)$/.test(manager) &&
      (action === "install" || action === "upgrade" || action === "update"),
    cleans: ({ manager, action }) => /^(?:dnf|yum|microdnf|tdnf)$/.test(manager) && action === "clean",
    cause: "rpm-cache",
  },
  {
    name: "apk",
    what: "The files of apk's index",
    folders: ["/var/cache/apk"],
    fills: (operation) =>
      operation.manager === "apk" &&
      !skipsCache(operation) &&
      (operation.action === "install" || operation.action === "update" || operation.action === "upgrade"),
    cleans: ({ manager, verb }) => manager === "apk" && verb.startsWith("cache "),
    cause: "apk-index",
  },
  {
    name: "pip",
    what: "The downloads of pip",
    folders: ["/root/.cache/pip"],
    fills: (operation) => operation.manager === "pip" && operation.action === "install" && !skipsCache(operation),
    cleans: ({ manager, action }) => manager === "pip" && action === "clean",
    cause: "pip-cache",
  },
  {
    name: "npm",
    what: "The downloads of npm",
    folders: ["/root/.npm"],
    fills: ({ manager, action }) => manager === "npm" && action === "install",
    cleans: ({ manager, action }) => manager === "npm" && action === "clean",
    cause: "npm-cache",
  },
  {
    name: "yarn",
    what: "The downloads of yarn",
    folders: ["/usr/local/share/.cache/yarn"],
    fills: ({ manager, action }) => manager === "yarn" && action === "install",
    cleans: ({ manager, action }) => manager === "yarn" && action === "clean",
    cause: "yarn-cache",
  },
];

/** Files that are large enough to matter. */
const heavyFile =
  /\.(?:tar|tgz|tbz2?|txz|tar\.\w+|zip|7z|rar|gz|bz2|xz|zst|deb|rpm|whl|iso|img|run|bin|exe|msi|dmg|war|ear)$/i;

/** More are not remembered: each deletion is compared with all of them. */
const mostFiles = 100;

function shippedChain(model: Model): readonly { readonly stage: Stage; readonly instruction: Instruction }[] {
  const stages: Stage[] = [];
  for (let stage = model.finalStage; stage; stage = stage.base.stage) stages.unshift(stage);
  return stages.flatMap((stage) => stage.instructions.map((instruction) => ({ stage, instruction })));
}

function bringFiles(model: Model, instruction: Instruction, image: string | null, left: Left): void {
  const copy = readCopy(model, instruction, image);
  if (!copy || left.files.size >= mostFiles) return;
  // ADD unpacks an archive of the context; the archive itself is not there.
  const secrets = new Set(copiedSecrets(instruction).map(({ path }) => path));
  for (const source of copy.sources) {
    if (!heavyFile.test(source) || source.includes("*") || source.includes("://")) continue;
    if (instruction.keyword === "ADD" && /\.(?:tar|tgz|tbz2?|txz|tar\.\w+)$/i.test(source)) continue;
    const path = landsAt(copy, source);
    if (!secrets.has(path)) left.files.set(path, instruction);
  }
}

function leave(step: RunStep, image: string | null, left: Left): void {
  for (const kind of cacheKinds) {
    const last = step.calls.filter(({ operation }) => kind.fills(operation)).at(-1);
    if (!last || isMounted(step, (target) => kind.folders.some((folder) => overlaps(target, folder)))) continue;
    const behind = step.calls.slice(step.calls.indexOf(last) + 1);
    if (behind.some(({ operation }) => kind.cleans(operation))) continue;
    if (step.scripts.some((script) => isCleanedAfter(script, last.operation.command, kind.folders))) continue;
    const known = left.caches.get(kind.name);
    if (known) known.push(step);
    else left.caches.set(kind.name, [step]);
  }
  for (const { operation } of step.calls) {
    if (operation.action !== "install" || !isSystem(operation)) continue;
    const virtual = flagValue(operation.command, ["--virtual", "-t"])?.value;
    if (virtual && operation.manager === "apk") left.packages.set(`apk ${virtual}`, step.instruction);
    for (const { name } of operation.packages) left.packages.set(`${operation.tool.family} ${name}`, step.instruction);
  }
  const own = new Set<string>();
  for (const script of step.scripts) {
    let folder = folderAt(step.run, image);
    for (const command of script.commands) {
      if (command.name === "cd") folder = command.words[1]?.value ? resolvePath(command.words[1].value, folder) : null;
      for (const path of downloadedPaths(command, folder)) if (heavyFile.test(path)) own.add(path);
      for (const gone of removedPaths(command)) {
        // A pattern or a variable may stand for any of them.
        if (gone === null || /[*?[]/.test(gone)) own.clear();
        else {
          const removed = resolvePath(gone, folder);
          for (const one of own)
            if (removed === null || one === removed || one.startsWith(`${removed}/`)) own.delete(one);
        }
      }
      if (command.name === "mv") own.clear();
    }
  }
  if (isMounted(step, () => true)) return;
  for (const path of own) if (left.files.size < mostFiles) left.files.set(path, step.instruction);
}

function isSystem({ tool }: PackageOperation): boolean {
  return tool.family === "apt" || tool.family === "apk" || tool.family === "rpm";
}

function* deletions(model: Model, step: RunStep, image: string | null, left: Left): Iterable<Finding> {
  if (left.caches.size === 0 && left.files.size === 0 && left.packages.size === 0) return;
  const operations = new Map(step.calls.map(({ operation }) => [operation.command, operation]));
  for (const script of step.scripts) {
    let folder = folderAt(step.run, image);
    for (const command of script.commands) {
      if (command.name === "cd") folder = command.words[1]?.value ? resolvePath(command.words[1].value, folder) : null;
      // What this RUN has written anew, it may delete.
      for (const path of writtenPaths(command, folder)) left.files.delete(path);
      const operation = operations.get(command);
      if (!operation && command.name !== "rm") continue;
      const range = script.locate(command.command.from, command.command.to);
      const shown = shorten(model.text.slice(range.start, range.end));
      const removed = removedPaths(command).flatMap((path) => (path === null ? [] : (resolvePath(path, folder) ?? [])));
      const kind = cacheKinds.find(
        (one) =>
          left.caches.has(one.name) &&
          ((operation && one.cleans(operation)) || removed.some((path) => frees(path, one))),
      );
      const makers = kind ? (left.caches.get(kind.name) ?? []) : [];
      // Whoever deletes it next finds nothing there, also where this RUN cleans up behind itself.
      if (kind) left.caches.delete(kind.name);
      if (kind && !mayFill(step, command, kind, !operation && !removed.some((path) => isOnly(path, kind)))) {
        // Where the update stands alone before the RUN that installs and cleans, package-update-alone says what to do.
        const installsHere = step.calls.some((call) => call.operation.action === "install" && isSystem(call.operation));
        if (installsHere && makers.every((maker) => maker.calls.every((call) => call.operation.action === "update")))
          continue;
        yield {
          message: `\`${shown}\` frees nothing: ${kind.what.charAt(0).toLowerCase()}${kind.what.slice(1)} lie in the layer of an earlier RUN. ${adviceFor(model, step, makers, kind)}`,
          range,
          related: related(makers.map(({ instruction }) => instruction)),
          ...(makers[0] ? { cause: `${kind.cause}:${makers[0].instruction.index}` } : {}),
          fixes: () => moveCleaning(model, step, script, command, makers, kind),
        };
        continue;
      }
      const file = [...left.files].find(([path]) =>
        removed.some((gone) => path === gone || path.startsWith(`${gone}/`)),
      );
      if (file) {
        const [path, instruction] = file;
        left.files.delete(path);
        const isCopy = instruction.keyword !== "RUN";
        // Of a whole folder something else may be freed.
        const fails = removed.includes(path) ? "frees nothing" : `does not free ${baseName(path)}`;
        yield {
          message: `\`${shown}\` ${fails}: ${path} lies in the layer of an earlier ${instruction.keyword}. ${isCopy ? "Mount it into this RUN (`--mount=type=bind`) instead of copying it." : "Download, use and delete it in one RUN."}`,
          range,
          related: related([instruction]),
        };
        continue;
      }
      const gone = operation && removesPackage(operation, left);
      if (gone && !installsAgain(step, gone.name)) {
        yield {
          message: `\`${shown}\` frees nothing: ${gone.name} lies in the layer of an earlier RUN. Install, use and remove it in one RUN, or build in a stage of its own.`,
          range,
          severity: "info",
          related: related([gone.instruction]),
        };
      }
    }
  }
}

/**
 * True for a RUN that fills the cache itself before it empties it, and cleans up behind itself; or may do so. Into a
 * folder that holds more than this cache (`isBroad`) any program may write that is not known to write elsewhere.
 */
function mayFill(step: RunStep, command: EffectiveCommand, kind: CacheKind, isBroad: boolean): boolean {
  const isBefore = (one: EffectiveCommand) => one.command.from < command.command.from;
  if (step.calls.some(({ operation }) => kind.fills(operation) && isBefore(operation.command))) return true;
  const managers = new Set(step.calls.map(({ operation }) => operation.command));
  return step.scripts.some(({ commands }) =>
    commands.some(
      (one) =>
        isBefore(one) &&
        (isScript(one) || (isBroad && !managers.has(one) && one.name !== null && !writesElsewhere.has(one.name))),
    ),
  );
}

/** Programs that keep nothing in the cache folders of an account. */
const writesElsewhere: ReadonlySet<string> = new Set([
  ...printing,
  ...["rm", "mkdir", "chmod", "chown", "cp", "mv", "ln", "sed", "touch", "find", "tar", "unzip", "curl", "wget"],
  ...["useradd", "groupadd", "adduser", "addgroup", "usermod", "ldconfig", "update-ca-certificates"],
]);

/** What to do instead. Where the lists are deleted sooner, a RUN that lives on them has to fetch its own. */
function adviceFor(model: Model, step: RunStep, makers: readonly RunStep[], kind: CacheKind): string {
  const first = makers[0]?.instruction.index ?? 0;
  // Steps stand in the order of the file, and only the nearest one matters.
  const next = kind.name === "apt" ? firstAfter(stepsThatNeedLists(model), first) : null;
  return next !== null && next.instruction.index <= step.instruction.index
    ? "Delete them in that RUN, and let each later one that installs run `apt-get update` first."
    : "Delete them in that RUN.";
}

/** The first of ordered steps behind the instruction with a number; null without one. By halves. */
function firstAfter(steps: readonly RunStep[], index: number): RunStep | null {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.instruction.index ?? 0) > index) high = middle;
    else low = middle + 1;
  }
  return steps[low] ?? null;
}

function frees(path: string, kind: CacheKind): boolean {
  const plain = path.replace(/\/\*$/, "");
  return plain !== "/" && kind.folders.some((folder) => folder === plain || folder.startsWith(`${plain}/`));
}

/** True for a path that holds this cache and nothing else. */
function isOnly(path: string, kind: CacheKind): boolean {
  return kind.folders.includes(path.replace(/\/\*$/, ""));
}

function removesPackage(operation: PackageOperation, left: Left): { name: string; instruction: Instruction } | null {
  if (operation.action !== "remove" || !isSystem(operation)) return null;
  if (hasOperationFlag(operation, ["--dry-run", "-s", "--simulate"])) return null;
  for (const { name } of operation.packages) {
    const instruction = left.packages.get(`${operation.tool.family} ${name}`);
    if (instruction) return { name, instruction };
  }
  return null;
}

function installsAgain(step: RunStep, name: string): boolean {
  return step.calls.some(
    ({ operation }) =>
      operation.action === "install" &&
      operation.packages.some((one) => one.name === name || one.name.startsWith(name)),
  );
}

function related(instructions: readonly Instruction[]): NonNullable<Finding["related"]> {
  return instructions.slice(0, 5).map((instruction) => ({
    message: "It is in this layer.",
    range: locate(instruction, instruction.parsed.keywordSpan),
  }));
}

function shorten(text: string): string {
  const plain = text.replace(/\s*[\\`]?\r?\n\s*/g, " ");
  return plain.length > 50 ? `${plain.slice(0, 49).trimEnd()}…` : plain;
}

/** Moves the command that cleans behind the last call of the RUN that fills the cache. */
function moveCleaning(
  model: Model,
  step: RunStep,
  script: Script,
  command: EffectiveCommand,
  makers: readonly RunStep[],
  kind: CacheKind,
): readonly Fix[] {
  const [maker] = makers;
  if (!maker || makers.length !== 1 || maker.stage !== step.stage) return [];
  if (!canEditRun(model, step.run, step.isTrigger) || !canEditRun(model, maker.run, maker.isTrigger)) return [];
  // An `rm` of several things has to stay for the others.
  if (removedPaths(command).length > 1 || !isTopLevel(command) || command.wrappers.length > 0) return [];
  const between = runSteps(model).filter(
    ({ stage, instruction }) =>
      stage === step.stage &&
      instruction.index > maker.instruction.index &&
      instruction.index <= step.instruction.index,
  );
  const uses = (one: RunStep) =>
    runsScript(one) ||
    needsLists(one) ||
    one.calls.some(({ operation }) => operation.action === "install" && kind.fills(operation));
  if (between.some(uses)) return [];
  const last = maker.calls
    .filter(
      ({ operation }) =>
        operation.tool.family === maker.calls.find((call) => kind.fills(call.operation))?.operation.tool.family,
    )
    .at(-1);
  if (!last || !isTopLevel(last.operation.command)) return [];
  const written = script.locate(command.command.from, command.command.to);
  const text = model.text.slice(written.start, written.end);
  if (text.includes("\n")) return [];
  const put = appendCommand(model, maker.run, last.script, last.operation.command.command.item, text);
  const { topLevel } = script.script;
  const { item } = command.command;
  if (!put || topLevel[item]?.kind !== "command") return [];
  const take =
    topLevel.length === 1 && step.scripts.length === 1
      ? removeInstruction(model, step.instruction)
      : dropItem(model, script, item);
  if (!take) return [];
  return [
    {
      title: "Move it into the RUN that fills the cache",
      applicability: "unsafe",
      reason: "A step in between that needs the cache would miss it.",
      edits: [put, take],
    },
  ];
}
