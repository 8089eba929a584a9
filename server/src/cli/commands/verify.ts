/** `plimsoll verify`: who signed the images that files name, and whether a policy accepts it. Asks the registries. */
import path from "node:path";
import { createConfigSource } from "../../config/find";
import type { ConfigFile } from "../../config/types";
import { imagePlaces } from "../../core/fixes/image-places";
import { type ImageReference, parseReference } from "../../core/image/reference";
import type { SignaturePolicy } from "../../core/image/signature-policy";
import { kindOf, slashes } from "../files";
import { configFor, openFiles } from "../open-files";
import { commonOptions, type Given, type OptionSpec, readOptions } from "../options";
import { choosePaint } from "../paint";
import { createProgress } from "../progress";
import { createRegistries, learn, troublesOf } from "../registry";
import { createSignatures } from "../signatures";
import { exit, type Product, type Terminal, UsageError } from "../terminal";
import { type Verified, verifyJson, verifyLines, verifySummary } from "../verify-report";
import { harmless } from "../width";

export const verifyOptions: readonly OptionSpec[] = [
  {
    name: "key",
    value: "FILE",
    multiple: true,
    help: "Public key (PEM) that may sign; stands in for the configuration.",
  },
  { name: "identity", value: "SUBJECT", help: "Account that may sign; * stands for any characters. Needs --issuer." },
  { name: "issuer", value: "URL", help: "Who vouches for the account of --identity." },
  {
    name: "predicate",
    value: "TYPE",
    help: "With --key or --identity: a kind of statement that counts as a signature.",
  },
  { name: "trust-root", value: "FILE", help: "Trust root (JSON) in place of Sigstore's public one." },
  { name: "format", value: "FORMAT", values: ["text", "json"], help: "Form of the report: text, json. Default: text." },
  { name: "config", value: "FILE", help: "Use this configuration file, whatever lies nearer." },
  { name: "quiet", short: "q", help: "Name only what is not verified." },
  ...commonOptions,
];

interface Asked {
  readonly path: string | null;
  /** From 0; null for an image that was named itself. */
  readonly line: number | null;
  readonly reference: ImageReference;
  readonly config: ConfigFile | null;
}

/** Verifies. Resolves to the exit code. */
export async function runVerify(args: readonly string[], terminal: Terminal, product: Product): Promise<number> {
  const given = readOptions(args, verifyOptions, "verify");
  if (given.positionals.includes("-"))
    throw new UsageError("`plimsoll verify` needs files or images; it does not read stdin.");
  const wanted = policyOf(given, terminal);
  let faulty = false;
  const complain = (what: string): void => {
    faulty = true;
    terminal.stderr.write(`plimsoll: ${harmless(what)}\n`);
  };
  const asked = await whatIsAsked(given, terminal, product, complain);
  if (asked.length === 0 && !faulty) terminal.stderr.write("No Dockerfile with an image found.\n");

  const registries = createRegistries(terminal, 0);
  const signatures = createSignatures(terminal, registries, 0, wanted);
  const progress = createProgress(terminal, given.has("quiet"), "images");
  for (const { config } of asked) signatures.factsFor(config);
  const look = (): Verified[] =>
    asked.map(({ config, ...one }) => ({ ...one, report: signatures.factsFor(config).signature(one.reference) }));
  await learn(signatures.all, look, progress.show);
  progress.end();

  const results = look();
  const paint = choosePaint(given, terminal, terminal.stdout);
  const quiet = given.has("quiet");
  if (given.value("format") === "json") terminal.stdout.write(verifyJson(product.version, results));
  else {
    terminal.stdout.write(verifyLines(results, { quiet, paint }));
    if (!quiet && results.length > 0) terminal.stdout.write(`${verifySummary(results)}\n`);
  }
  for (const trouble of troublesOf(signatures.all)) complain(trouble);
  if (faulty || results.some(({ report }) => !report)) return exit.fault;
  const isGood = results.every(({ report }) => !report?.required || report.state === "verified");
  // Where no policy covers any image nothing was verified, and a pipeline must not take that for a good sign.
  const isAsked = results.length === 0 || results.some(({ report }) => report?.required);
  return isGood && isAsked ? exit.clean : exit.found;
}

/** The policy of the options; null where they say nothing. */
function policyOf(given: Given, { cwd }: Terminal): SignaturePolicy | null {
  const [subject, issuer] = [given.value("identity"), given.value("issuer")];
  if ((subject === null) !== (issuer === null)) {
    throw new UsageError("--identity and --issuer belong together: a name says nothing without who vouches for it.");
  }
  const keys = given.all("key").map((file) => path.resolve(cwd, file));
  const root = given.value("trust-root");
  if (keys.length === 0 && subject === null) {
    if (root !== null || given.has("predicate")) {
      throw new UsageError(
        "--trust-root and --predicate go with --key or --identity; else they belong into .plimsoll.yaml.",
      );
    }
    return null;
  }
  const identities = subject === null || issuer === null ? [] : [{ subject, issuer }];
  return {
    trustRoot: root === null ? null : path.resolve(cwd, root),
    required: [{ images: ["*"], keys, identities, predicate: given.value("predicate") }],
  };
}

/** Arguments are files, folders and globs; what is none of them and reads like an image is one. */
async function whatIsAsked(
  given: Given,
  terminal: Terminal,
  product: Product,
  complain: (what: string) => void,
): Promise<readonly Asked[]> {
  const named = given.value("config");
  const words = given.positionals.length > 0 ? given.positionals : ["."];
  const isImage = (word: string): boolean =>
    kindOf(path.resolve(terminal.cwd, word)) === "missing" && parseReference(word) !== null;
  const asked: Asked[] = [];
  const configs = createConfigSource({ reader: terminal.reader, rules: product.rules, boundary: null });
  for (const word of words.filter(isImage)) {
    const reference = parseReference(word);
    const config = await configFor(slashes(path.join(terminal.cwd, "Dockerfile")), named, configs, terminal);
    if (config?.problems.some(({ severity }) => severity === "error")) complain(`${config.path} has errors.`);
    else if (reference) asked.push({ path: null, line: null, reference, config });
  }
  const paths = words.filter((word) => !isImage(word));
  const files = await openFiles(paths, { config: named, done: "verified", complain }, terminal, product);
  for (const { target, model, file } of files) {
    for (const { reference, span } of imagePlaces(model, product.catalogue())) {
      const { line } = model.lines.positionAt(span.start);
      asked.push({ path: target.path, line, reference, config: file });
    }
  }
  return asked;
}
