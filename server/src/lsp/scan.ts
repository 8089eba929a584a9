/** "Scan Base Images": lets a scanner look at the bases of a document. Only when the user says so, in workspaces they trust. */
import type { CancellationToken, Connection } from "vscode-languageserver";
import type { Catalogue } from "../core/catalogue/types";
import { imagePlaces } from "../core/fixes/image-places";
import type { ImageReference } from "../core/image/reference";
import { type ScanReport, severityText } from "../core/image/vulnerability";
import type { Model, ProcessRunner } from "../core/index";
import type { ScanMemory } from "../scan/memory";
import { scanPage } from "../scan/page";
import { type ScanOutcome, scanImage } from "../scan/scan";
import { scannerNames } from "../scan/scanners";
import type { Clock } from "./clock";
import { until } from "./online-handlers";
import type { OnlineService } from "./registry";
import type { Session } from "./session";

export interface ScanContext {
  readonly connection: Connection;
  readonly session: Session;
  readonly clock: Clock;
  readonly processes: ProcessRunner;
  readonly online: OnlineService;
  readonly catalogue: () => Catalogue;
  readonly memory: ScanMemory;
  readonly isTrusted: () => boolean;
}

/** Milliseconds for one document; the first run of a scanner fetches its database. */
const deadline = 30 * 60_000;

/** Scans, and answers with a sentence for the user; null where there is nothing to say. Never rejects. */
export async function scanDocument(
  context: ScanContext,
  uri: string,
  token: CancellationToken,
): Promise<string | null> {
  const { connection, session, clock, online, memory } = context;
  if (!context.isTrusted()) {
    return "Nothing was scanned: a scanner fetches the images that the file names, so that it runs only in workspaces that you trust.";
  }
  const model = await session.model(uri);
  if (!model) return null;
  const { registry } = await session.configOf(uri);
  const images = basesOf(model, context.catalogue());
  if (images.size === 0) return "Nothing was scanned: no stage stands on an image whose name is known.";

  const end = until(clock, token, deadline);
  const bar = await connection.window.createWorkDoneProgress().catch(() => null);
  bar?.begin("Scanning base images", 0, undefined, true);
  bar?.token.onCancellationRequested(() => end.stop());
  const facts = online.anew(registry);
  const digestOf = (reference: ImageReference): string | null => reference.digest ?? facts.digest(reference) ?? null;
  for (const { reference } of images.values()) digestOf(reference);
  await facts.fetch(end.signal);
  const ports = { processes: context.processes, store: online.store(registry), now: Date.now };
  const outcomes: ScanOutcome[] = [];
  for (const { reference, stage } of images.values()) {
    bar?.report(Math.round((100 * outcomes.length) / images.size), reference.text);
    const wish = { scanner: null, digest: digestOf(reference), platform: stage?.base.platform ?? null, fresh: false };
    const outcome = await scanImage(ports, reference, wish, end.signal);
    outcomes.push(outcome);
    if (outcome.kind === "done") memory.keep(reference, outcome.report);
    if (outcome.kind === "absent" || outcome.kind === "stopped") break;
  }
  bar?.done();
  end.done();
  session.heardScans();
  return sentenceOf(outcomes);
}

/** What is known of the base images of a document, as a page; null where none of them was scanned. */
export async function scanReport({ session, catalogue, memory }: ScanContext, uri: string): Promise<string | null> {
  const model = await session.model(uri);
  const images = model ? [...basesOf(model, catalogue()).values()] : [];
  return scanPage(images.flatMap(({ reference }) => memory.scan(reference) ?? []));
}

/** The images that the stages of the shipped image stand on, each once, by its name. */
function basesOf(model: Model, catalogue: Catalogue): ReadonlyMap<string, Base> {
  const bases = imagePlaces(model, catalogue).filter(
    ({ kind, stage }) => kind === "from" && stage?.reachesFinal !== false,
  );
  return new Map(bases.map(({ reference, stage }) => [reference.text, { reference, stage }]));
}

type Base = Pick<ReturnType<typeof imagePlaces>[number], "reference" | "stage">;

function sentenceOf(outcomes: readonly ScanOutcome[]): string {
  const names = scannerNames.join(", ");
  if (outcomes.some(({ kind }) => kind === "absent")) {
    return `No scanner is installed: Plimsoll runs ${names}, and brings none. Install one, so that it is found on the PATH.`;
  }
  const reports = outcomes.flatMap((outcome): ScanReport[] => (outcome.kind === "done" ? [outcome.report] : []));
  const failed = outcomes.flatMap((outcome) => (outcome.kind === "failed" ? [outcome.reason] : []));
  const found = severityText(reports.flatMap(({ vulnerabilities }) => vulnerabilities)) || "no known vulnerability";
  const parts = [
    ...(reports.length > 0 ? [`Scanned ${reports.length} image${reports.length === 1 ? "" : "s"}: ${found}.`] : []),
    ...(outcomes.some(({ kind }) => kind === "stopped") ? ["Stopped before the end."] : []),
    ...failed.slice(0, 2),
  ];
  return parts.join(" ");
}
