import { canEditRun, removeWord } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import { isNamedForDevelopment } from "../../multistage/purpose";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { NamedPackage } from "../../shell/packages";
import { callName, type PackageCall, packageCalls } from "./calls";

export default defineRule({
  id: "unnecessary-packages",
  theme: "package",
  category: "size",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "The shipped stage installs tools that only help people who look around in a container.",
  why: "Editors, network tools and debuggers are not used by the program, must be kept up to date like everything else, and serve whoever breaks in. `docker debug` or a container beside it brings them when they are needed. It is off by default, since some images are made for people to work in; those that are named so are left alone.",
  aliases: { dockle: ["CIS-DI-0003"] },
  fixable: "unsafe",
  examples: [
    {
      title: "An editor",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl [|vim|] && rm -rf /var/lib/apt/lists/*\n",
      fixed: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "On a line of its own",
      code: "FROM alpine:3.24\nRUN apk add --no-cache \\\n    curl \\\n    [|tcpdump|] \\\n    git\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache \\\n    curl \\\n    git\n",
    },
    {
      title: "Nothing else is installed",
      code: "FROM alpine:3.24\nRUN apk add --no-cache [|nano|]\n",
    },
    {
      title: "Used by the same file",
      code: "FROM debian:trixie\nRUN apt-get install -y telnet\nHEALTHCHECK CMD echo quit | telnet localhost 80\n",
    },
    { title: "What a program needs", code: "FROM alpine:3.24\nRUN apk add --no-cache curl ca-certificates\n" },
    {
      title: "A stage that does not ship",
      code: "FROM alpine:3.24 AS build\nRUN apk add --no-cache vim\nFROM alpine:3.24\nCOPY --from=build /app /app\n",
    },
    {
      title: "An image to work in",
      code: "FROM alpine:3.24\nRUN apk add --no-cache vim\n",
      path: ".devcontainer/Dockerfile",
    },
  ],
  *check({ model, path }) {
    const { finalStage } = model;
    if (!finalStage || isNamedForDevelopment(path, finalStage)) return;
    for (const call of packageCalls(model)) {
      const { operation, step, script } = call;
      if (
        !step.stage.ships ||
        step.isTrigger ||
        operation.action !== "install" ||
        !/^(?:apt|apk|rpm)$/.test(operation.tool.family)
      )
        continue;
      for (const one of operation.packages) {
        const program = tools.get(one.name);
        if (program === undefined || isUsed(model, one, program)) continue;
        yield {
          message: `${one.name} helps people who look around in the container, not the program. Leave it out of the image that ships.`,
          range: script.locate(one.word.from, one.word.to),
          fixes: () => leaveOut(model, call, one),
        };
      }
    }
  },
});

/** Package names with the program that a script would call. */
const tools: ReadonlyMap<string, string> = new Map([
  ...["vim", "nano", "emacs", "telnet", "tcpdump", "strace", "ltrace", "gdb", "htop", "nmap"].map(
    (name): readonly [string, string] => [name, name],
  ),
  ["vim-tiny", "vim"],
  ["vim-nox", "vim"],
  ["vim-minimal", "vi"],
  ["vim-enhanced", "vim"],
  ["emacs-nox", "emacs"],
  ["inetutils-telnet", "telnet"],
  ["busybox-extras", "telnet"],
  ["man-db", "man"],
  ["man-pages", "man"],
  ["mandoc", "man"],
  ["iputils-ping", "ping"],
  ["iputils", "ping"],
  ["traceroute", "traceroute"],
  ["mtr-tiny", "mtr"],
  ["dnsutils", "dig"],
  ["bind-utils", "dig"],
  ["bind9-dnsutils", "dig"],
  ["net-tools", "(?:ifconfig|netstat|route|arp)"],
  ["bash-completion", "bash_completion"],
  ["tree", "tree"],
  ["mc", "mc"],
]);

/** True where the program is called or named anywhere else in the file. */
function isUsed(model: Model, { word, name }: NamedPackage, program: string): boolean {
  const found = model.text.match(new RegExp(`(?<![\\w.-])${program}(?![\\w-])`, "g"))?.length ?? 0;
  return found > (name === program && word.text.includes(program) ? 1 : 0);
}

function leaveOut(model: Model, { operation, step, script }: PackageCall, one: NamedPackage): readonly Fix[] {
  // Without any package the call would fail.
  if (!canEditRun(model, step.run, step.isTrigger) || operation.packages.length + operation.unknown.length < 2)
    return [];
  const edit = removeWord(model, script, one.word);
  if (!edit) return [];
  const reason = "A script that is not in this file may call it.";
  return [
    {
      title: `Leave ${one.name} out of ${operation.verb === "" ? "the list" : callName({ operation, step, script })}`,
      applicability: "unsafe",
      reason,
      edits: [edit],
    },
  ];
}
