/** Options of commands: one table each, from which come parsing, messages and help. */
import { parseArgs } from "node:util";
import { didYouMean } from "../config/suggest";
import { UsageError } from "./terminal";

/** One option. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** How its value is called in the help; a switch has none. */
  readonly value?: string;
  /** The only values it takes. */
  readonly values?: readonly string[];
  readonly multiple?: boolean;
  /** The value may be left out; it is then given as `--name=VALUE`, never as a word of its own. */
  readonly optional?: boolean;
  readonly help: string;
}

/** What was given, checked against the table. */
export interface Given {
  readonly positionals: readonly string[];
  has(name: string): boolean;
  /** The last value of an option, or null. */
  value(name: string): string | null;
  /** All its values, in order. */
  all(name: string): readonly string[];
}

/** Options that every command has. */
export const commonOptions: readonly OptionSpec[] = [
  { name: "help", short: "h", help: "Show this help." },
  { name: "color", help: "Colours, even where the output is no terminal." },
  { name: "no-color", help: "No colours. The variable NO_COLOR says the same." },
];

/** Reads the arguments of a command. Throws UsageError. */
export function readOptions(args: readonly string[], specs: readonly OptionSpec[], command: string): Given {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries(
      specs.map((spec) => [
        spec.name,
        {
          type: spec.value && !spec.optional ? ("string" as const) : ("boolean" as const),
          ...(spec.short ? { short: spec.short } : {}),
        },
      ]),
    ),
  });
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const spec = byName.get(token.name);
    if (!spec) throw unknownOption(token.rawName, specs, command);
    const value = checkValue(spec, token.rawName, token.value, token.inlineValue === true);
    values.set(spec.name, [...(values.get(spec.name) ?? []), value]);
  }
  return {
    positionals,
    has: (name) => values.has(name),
    value: (name) => values.get(name)?.at(-1) ?? null,
    all: (name) => values.get(name) ?? [],
  };
}

function checkValue(spec: OptionSpec, raw: string, value: string | undefined, inline: boolean): string {
  if (!spec.value) {
    if (value !== undefined) throw new UsageError(`${raw} takes no value.`);
    return "";
  }
  if (spec.optional && value === undefined) return "";
  if (value === undefined || value === "" || (!inline && /^--?[a-z]/i.test(value))) {
    throw new UsageError(`${raw} needs a value: ${raw}${spec.optional ? "=" : " "}${spec.value}.`);
  }
  if (spec.values && !spec.values.includes(value)) {
    const meant = didYouMean(value, spec.values) || ".";
    throw new UsageError(`"${value}" is not valid for ${raw}${meant} Valid: ${spec.values.join(", ")}.`);
  }
  return value;
}

function unknownOption(raw: string, specs: readonly OptionSpec[], command: string): UsageError {
  const names = specs.map((spec) => `--${spec.name}`);
  const meant = raw.startsWith("--") ? didYouMean(raw, names) : "";
  const all = `\`plimsoll ${command} --help\` lists the options.`;
  return new UsageError(`Unknown option ${raw}${meant || "."} ${all}`);
}

/** The options as lines of a help text. */
export function optionHelp(specs: readonly OptionSpec[]): string {
  const left = specs.map((spec) => {
    const short = spec.short ? `-${spec.short}, ` : "";
    return `  ${short}--${spec.name}${valueHelp(spec)}`;
  });
  const width = Math.min(30, Math.max(...left.map((text) => text.length))) + 2;
  return specs
    .map((spec, index) => {
      const start = left[index] ?? "";
      const gap = start.length + 1 < width ? " ".repeat(width - start.length) : `\n${" ".repeat(width)}`;
      return `${start}${gap}${spec.help}${spec.multiple ? " Repeatable." : ""}\n`;
    })
    .join("");
}

function valueHelp({ value, optional }: OptionSpec): string {
  if (!value) return "";
  return optional ? `[=${value}]` : ` ${value}`;
}
