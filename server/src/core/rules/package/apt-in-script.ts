import { distributionUnder } from "../../catalogue/stage";
import { canEditRun } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { Edit } from "../../text";
import { callName, callSpan, type PackageCall, type RunStep, runSteps } from "./calls";

export default defineRule({
  id: "apt-in-script",
  theme: "package",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The interactive `apt` front end is used in a script.",
  why: "`apt` is made for people at a terminal: its output and its defaults change between releases, and it says so on every run (`apt does not have a stable CLI interface`). `apt-get` and `apt-cache` do the same work and keep their interface.",
  aliases: {
    hadolint: ["DL3027"],
    checkov: ["CKV_DOCKER_9"],
    kics: ["Run Using apt"],
    semgrep: ["prefer-apt-get"],
    tally: ["hadolint/DL3027"],
  },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "Installing",
      code: "FROM ubuntu:24.04\nRUN [|apt update|] && apt-get install -y curl\n",
      fixed: "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y curl\n",
    },
    {
      title: "An upgrade that may bring new packages, as apt's does",
      code: "FROM ubuntu:24.04\nRUN apt-get update && [|apt upgrade|] -y\n",
      fixed: "FROM ubuntu:24.04\nRUN apt-get update && apt-get upgrade --with-new-pkgs -y\n",
    },
    {
      title: "A full upgrade has another name",
      code: "FROM ubuntu:24.04\nRUN apt-get update && [|apt -y full-upgrade|]\n",
      fixed: "FROM ubuntu:24.04\nRUN apt-get update && apt-get -y dist-upgrade\n",
    },
    {
      title: "Several calls of one RUN",
      code: "FROM ubuntu:24.04\nRUN [|apt update|] && apt install -y curl && apt clean\n",
      fixed: "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y curl && apt-get clean\n",
    },
    {
      title: "Looking something up",
      code: "FROM ubuntu:24.04\nRUN [|apt show|] curl\n",
      fixed: "FROM ubuntu:24.04\nRUN apt-cache show curl\n",
    },
    { title: "apt-get has no list", code: "FROM ubuntu:24.04\nRUN [|apt list|] --installed\n" },
    {
      title: "In a trigger",
      code: "FROM ubuntu:24.04\nONBUILD RUN [|apt install|] -y curl\n",
    },
    { title: "The one for scripts", code: "FROM ubuntu:24.04\nRUN apt-get install -y curl\n" },
    { title: "A folder of that name", code: "FROM ubuntu:24.04\nRUN ls /etc/apt && echo apt install\n" },
    { title: "Some other apt", code: "FROM alpine:3.24\nRUN apt install curl\n" },
    { title: "It is no subcommand of apt", code: "FROM ubuntu:24.04\nRUN apt src/main.java\n" },
  ],
  *check({ model, catalogue }) {
    for (const step of runSteps(model)) {
      const calls = step.calls.filter((call) => call.operation.manager === "apt" && known.has(call.operation.verb));
      if (calls.length === 0) continue;
      const manager = distributionUnder(step.stage, catalogue)?.packageManager;
      if (manager && manager !== "apt-get") continue;
      // One finding says it for the whole RUN, and its fix mends all that can be mended.
      const replaceable = calls.filter(({ operation }) => replacements[operation.verb]);
      const others = calls.filter(({ operation }) => !replacements[operation.verb]);
      for (const call of [...replaceable.slice(0, 1), ...others]) {
        const wanted = replacements[call.operation.verb]?.join(" ");
        const advice = wanted ? `Use \`${wanted}\`` : "Use `apt-get`, `apt-cache` or `dpkg`";
        yield {
          message: `\`${callName(call)}\` is meant for people at a terminal and may change with any release. ${advice} in scripts.`,
          range: callSpan(call),
          fixes: () => (wanted ? replace(model, step, replaceable) : []),
        };
      }
    }
  },
});

/** What does the same as `apt <verb>`. Source: apt(8), apt-get(8), apt-cache(8). */
const replacements: Readonly<Record<string, readonly [program: string, verb: string]>> = {
  update: ["apt-get", "update"],
  install: ["apt-get", "install"],
  reinstall: ["apt-get", "install --reinstall"],
  remove: ["apt-get", "remove"],
  purge: ["apt-get", "purge"],
  autoremove: ["apt-get", "autoremove"],
  autopurge: ["apt-get", "autoremove --purge"],
  upgrade: ["apt-get", "upgrade --with-new-pkgs"],
  "full-upgrade": ["apt-get", "dist-upgrade"],
  "dist-upgrade": ["apt-get", "dist-upgrade"],
  clean: ["apt-get", "clean"],
  autoclean: ["apt-get", "autoclean"],
  "build-dep": ["apt-get", "build-dep"],
  source: ["apt-get", "source"],
  download: ["apt-get", "download"],
  show: ["apt-cache", "show"],
  search: ["apt-cache", "search"],
  policy: ["apt-cache", "policy"],
  depends: ["apt-cache", "depends"],
  rdepends: ["apt-cache", "rdepends"],
};

/** Verbs that do under their new names what they did. The others show something, or reach further. */
const doSame: ReadonlySet<string> = new Set([
  ...["update", "install", "reinstall", "remove", "purge", "upgrade", "full-upgrade", "dist-upgrade", "autoremove"],
  ...["autopurge", "clean", "autoclean"],
]);

const known: ReadonlySet<string> = new Set([
  ...Object.keys(replacements),
  ...["list", "edit-sources", "satisfy", "distclean", "auto-remove", "auto-clean", "changelog"],
]);

function replace(model: Model, step: RunStep, calls: readonly PackageCall[]): readonly Fix[] {
  if (!canEditRun(model, step.run, step.isTrigger)) return [];
  const edits = calls.flatMap((call) => rewrite(call) ?? []);
  const programs = new Set(calls.map(({ operation }) => replacements[operation.verb]?.[0]));
  if (edits.length === 0) return [];
  const title = `Use ${[...programs].join(" and ")} in this RUN`;
  if (calls.every(({ operation }) => doSame.has(operation.verb))) return [{ title, applicability: "safe", edits }];
  return [{ title, applicability: "unsafe", reason: "What it prints may look a little different.", edits }];
}

function rewrite({ operation, script }: PackageCall): readonly Edit[] | null {
  const [program, verb] = replacements[operation.verb] ?? [];
  if (!program || !verb) return null;
  const name = operation.command.words[0];
  const { subcommand } = operation;
  if (name?.quoted !== "none" || !name.text.endsWith("apt") || subcommand?.quoted !== "none") return null;
  const { end } = script.locate(name.from, name.to);
  const edits: Edit[] = [{ span: { start: end - "apt".length, end }, newText: program }];
  if (verb !== subcommand.text) edits.push({ span: script.locate(subcommand.from, subcommand.to), newText: verb });
  return edits;
}
