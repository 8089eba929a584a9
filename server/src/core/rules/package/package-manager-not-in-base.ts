import { distributionUnder, rootStage } from "../../catalogue/stage";
import type { Distribution } from "../../catalogue/types";
import { canEditRun, dropItem, isTopLevel, removeWord } from "../../fixes/shell-list";
import { instructionsIn } from "../../model/index-of";
import type { Instruction, Model, Stage } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { Edit } from "../../text";
import { callSpan, type PackageCall, type RunStep, runSteps } from "./calls";

export default defineRule({
  id: "package-manager-not-in-base",
  theme: "package",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A RUN calls a package manager that the distribution of the base image does not have.",
  why: "Alpine has `apk`, Debian and Ubuntu have `apt-get`, Fedora and Red Hat have `dnf` or `microdnf`. After a change of the base image the other one is simply not found, and the build fails. Where a script asks first which one is there, or installs it, nothing is said.",
  aliases: {},
  reads: ["RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Debian's manager on Alpine",
      code: "FROM alpine:3.24\nRUN [|apt-get update|] && apt-get install -y --no-install-recommends curl git\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache curl git\n",
    },
    {
      title: "Alpine's manager on Debian",
      code: "FROM node:26\nRUN [|apk add|] --no-cache curl\n",
      fixed: "FROM node:26\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n",
    },
    {
      title: "With what cleans up behind it",
      code: "FROM node:26-alpine\nRUN [|apt-get update|] \\\n    && apt-get install -y \\\n        curl \\\n        git \\\n    && rm -rf /var/lib/apt/lists/* \\\n    && mkdir /data\n",
      fixed: "FROM node:26-alpine\nRUN apk add --no-cache \\\n        curl \\\n        git \\\n    && mkdir /data\n",
    },
    {
      title: "Fedora",
      code: "FROM fedora:44\nRUN [|apt-get update|] && apt-get install -y curl\n",
      fixed: "FROM fedora:44\nRUN dnf install -y curl\n",
    },
    {
      title: "A minimal image has microdnf only",
      code: "FROM redhat/ubi9-minimal\nRUN [|dnf install|] -y tar && dnf clean all\n",
      fixed: "FROM redhat/ubi9-minimal\nRUN microdnf install -y tar && microdnf clean all\n",
    },
    { title: "The right one", code: "FROM alpine:3.24\nRUN apk add --no-cache curl\n" },
    { title: "yum is a name of dnf", code: "FROM rockylinux:9\nRUN yum install -y httpd\n" },
    {
      title: "The script asks which one is there",
      code: "FROM alpine:3.24\nRUN if command -v apt-get; then apt-get update; else apk add curl; fi\n",
    },
    { title: "One of the two will do", code: "FROM alpine:3.24\nRUN apt-get update || apk update\n" },
    {
      title: "Installed before",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y dnf\nRUN dnf --installroot /r install -y bash\n",
    },
    { title: "Nobody knows the image", code: "FROM registry.example.com/base:1\nRUN apk add curl\n" },
    { title: "A variable decides", code: "ARG BASE\nFROM ${BASE}\nRUN apk add curl\n" },
  ],
  *check({ model, catalogue }) {
    const told = new Set<Stage>();
    const relatives = relativesOf(model);
    for (const step of runSteps(model)) {
      if (told.has(rootStage(step.stage))) continue;
      const call = step.calls.find(({ operation }) => families.has(operation.manager));
      if (!call) continue;
      const distribution = distributionUnder(step.stage, catalogue);
      const own = distribution?.packageManager;
      // Without a shell nothing runs at all, which is another matter.
      if (!distribution || !own || distribution.shell === "none") continue;
      const wrong = step.calls.find(
        (one) => !hasManager(own, one.operation.manager) && families.has(one.operation.manager),
      );
      if (!wrong || isChosen(step)) continue;
      // One finding for each base says it all, and what was brought once stays.
      told.add(rootStage(step.stage));
      if (isBrought(relatives(step.stage), step, wrong.operation.manager)) continue;
      yield {
        message: messageFor(wrong, own, rootStage(step.stage).base.resolved),
        range: callSpan(wrong),
        fixes: () => translate(model, step, distribution),
      };
    }
  },
});

