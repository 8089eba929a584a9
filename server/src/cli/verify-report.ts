/** What `plimsoll verify` says. "Signed" and "verified" are never mixed up: only a policy can say who may sign. */
import type { ImageReference } from "../core/image/reference";
import type { SignatureReport } from "../core/image/signature";
import { sigstoreRoot } from "../trust/sigstore-root";
import type { Paint } from "./paint";
import { harmless } from "./width";

/** One image at one place. */
export interface Verified {
  /** Null for an image that was named on the command line. */
  readonly path: string | null;
  /** From 0. */
  readonly line: number | null;
  readonly reference: ImageReference;
  /** Null: the registry has no such image. Undefined: it gave no answer. */
  readonly report: SignatureReport | null | undefined;
}

/** One line for each image; each ends with a line break. */
export function verifyLines(
  results: readonly Verified[],
  { quiet, paint }: { readonly quiet: boolean; readonly paint: Paint },
): string {
  return results
    .map(({ path, line, reference, report }) => {
      if (quiet && (report?.state === "verified" || (report && !report.required))) return "";
      const place = path === null ? "" : `${paint("bold", harmless(`${path}:${(line ?? 0) + 1}`))} `;
      return `${place}${harmless(reference.text)} ${paint(styleOf(report), harmless(wordsOf(report)))}\n`;
    })
    .join("");
}

function styleOf(report: Verified["report"]): "green" | "red" | "yellow" {
  if (report?.state === "verified") return "green";
  return report?.required ? "red" : "yellow";
}

function wordsOf(report: Verified["report"]): string {
  if (report === undefined) return "is not known: the registry gave no answer";
  if (report === null) return "is not there: the registry has no such image";
  const found = report.found.join(", ");
  switch (report.state) {
    case "verified":
      return `verified: signed by ${report.signer}`;
    case "refused":
      return `refused (${found}): ${report.reasons.join("; ")}`;
    case "unsigned":
      return report.required
        ? "unsigned: there is no signature, and the policy asks for one"
        : "has no signature, and no policy asks for one";
    case "unchecked":
      return `not verified: somebody signed (${found}), but no policy says who may`;
  }
}

/** The last lines. */
export function verifySummary(results: readonly Verified[]): string {
  const count = (test: (report: SignatureReport) => boolean): number =>
    results.filter(({ report }) => report && test(report)).length;
  const parts = [
    `Verified ${count(({ state }) => state === "verified")} of ${results.length} image${results.length === 1 ? "" : "s"}`,
    ...part(
      count(({ state }) => state === "refused"),
      "refused",
    ),
    ...part(
      count(({ state, required }) => state === "unsigned" && required),
      "unsigned",
    ),
    ...part(
      count(({ required }) => !required),
      "that no policy covers",
    ),
    ...part(results.filter(({ report }) => !report).length, "without an answer"),
  ];
  const reports = results.flatMap(({ report }) => report ?? []);
  const hint =
    reports.length === 0 || reports.some(({ required }) => required)
      ? ""
      : "\nNo policy says who may sign: list keys or identities under signatures.required in .plimsoll.yaml, or give --key, or --identity and --issuer.";
  return `${parts.join("; ")}.${hint}`;
}

function part(number: number, what: string): string[] {
  return number > 0 ? [`${number} ${what}`] : [];
}

/** The report for programs. */
export function verifyJson(version: string, results: readonly Verified[]): string {
  const images = results.map(({ path, line, reference, report }) => ({
    path,
    line: line === null ? null : line + 1,
    image: reference.text,
    digest: report?.digest ?? null,
    state: report === undefined ? "unknown" : report === null ? "missing" : report.state,
    required: report?.required ?? null,
    signer: report?.signer ?? null,
    found: report?.found ?? [],
    reasons: report?.reasons ?? [],
  }));
  const tool = { name: "plimsoll", version, trustRootDate: sigstoreRoot.date };
  return `${JSON.stringify({ version: 1, tool, images }, null, 2)}\n`;
}
