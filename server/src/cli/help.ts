/** Help texts, made from the tables of options. */
import { explainOptions } from "./commands/explain";
import { formatCommandOptions } from "./commands/format";
import { initOptions } from "./commands/init";
import { lspOptions } from "./commands/lsp";
import { rulesOptions } from "./commands/rules";
import { lintOptions } from "./lint-options";
import { type OptionSpec, optionHelp } from "./options";

/** All commands, in the order they are listed. */
export const commands = ["lint", "fix", "format", "rules", "explain", "init", "lsp"] as const;
export type Command = (typeof commands)[number];

interface Help {
  readonly usage: string;
  readonly summary: string;
  readonly details: string;
  readonly options: readonly OptionSpec[];
}

const paths = `Paths are files, folders (searched for Dockerfiles by name) and globs; - reads stdin. Default: the current folder.

Exit codes: 0 nothing at or above --fail-on (or no Dockerfile found), 1 something, 2 a mistake in the arguments or the
configuration, or a file that cannot be read; the other files are still done.`;

const help: { readonly [command in Command]: Help } = {
  lint: {
    usage: "lint [paths…]",
    summary: "Report what is wrong in Dockerfiles.",
    details: paths,
    options: lintOptions,
  },
  fix: {
    usage: "fix [paths…]",
    summary: "Mend what can be mended safely, and report the rest. The same as lint --fix.",
    details: paths,
    options: lintOptions,
  },
  format: {
    usage: "format [paths…]",
    summary: "Lay Dockerfiles out anew; with --check, only say which are not.",
    details: `Comments, heredocs and quoted texts stay as they are. A file whose meaning would change is left alone. What the rule
formatting is set to, and .editorconfig, decide about indentation and line width.

Exit codes: 0 all are laid out, 1 with --check: some are not, 2 a mistake in the arguments, or a file that cannot be read.`,
    options: formatCommandOptions,
  },
  rules: {
    usage: "rules",
    summary: "List all rules.",
    details: "",
    options: rulesOptions,
  },
  explain: {
    usage: "explain <rule>",
    summary: "Show what a rule finds, why, and how to silence it.",
    details: "The rule may be named by an id of another linter: DL3007, DS-0002, CKV_DOCKER_3.",
    options: explainOptions,
  },
  init: {
    usage: "init",
    summary: "Write a .plimsoll.yaml into this folder.",
    details: "An existing one is never overwritten.",
    options: initOptions,
  },
  lsp: {
    usage: "lsp --stdio",
    summary: "Run the language server.",
    details: "",
    options: lspOptions,
  },
};

/** The help of a command. */
export function commandHelp(command: Command): string {
  const { usage, summary, details, options } = help[command];
  return `Usage: plimsoll ${usage}\n\n${summary}\n${details === "" ? "" : `\n${details}\n`}\nOptions:\n${optionHelp(options)}`;
}

/** The help of the whole. */
export function generalHelp(version: string): string {
  const width = Math.max(...commands.map((command) => help[command].usage.length)) + 3;
  const rows = commands.map((command) => `  ${help[command].usage.padEnd(width)}${help[command].summary}\n`);
  return `Plimsoll ${version}: a Dockerfile linter that mends. No Docker, no daemon, no network.

Usage: plimsoll <command> [options]

${rows.join("")}
\`plimsoll <command> --help\` shows the options of a command, --version the version.
`;
}
