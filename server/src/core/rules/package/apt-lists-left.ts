import { appendCommand, canEditRun, isTopLevel } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { aptCalls, createListsNeeded, isScript, listsFolder, needsLists, runsScript } from "./apt-lists";
import {
  callName,
  callSpan,
  isCleanedAfter,
  isMounted,
  overlaps,
  type PackageCall,
  runSteps,
  stepsAfter,
} from "./calls";

const command = `rm -rf ${listsFolder}/*`;

export default defineRule({
  id: "apt-lists-left",
  theme: "package",
  category: "size",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "The package lists that `apt-get update` fetched stay in the layer.",
  why: "The lists are 20 to 50 MB, out of date within days, and of no use to a running container. Only a command of the same RUN can keep them out of the image. `apt-get clean` does not: it deletes packages, which the official images do not keep anyway. Stages that do not ship and mounts over the folder are left alone.",
  aliases: {
    hadolint: ["DL3009"],
    kics: ["Apt Get Install Lists Were Not Deleted"],
    semgrep: ["remove-package-lists", "remove-package-cache"],
    sonar: ["S6587"],
    dockle: ["DKL-DI-0005"],
  },
  reads: ["RUN"],
  fixable: "safe",
  examples: [
    {
      title: "On one line",
      code: "FROM debian:trixie\nRUN [|apt-get update|] && apt-get install -y curl\n",
      fixed: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "Laid out as the rest of the RUN",
      code: "FROM debian:trixie\nRUN [|apt-get update|] \\\n && apt-get install -y \\\n      curl \\\n      git \\\n && apt-get clean\n",
      fixed:
        "FROM debian:trixie\nRUN apt-get update \\\n && apt-get install -y \\\n      curl \\\n      git \\\n && apt-get clean \\\n && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "Right behind the last call of apt",
      code: "FROM debian:trixie\nRUN [|apt-get update|] && \\\n    apt-get install -y curl && \\\n    curl -fsSO https://example.com/a\n",
      fixed:
        "FROM debian:trixie\nRUN apt-get update && \\\n    apt-get install -y curl && \\\n    rm -rf /var/lib/apt/lists/* && \\\n    curl -fsSO https://example.com/a\n",
    },
    {
      title: "A list of packages over several lines",
      code: "FROM debian:trixie\nRUN [|apt-get update|] && apt-get install -y \\\n    curl \\\n    git\n",
      fixed:
        "FROM debian:trixie\nRUN apt-get update && apt-get install -y \\\n    curl \\\n    git \\\n    && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "A heredoc that stops at errors",
      code: "FROM debian:trixie\nRUN <<EOF\nset -e\n[|apt-get update|]\napt-get install -y curl\nEOF\n",
      fixed:
        "FROM debian:trixie\nRUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nrm -rf /var/lib/apt/lists/*\nEOF\n",
    },
    {
      title: "A list that stops at errors goes on doing so",
      code: "FROM debian:trixie\nRUN set -e; \\\n    [|apt-get update|]; \\\n    apt-get install -y varnish; \\\n    # The keys of the build\n    rm -rf ~/.gnupg\n",
      fixed:
        "FROM debian:trixie\nRUN set -e; \\\n    apt-get update; \\\n    apt-get install -y varnish; \\\n    rm -rf /var/lib/apt/lists/*; \\\n    # The keys of the build\n    rm -rf ~/.gnupg\n",
    },
    {
      title: "A later step installs from these lists, so they may not go yet",
      code: "FROM debian:trixie\nRUN [|apt-get update|] && apt-get install -y curl\nRUN apt-get install -y git\n",
    },
    {
      title: "A script of the same RUN may want them",
      code: "FROM debian:trixie\nRUN [|apt-get update|] && \\\n    apt-get install -y curl \\ \n    && curl -fsS https://example.com | bash\n",
      fixed:
        "FROM debian:trixie\nRUN apt-get update && \\\n    apt-get install -y curl \\\n    && rm -rf /var/lib/apt/lists/* \\ \n    && curl -fsS https://example.com | bash\n",
    },
    {
      title: "A script that runs later may want them",
      code: "FROM debian:trixie\nRUN [|apt-get update|] && apt-get install -y curl\nCOPY setup.sh /\nRUN bash /setup.sh\n",
      fixed:
        "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nCOPY setup.sh /\nRUN bash /setup.sh\n",
    },
    {
      title: "What may fail is not touched",
      code: "FROM debian:trixie\nRUN [|apt-get update|]; apt-get install -y curl || true\n",
    },
    {
      title: "Deleted",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "Deleted with others",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/{apt,dpkg,cache,log}/\n",
    },
    {
      title: "The lists are in a cache",
      code: "FROM debian:trixie\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y curl\n",
    },
    {
      title: "A stage that does not ship",
      code: "FROM debian:trixie AS build\nRUN apt-get update && apt-get install -y gcc\nFROM debian:trixie\nCOPY --from=build /app /app\n",
    },
    {
      title: "A program of the image that cleans",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl && clean-layer.sh\n",
    },
  ],
  *check({ model }) {
    const listsNeeded = createListsNeeded(model);
    for (const step of runSteps(model)) {
      if (!step.stage.ships) continue;
      const calls = aptCalls(step);
      const update = calls.find(({ operation }) => operation.action === "update");
      const last = calls.at(-1);
      if (!update || !last) continue;
      if (isMounted(step, (target) => overlaps(target, listsFolder))) continue;
      const newest = calls.filter(({ operation }) => operation.action === "update").at(-1) ?? update;
      if (step.scripts.some((script) => isCleanedAfter(script, newest.operation.command, [listsFolder]))) continue;
      // `apt-get dist-clean` deletes the lists (since apt 2.8).
      if (calls.some(({ operation }) => /^dist-?clean$/.test(operation.verb))) continue;
      const isNeeded = listsNeeded(step);
      yield {
        message: isNeeded
          ? `The package lists that \`${callName(update)}\` fetches stay in this layer, and a later RUN installs from them. Join the two, or update there too; then delete the lists in each: \`${command}\`.`
          : `The package lists that \`${callName(update)}\` fetches stay in this layer. Delete them at the end of the RUN: \`${command}\`.`,
        range: callSpan(update),
        cause: `apt-update:${step.instruction.index}`,
        fixes: () => cleanUp(model, last),
      };
    }
  },
});

function cleanUp(model: Model, last: PackageCall): readonly Fix[] {
  const { step, script, operation } = last;
  if (!canEditRun(model, step.run, step.isTrigger)) return [];
  // An update alone is worth nothing without its lists; package-update-alone says what to do.
  if (aptCalls(step).every((call) => call.operation.action === "update")) return [];
  if (aptCalls(step).some((call) => !isTopLevel(call.operation.command) || call.script !== script)) return [];
  // What a trap or a download does with the lists, nobody here sees.
  if (aptCalls(step).some((call) => call.operation.action === "download")) return [];
  if (script.commands.some(({ name }) => name === "trap")) return [];
  const later = stepsAfter(model, step);
  if (later.some(needsLists)) return [];
  const edit = appendCommand(model, step.run, script, operation.command.command.item, command);
  if (!edit) return [];
  const title = "Delete the package lists in this RUN";
  const behind = script.commands.slice(script.commands.lastIndexOf(operation.command) + 1);
  if (!later.some(runsScript) && !behind.some(isScript)) return [{ title, applicability: "safe", edits: [edit] }];
  const reason = "A script that runs later may install from these lists.";
  return [{ title, applicability: "unsafe", reason, edits: [edit] }];
}
