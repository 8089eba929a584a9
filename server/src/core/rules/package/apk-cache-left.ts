import { canEditRun, dropItem, insertAfter, isTopLevel } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { findFlag } from "../../shell/arguments";
import { type PackageOperation, skipsCache } from "../../shell/packages";
import type { Edit } from "../../text";
import {
  apkFolders,
  isCacheMounted,
  isElsewhere,
  isLoneUpdate,
  readersOfLoneUpdates,
  withoutLoneUpdate,
} from "./apk-index";
import { runsScript } from "./apt-lists";
import { callName, callSpan, isCleanedAfter, type PackageCall, type RunStep, runSteps, stepsAfter } from "./calls";
import { bringsOwnIndex } from "./index-use";

export default defineRule({
  id: "apk-cache-left",
  theme: "package",
  category: "size",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "`apk add` leaves the package index in the layer because `--no-cache` is absent.",
  why: "apk keeps the index of every repository, about 2 MB that a container never reads and that is stale within days. With `--no-cache` it fetches the index for this call and keeps nothing, so `apk update` before it is not needed either. Deleting `/var/cache/apk` in the same RUN does as well and is accepted, as are mounts over it and stages that do not ship; `mode: hadolint` wants the flag everywhere.",
  aliases: {
    hadolint: ["DL3019"],
    trivy: ["DS-0025"],
    kics: ["Apk Add Using Local Cache Path"],
    semgrep: ["missing-apk-no-cache"],
    sonar: ["S6587"],
    dockle: ["DKL-DI-0004"],
  },
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description:
        "`hadolint` also wants `--no-cache` where the cache is deleted by hand, and in stages that do not ship.",
    },
  },
  reads: ["RUN"],
  fixable: "safe",
  examples: [
    {
      title: "One call",
      code: "FROM alpine:3.24\nRUN [|apk add|] curl\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache curl\n",
    },
    {
      title: "The flag takes the place of an update",
      code: "FROM alpine:3.24\nRUN apk update && \\\n    [|apk add|] --update curl && \\\n    apk add git\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache curl && \\\n    apk add --no-cache git\n",
    },
    {
      title: "An index that nobody needs",
      code: "FROM alpine:3.24\nRUN [|apk update|] && apk add --no-cache curl\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache curl\n",
    },
    {
      title: "An upgrade keeps it, too",
      code: "FROM alpine:3.24\nRUN [|apk -U upgrade|]\n",
      fixed: "FROM alpine:3.24\nRUN apk -U upgrade --no-cache\n",
    },
    {
      title: "A later step installs from this index, so it may not go yet",
      code: "FROM alpine:3.24\nRUN [|apk update|] && apk upgrade\nRUN apk add curl && rm -rf /var/cache/apk/*\n",
    },
    {
      title: "A lone update, which another rule tells, leaves the index that later calls read",
      code: "FROM alpine:3.24\nRUN [|apk update|]\nRUN apk add g++\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache g++\n",
    },
    {
      title: "In a trigger",
      code: "FROM alpine:3.24\nONBUILD RUN [|apk add|] curl\n",
    },
    { title: "Nothing is kept", code: "FROM alpine:3.24\nRUN apk add --no-cache curl\n" },
    { title: "Said before the subcommand", code: "FROM alpine:3.24\nRUN apk --no-cache add curl\n" },
    {
      title: "Deleted by hand",
      code: "FROM alpine:3.24\nRUN apk update && apk add curl && rm -rf /var/cache/apk/*\n",
    },
    {
      title: "As hadolint sees it",
      code: "FROM alpine:3.24\nRUN [|apk add|] curl && rm -rf /var/cache/apk/*\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache curl && rm -rf /var/cache/apk/*\n",
      options: { mode: "hadolint" },
    },
    {
      title: "The cache is a mount",
      code: "FROM alpine:3.24\nRUN --mount=type=cache,target=/var/cache/apk apk add curl\n",
    },
    {
      title: "A cache that somebody set up",
      code: "FROM alpine:3.24\nRUN ln -s /var/cache/apk /etc/apk/cache && apk add curl\n",
    },
    {
      title: "A stage that does not ship",
      code: "FROM alpine:3.24 AS build\nRUN apk add gcc\nFROM alpine:3.24\nCOPY --from=build /app /app\n",
    },
  ],
  *check({ model, options }) {
    const strict = options.mode === "hadolint";
    // What they read lies in the layer of the update, which is where the finding is.
    const readers = strict ? null : readersOfLoneUpdates(model);
    for (const step of runSteps(model)) {
      if (!step.stage.ships && !strict) continue;
      const calls = step.calls.filter(({ operation }) => operation.manager === "apk" && !isElsewhere(operation));
      const left = calls.filter((call) => leaves(call.operation) && !readers?.has(call));
      const call = left.find(({ operation }) => operation.action === "install") ?? left[0];
      if (!call || isCacheMounted(step)) continue;
      if (strict && call.operation.action !== "install") continue;
      // `apk update && sh install.sh`: the script installs from the index, or may do so.
      if (call.operation.action === "update" && runsScript(step)) continue;
      if (!strict && isTakenCareOf(step, left)) continue;
      const wanted =
        call.operation.action === "update"
          ? "Install with `--no-cache` and leave this out."
          : "Add `--no-cache`, which fetches it for this call only.";
      yield {
        message: `\`${callName(call)}\` leaves the package index in this layer. ${wanted}`,
        range: callSpan(call),
        ...(call.operation.action === "install" ? {} : { aliases: {} }),
        ...(call.operation.action === "update" ? { cause: `apk-update:${step.instruction.index}` } : {}),
        // Of a RUN that does nothing else, package-update-alone knows more to say.
        ...(isLoneUpdate(step) ? { severity: "hint" as const } : {}),
        fixes: () => withoutCache(model, step, left),
      };
    }
  },
});

