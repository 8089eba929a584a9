import { distributionUnder } from "../../catalogue/stage";
import { canEditRun } from "../../fixes/shell-list";
import { defineRule } from "../../rule";
import type { PackageOperation } from "../../shell/packages";
import type { Edit } from "../../text";
import { callName, callSpan, type PackageCall, packageCalls } from "./calls";

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
    for (const call of packageCalls(model)) {
      if (call.operation.manager !== "apt") continue;
      const verb = verbOf(call.operation);
      if (verb === null || !known.has(verb)) continue;
      const manager = distributionUnder(call.step.stage, catalogue)?.packageManager;
      if (manager && manager !== "apt-get") continue;
      const wanted = replacements[verb];
      const advice = wanted ? `Use \`${wanted.join(" ")}\`` : "Use `apt-get`, `apt-cache` or `dpkg`";
      yield {
        message: `\`${callName(call)}\` is meant for people at a terminal and may change with any release. ${advice} in scripts.`,
        range: callSpan(call),
        fixes: () => {
          const edits = wanted && canEditRun(model, call.step.run, call.step.isTrigger) ? rewrite(call, wanted) : null;
          return edits && wanted ? [{ title: `Use ${wanted.join(" ")}`, applicability: "safe", edits }] : [];
        },
      };
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

const known: ReadonlySet<string> = new Set([
  ...Object.keys(replacements),
  ...["list", "edit-sources", "satisfy", "distclean", "auto-remove", "auto-clean", "changelog"],
]);

function verbOf({ subcommand }: PackageOperation): string | null {
  return subcommand?.value ?? null;
}

function rewrite(
  { operation, script }: PackageCall,
  [program, verb]: readonly [string, string],
): readonly Edit[] | null {
  const name = operation.command.words[0];
  const { subcommand } = operation;
  if (name?.quoted !== "none" || !name.text.endsWith("apt") || subcommand?.quoted !== "none") return null;
  const { end } = script.locate(name.from, name.to);
  const edits: Edit[] = [{ span: { start: end - "apt".length, end }, newText: program }];
  if (verb !== subcommand.text) edits.push({ span: script.locate(subcommand.from, subcommand.to), newText: verb });
  return edits;
}
