import { defineRule } from "../../rule";
import { hasOperationFlag } from "../../shell/packages";
import { unanswered } from "./missing-yes";

export default defineRule({
  id: "zypper-missing-non-interactive",
  theme: "package",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "`zypper install` would wait for a question because `--non-interactive` is absent.",
  why: "zypper asks before it changes anything, and again when a key or a conflict turns up. There is no terminal during a build, so the build fails. `--non-interactive` stands before the subcommand, `-y` behind it; either will do.",
  aliases: {
    hadolint: ["DL3034"],
    kics: ["Missing Zypper Non-interactive Switch"],
    semgrep: ["missing-zypper-no-confirm-switch"],
    sonar: ["S6584"],
    tally: ["hadolint/DL3034"],
  },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "Nobody answers",
      code: "FROM opensuse/leap:16.0\nRUN [|zypper install|] httpd && zypper clean\n",
      fixed: "FROM opensuse/leap:16.0\nRUN zypper --non-interactive install httpd && zypper clean\n",
    },
    {
      title: "By its short name",
      code: "FROM opensuse/leap:16.0\nRUN [|zypper in|] httpd\n",
      fixed: "FROM opensuse/leap:16.0\nRUN zypper --non-interactive in httpd\n",
    },
    { title: "Said for the whole call", code: "FROM opensuse/leap:16.0\nRUN zypper -n install httpd\n" },
    { title: "Said for the installation", code: "FROM opensuse/leap:16.0\nRUN zypper install -y httpd\n" },
    { title: "Refreshing asks nothing", code: "FROM opensuse/leap:16.0\nRUN zypper refresh\n" },
  ],
  check: (context) =>
    unanswered(context, {
      managers: new Set(["zypper"]),
      flag: "--non-interactive",
      behind: "manager",
      configured: /ZYPP_NON_?INTERACTIVE|--non-interactive-include/i,
      settings: /^\s*(?:COPY|ADD)\s.*\/etc\/zypp\/zypp/im,
      silent: (operation) => hasOperationFlag(operation, ["--quiet-install", "-D", "--download-only"]),
    }),
});
