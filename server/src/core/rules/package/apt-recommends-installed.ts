import { canEditRun, insertAfter } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { hasOperationFlag, type PackageOperation } from "../../shell/packages";
import { isApt } from "./apt-lists";
import { callName, callSpan, type PackageCall, packageCalls } from "./calls";

export default defineRule({
  id: "apt-recommends-installed",
  theme: "package",
  category: "size",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "`apt-get install` brings recommended packages as well.",
  why: "Debian and Ubuntu install what a package recommends unless told otherwise, which often doubles what was asked for. It is off by default, since what is recommended is sometimes what is wanted: curl only recommends the certificates that it needs for https, which is why the fix adds them. Stages that do not ship are left alone.",
  aliases: {
    hadolint: ["DL3015"],
    trivy: ["DS-0029"],
    kics: ["APT-GET Not Avoiding Additional Packages"],
    semgrep: ["missing-no-install-recommends"],
    sonar: ["S6500"],
  },
  scope: "instruction",
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`hadolint` also looks at stages that do not ship.",
    },
  },
  fixable: "unsafe",
  examples: [
    {
      title: "What is recommended comes too",
      code: "FROM debian:trixie\nRUN apt-get update && [|apt-get install|] -y imagemagick\n",
      fixed: "FROM debian:trixie\nRUN apt-get update && apt-get install --no-install-recommends -y imagemagick\n",
    },
    {
      title: "curl needs certificates",
      code: "FROM debian:trixie\nRUN apt-get update && [|apt-get install|] -y \\\n    curl \\\n    git\n",
      fixed:
        "FROM debian:trixie\nRUN apt-get update && apt-get install --no-install-recommends -y \\\n    ca-certificates \\\n    curl \\\n    git\n",
    },
    {
      title: "As hadolint sees a builder",
      code: "FROM debian:trixie AS build\nRUN [|apt-get install|] -y gcc\nFROM debian:trixie\nCOPY --from=build /app /app\n",
      fixed:
        "FROM debian:trixie AS build\nRUN apt-get install --no-install-recommends -y gcc\nFROM debian:trixie\nCOPY --from=build /app /app\n",
      options: { mode: "hadolint" },
    },
    { title: "Refused", code: "FROM debian:trixie\nRUN apt-get install -y --no-install-recommends curl\n" },
    {
      title: "Refused by an option",
      code: "FROM debian:trixie\nRUN apt-get -o APT::Install-Recommends=false install -y curl\n",
    },
    {
      title: "Refused by a setting",
      code: "FROM debian:trixie\nRUN echo 'APT::Install-Recommends \"0\";' > /etc/apt/apt.conf.d/no && apt-get install -y curl\n",
    },
    { title: "Wanted", code: "FROM debian:trixie\nRUN apt-get install -y --install-recommends curl\n" },
    {
      title: "A stage that does not ship",
      code: "FROM debian:trixie AS build\nRUN apt-get install -y gcc\nFROM debian:trixie\nCOPY --from=build /app /app\n",
    },
  ],
  *check({ model, options }) {
    let isConfigured: boolean | null = null;
    for (const call of packageCalls(model)) {
      const { operation, step } = call;
      if (!isApt(operation) || operation.action !== "install" || !installs(operation)) continue;
      if (!step.stage.ships && options.mode !== "hadolint") continue;
      isConfigured ??= isSetElsewhere(model);
      if (isConfigured) return;
      yield {
        message: `\`${callName(call)}\` also installs what the packages merely recommend. Add \`--no-install-recommends\` and name what is needed.`,
        range: callSpan(call),
        fixes: () => refuse(model, call),
      };
    }
  },
});

function installs(operation: PackageOperation): boolean {
  if (operation.packages.length === 0 && operation.unknown.length === 0) return false;
  if (hasOperationFlag(operation, ["--no-install-recommends", "--install-recommends", "--without-recommends", "-R"])) {
    return false;
  }
  return !operation.command.words.some((word) => /Install-Recommends/i.test(word.text));
}

function isSetElsewhere(model: Model): boolean {
  return /APT::Install-Recommends/i.test(model.text) || /^\s*(?:COPY|ADD)\s.*\/etc\/apt\/apt\.conf/im.test(model.text);
}

/** Desktops, office suites and Docker's own packages. */
const needsMore = /^(?:libreoffice|gnome|kde|xfce4|lxde|mate-|cinnamon|ubuntu-desktop|task-|docker-ce|docker\.io)/;

/** Programs that fetch by https and only recommend the certificates for it. */
const needsCertificates: ReadonlySet<string> = new Set(["curl", "wget", "git", "aria2", "lftp", "libcurl4"]);

function refuse(model: Model, { operation, step, script }: PackageCall): readonly Fix[] {
  const { subcommand, packages } = operation;
  // Without what they recommend, these are hardly what people mean by them.
  if (packages.some(({ name }) => needsMore.test(name))) return [];
  if (!subcommand || !canEditRun(model, step.run, step.isTrigger)) return [];
  const edits = [insertAfter(script, subcommand, " --no-install-recommends")];
  const first = packages[0];
  const wants = packages.some(({ name }) => needsCertificates.has(name));
  if (first && wants && !/\bca-certificates\b/.test(step.run.parsed.text)) {
    const { start } = script.locate(first.word.from, first.word.to);
    // The new package stands on its own line where the others do.
    const gap = /(?:\\|`)?\r?\n[ \t]*$/.exec(model.text.slice(0, start))?.[0];
    edits.push({ span: { start, end: start }, newText: `ca-certificates${gap ? ` ${gap}` : " "}` });
  }
  return [
    {
      title: "Install without recommended packages",
      applicability: "unsafe",
      reason: "A package that was only recommended may be needed after all.",
      edits,
    },
  ];
}
