/** The door to the shell parser: text in, our own tree out. Nothing else in the engine knows which parser is behind it. */
import { parse } from "unbash";
import type { ShellScript } from "./ast";
import { readScript } from "./read";

export type * from "./ast";

/** Scripts kept in each of the two generations of the cache. */
const generationSize = 1000;

let young = new Map<string, ShellScript>();
let old = new Map<string, ShellScript>();

/**
 * Parses the text that a POSIX shell or bash receives. Never throws; the same text gives the same object while it is
 * remembered (about 2,000 scripts).
 */
export function parseShell(text: string): ShellScript {
  const known = young.get(text);
  if (known) return known;
  const aged = old.get(text);
  const script = aged ?? parseFresh(ownCopy(text));
  if (young.size >= generationSize) {
    old = young;
    young = new Map();
  }
  young.set(script.text, script);
  return script;
}

function parseFresh(text: string): ShellScript {
  try {
    return readScript(text, parse(text));
  } catch (error) {
    // The parser recovers from anything we know of; should it ever not, the user's text must not stop the engine.
    return {
      text,
      commands: [],
      pipelines: [],
      variables: [],
      definitions: [],
      redirections: [],
      topLevel: [],
      errors: [{ message: error instanceof Error ? error.message : "unreadable", at: 0 }],
      wellFormed: false,
    };
  }
}

/** A slice of a file keeps the whole file in memory; what the cache holds must not. */
function ownCopy(text: string): string {
  return `\n${text}`.slice(1);
}
