import { distributionUnder } from "../../catalogue/stage";
import { defineRule } from "../../rule";
import { hasFlag } from "../../shell/arguments";
import { callSpan, callsOf, canEdit, insertAfterName, isPlain } from "./calls";
import { addressesOf, wgetValueFlags } from "./downloads";

export default defineRule({
  id: "wget-progress",
  theme: "shell",
  category: "maintainability",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "wget prints a progress bar into the build log.",
  why: "A build log has no terminal, so the bar becomes thousands of lines in which an error is hard to find. `--progress=dot:giga` keeps a few dots, `-nv` one line, `-q` nothing. Off by default: it is about the log alone. The wget of busybox (Alpine) does not know `--progress`; there the fix is `-q`, which hides no error messages.",
  aliases: { hadolint: ["DL3047"], tally: ["hadolint/DL3047"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "A bar in the log",
      code: "FROM debian:13\nRUN [|wget https://example.org/a.tgz|]\n",
      fixed: "FROM debian:13\nRUN wget --progress=dot:giga https://example.org/a.tgz\n",
    },
    {
      title: "The wget of busybox",
      code: "FROM alpine:3.24\nRUN [|wget -O /a.tgz https://example.org/a.tgz|]\n",
      fixed: "FROM alpine:3.24\nRUN wget -q -O /a.tgz https://example.org/a.tgz\n",
    },
    {
      title: "An unknown base gets no fix",
      code: "FROM registry.example.com/base:1\nRUN [|wget https://example.org/a.tgz|]\n",
    },
    { title: "Quiet", code: "FROM debian:13\nRUN wget -qO- https://example.org/a && wget -nv https://example.org/b\n" },
    { title: "The log goes to a file", code: "FROM debian:13\nRUN wget -o wget.log https://example.org/a\n" },
    { title: "Dots", code: "FROM debian:13\nRUN wget --progress=dot:mega https://example.org/a\n" },
    { title: "Nothing is fetched", code: "FROM debian:13\nRUN wget --version\n" },
  ],
  *check({ model, catalogue }) {
    for (const call of callsOf(model, "wget")) {
      const { run, command } = call;
      if (hasFlag(command, quiet, wgetValueFlags) || command.words.some(({ text }) => /^-[a-zA-Z]*(?:q|nv)/.test(text)))
        continue;
      if (command.words.length < 2 || command.words.some(({ value }) => value === "--version" || value === "--help"))
        continue;
      if (addressesOf(command).length === 0 && !command.words.some(({ variables }) => variables.length > 0)) continue;
      if (!isPlain(model, call)) continue;
      yield {
        message: "wget draws a progress bar, which floods the build log. Add --progress=dot:giga, -nv or -q.",
        range: callSpan(call),
        fixes: () => {
          const system = run.stage && distributionUnder(run.stage, catalogue);
          if (!system || !canEdit(model, call)) return [];
          const flag = system.shell === "busybox" ? "-q" : "--progress=dot:giga";
          const edit = insertAfterName(call, ` ${flag}`);
          return edit ? [{ title: `Add ${flag}`, applicability: "safe", edits: [edit] }] : [];
        },
      };
    }
  },
});

const quiet: readonly string[] = [
  ...[
    "-q",
    "--quiet",
    "-o",
    "--output-file",
    "-a",
    "--append-output",
    "--progress",
    "--no-verbose",
    "-b",
    "--background",
  ],
];
