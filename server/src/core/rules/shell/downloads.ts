/** Downloads by curl and wget: their flags, the addresses they fetch, where the result goes. */

import type { Model } from "../../model/types";
import { flagValue, hasFlag, splitArguments } from "../../shell/arguments";
import type { ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";
import { type Call, callsOf, type Run } from "./calls";

/** Flags of curl that take the next word. Source: curl(1). */
export const curlValueFlags: readonly string[] = [
  ...["-A", "-b", "-c", "-C", "-d", "-D", "-e", "-E", "-F", "-H", "-K", "-m", "-o", "-P", "-Q", "-r", "-t", "-T", "-u"],
  ...["-U", "-w", "-x", "-X", "-y", "-Y", "-z"],
  ...[
    "--abstract-unix-socket",
    "--alt-svc",
    "--aws-sigv4",
    "--cacert",
    "--capath",
    "--cert",
    "--cert-type",
    "--ciphers",
  ],
  ...[
    "--config",
    "--connect-timeout",
    "--connect-to",
    "--continue-at",
    "--cookie",
    "--cookie-jar",
    "--curves",
    "--data",
  ],
  ...["--data-ascii", "--data-binary", "--data-raw", "--data-urlencode", "--dns-servers", "--doh-url", "--dump-header"],
  ...["--form", "--form-string", "--header", "--interface", "--json", "--key", "--limit-rate", "--local-port"],
  ...["--max-filesize", "--max-redirs", "--max-time", "--netrc-file", "--noproxy", "--oauth2-bearer", "--output"],
  ...[
    "--output-dir",
    "--pass",
    "--pinnedpubkey",
    "--proto",
    "--proto-default",
    "--proto-redir",
    "--proxy",
    "--proxy-user",
  ],
  ...["--quote", "--range", "--rate", "--referer", "--request", "--request-target", "--resolve", "--retry"],
  ...[
    "--retry-delay",
    "--retry-max-time",
    "--socks4",
    "--socks5",
    "--socks5-hostname",
    "--speed-limit",
    "--speed-time",
  ],
  ...[
    "--stderr",
    "--tls-max",
    "--tls13-ciphers",
    "--trace",
    "--trace-ascii",
    "--unix-socket",
    "--upload-file",
    "--url",
  ],
  ...["--user", "--user-agent", "--write-out"],
];

/** Flags of wget that take the next word. Source: wget(1). */
export const wgetValueFlags: readonly string[] = [
  ...["-a", "-A", "-B", "-D", "-e", "-i", "-I", "-l", "-o", "-O", "-P", "-Q", "-R", "-t", "-T", "-U", "-w", "-X"],
  ...[
    "--accept",
    "--append-output",
    "--base",
    "--body-data",
    "--ca-certificate",
    "--certificate",
    "--config",
    "--domains",
  ],
  ...["--connect-timeout", "--dns-timeout", "--exclude-directories", "--execute", "--header", "--http-password"],
  ...["--http-user", "--input-file", "--level", "--limit-rate", "--load-cookies", "--max-redirect", "--method"],
  ...["--output-document", "--output-file", "--password", "--post-data", "--post-file", "--private-key", "--quota"],
  ...[
    "--read-timeout",
    "--referer",
    "--reject",
    "--save-cookies",
    "--secure-protocol",
    "--timeout",
    "--tries",
    "--user",
  ],
  ...["--user-agent", "--wait", "--waitretry", "--directory-prefix"],
];

/** The calls of curl and wget in all RUNs, in the order of the file. */
export function downloadsOf(model: Model): readonly Call[] {
  const curl = callsOf(model, "curl");
  const wget = callsOf(model, "wget");
  if (wget.length === 0) return curl;
  if (curl.length === 0) return wget;
  return [...curl, ...wget].sort((a, b) => placeOf(a) - placeOf(b));
}

function placeOf({ script, command }: Call): number {
  const { from, to } = command.command;
  return script.locate(from, to).start;
}

/** The calls of curl and wget within one RUN. */
export function downloadsIn(run: Run): readonly Call[] {
  return run.scripts.flatMap((script) =>
    script.commands
      .filter((command) => command.name === "curl" || command.name === "wget")
      .map((command) => ({ run, script, command })),
  );
}

/** An address in a command. */
export interface Address {
  readonly word: ShellWord;
  /** Lower case: `https`. */
  readonly scheme: string;
  /** Where the scheme begins in the word's own text. */
  readonly schemeAt: number;
  /** The host in lower case, or null where a variable decides it. */
  readonly host: string | null;
  /** As written, without quotes; variables stay. */
  readonly text: string;
}

/** The addresses with a scheme among a command's operands (and behind `--url`). */
export function addressesOf(command: EffectiveCommand): readonly Address[] {
  const valueFlags = command.name === "curl" ? curlValueFlags : command.name === "wget" ? wgetValueFlags : [];
  const { operands } = splitArguments(command, valueFlags);
  const named = command.name === "curl" ? flagValue(command, ["--url"])?.word : null;
  return (named ? [named, ...operands] : operands).flatMap((word) => readAddress(word) ?? []);
}

/** Reads a word as an address with a scheme; null when it is none. */
export function readAddress(word: ShellWord): Address | null {
  const match = /^(["']?)((https?|ftps?):\/\/(?:[^/@\s"']*@)?([^/:?#\s"']*)[^"'\s]*)/i.exec(word.text);
  if (!match) return null;
  const [, quote = "", text = "", scheme = "", host = ""] = match;
  return {
    word,
    scheme: scheme.toLowerCase(),
    schemeAt: quote.length,
    host: host === "" || /[$`{}*]/.test(host) ? null : host.toLowerCase(),
    text,
  };
}

/** True for hosts that are not on the public internet: this machine, private addresses, names without a public domain. */
export function isPrivateHost(host: string): boolean {
  if (/^(?:127|10)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^0\.0\.0\.0$|^\[/.test(host)) return true;
  if (!host.includes(".")) return true;
  return /\.(?:local|localhost|internal|intranet|lan|corp|home|private|test|example|invalid|localdomain|svc|cluster)$/.test(
    host,
  );
}

const checkers: ReadonlySet<string> = new Set([
  ...["sha224sum", "sha256sum", "sha384sum", "sha512sum", "b2sum", "b3sum", "shasum", "sha256", "sha512"],
  ...["gpg", "gpg2", "gpgv", "gpgv2", "cosign", "minisign", "signify", "rhash", "slsa-verifier", "openssl", "cksum"],
]);
const weakCheckers: ReadonlySet<string> = new Set(["md5sum", "sha1sum", "md5"]);

/** How a RUN checks what it downloads: `well` by a SHA-2 sum or a signature, `weakly` by md5 or sha1, or not at all. */
type Checks = "well" | "weakly" | "none";

const checks = new WeakMap<Run, Checks>();

/** True when the RUN checks what it downloads: a checksum or a signature, of whatever strength. */
export function checksDownloads(run: Run): boolean {
  return checksOf(run) !== "none";
}

/** True when the RUN checks what it downloads by a checksum or signature that still holds (not md5, not sha1). */
export function checksDownloadsWell(run: Run): boolean {
  return checksOf(run) === "well";
}

function checksOf(run: Run): Checks {
  const known = checks.get(run);
  if (known) return known;
  const commands = run.scripts.flatMap((script) => script.commands);
  const isWeak = ({ name }: EffectiveCommand) => name !== null && weakCheckers.has(name);
  const found = commands.some(isCheck) ? "well" : commands.some(isWeak) ? "weakly" : "none";
  checks.set(run, found);
  return found;
}

function isCheck(command: EffectiveCommand): boolean {
  const { name } = command;
  if (name === null || !checkers.has(name)) return false;
  const values = command.words.slice(1).map((word) => word.value ?? word.text);
  if (name === "gpg" || name === "gpg2") return values.some((value) => value === "--verify" || value === "--decrypt");
  if (name === "openssl") return values.some((value) => /^(?:dgst|sha256|sha512)$/.test(value));
  if (name === "shasum") return values.some((value) => /256|384|512/.test(value));
  return true;
}

/** Where a download goes. `stdout` also for a pipe; `unknown` where a variable or a pattern decides. */
export type Target =
  | { readonly kind: "file"; readonly word: ShellWord; readonly name: string }
  | { readonly kind: "stdout" }
  | { readonly kind: "unknown" };

/** Where a call of curl or wget puts what it fetches. */
export function targetOf(command: EffectiveCommand): Target {
  const redirection = command.redirections.find(
    ({ operator, descriptor }) =>
      (operator === ">" || operator === ">>" || operator === ">|") && (descriptor ?? 1) === 1,
  );
  const flag =
    command.name === "curl" ? flagValue(command, ["-o", "--output"]) : flagValue(command, ["-O", "--output-document"]);
  if (flag) {
    if (flag.value === "-" || flag.value === "/dev/stdout") return throughRedirection(redirection?.target ?? null);
    return named(flag.word, flag.value);
  }
  if (command.name === "wget") {
    // `-qO-` and `-O-` are one word with its value, which flagValue reads only for the first letter.
    const joined = command.words.find((word) => /^-[A-Za-z]*O-$/.test(word.value ?? ""));
    if (joined) return throughRedirection(redirection?.target ?? null);
    return fromAddress(command);
  }
  if (hasFlag(command, ["-O", "--remote-name", "-J", "--remote-name-all"], curlValueFlags)) return fromAddress(command);
  return throughRedirection(redirection?.target ?? null);
}

function throughRedirection(word: ShellWord | null): Target {
  return word ? named(word, word.value) : { kind: "stdout" };
}

function named(word: ShellWord | null, value: string | null): Target {
  return word ? { kind: "file", word, name: value ?? word.text.replaceAll(/["']/g, "") } : { kind: "unknown" };
}

function fromAddress(command: EffectiveCommand): Target {
  const [address] = addressesOf(command);
  const name = address?.text
    .replace(/[?#].*$/, "")
    .split("/")
    .pop();
  return address && name ? { kind: "file", word: address.word, name } : { kind: "unknown" };
}
