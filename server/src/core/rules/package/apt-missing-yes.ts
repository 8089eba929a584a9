import { defineRule } from "../../rule";
import { hasOperationFlag, type PackageOperation } from "../../shell/packages";
import type { PackageCall } from "./calls";
import { setsOption, unanswered } from "./missing-yes";

export default defineRule({
  id: "apt-missing-yes",
  theme: "package",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "`apt-get install` would wait for a question because `-y` is absent.",
  why: "As soon as a package brings others with it, apt asks whether to continue. There is no terminal during a build, so it reads nothing, takes that for a no, and the build fails. Removing packages asks always. Simulations, `-qq`, answers that come through a pipe and `APT::Get::Assume-Yes` count as an answer.",
  aliases: {
    hadolint: ["DL3014"],
    trivy: ["DS-0021"],
    kics: ["APT-GET Missing Flags To Avoid Manual Input"],
    semgrep: ["missing-assume-yes-switch"],
    sonar: ["S6584"],
    tally: ["hadolint/DL3014"],
  },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "Nobody says yes",
      code: "FROM debian:trixie\nRUN apt-get update && [|apt-get install|] --no-install-recommends curl\n",
      fixed: "FROM debian:trixie\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n",
    },
    {
      title: "Removing asks as well",
      code: "FROM debian:trixie\nRUN [|apt-get purge|] curl\n",
      fixed: "FROM debian:trixie\nRUN apt-get purge -y curl\n",
    },
    {
      title: "In a script of a heredoc",
      code: "FROM debian:trixie\nRUN <<EOF\nset -e\napt-get update\n[|apt-get install|] curl\nEOF\n",
      fixed: "FROM debian:trixie\nRUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nEOF\n",
    },
    {
      title: "The exec form",
      code: 'FROM debian:trixie\nRUN [[|"apt-get", "install"|], "curl"]\n',
    },
    {
      title: "A trigger is told, and left as it is",
      code: "FROM debian:trixie\nONBUILD RUN [|apt-get install|] curl\n",
    },
    { title: "Before the subcommand", code: "FROM debian:trixie\nRUN apt-get -y install curl\n" },
    { title: "Joined with other flags", code: "FROM debian:trixie\nRUN apt-get install -yq curl\n" },
    { title: "Twice quiet means yes", code: "FROM debian:trixie\nRUN apt-get -q -q install curl\n" },
    { title: "Answered by a pipe", code: "FROM debian:trixie\nRUN yes | apt-get install curl\n" },
    {
      title: "Answered by an option",
      code: "FROM debian:trixie\nRUN apt-get -o APT::Get::Assume-Yes=true install curl\n",
    },
    {
      title: "Answered by a setting",
      code: "FROM debian:trixie\nRUN echo 'APT::Get::Assume-Yes \"true\";' > /etc/apt/apt.conf.d/90yes\nRUN apt-get install curl\n",
    },
    {
      title: "Settings are copied, and nobody knows what they say",
      code: "FROM debian:trixie\nCOPY 90build /etc/apt/apt.conf.d/\nRUN apt-get install curl\n",
    },
    {
      title: "What is not needed any more goes without being named",
      code: "FROM debian:trixie\nRUN [|apt-get purge|] --auto-remove\n",
      fixed: "FROM debian:trixie\nRUN apt-get purge -y --auto-remove\n",
    },
    {
      title: "Without a package nothing changes, and nothing is asked",
      code: "FROM debian:trixie\nRUN apt-get remove -y curl && apt-get autoclean && apt-get purge && apt-get install\n",
    },
    { title: "Only simulated", code: "FROM debian:trixie\nRUN apt-get install --simulate curl\n" },
    {
      title: "A variable may hold the answer",
      code: "FROM debian:trixie\nARG APT_OPTS\nRUN apt-get install $APT_OPTS curl\n",
    },
    {
      title: "Nothing is broken that `-f` could mend",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get -f install && apt-get install -fy xvfb\n",
    },
    {
      title: "What dpkg has put in may want more",
      code: "FROM debian:trixie\nCOPY a.deb /\nRUN apt-get update; dpkg -i /a.deb; [|apt-get -f install|]\n",
      fixed: "FROM debian:trixie\nCOPY a.deb /\nRUN apt-get update; dpkg -i /a.deb; apt-get -f install -y\n",
    },
  ],
  check: (context) =>
    unanswered(context, {
      managers: new Set(["apt-get", "apt", "aptitude"]),
      flag: "-y",
      behind: "subcommand",
      configured: /Assume-Yes/i,
      settings: /^\s*(?:COPY|ADD)\s.*\/etc\/apt\/apt\.conf/im,
      silent: isSilent,
    }),
});

function isSilent(operation: PackageOperation, call: PackageCall): boolean {
  if (hasOperationFlag(operation, ["-s", "--simulate", "--just-print", "--recon", "--no-act", "--print-uris"]))
    return true;
  if (hasOperationFlag(operation, ["--force-yes", "--assume-no", "--trivial-only"])) return true;
  if (isForNothing(operation, call)) return true;
  const quiet = operation.flags.filter((word) => /^(?:-q|--quiet)$/.test(word.value ?? "")).length;
  return quiet > 1 || setsOption(operation, ["-o", "--option"], /Assume-Yes/i);
}

/**
 * `apt-get purge` of no package: apt finds nothing to do. With `--auto-remove` it looks for something itself; with `-f` it
 * mends what is broken, which is so only where dpkg has put a package in.
 */
function isForNothing({ command, packages, unknown, verb, flags }: PackageOperation, { step }: PackageCall): boolean {
  if (verb !== "install" && verb !== "remove" && verb !== "purge") return false;
  if (packages.length > 0 || unknown.length > 0 || command.wrappers.includes("xargs")) return false;
  const usesDpkg = step.scripts.some(({ commands }) => commands.some(({ name }) => name === "dpkg"));
  return flags.every(({ value }) => value !== null && !removesMore.test(value) && !(usesDpkg && mends.test(value)));
}

const removesMore = /^(?:--auto-?remove|--autoremove)$/i;
/** Also joined with other letters: `-qf`. */
const mends = /^(?:-[a-z]*f[a-z]*|--fix-broken)$/i;
