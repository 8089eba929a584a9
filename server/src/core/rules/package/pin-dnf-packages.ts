import { defineRule } from "../../rule";
import { withoutVersion } from "./pins";

export default defineRule({
  id: "pin-dnf-packages",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "`dnf install` or `microdnf install` names packages without a version.",
  why: "Two builds of the same file may install different versions. It is off by default and has no fix, since the mirrors drop old versions when a fix takes their place, and what a package depends on is not pinned anyway. A pinned base image is the better handle.",
  aliases: { hadolint: ["DL3041"], kics: ["Missing Version Specification In dnf install"] },
  scope: "instruction",
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`hadolint` leaves tdnf alone, which is dnf on Azure Linux.",
    },
  },
  fixable: "none",
  examples: [
    { title: "No version", code: "FROM fedora:44\nRUN [|dnf install|] -y httpd tar-1.35 && dnf clean all\n" },
    { title: "The dnf of Azure Linux", code: "FROM example.com/azurelinux:3\nRUN [|tdnf install|] -y tar\n" },
    {
      title: "As hadolint has it",
      options: { mode: "hadolint" },
      code: "FROM example.com/azurelinux:3\nRUN tdnf install -y tar\n",
    },
    { title: "With a version", code: "FROM fedora:44\nRUN dnf install -y httpd-2.4.66 && dnf clean all\n" },
    { title: "A stream of a module", code: "FROM redhat/ubi9\nRUN dnf module install -y nodejs:22\n" },
    { title: "A group", code: "FROM fedora:44\nRUN dnf install -y @development-tools\n" },
    { title: "A file", code: "FROM fedora:44\nRUN dnf install -y https://example.com/tool.rpm\n" },
  ],
  check: (context) =>
    withoutVersion(context, {
      looks: ({ manager, action }) =>
        action === "install" &&
        (/^(?:dnf|microdnf)$/.test(manager) || (manager === "tdnf" && context.options.mode !== "hadolint")),
      isFixed: ({ name }) => name.startsWith("@") || /-\d/.test(name) || name.includes(" = "),
      form: (name) => `${name}-<version>`,
    }),
});