/** The stages that stand on the same image, directly or through others. */
function relativesOf(model: Model): (stage: Stage) => readonly Stage[] {
  let byRoot: Map<Stage, Stage[]> | null = null;
  return (stage) => {
    if (!byRoot) {
      byRoot = new Map();
      for (const one of model.stages) {
        const list = byRoot.get(rootStage(one));
        if (list) list.push(one);
        else byRoot.set(rootStage(one), [one]);
      }
    }
    return byRoot.get(rootStage(stage)) ?? [];
  };
}

/** The managers of systems, by what they are kin to. */
const families: ReadonlyMap<string, string> = new Map([
  ["apt-get", "apt"],
  ["apt", "apt"],
  ["aptitude", "apt"],
  ["apk", "apk"],
  ["dnf", "rpm"],
  ["yum", "rpm"],
  ["microdnf", "rpm"],
  ["tdnf", "rpm"],
  ["zypper", "zypper"],
  ["pacman", "pacman"],
]);

type Manager = NonNullable<Distribution["packageManager"]>;

function hasManager(own: Manager, manager: string): boolean {
  if (own === manager) return true;
  if (families.get(own) !== families.get(manager)) return false;
  // dnf and yum are names of each other, mostly; a minimal image has neither.
  return !(own === "microdnf" && manager !== "microdnf") && !(own === "tdnf" && manager === "microdnf");
}

function messageFor({ operation }: PackageCall, own: Manager, image: string | null): string {
  const where = image ? `\`${image}\`` : "The base image";
  const name = operation.command.name ?? operation.manager;
  return own === "none"
    ? `${where} has no package manager, so \`${name}\` is not found. Install in an earlier stage, or use another base image.`
    : `${where} has no \`${name}\`; its package manager is \`${own}\`. Install with that.`;
}

/** True where the script looks which manager there is, or goes on without. */
function isChosen(step: RunStep): boolean {
  if (
    /command -v|which |type -[pPt]|os-release|\/etc\/(?:alpine|debian|redhat|centos)|hash /.test(step.run.parsed.text)
  )
    return true;
  return step.calls.some(
    ({ operation: { command } }) =>
      command.command.context.some((context) => context !== "group" && context !== "subshell") ||
      command.outer.context.some((context) => context !== "group" && context !== "subshell") ||
      command.outer.before === "||" ||
      command.outer.after === "||" ||
      command.command.before === "||" ||
      command.command.after === "||",
  );
}

/** True where an earlier step may have brought the manager: it installed one of that name, copied files, or ran a script. */
function isBrought(stages: readonly Stage[], step: RunStep, manager: string): boolean {
  const brings = new RegExp(`\\b${manager}\\b|\\.sh\\b|chroot`);
  const places = /--from=|\/s?bin\b|\/usr\s*$|\s\/\s*$|rootfs/;
  const isEarlier = (one: Instruction) => one.index < step.instruction.index;
  for (const stage of stages) {
    const copies = [...instructionsIn(stage, "COPY"), ...instructionsIn(stage, "ADD")];
    if (copies.some((one) => isEarlier(one) && places.test(one.parsed.text))) return true;
    if (instructionsIn(stage, "RUN").some((one) => isEarlier(one) && brings.test(one.parsed.text))) return true;
  }
  return new RegExp(`(?:install|add)\\b[^&;|]*\\s${manager}\\b|chroot|brew|--root`).test(step.run.parsed.text);
}

