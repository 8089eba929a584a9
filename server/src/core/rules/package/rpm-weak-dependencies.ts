import { canEditRun, insertAfter } from "../../fixes/shell-list";
import { defineRule } from "../../rule";
import { hasOperationFlag, type PackageOperation } from "../../shell/packages";
import { callName, callSpan, packageCalls } from "./calls";
import { setsOption } from "./missing-yes";

export default defineRule({
  id: "rpm-weak-dependencies",
  theme: "package",
  category: "size",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "`dnf install` or `zypper install` brings recommended packages as well.",
  why: "dnf and zypper install what a package recommends unless told otherwise, which often doubles what was asked for. It is off by default, since what is recommended is sometimes what is wanted. Stages that do not ship are left alone.",
  aliases: {},
  fixable: "unsafe",
  examples: [
    {
      title: "dnf",
      code: "FROM fedora:44\nRUN [|dnf install|] -y httpd && dnf clean all\n",
      fixed: "FROM fedora:44\nRUN dnf install --setopt=install_weak_deps=False -y httpd && dnf clean all\n",
    },
    {
      title: "zypper",
      code: "FROM opensuse/leap:16.0\nRUN [|zypper -n install|] httpd\n",
      fixed: "FROM opensuse/leap:16.0\nRUN zypper -n install --no-recommends httpd\n",
    },
    {
      title: "In a trigger",
      code: "FROM fedora:44\nONBUILD RUN [|dnf install|] -y httpd\n",
    },
    { title: "Refused", code: "FROM fedora:44\nRUN dnf install -y --setopt=install_weak_deps=False httpd\n" },
    {
      title: "Refused by a setting",
      code: "FROM fedora:44\nRUN echo install_weak_deps=False >> /etc/dnf/dnf.conf\nRUN dnf install -y httpd\n",
    },
    {
      title: "Settings are copied, and nobody knows what they say",
      code: "FROM fedora:44\nCOPY dnf.conf /etc/dnf/\nRUN dnf install -y httpd\n",
    },
    {
      title: "The small image leaves them out by itself",
      code: "FROM redhat/ubi9-minimal\nRUN microdnf install -y httpd\n",
    },
    {
      title: "A stage that does not ship",
      code: "FROM fedora:44 AS build\nRUN dnf install -y gcc\nFROM fedora:44\nCOPY --from=build /app /app\n",
    },
  ],
  *check({ model }) {
    let isConfigured: boolean | null = null;
    for (const call of packageCalls(model)) {
      const { operation, step, script } = call;
      const flag = flagFor(operation);
      if (flag === null || operation.action !== "install" || !step.stage.ships) continue;
      if (operation.packages.length === 0 && operation.unknown.length === 0) continue;
      isConfigured ??= settings.test(model.text);
      if (isConfigured) return;
      yield {
        message: `\`${callName(call)}\` also installs what the packages merely recommend. Add \`${flag}\` and name what is needed.`,
        range: callSpan(call),
        fixes: () => {
          if (!operation.subcommand || !canEditRun(model, step.run, step.isTrigger)) return [];
          const reason = "A package that was only recommended may be needed after all.";
          const edits = [insertAfter(script, operation.subcommand, ` ${flag}`)];
          return [{ title: "Install without recommended packages", applicability: "unsafe", reason, edits }];
        },
      };
    }
  },
});

const settings = /install_weak_deps|solver\.onlyRequires|^\s*(?:COPY|ADD)\s.*\/etc\/(?:dnf|zypp)/im;

function flagFor(operation: PackageOperation): string | null {
  if (operation.manager === "dnf") {
    return setsOption(operation, ["--setopt"], /install_weak_deps/i) ? null : "--setopt=install_weak_deps=False";
  }
  if (operation.manager !== "zypper") return null;
  return hasOperationFlag(operation, ["--no-recommends", "--recommends"]) ? null : "--no-recommends";
}
