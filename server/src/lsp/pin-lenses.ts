/** Lenses over images whose digest is no longer what their tag points to. */
import type { CodeLens } from "vscode-languageserver";
import type { Catalogue } from "../core/catalogue/types";
import { type Model, toRange } from "../core/index";
import { stalePlaces } from "./pin";
import { commands } from "./protocol";
import type { DocumentRegistry, OnlineService } from "./registry";

/** The lenses, where registries may be asked and have answered; what they have not said yet is asked when typing pauses. */
export function staleLenses(
  uri: string,
  model: Model,
  catalogue: Catalogue,
  online: OnlineService | null,
  settings: DocumentRegistry,
): CodeLens[] {
  const facts = online?.byTheWay(settings);
  if (!online || !facts) return [];
  const stale = stalePlaces(model, catalogue, facts);
  online.askSoon(settings);
  return stale.map(({ place, digest }) => {
    const { repository, tag } = place.reference;
    const title = `${repository}:${tag} points to ${digest.slice(0, 19)}… by now: update the digest`;
    const range = toRange(model.lines, place.span);
    return { range, command: { title, command: commands.updateDigests, arguments: [uri] } };
  });
}
