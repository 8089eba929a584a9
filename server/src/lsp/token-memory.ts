/** Semantic tokens as a client last got them, so that the next answer can be the difference. */
import type { SemanticTokens, SemanticTokensDelta } from "vscode-languageserver";

export interface TokenMemory {
  /** The whole answer, remembered for the next question. */
  full(uri: string, data: number[]): SemanticTokens;
  /** What changed since the answer `previous`; the whole answer where that is no longer known. */
  delta(uri: string, previous: string, data: number[]): SemanticTokens | SemanticTokensDelta;
}

/** Documents whose last answer is kept. One of a thousand lines takes some hundred kilobytes. */
const mostDocuments = 30;

export function createTokenMemory(): TokenMemory {
  const answers = new Map<string, { readonly id: string; readonly data: number[] }>();
  let count = 0;
  const remember = (uri: string, data: number[]): string => {
    const id = String(++count);
    answers.delete(uri);
    answers.set(uri, { id, data });
    for (const oldest of answers.keys()) {
      if (answers.size <= mostDocuments) break;
      answers.delete(oldest);
    }
    return id;
  };
  return {
    full: (uri, data) => ({ resultId: remember(uri, data), data }),
    delta(uri, previous, data) {
      const known = answers.get(uri);
      const resultId = remember(uri, data);
      if (known?.id !== previous) return { resultId, data };
      return { resultId, edits: difference(known.data, data) };
    },
  };
}

/** One edit: what lies between the common beginning and the common end. */
function difference(before: readonly number[], after: number[]): SemanticTokensDelta["edits"] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  if (start === before.length && start === after.length) return [];
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  const data = after.slice(start, after.length - same);
  return [{ start, deleteCount: before.length - same - start, ...(data.length > 0 ? { data } : {}) }];
}
