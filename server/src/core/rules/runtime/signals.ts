/** Signals as STOPSIGNAL takes them. Source: moby/sys/signal, signal_linux.go; numbers are those of x86 and Arm. */
import { type Placed, placedInstructions } from "../../fixes/placed";
import { expandWord, stageState } from "../../model/scope";
import { locate, type Model } from "../../model/types";
import type { Word } from "../../syntax/types";
import type { Span } from "../../text";

/** Signals 1 to 31 in their order. */
const numbered = [
  ...["HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM"],
  ...["TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF"],
  ...["WINCH", "IO", "PWR", "SYS"],
];

const realTime = [
  "RTMIN",
  ...Array.from({ length: 15 }, (_, index) => `RTMIN+${index + 1}`),
  ...Array.from({ length: 14 }, (_, index) => `RTMAX-${14 - index}`),
  "RTMAX",
];

const names: ReadonlySet<string> = new Set([...numbered, ...realTime, "CLD", "IOT", "POLL"]);

/** Names as people write them, `SIGTERM` and its like. */
export const signalNames: readonly string[] = [...names].map((name) => `SIG${name}`);

/** The name of a signal in its usual form (`SIGTERM` for `15`, `term`, `SIGTERM`); null when it has none. */
export function canonicalSignal(text: string): string | null {
  if (/^\d{1,3}$/.test(text)) {
    const number = Number(text);
    const name = number >= 34 ? realTime[number - 34] : numbered[number - 1];
    return name === undefined ? null : `SIG${name}`;
  }
  const name = text.toUpperCase().replace(/^SIG/, "");
  return names.has(name) ? `SIG${name}` : null;
}

/** True for what the builder takes: a known name with or without SIG, in any case, or a number other than 0. */
export function isSignal(text: string): boolean {
  return /^[+-]?\d+$/.test(text) ? Number(text) !== 0 : canonicalSignal(text) !== null;
}

/** A STOPSIGNAL whose value is known and is one word. */
export interface StopSignal {
  readonly placed: Placed;
  readonly value: string;
  readonly word: Word;
  readonly span: Span;
  /** True where the value stands in the line itself and nothing forbids an edit there. */
  readonly isWritten: boolean;
}

/** The STOPSIGNALs of a file. Values with a blank are another rule's matter. */
export function* stopSignals(model: Model): Iterable<StopSignal> {
  for (const placed of placedInstructions(model, "STOPSIGNAL")) {
    const { instruction } = placed;
    const word = instruction.parsed.words[0];
    const scope = instruction.stage?.scope;
    if (!word || !scope) continue;
    const value = expandWord(word, model.escape, (name) => stageState(scope, name, instruction.index));
    if (value === null || value === "" || /[\s{}<>%@]/.test(value)) continue;
    const isWritten = word.variables.length === 0 && !placed.isTrigger && word.to - word.from === word.text.length;
    yield { placed, value, word, span: locate(instruction, word), isWritten };
  }
}
