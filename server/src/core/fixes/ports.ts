/** The ports that EXPOSE names, taken apart as the builder does. Source: BuildKit, dockerfile2llb/convert_expose.go. */

import { expandWord, stageState } from "../model/scope";
import { type Instruction, locate, type Model } from "../model/types";
import type { Word } from "../syntax/types";
import type { Span } from "../text";
import { hasTemplate } from "./mount";
import { type Placed, placedInstructions } from "./placed";

/** One port or range. */
export interface ExposedPort {
  readonly placed: Placed;
  readonly word: Word;
  readonly span: Span;
  /** As the builder sees it: `8080:80/tcp`. */
  readonly value: string;
  /** What stands before the port: an address, a port of the host, or both; null without. */
  readonly host: string | null;
  /** The port or range as written, `80` or `8000-8010`. */
  readonly port: string;
  /** As written; null without. */
  readonly protocol: string | null;
  /** First and last port; null for what is no number or range of numbers. */
  readonly range: { readonly first: number; readonly last: number } | null;
  /** True where the word holds just this port as it stands, and nothing forbids an edit there. */
  readonly isWritten: boolean;
}

/** The words of an EXPOSE up to a `#`: what follows is meant as a comment, which another rule tells. */
export function portWords(instruction: Instruction): readonly Word[] {
  const { words } = instruction.parsed;
  const comment = words.findIndex((word) => word.text.startsWith("#"));
  return comment < 0 ? words : words.slice(0, comment);
}

/**
 * Every port of every EXPOSE whose value is known, in the order of the file; `concerns` spares those that it turns away.
 */
export function* exposedPorts(
  model: Model,
  concerns: (instruction: Instruction) => boolean = () => true,
): Iterable<ExposedPort> {
  for (const placed of placedInstructions(model, "EXPOSE")) {
    const { instruction, isTrigger } = placed;
    if (!concerns(instruction)) continue;
    const scope = instruction.stage?.scope;
    if (!scope || hasTemplate(model, instruction.span)) continue;
    for (const word of portWords(instruction)) {
      const whole = expandWord(word, model.escape, (name) => stageState(scope, name, instruction.index));
      if (whole === null) continue;
      const span = locate(instruction, word);
      const isWritten = !isTrigger && word.text === whole && span.end - span.start === whole.length;
      // A variable may hold several ports with blanks between them.
      for (const value of whole.split(/\s+/)) {
        if (value !== "") yield { placed, word, span, isWritten, ...takeApart(value) };
      }
    }
  }
}

type Parts = Pick<ExposedPort, "value" | "host" | "port" | "protocol" | "range">;

function takeApart(value: string): Parts {
  const colon = value.lastIndexOf(":");
  const slash = value.indexOf("/", colon + 1);
  const port = value.slice(colon + 1, slash < 0 ? undefined : slash);
  return {
    value,
    host: colon < 0 ? null : value.slice(0, colon),
    port,
    protocol: slash < 0 ? null : value.slice(slash + 1),
    range: rangeOf(port),
  };
}

function rangeOf(port: string): ExposedPort["range"] {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(port);
  if (!match) return null;
  const first = Number(match[1]);
  return { first, last: match[2] === undefined ? first : Number(match[2]) };
}
