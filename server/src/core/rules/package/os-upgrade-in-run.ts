import { removeInstruction } from "../../fixes/remove";
import { canEditRun, dropItem, isTopLevel } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Aliases, Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { PackageOperation } from "../../shell/packages";
import { callName, callSpan, type PackageCall, runSteps } from "./calls";

export default defineRule({
  id: "os-upgrade-in-run",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "A RUN upgrades the whole distribution, so the image drifts from its pinned base.",
  why: "What comes out depends on the day of the build, the old files stay in the layer below, and a newer tag of the base brings the same upgrades tested. It is off by default, because some organisations require it: between two releases of a base it is the only way to get a security fix.",
  aliases: {
    hadolint: ["DL3035"],
    trivy: ["DS-0024"],
    kics: [
      "Run Using Upgrade Commands",
      "Run Using dnf Update",
      "Use of Apk Upgrade",
      "Yum Update Enabled",
      "Run Using Zypper Update",
    ],
    semgrep: [
      "avoid-apk-upgrade",
      "avoid-apt-get-upgrade",
      "avoid-dnf-update",
      "avoid-yum-update",
      "avoid-zypper-update",
    ],
    dockle: ["DKL-DI-0003"],
  },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "In the middle of a list",
      code: "FROM debian:trixie\nRUN apt-get update \\\n    && [|apt-get upgrade|] -y \\\n    && apt-get install -y curl\n",
      fixed: "FROM debian:trixie\nRUN apt-get update \\\n    && apt-get install -y curl\n",
    },
    {
      title: "Nothing else is done",
      code: "FROM alpine:3.24\nRUN apk update && [|apk upgrade|]\nRUN echo done\n",
      fixed: "FROM alpine:3.24\nRUN echo done\n",
    },
    {
      title: "The old name of yum",
      code: "FROM rockylinux:9\nRUN [|yum update|] -y && yum clean all\nRUN echo done\n",
      fixed: "FROM rockylinux:9\nRUN echo done\n",
    },
    { title: "Some packages only", code: "FROM rockylinux:9\nRUN yum update -y openssl && yum clean all\n" },
    { title: "One package", code: "FROM alpine:3.24\nRUN apk upgrade --no-cache busybox\n" },
    { title: "The index is no package", code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y curl\n" },
  ],
  *check({ model }) {
    for (const step of runSteps(model)) {
      for (const call of step.calls) {
        const { operation } = call;
        if (operation.action !== "upgrade" || operation.packages.length > 0 || operation.unknown.length > 0) continue;
        const aliases = aliasesOf(operation);
        if (!aliases) continue;
        yield {
          message: `\`${callName(call)}\` replaces whatever has a newer version today, so no two builds are alike. Move to a newer tag of the base image instead.`,
          range: callSpan(call),
          aliases,
          fixes: () => withoutUpgrade(model, call),
        };
      }
    }
  },
});

/** The peers have one rule for each manager; null for managers of languages. */
function aliasesOf({ manager, verb }: PackageOperation): Aliases | null {
  switch (manager) {
    case "apt-get":
    case "apt":
    case "aptitude":
      return {
        kics: ["Run Using Upgrade Commands"],
        semgrep: ["avoid-apt-get-upgrade"],
        dockle: ["DKL-DI-0003"],
        ...(verb === "dist-upgrade" ? { trivy: ["DS-0024"] } : {}),
      };
    case "apk":
      return { kics: ["Use of Apk Upgrade"], semgrep: ["avoid-apk-upgrade"] };
    case "dnf":
    case "microdnf":
    case "tdnf":
      return { kics: ["Run Using dnf Update"], semgrep: ["avoid-dnf-update"] };
    case "yum":
      return { kics: ["Yum Update Enabled"], semgrep: ["avoid-yum-update"] };
    case "zypper":
      return {
        kics: ["Run Using Zypper Update"],
        semgrep: ["avoid-zypper-update"],
        ...(/^(?:dup|dist-upgrade)$/.test(verb) ? { hadolint: ["DL3035"] } : {}),
      };
    case "pacman":
      return {};
    default:
      return null;
  }
}

function withoutUpgrade(model: Model, { step, script, operation }: PackageCall): readonly Fix[] {
  if (!canEditRun(model, step.run, step.isTrigger) || !isTopLevel(operation.command)) return [];
  const base = {
    applicability: "unsafe",
    reason: "Security fixes that the base image lacks are then absent.",
  } as const;
  const { family } = operation.tool;
  const serves = (one: PackageOperation) =>
    one.tool.family === family && (one.action === "update" || one.action === "upgrade" || one.action === "clean");
  const isService = script.commands.every(
    (command) =>
      step.calls.some((call) => call.operation.command === command && serves(call.operation)) ||
      command.name === "set" ||
      (command.name === "rm" && command.words.slice(1).every((word) => /^-|\/var\/(?:lib\/apt|cache)/.test(word.text))),
  );
  // An upgrade with its update and its cleaning goes as a whole.
  if (isService && step.scripts.length === 1) {
    return [{ title: "Delete the RUN that upgrades", ...base, edits: [removeInstruction(model, step.instruction)] }];
  }
  const { item } = operation.command.command;
  if (script.script.topLevel[item]?.kind !== "command") return [];
  const edit = dropItem(model, script, item);
  return edit ? [{ title: `Delete ${operation.command.name ?? ""} ${operation.verb}`, ...base, edits: [edit] }] : [];
}
