import { defineRule } from "../../rule";
import { isApt } from "./apt-lists";
import { withoutVersion } from "./pins";

export default defineRule({
  id: "pin-apt-packages",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "`apt-get install` names packages without a version.",
  why: "Two builds of the same file may install different versions. It is off by default and has no fix: Debian and Ubuntu keep only the newest version of a package on their mirrors, so an exact version stops building within weeks, usually because a security fix took its place, and what the package depends on is not pinned anyway. A pinned base image and a snapshot mirror (snapshot.debian.org) give what this rule asks for.",
  aliases: { hadolint: ["DL3008"], kics: ["Apt Get Install Pin Version Not Defined"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    {
      title: "No version",
      code: "FROM debian:trixie\nRUN apt-get update && [|apt-get install|] -y curl git=1:2.47.3-0+deb13u1\n",
    },
    { title: "With a version", code: "FROM debian:trixie\nRUN apt-get install -y curl=8.14.1-2\n" },
    { title: "From a named release", code: "FROM debian:trixie\nRUN apt-get install -y curl/trixie-backports\n" },
    { title: "From a release for all", code: "FROM debian:trixie\nRUN apt-get install -y -t trixie-backports curl\n" },
    { title: "A file", code: "FROM debian:trixie\nRUN apt-get install -y ./tool.deb\n" },
    { title: "A variable", code: "FROM debian:trixie\nARG PACKAGES\nRUN apt-get install -y $PACKAGES\n" },
  ],
  check: (context) =>
    withoutVersion(context, {
      looks: (operation) =>
        isApt(operation) &&
        operation.action === "install" &&
        !operation.flags.some((word) => /^(?:-t|--target-release|--default-release)/.test(word.value ?? "")),
      isFixed: ({ constraint }) => constraint !== null,
      form: (name) => `${name}=<version>`,
    }),
});
