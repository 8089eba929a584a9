import { defineRule } from "../../rule";
import { rpmAnswer } from "./answers";
import { unanswered } from "./missing-yes";

export default defineRule({
  id: "dnf-missing-yes",
  theme: "package",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "`dnf install` would wait for a question because `-y` is absent.",
  why: "dnf asks `Is this ok [y/N]` before it changes anything, and so does tdnf. There is no terminal during a build, so it reads nothing, takes that for a no, and the build fails. microdnf never asks, so it is left alone; hadolint wants `-y` there too, which `mode: hadolint` does.",
  aliases: {
    hadolint: ["DL3038"],
    kics: ["Missing Flag From Dnf Install"],
    semgrep: ["missing-dnf-assume-yes-switch"],
    sonar: ["S6584"],
    tally: ["hadolint/DL3038"],
  },
  scope: "instruction",
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`hadolint` also wants `-y` from microdnf, which never asks.",
    },
  },
  fixable: "safe",
  examples: [
    {
      title: "Nobody says yes",
      code: "FROM fedora:44\nRUN [|dnf install|] httpd && dnf clean all\n",
      fixed: "FROM fedora:44\nRUN dnf install -y httpd && dnf clean all\n",
    },
    {
      title: "A group of packages",
      code: 'FROM fedora:44\nRUN [|dnf group install|] "Development Tools"\n',
      fixed: 'FROM fedora:44\nRUN dnf group install -y "Development Tools"\n',
    },
    { title: "Said before", code: "FROM fedora:44\nRUN dnf -y --nodocs install httpd\n" },
    { title: "microdnf never asks", code: "FROM redhat/ubi9-minimal\nRUN microdnf install httpd\n" },
    {
      title: "As hadolint sees microdnf",
      code: "FROM redhat/ubi9-minimal\nRUN [|microdnf install|] httpd\n",
      fixed: "FROM redhat/ubi9-minimal\nRUN microdnf install -y httpd\n",
      options: { mode: "hadolint" },
    },
    { title: "Answered by an option", code: "FROM fedora:44\nRUN dnf install --setopt=assumeyes=1 httpd\n" },
  ],
  check: (context) =>
    unanswered(context, rpmAnswer(context.options.mode === "hadolint" ? ["dnf", "tdnf", "microdnf"] : ["dnf", "tdnf"])),
});
