import { hasTemplate } from "../../fixes/mount";
import { canEditPlaced, placedInstructions } from "../../fixes/placed";
import { expandWord, stageState } from "../../model/scope";
import type { Instruction } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import type { Word } from "../../syntax/types";

export default defineRule({
  id: "healthcheck-flag-value",
  theme: "runtime",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A duration or number of HEALTHCHECK cannot be read.",
  why: "Durations are numbers with a unit each: `30s`, `1m30s`, `500ms`, and no shorter than a millisecond; 0 stands for the default. `--retries` is a whole number. Variables are not replaced in these flags. The builder stops at anything else.",
  aliases: {
    "dockerfile-utils": [
      "FLAG_AT_LEAST_ONE",
      "FLAG_INVALID_DURATION",
      "FLAG_LESS_THAN_1MS",
      "FLAG_MISSING_DURATION",
      "FLAG_UNKNOWN_UNIT",
      "INVALID_SYNTAX",
    ],
  },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "No unit",
      code: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --interval=[|30|] CMD wget -q http://localhost\n",
      fixed: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --interval=30s CMD wget -q http://localhost\n",
    },
    {
      title: "A unit that does not exist",
      code: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --timeout=[|5sec|] CMD wget -q http://localhost\n",
      fixed: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --timeout=5s CMD wget -q http://localhost\n",
    },
    {
      title: "Too short",
      code: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --start-period=[|10us|] CMD wget -q http://localhost\n",
      fixed: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --start-period=1ms CMD wget -q http://localhost\n",
    },
    { title: "No number", code: "FROM alpine:3.24\nHEALTHCHECK --retries=[|often|] CMD wget -q http://localhost\n" },
    {
      title: "Fewer than none",
      code: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --retries=[|-1|] CMD wget -q http://localhost\n",
      fixed: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --retries=1 CMD wget -q http://localhost\n",
    },
    {
      title: "Durations and numbers",
      code: "FROM alpine:3.24\nHEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=0s --retries=3 CMD wget -q http://localhost\n",
    },
    {
      title: "A variable is not replaced there",
      code: "FROM alpine:3.24\nUSER nobody\nARG EVERY=30s\nHEALTHCHECK --interval=[|$EVERY|] CMD wget -q http://localhost\n",
      fixed: "FROM alpine:3.24\nUSER nobody\nARG EVERY=30s\nHEALTHCHECK --interval=30s CMD wget -q http://localhost\n",
    },
  ],
  *check({ model }) {
    for (const placed of placedInstructions(model, "HEALTHCHECK")) {
      for (const flag of placed.instruction.parsed.flags) {
        if (!flag.value) continue;
        const value = flag.value.value ?? flag.value.text;
        const judge = flag.name === "retries" ? retriesFault : durations.has(flag.name) ? durationFault : null;
        if (value === "" || !judge || hasTemplate(model, locate(placed.instruction, flag))) continue;
        const fault =
          flag.value.variables.length > 0 ? variableFault(placed.instruction, flag.value, judge) : judge(value);
        if (!fault) continue;
        const span = locate(placed.instruction, flag.value);
        const { message, id, better } = fault;
        yield {
          message: `--${flag.name}: ${message}, and the builder stops here. ${better === null ? (flag.name === "retries" ? "Write a number such as 3." : "Write a number and its unit, such as 30s.") : `Write ${better}.`}`,
          range: span,
          aliases: { "dockerfile-utils": [id] },
          fixes: () =>
            better !== null && canEditPlaced(model, placed)
              ? [
                  {
                    title: `Write --${flag.name}=${better}`,
                    applicability: "unsafe",
                    reason: `It assumes that ${better} was meant.`,
                    edits: [{ span, newText: better }],
                  },
                ]
              : [],
        };
      }
    }
  },
});

const durations: ReadonlySet<string> = new Set(["interval", "timeout", "start-period", "start-interval"]);

interface Fault {
  readonly message: string;
  readonly id: string;
  /** What was probably meant; null when nobody can tell. */
  readonly better: string | null;
}

/** The builder reads these flags before it replaces any variable. What the variable holds may be what was meant. */
function variableFault(
  { stage, index, parsed }: Instruction,
  word: Word,
  judge: (value: string) => Fault | null,
): Fault {
  const meant = stage ? expandWord(word, parsed.escape, (name) => stageState(stage.scope, name, index)) : null;
  return {
    message: `variables are not replaced here, ${shorten(word.text)} stays as it is`,
    id: "FLAG_INVALID_DURATION",
    better: meant !== null && meant !== "" && !/\s/.test(meant) && judge(meant) === null ? meant : null,
  };
}

function retriesFault(value: string): Fault | null {
  if (/^\+?\d{1,9}$/.test(value)) return null;
  if (/^-\d+$/.test(value)) return { message: `${value} is less than nothing`, id: "FLAG_AT_LEAST_ONE", better: "1" };
  return { message: `${shorten(value)} is no whole number`, id: "INVALID_SYNTAX", better: null };
}

/** Units of Go's durations, in nanoseconds. */
const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

/** What people write for them. */
const meant: Readonly<Record<string, string>> = {
  sec: "s",
  secs: "s",
  second: "s",
  seconds: "s",
  min: "m",
  mins: "m",
  minute: "m",
  minutes: "m",
  hour: "h",
  hours: "h",
  hr: "h",
  msec: "ms",
  millis: "ms",
};

function durationFault(value: string): Fault | null {
  const text = value.replace(/^[+-]/, "");
  if (text === "0") return null;
  if (/^\d+$/.test(text)) {
    return {
      message: `${shorten(value)} has no unit`,
      id: "FLAG_MISSING_DURATION",
      better: value.startsWith("-") ? null : `${text}s`,
    };
  }
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)([^\d.]*)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== text || parts.length > 10) {
    return { message: `${shorten(value)} is no duration`, id: "FLAG_INVALID_DURATION", better: null };
  }
  let total = 0;
  for (const [, number = "", unit = ""] of parts) {
    const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (factor === undefined) return unknownUnit(value, parts, number, unit);
    total += Number(number) * factor;
  }
  if (value.startsWith("-") && total > 0) {
    return { message: `${shorten(value)} is less than a millisecond`, id: "FLAG_LESS_THAN_1MS", better: null };
  }
  if (total === 0 || total >= 1e6) return null;
  return { message: `${shorten(value)} is less than a millisecond`, id: "FLAG_LESS_THAN_1MS", better: "1ms" };
}

function unknownUnit(value: string, parts: readonly RegExpMatchArray[], number: string, unit: string): Fault {
  if (unit === "") {
    const better = parts.length === 1 ? `${value}s` : null;
    return { message: `${shorten(value)} has no unit behind ${number}`, id: "FLAG_MISSING_DURATION", better };
  }
  const key = unit.toLowerCase();
  const right = Object.hasOwn(meant, key) ? meant[key] : Object.hasOwn(units, key) ? key : null;
  const better = right && parts.length === 1 && !/^[+-]/.test(value) ? `${number}${right}` : null;
  return { message: `there is no unit ${shorten(unit)}`, id: "FLAG_UNKNOWN_UNIT", better };
}

function shorten(text: string): string {
  return text.length > 30 ? `${text.slice(0, 29)}…` : text;
}
