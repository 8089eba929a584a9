/** Remembers parsed instructions by their text, so that an edit parses only the block it touched. */
import type { Escape, ParsedInstruction } from "../syntax/types";

export interface InstructionCache {
  /** How many blocks were parsed since the cache was made. For tests and benches. */
  readonly parsed: number;
  /** Announces a build over so many blocks, so that the cache never becomes smaller than the file. */
  begin(blocks: number): void;
  /** The instruction of a text; `parse` is called with an equal text when it is not known yet. */
  get(text: string, escape: Escape, parse: (text: string) => ParsedInstruction): ParsedInstruction;
}

const leastEntries = 4000;

/**
 * Two generations: what was not asked for while a whole generation filled up is forgotten. Texts are copied before they
 * are kept, since a slice of a file would keep the whole file in memory.
 */
export function createInstructionCache(): InstructionCache {
  let young: Generation = newGeneration();
  let old: Generation = newGeneration();
  let limit = leastEntries;
  let parsed = 0;
  // The blocks of the last build in their order. Comparing a text with the one that stood there is cheaper than looking it
  // up, which has to read all of it first.
  let before: ParsedInstruction[] = [];
  let now: ParsedInstruction[] = [];
  let next = 0;
  let escapeBefore: Escape = "\\";
  let escapeNow: Escape = "\\";
  const inPlace = (text: string, escape: Escape): ParsedInstruction | null => {
    if (escape !== escapeBefore) return null;
    // The same place; one further, where one was taken away; one back, where one came.
    for (const at of [next, next + 1, next - 1]) {
      const candidate = before[at];
      if (candidate?.text !== text) continue;
      next = at + 1;
      return candidate;
    }
    next++;
    return null;
  };
  const look = (text: string, escape: Escape, parse: (text: string) => ParsedInstruction): ParsedInstruction => {
    const known = young[escape].get(text);
    if (known) return known;
    let instruction = old[escape].get(text);
    if (!instruction) {
      const own = copy(text);
      instruction = parse(own);
      parsed++;
    }
    if (young["\\"].size + young["`"].size >= limit) {
      old = young;
      young = newGeneration();
    }
    young[escape].set(instruction.text, instruction);
    return instruction;
  };
  return {
    get parsed() {
      return parsed;
    },
    begin(blocks) {
      limit = Math.max(leastEntries, blocks * 2);
      before = now;
      escapeBefore = escapeNow;
      now = [];
      next = 0;
    },
    get(text, escape, parse) {
      const instruction = inPlace(text, escape) ?? look(text, escape, parse);
      escapeNow = escape;
      now.push(instruction);
      return instruction;
    },
  };
}

/** The cache of everybody who brings none. */
export const sharedInstructionCache = createInstructionCache();

type Generation = { readonly [escape in Escape]: Map<string, ParsedInstruction> };

function newGeneration(): Generation {
  return { "\\": new Map(), "`": new Map() };
}

function copy(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
