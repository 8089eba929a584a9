/** Pins the images of many documents as one change. */
import { type PinPlan, planPins } from "../core/fixes/pin-file";
import { buildModel, type FileReader, type Model } from "../core/index";
import { settingsKey } from "../registry/endpoint";
import type { AskingFacts } from "../registry/facts";
import { isExcludedName } from "./names";
import type { OnlineService } from "./registry";
import type { Session } from "./session";

/** What is to be pinned, and who is asked. */
export interface PinRun {
  readonly session: Session;
  readonly files: FileReader;
  readonly online: OnlineService;
  readonly catalogue: Parameters<typeof planPins>[1];
  /** Also replace stale digests, or only these. */
  readonly wish: "pin" | "update";
  readonly signal: AbortSignal;
  readonly progress: (done: number, all: number) => void;
}

/** A document with what is to be written into it. */
export interface PinnedDocument {
  readonly uri: string;
  readonly model: Model;
  /** Of an open document; null for a file. */
  readonly version: number | null;
  readonly plan: PinPlan;
}

/** Rounds of asking, as many as an answer can lead to further questions. */
const mostRounds = 3;

/** Asks for all documents at once, so that no image is asked about twice; plans what each gets. Never rejects. */
export async function pinDocuments(
  uris: readonly string[],
  run: PinRun,
): Promise<{ readonly documents: readonly PinnedDocument[]; readonly faults: readonly string[] }> {
  const factsByKey = new Map<string, AskingFacts>();
  const opened: { uri: string; model: Model; version: number | null; facts: AskingFacts }[] = [];
  for (const uri of uris) {
    if (run.signal.aborted) break;
    const config = await run.session.configOf(uri);
    if (!config.enabled || config.ignored || isExcludedName(uri)) continue;
    const version = run.session.versionOf(uri);
    const model = version === null ? await readModel(run.files, uri, config.config) : await run.session.model(uri);
    if (!model) continue;
    const key = settingsKey(config.registry, config.registry.authorities);
    const facts = factsByKey.get(key) ?? run.online.anew(config.registry);
    factsByKey.set(key, facts);
    opened.push({ uri, model, version, facts });
  }
  const wish = { update: run.wish === "update", newest: false };
  const plans = (): PinnedDocument[] =>
    opened.map(({ uri, model, version, facts }) => ({
      ...{ uri, model, version },
      plan: planPins(model, run.catalogue, facts, wish),
    }));
  let documents = plans();
  const all = [...factsByKey.values()];
  for (let round = 0; round < mostRounds && !run.signal.aborted && all.some((facts) => facts.wanting); round++) {
    await Promise.all(all.map((facts) => facts.fetch(run.signal, run.progress)));
    documents = plans();
  }
  return { documents, faults: [...new Set(all.flatMap(({ faults }) => faults.map(({ message }) => message)))] };
}

async function readModel(
  files: FileReader,
  uri: string,
  { buildArgs, target }: { readonly buildArgs: ReadonlyMap<string, string>; readonly target: string | null },
): Promise<Model | null> {
  const text = await files.read(uri).catch(() => null);
  return text === null ? null : buildModel(text, { buildArgs, target });
}