/** A call that keeps the index, or fetches one to keep. */
function leaves(operation: PackageOperation): boolean {
  const { action } = operation;
  if (action !== "install" && action !== "update" && action !== "upgrade") return false;
  return !skipsCache(operation) && findFlag(operation.command, ["--no-network", "--network=no"]) === null;
}

function isTakenCareOf(step: RunStep, left: readonly PackageCall[]): boolean {
  const last = left.at(-1);
  if (!last || step.calls.some(({ operation }) => operation.verb.startsWith("cache "))) return true;
  return step.scripts.some(
    (script) =>
      isCleanedAfter(script, last.operation.command, apkFolders) ||
      // `ln -s /var/cache/apk /etc/apk/cache`, `setup-apkcache`: the cache is wanted.
      script.commands.some(
        ({ name, words }) =>
          name === "setup-apkcache" || (name !== "rm" && words.some((word) => word.text.includes("/etc/apk/cache"))),
      ),
  );
}

function withoutCache(model: Model, step: RunStep, left: readonly PackageCall[]): readonly Fix[] {
  if (!canEditRun(model, step.run, step.isTrigger)) return [];
  const [update] = left;
  if (update && isLoneUpdate(step)) {
    const fix = withoutLoneUpdate(model, update);
    return fix ? [fix] : [];
  }
  const edits: Edit[] = [];
  let fetches = false;
  for (const { operation, script } of left) {
    if (operation.action === "update") {
      fetches = true;
      continue;
    }
    const update = findFlag(operation.command, ["--update", "--update-cache", "-U"]);
    fetches ||= update !== null;
    if (update && /^(?:--update|--update-cache|-U)$/.test(update.text) && isBehind(update, operation)) {
      edits.push({ span: script.locate(update.from, update.to), newText: "--no-cache" });
    } else if (operation.subcommand) edits.push(insertAfter(script, operation.subcommand, " --no-cache"));
    else return [];
  }
  // Whoever installs later without fetching an index of its own would find none.
  const later = stepsAfter(model, step);
  if (fetches && later.some(needsIndex)) return [];
  for (const { operation, script } of left) {
    if (operation.action !== "update") continue;
    if (!isTopLevel(operation.command)) return [];
    const edit = dropItem(model, script, operation.command.command.item);
    if (!edit || script.script.topLevel[operation.command.command.item]?.kind !== "command") return [];
    edits.push(edit);
  }
  const title = edits.some((edit) => edit.newText !== "") ? "Add --no-cache" : "Leave out apk update";
  if (edits.length === 0) return [];
  if (!fetches || ![step, ...later].some(runsScript)) return [{ title, applicability: "safe", edits }];
  return [{ title, applicability: "unsafe", reason: "A script may install from the index that is kept now.", edits }];
}

function isBehind(word: { readonly from: number }, { subcommand }: PackageOperation): boolean {
  return subcommand !== null && word.from > subcommand.from;
}

/** True for a step that installs from an index which an earlier one left. */
function needsIndex(step: RunStep): boolean {
  for (const { operation } of step.calls) {
    if (operation.manager !== "apk") continue;
    if (operation.action === "update") return false;
    if (operation.action !== "install" && operation.action !== "upgrade" && operation.action !== "download") continue;
    if (bringsOwnIndex(operation)) continue;
    return true;
  }
  return false;
}
