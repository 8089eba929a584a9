import { defineRule } from "../../rule";
import { withoutVersion } from "./pins";

export default defineRule({
  id: "pin-zypper-packages",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "`zypper install` names packages without a version.",
  why: "Two builds of the same file may install different versions. It is off by default and has no fix, since the mirrors drop old versions when a fix takes their place, and what a package depends on is not pinned anyway. A pinned base image is the better handle.",
  aliases: { hadolint: ["DL3037"], kics: ["Zypper Install Without Version"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "No version", code: "FROM opensuse/leap:16.0\nRUN [|zypper -n install|] httpd\n" },
    { title: "With a version", code: "FROM opensuse/leap:16.0\nRUN zypper -n install httpd=2.4.62 'curl>=8'\n" },
    { title: "A pattern", code: "FROM opensuse/leap:16.0\nRUN zypper -n install -t pattern devel_basis\n" },
  ],
  check: (context) =>
    withoutVersion(context, {
      looks: (operation) =>
        operation.manager === "zypper" &&
        operation.action === "install" &&
        !operation.flags.some((word) => /^(?:-t|--type)/.test(word.value ?? "")),
      isFixed: ({ constraint, name }) => constraint !== null || /^(?:pattern|patch):/.test(name),
      form: (name) => `${name}=<version>`,
    }),
});
