import { defineRule } from "../../rule";
import { rpmAnswer } from "./answers";
import { unanswered } from "./missing-yes";

export default defineRule({
  id: "yum-missing-yes",
  theme: "package",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "`yum install` would wait for a question because `-y` is absent.",
  why: "yum asks `Is this ok [y/N]` before it changes anything. There is no terminal during a build, so it reads nothing, takes that for a no, and the build fails.",
  aliases: {
    hadolint: ["DL3030"],
    kics: ["Yum Install Allows Manual Input"],
    semgrep: ["missing-yum-assume-yes-switch"],
    sonar: ["S6584"],
    tally: ["hadolint/DL3030"],
  },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "Nobody says yes",
      code: "FROM rockylinux:9\nRUN [|yum install|] httpd\n",
      fixed: "FROM rockylinux:9\nRUN yum install -y httpd\n",
    },
    {
      title: "Before the subcommand",
      code: "FROM rockylinux:9\nRUN yum -y install httpd\n",
    },
    { title: "By its long name", code: "FROM rockylinux:9\nRUN yum install --assumeyes httpd\n" },
    {
      title: "Answered by a setting",
      code: "FROM rockylinux:9\nRUN echo assumeyes=1 >> /etc/yum.conf && yum install httpd\n",
    },
    { title: "Lists ask nothing", code: "FROM rockylinux:9\nRUN yum list installed\n" },
  ],
  check: (context) => unanswered(context, rpmAnswer(["yum"])),
});
