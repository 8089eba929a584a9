/** Stages of all Dockerfiles of the workspace by name, whether they are open or not. */
import type { SymbolInformation } from "vscode-languageserver";
import { nameOf } from "../config/index";
import { stageSymbol } from "../core/features/symbols";
import { buildModel, type FileReader } from "../core/index";
import { longestText } from "./check-document";
import { symbolInformation } from "./convert-features";
import { isExcludedName } from "./names";
import type { Session } from "./session";
import { listDockerfiles } from "./workspace-files";

/** Files that are read for one answer, and entries in it. */
const mostFiles = 500;
const mostSymbols = 500;

/** Makes the search. What a text held is remembered for as long as the text stays the same. */
export function createWorkspaceSymbols(
  session: Session,
  files: FileReader,
): (query: string, stopped: () => boolean) => Promise<SymbolInformation[]> {
  const known = new Map<string, { readonly text: string; readonly symbols: readonly SymbolInformation[] }>();
  const symbolsOf = async (uri: string): Promise<readonly SymbolInformation[]> => {
    const open = await session.model(uri);
    const text = open?.text ?? (await files.read(uri).catch(() => null));
    if (text === null || text.length > longestText) return [];
    const remembered = known.get(uri);
    if (remembered?.text === text) return remembered.symbols;
    const model = open ?? buildModel(text);
    const symbols = model.stages
      .filter((stage) => stage.name !== null)
      .map((stage) => symbolInformation(uri, model.lines, stageSymbol(stage, []), nameOf(uri)));
    known.set(uri, { text, symbols });
    return symbols;
  };
  return async (query, stopped) => {
    const found: SymbolInformation[] = [];
    let read = 0;
    for (const folder of session.folders) {
      for (const uri of await listDockerfiles(files, folder, stopped)) {
        if (stopped() || read++ >= mostFiles || found.length >= mostSymbols) return found;
        if (isExcludedName(uri)) continue;
        found.push(...(await symbolsOf(uri)).filter((symbol) => matches(symbol.name, query)));
      }
    }
    return found.slice(0, mostSymbols);
  };
}

/** The letters of the query stand in the name in their order, as editors match. */
function matches(name: string, query: string): boolean {
  const lower = name.toLowerCase();
  let at = 0;
  for (const letter of query.toLowerCase()) {
    at = lower.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