/** How an install is written for a manager. */
const installs: Readonly<Partial<Record<Manager, { readonly verb: string; readonly first: string | null }>>> = {
  "apt-get": { verb: "apt-get install -y --no-install-recommends", first: "apt-get update" },
  apk: { verb: "apk add --no-cache", first: null },
  dnf: { verb: "dnf install -y", first: null },
  yum: { verb: "yum install -y", first: null },
  microdnf: { verb: "microdnf install -y", first: null },
  tdnf: { verb: "tdnf install -y", first: null },
};

/** Flags of an install that the other manager does not need. */
const droppable =
  /^(?:-y|-yq|-yqq|-qqy|-qy|-q|-qq|--yes|--assume-yes|--quiet|--no-install-recommends|--no-cache|-U|--update|--assumeyes|--nodocs|-n)$/;

function translate(model: Model, step: RunStep, { packageManager }: Distribution): readonly Fix[] {
  const wanted = packageManager ? installs[packageManager] : undefined;
  if (!wanted || !packageManager || !canEditRun(model, step.run, step.isTrigger) || step.scripts.length !== 1)
    return [];
  const script = step.scripts[0];
  const calls = step.calls.filter(({ operation }) => families.has(operation.manager));
  if (!script || calls.some(({ operation }) => !isTopLevel(operation.command) || operation.command.wrappers.length > 0))
    return [];
  const isKin = calls.every(({ operation }) => families.get(operation.manager) === families.get(packageManager));
  const items = script.script.topLevel;
  const gone = new Set<number>();
  const edits: Edit[] = [];
  let isFirst = true;
  for (const { operation } of calls) {
    const [name] = operation.command.words;
    const { subcommand, action } = operation;
    if (!name || !subcommand) return [];
    if (isKin) {
      edits.push({ span: script.locate(name.from, name.to), newText: packageManager });
      continue;
    }
    const { item } = operation.command.command;
    if (items[item]?.kind !== "command") return [];
    if (action === "update" || action === "clean") {
      gone.add(item);
      continue;
    }
    if (action !== "install" || operation.unknown.length > 0 || operation.packages.length === 0) return [];
    if (operation.packages.some((one) => one.kind !== "name" || one.constraint !== null)) return [];
    if (operation.flags.some((word) => !droppable.test(word.value ?? ""))) return [];
    const first = operation.packages[0]?.word;
    if (!first) return [];
    // From the manager's name to the last flag before the first package; flags behind that go one by one.
    const to = lastBefore(operation.command.words, first.from);
    if (to === null) return [];
    const before = isFirst && wanted.first ? `${wanted.first} && ` : "";
    isFirst = false;
    edits.push({ span: script.locate(name.from, to), newText: `${before}${wanted.verb}` });
    for (const word of operation.flags) {
      if (word.from < first.from) continue;
      const edit = removeWord(model, script, word);
      if (!edit) return [];
      edits.push(edit);
    }
  }
  for (const command of script.commands) {
    if (
      !isKin &&
      command.name === "rm" &&
      /^rm -\w+ \/var\/(?:lib\/apt|cache\/(?:apt|apk|dnf|yum))\S*$/.test(textOf(command.words))
    ) {
      gone.add(command.command.item);
    }
  }
  for (const item of gone) {
    // Items that go must not stand side by side: their cuts would overlap.
    const edit = gone.has(item + 1) ? null : dropItem(model, script, item);
    if (!edit) return [];
    edits.push(edit);
  }
  if (edits.length === 0) return [];
  return [
    {
      title: `Install with ${packageManager}`,
      applicability: "unsafe",
      reason: "Packages may have other names in this distribution.",
      edits,
    },
  ];
}

function textOf(words: readonly { readonly text: string }[]): string {
  return words.map(({ text }) => text).join(" ");
}

function lastBefore(words: readonly { readonly from: number; readonly to: number }[], at: number): number | null {
  let end: number | null = null;
  for (const word of words) if (word.to <= at) end = word.to;
  return end;
}
