/** Help texts, made from the tables of options. */
import { explainOptions } from "./commands/explain";
import { formatCommandOptions } from "./commands/format";
import { initOptions } from "./commands/init";
import { lspOptions } from "./commands/lsp";
import { rulesOptions } from "./commands/rules";
import { scanOptions } from "./commands/scan";
import { stagesOptions } from "./commands/stages";
import { verifyOptions } from "./commands/verify";
import { lintOptions } from "./lint-options";
import { type OptionSpec, optionHelp } from "./options";
import { pinOptions } from "./pin";

/** All commands, in the order they are listed. */
export const commands = [
  "lint",
  "fix",
  "format",
  "stages",
  "rules",
  "explain",
  "init",
  "pin",
  "verify",
  "scan",
  "lsp",
] as const;
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
  stages: {
    usage: "stages [file]",
    summary: "Show who builds on whom, who copies from whom, and what ships.",
    details: `For each stage: its base with size and end of life, who runs in it, what it takes. Sizes are those of the base images,
compressed, for linux/amd64; what a stage adds is not known. The file may be left out where there is one only; - reads stdin.`,
    options: stagesOptions,
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
  pin: {
    usage: "pin [paths…]",
    summary: "Write the digests of images behind their tags. Asks the registries.",
    details: `Tags, names of stages, flags and comments stay: node:24 becomes node:24@sha256:…, in FROM, COPY --from, RUN --mount and
# syntax=, or in the default of the ARG that holds the tag. Digests are those of the index, good for every platform.
Docker's and Podman's credentials are used; proxies are taken from HTTPS_PROXY and NO_PROXY; mirrors, hosts without TLS
and certificates come from the key registry of .plimsoll.yaml.

Exit codes: 0 done, 1 an image could not be pinned (with --check: one has no digest, or a stale one), 2 a mistake in the
arguments, a file that cannot be read or written, or a registry that gave no answer.`,
    options: pinOptions,
  },
  verify: {
    usage: "verify [paths or images…]",
    summary: "Check who signed the images that files name. Asks the registries.",
    details: `The key signatures.required of .plimsoll.yaml says who may sign which images: by public key, or by an account for which
Sigstore gave out a certificate. That somebody signed is never taken for a good signature. cosign's tags and bundles are
read; Notation's signatures are named, but not checked. A word that is no file and reads like an image is one.

Exit codes: 0 every image that a policy covers is verified, 1 one is not, or no policy covers any, 2 a mistake in the
arguments, a file that cannot be read, or a registry that gave no answer.`,
    options: verifyOptions,
  },
  scan: {
    usage: "scan [paths…]",
    summary: "Let a scanner look for known vulnerabilities in base images.",
    details: `Runs trivy, grype or osv-scanner, the first that is installed; Plimsoll brings none and knows no vulnerabilities itself.
The scanner asks the registries, and mostly a database of its own. What it said of a digest is kept for a day. Options of
the rule base-image-vulnerable in .plimsoll.yaml say what does not count.

Exit codes: 0 nothing at or above --fail-on, 1 something, 2 a mistake in the arguments, a file that cannot be read, no
scanner, or one that failed.`,
    options: scanOptions,
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
  return `Plimsoll ${version}: a Dockerfile linter that mends. No Docker, no daemon, and no network unless you ask for it.

Usage: plimsoll <command> [options]

${rows.join("")}
\`plimsoll <command> --help\` shows the options of a command, --version the version.
`;
}
