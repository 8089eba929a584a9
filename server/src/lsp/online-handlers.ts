/** What the server does when the user chose something that has to ask a registry. Each has a deadline, and never fails loudly. */
import type { CancellationToken, Connection } from "vscode-languageserver";
import { planPins } from "../core/fixes/pin-file";
import type { Catalogue, Edit, FileReader, Fix } from "../core/index";
import { workOut } from "../registry/resolve";
import { type ActionEdits, type ActionKey, fixOf } from "./actions";
import type { Checked, Result } from "./check-document";
import type { Clock } from "./clock";
import { type ClientSupport, type OtherEdit, toTextEdit, toWorkspaceEdit } from "./convert";
import { pinActionEdits } from "./pin";
import { type PinnedDocument, type PinRun, pinDocuments } from "./pin-workspace";
import type { PinReport } from "./protocol";
import type { OnlineService } from "./registry";
import type { Session } from "./session";

/** Milliseconds that one action may take; many images in one file share them. */
const deadline = 20_000;

export interface OnlineContext {
  readonly connection: Connection;
  readonly session: Session;
  readonly files: FileReader;
  readonly clock: Clock;
  readonly online: OnlineService;
  readonly catalogue: () => Catalogue;
  readonly support: ClientSupport;
}

/** True for an action whose edits only a registry can give. */
export function asksRegistry(checked: Checked, key: ActionKey): boolean {
  return key.do === "pin" || (key.do === "fix" && waits(fixOf(checked, key)));
}

function waits(fix: Fix | null): boolean {
  return fix?.edits === null && fix.later !== undefined;
}

/** The edits of such an action, or a sentence that says why there are none. */
export async function onlineEdits(
  { connection, online, clock, catalogue }: OnlineContext,
  { config }: Result,
  checked: Checked,
  key: ActionKey,
  token: CancellationToken,
): Promise<ActionEdits | string> {
  const facts = online.anew(config.registry);
  const fix = key.do === "fix" ? fixOf(checked, key) : null;
  const end = until(clock, token);
  const edits = await workOut(facts, end.signal, (registry): readonly Edit[] | null | undefined =>
    key.do === "pin" ? pinActionEdits(checked.model, catalogue(), registry, key) : fix?.later?.(registry),
  );
  end.done();
  const faults = facts.faults.map(({ message }) => message);
  if (edits === undefined && key.do === "pin" && key.what === "file") {
    // What is known of the others is no reason to leave these alone.
    const known = planPins(checked.model, catalogue(), facts, { update: false, newest: false }).edits;
    if (known.length > 0) {
      const message = `${faults[0] ?? "The registry gave no answer in time."} The other images are pinned.`;
      // 3: information.
      void connection.sendNotification("window/showMessage", { type: 3, message }).catch(() => undefined);
      return { edits: known, otherFiles: [], reason: null, preview: false };
    }
  }
  if (edits) return { edits, otherFiles: [], reason: fix?.reason ?? null, preview: false };
  if (edits === null) return "Nothing to write: the registry says that this is up to date, or has no such tag.";
  return `${faults[0] ?? "The registry gave no answer in time."} Nothing was changed.`;
}

/** Pins documents as one change, and shows how far it is. */
export async function pinAll(
  context: OnlineContext,
  uris: readonly string[],
  wish: PinRun["wish"],
  token: CancellationToken,
): Promise<PinReport> {
  const { connection, session, files, online, clock, catalogue } = context;
  const end = until(clock, token, deadline * 10);
  const bar = await connection.window.createWorkDoneProgress().catch(() => null);
  bar?.begin("Asking the registries for digests", 0, undefined, true);
  bar?.token.onCancellationRequested(() => end.stop());
  const { documents, faults } = await pinDocuments(uris, {
    ...{ session, files, online, wish },
    catalogue: catalogue(),
    signal: end.signal,
    progress: (done, all) => bar?.report(Math.round((100 * done) / all), `${done} of ${all}`),
  });
  bar?.done();
  const stopped = end.signal.aborted;
  end.done();
  const items = documents.flatMap(({ plan }) => plan.items);
  const changed = documents.filter(({ plan }) => plan.edits.length > 0);
  const applied = !stopped && changed.length > 0 && (await apply(context, changed));
  const count = (test: (outcome: string) => boolean): number => items.filter(({ outcome }) => test(outcome)).length;
  return {
    files: applied ? changed.length : 0,
    images: applied ? items.filter(({ wanted }) => wanted !== null).length : 0,
    left: count((outcome) => outcome === "unclear"),
    unknown: count((outcome) => outcome === "unknown" || outcome === "missing"),
    faults,
    stopped,
  };
}

async function apply(context: OnlineContext, documents: readonly PinnedDocument[]): Promise<boolean> {
  const { connection, session, support } = context;
  // What was typed meanwhile makes the edits of a document wrong.
  const fresh = documents.filter(({ uri, version }) => session.versionOf(uri) === version);
  const [first, ...rest] = fresh;
  if (!first) return false;
  const others = rest.map(({ uri, model, plan, version }): OtherEdit & { readonly version: number | null } => {
    const edits = plan.edits.map((edit) => toTextEdit(model.lines, edit));
    return { uri, create: false, edits, version };
  });
  const document = { uri: first.uri, version: first.version, lines: first.model.lines };
  const action = { edits: first.plan.edits, reason: null, preview: false };
  const edit = toWorkspaceEdit(document, action, others, support);
  const answer = await connection.workspace.applyEdit({ label: "Pin images by digest", edit }).catch(() => null);
  return answer?.applied === true;
}

export interface End {
  readonly signal: AbortSignal;
  stop(): void;
  /** No more need for the clock. */
  done(): void;
}

/** A signal that ends with the client's interest, and after a while in any case. */
export function until(clock: Clock, token: CancellationToken, length: number = deadline): End {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  const cancel = clock.after(length, stop);
  const heard = token.onCancellationRequested(stop);
  if (token.isCancellationRequested) stop();
  return {
    signal: abort.signal,
    stop,
    done() {
      cancel();
      heard.dispose();
    },
  };
}
