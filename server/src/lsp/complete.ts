/** Completion of Dockerfiles: asks the engine, and looks into the build context where the engine wants to know. */
import type { CompletionParams } from "vscode-languageserver";
import { joinPath, parentOf } from "../config/index";
import { type Completion, type CompletionList, completionsAt } from "../core/features/complete";
import { parseReference } from "../core/image/reference";
import type { AnyRule, Catalogue, Day, FileReader } from "../core/index";
import { imageText } from "./hover";
import type { OnlineService } from "./registry";
import type { Session } from "./session";

/** What completion needs from the server. */
export interface CompletionHost {
  readonly session: Session;
  readonly files: FileReader;
  readonly rules: readonly AnyRule[];
  readonly catalogue: () => Catalogue;
  readonly today: () => Day;
  readonly snippets: boolean;
  /** Answers of registries, where the settings want them; null where nobody can be asked. */
  readonly online: OnlineService | null;
}

/** The entries for a position of an open document, or null. */
export async function complete(host: CompletionHost, params: CompletionParams) {
  const { session, rules, snippets } = host;
  const { uri } = params.textDocument;
  const model = await session.model(uri);
  if (!model) return null;
  const offset = model.lines.offsetAt(params.position);
  const trigger = params.context?.triggerKind === 2 ? (params.context.triggerCharacter ?? null) : null;
  const start = model.text.lastIndexOf("\n", offset - 1) + 1;
  // Findings are worth a check only where one is about to silence them.
  const silences = /^\s*#.*ignore/i.test(model.text.slice(start, offset));
  const checked = silences ? (await session.current(uri))?.checked : null;
  const findings = (checked?.groups ?? []).flatMap((group) =>
    group.reports.map((report) => ({ rule: report.rule.id, span: report.span })),
  );
  const { registry } = await session.configOf(uri);
  const catalogue = host.online?.withTags(registry, host.catalogue()) ?? host.catalogue();
  const known = new Map<string, readonly string[]>();
  const wanted = new Set<string>();
  const ask = (): CompletionList =>
    completionsAt(model, offset, {
      catalogue,
      today: host.today(),
      rules,
      findings,
      snippets,
      trigger,
      list(folder) {
        if (!known.has(folder)) wanted.add(folder);
        return known.get(folder);
      },
    });
  let list = ask();
  if (wanted.size > 0) {
    for (const folder of wanted) known.set(folder, await namesIn(host, uri, folder));
    list = ask();
  }
  // The tags are on their way; the editor asks again with the next letter.
  const isWaiting = host.online?.byTheWay(registry)?.wanting === true;
  host.online?.askNow(registry);
  return { model, list: isWaiting ? { ...list, isIncomplete: true } : list };
}

/** What is said of an entry when it is looked at, as Markdown, with a short word for beside its label; null: nothing. */
export function describe(host: CompletionHost, item: Completion): { detail: string | null; markdown: string } | null {
  if (item.documentation) return { detail: null, markdown: item.documentation };
  const reference = item.image === undefined ? null : parseReference(item.image);
  const catalogue = host.catalogue();
  const facts = reference && catalogue.image(reference);
  if (!reference || !facts) return null;
  return { detail: facts.repository.label, markdown: imageText(reference, facts, host.today(), catalogue.date) };
}

/**
 * Names in a folder of the build context. Which folder that is nobody says: that of the Dockerfile most of the time, else
 * the workspace's; what either holds is offered.
 */
async function namesIn({ session, files }: CompletionHost, uri: string, folder: string): Promise<readonly string[]> {
  if (folder.split("/").includes("..")) return [];
  const own = parentOf(uri);
  const workspace = session.folders.find((one) => uri.startsWith(`${one}/`));
  const names = new Set<string>();
  for (const root of new Set([own, workspace])) {
    if (!root) continue;
    const place = folder === "" ? root : joinPath(root, folder.split("/").map(encodeURIComponent).join("/"));
    for (const name of (await files.list(place).catch(() => null)) ?? []) names.add(name);
  }
  return [...names];
}
