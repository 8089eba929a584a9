/** Runs a scanner for one image, or remembers what one said of its digest. Only ever because the user wants it. */
import type { ImageReference } from "../core/image/reference";
import type { ScanReport } from "../core/image/vulnerability";
import type { ProcessRunner } from "../core/index";
import { parseJson, part } from "../registry/json";
import type { AnswerStore } from "../registry/ports";
import { type Scanner, type ScannerName, scanners } from "./scanners";

export interface ScanPorts {
  readonly processes: ProcessRunner;
  /** Null: nothing is kept. */
  readonly store: AnswerStore | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface ScanWish {
  /** Null: the first one that is installed. */
  readonly scanner: ScannerName | null;
  /** What the tag points to; null: not known, and then nothing is kept. */
  readonly digest: string | null;
  /** `linux/arm64`, where the file asks for one. */
  readonly platform: string | null;
  /** True: what was kept does not count. */
  readonly fresh: boolean;
}

/** `absent`: no scanner is installed. `failed`: it ran, and there is no report; a sentence says why. `stopped`: it was ended. */
export type ScanOutcome =
  | { readonly kind: "done"; readonly report: ScanReport }
  | { readonly kind: "absent" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly reason: string };

/** Milliseconds for one image; the first run of a scanner fetches its database. */
const patience = 11 * 60_000;
/** Milliseconds that a report of a digest counts: the image stays the same, what is known of it does not. */
const longestAge = 24 * 60 * 60_000;

/** Scans. Never rejects. */
export async function scanImage(
  ports: ScanPorts,
  reference: ImageReference,
  wish: ScanWish,
  signal: AbortSignal,
): Promise<ScanOutcome> {
  const image = imageText(reference, wish.digest);
  for (const scanner of scanners) {
    if (wish.scanner !== null && scanner.name !== wish.scanner) continue;
    if (signal.aborted) return { kind: "stopped" };
    const key = wish.digest === null ? null : `scan ${scanner.name} ${image} ${wish.platform ?? ""}`;
    const kept = key === null || wish.fresh ? null : await recall(ports, key);
    if (kept) return { kind: "done", report: kept };
    const outcome = await runScanner(ports, scanner, image, wish.platform, signal);
    if (outcome.kind === "absent") continue;
    if (outcome.kind === "done" && key !== null) {
      const text = JSON.stringify({ at: ports.now(), report: outcome.report });
      await ports.store?.write(key, text).catch(() => undefined);
    }
    return outcome;
  }
  return { kind: "absent" };
}

/** The image as a scanner is given it: in full, and by digest where it is known, so that it is this very one. */
export function imageText({ registry, path, tag }: ImageReference, digest: string | null): string {
  return digest === null ? `${registry}/${path}:${tag ?? "latest"}` : `${registry}/${path}@${digest}`;
}

async function runScanner(
  { processes, now }: ScanPorts,
  scanner: Scanner,
  image: string,
  platform: string | null,
  signal: AbortSignal,
): Promise<ScanOutcome> {
  let stop: () => void = () => undefined;
  const abort = (): void => stop();
  signal.addEventListener("abort", abort, { once: true });
  const outcome = await processes.run({
    ...scanner.call(image, platform),
    // An empty folder of its own: a project must not bring settings for the scanner.
    files: {},
    limit: patience,
    onStart: (end) => {
      stop = end;
    },
  });
  signal.removeEventListener("abort", abort);
  if (signal.aborted) return { kind: "stopped" };
  if (outcome.kind === "absent") return outcome;
  if (outcome.kind === "failed") return { kind: "failed", reason: `${scanner.name} failed: ${outcome.reason}.` };
  if (!scanner.good.includes(outcome.code)) {
    const said = lastLine(outcome.err);
    return { kind: "failed", reason: `${scanner.name} failed (exit code ${outcome.code})${said ? `: ${said}` : "."}` };
  }
  const vulnerabilities = scanner.read(outcome.out);
  if (!vulnerabilities) {
    const reason = `What ${scanner.name} reports is not understood; this version may be too old or too new.`;
    return { kind: "failed", reason };
  }
  const day = new Date(now()).toISOString().slice(0, 10);
  return { kind: "done", report: { image, scanner: scanner.name, day, vulnerabilities } };
}

async function recall({ store, now }: ScanPorts, key: string): Promise<ScanReport | null> {
  const kept = parseJson((await store?.read(key).catch(() => null)) ?? "");
  const at = part(kept, "at");
  const report = part(kept, "report");
  if (typeof at !== "number" || at > now() || at + longestAge < now()) return null;
  return Array.isArray(part(report, "vulnerabilities")) ? (report as ScanReport) : null;
}

/** What a program says at its end; mostly that is the reason. */
function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const last = lines.at(-1)?.trim() ?? "";
  return last.length > 300 ? `${last.slice(0, 300)}…` : last;
}
