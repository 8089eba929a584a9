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
  return {
    get parsed() {
      return parsed;
    },
    begin(blocks) {
      limit = Math.max(leastEntries, blocks * 2);
    },
    get(text, escape, parse) {
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
