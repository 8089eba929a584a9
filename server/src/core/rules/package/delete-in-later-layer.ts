import { imageUnder } from "../../catalogue/stage";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { baseName, resolvePath } from "../../multistage/paths";
import { folderAt } from "../../multistage/run-commands";
import { printing } from "../../multistage/run-effects";
import { writtenPaths } from "../../multistage/written-paths";
import type { Finding } from "../../rule";
import { defineRule } from "../../rule";
import type { EffectiveCommand } from "../../shell/commands";
import type { PackageOperation } from "../../shell/packages";
import { hasOperationFlag } from "../../shell/packages";
import { isScript, stepsThatNeedLists } from "./apt-lists";
import { placeAfter, type RunStep, removedPaths, runSteps } from "./calls";
import { bringFiles, type CacheKind, cacheKinds, isSystem, type LayerContents, leave } from "./layer-contents";
import { moveCleaning } from "./move-cleaning";

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
    const left: LayerContents = { caches: new Map(), files: new Map(), packages: new Map() };
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

function shippedChain(model: Model): readonly { readonly stage: Stage; readonly instruction: Instruction }[] {
  const stages: Stage[] = [];
  for (let stage = model.finalStage; stage; stage = stage.base.stage) stages.unshift(stage);
  return stages.flatMap((stage) => stage.instructions.map((instruction) => ({ stage, instruction })));
}

function* deletions(model: Model, step: RunStep, image: string | null, left: LayerContents): Iterable<Finding> {
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
  const needing = kind.name === "apt" ? stepsThatNeedLists(model) : [];
  return (needing[placeAfter(needing, first)]?.instruction.index ?? Number.POSITIVE_INFINITY) <= step.instruction.index
    ? "Delete them in that RUN, and let each later one that installs run `apt-get update` first."
    : "Delete them in that RUN.";
}

function frees(path: string, kind: CacheKind): boolean {
  const plain = path.replace(/\/\*$/, "");
  return plain !== "/" && kind.folders.some((folder) => folder === plain || folder.startsWith(`${plain}/`));
}

/** True for a path that holds this cache and nothing else. */
function isOnly(path: string, kind: CacheKind): boolean {
  return kind.folders.includes(path.replace(/\/\*$/, ""));
}

function removesPackage(
  operation: PackageOperation,
  left: LayerContents,
): { name: string; instruction: Instruction } | null {
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
