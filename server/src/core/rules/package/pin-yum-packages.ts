import { defineRule } from "../../rule";
import { withoutVersion } from "./pins";

export default defineRule({
  id: "pin-yum-packages",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "`yum install` names packages without a version.",
  why: "Two builds of the same file may install different versions. It is off by default and has no fix, since the mirrors drop old versions when a fix takes their place, and what a package depends on is not pinned anyway. A pinned base image is the better handle.",
  aliases: { hadolint: ["DL3033"], kics: ["Yum install Without Version"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "No version", code: "FROM rockylinux:9\nRUN [|yum install|] -y httpd && yum clean all\n" },
    { title: "With a version", code: "FROM rockylinux:9\nRUN yum install -y httpd-2.4.62 && yum clean all\n" },
    { title: "A group", code: "FROM rockylinux:9\nRUN yum groupinstall -y 'Development Tools'\n" },
    { title: "A file", code: "FROM rockylinux:9\nRUN yum install -y ./tool.rpm\n" },
  ],
  check: (context) =>
    withoutVersion(context, {
      looks: ({ manager, action }) => manager === "yum" && action === "install",
      isFixed: ({ name }) => name.startsWith("@") || /-\d/.test(name),
      form: (name) => `${name}-<version>`,
    }),
});
