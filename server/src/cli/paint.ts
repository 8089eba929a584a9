/** Colours of the terminal, where they are wanted. */
import { styleText } from "node:util";
import type { Severity } from "../core/index";
import type { Given } from "./options";
import type { Output, Terminal } from "./terminal";

type Style = Parameters<typeof styleText>[0];

/** Wraps a text into a style, or leaves it alone. */
export type Paint = (style: Style, text: string) => string;

/**
 * The paint for an output. `--color` and `--no-color` decide first, then NO_COLOR and FORCE_COLOR (any value but an
 * empty one, see no-color.org), then whether the output is a terminal.
 */
export function choosePaint(options: Given, terminal: Terminal, output: Output): Paint {
  return wantsColor(options, terminal, output)
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
}

/** The colour of a severity. */
export const severityStyle: { readonly [severity in Severity]: Style } = {
  error: "red",
  warning: "yellow",
  info: "blue",
  hint: "gray",
};

function wantsColor(options: Given, { env }: Terminal, output: Output): boolean {
  if (options.has("no-color")) return false;
  if (options.has("color")) return true;
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== "0") return true;
  return output.isTTY && env.TERM !== "dumb";
}
