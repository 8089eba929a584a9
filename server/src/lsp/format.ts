/** Formatting of a Dockerfile: options from the configuration, `.editorconfig` and the editor, in this order. */
import type { FormattingOptions } from "vscode-languageserver";
import { formatOptionsFor } from "../config/format-options";
import { indentNewLine } from "../core/features/on-type";
import { type FormatOptions, formatDocument, formatRange } from "../core/format/format";
import { ownIndent } from "../core/format/indent";
import type { Config, Edit, FileReader, Model, Span } from "../core/index";
import type { Clock } from "./clock";

/** What formatting needs to know of a document. */
export interface FormatContext {
  readonly uri: string;
  readonly model: Model;
  readonly config: Config;
  /** The workspace folder, or null. */
  readonly folder: string | null;
  readonly files: FileReader;
  readonly editor: FormattingOptions;
}

/** Milliseconds for which an answer about a file holds: who types line after line should not wait for the disk at each. */
const freshFor = 2000;

/** A reader that remembers its answers for a moment. */
export function createBriefReader(files: FileReader, clock: Clock): FileReader {
  const answers = new Map<string, { readonly at: number; readonly text: Promise<string | null> }>();
  return {
    list: files.list,
    read(uri) {
      const known = answers.get(uri);
      if (known && clock.now() - known.at < freshFor) return known.text;
      const text = files.read(uri).catch(() => null);
      answers.set(uri, { at: clock.now(), text });
      return text;
    },
  };
}

/** Edits that lay the document out, or the stretch of it; null where the formatter refuses. */
export async function format(context: FormatContext, range: Span | null): Promise<readonly Edit[] | null> {
  const options = await optionsOf(context);
  return range ? formatRange(context.model, options, range) : formatWhole(context.model, options);
}

const laidOut = new WeakMap<Model, { readonly options: string; readonly edits: readonly Edit[] | null }>();

/** Who saves asks for the same twice: the editor before it writes, and again for what fix-all left. */
function formatWhole(model: Model, options: FormatOptions): readonly Edit[] | null {
  const key = JSON.stringify(options);
  const known = laidOut.get(model);
  if (known?.options === key) return known.edits;
  const edits = formatDocument(model, options);
  laidOut.set(model, { options: key, edits });
  return edits;
}

/** Edits after a line break before an offset. */
export async function formatNewLine(context: FormatContext, offset: number): Promise<readonly Edit[]> {
  const { indent } = await optionsOf(context);
  return indentNewLine(context.model, offset, indent ?? ownIndent(context.model));
}

function optionsOf(context: FormatContext): Promise<FormatOptions> {
  const { uri, folder, config, files } = context;
  return formatOptionsFor(uri, folder, config, files, editorIndent(context));
}

/** The editor's indentation, where the file has none of its own that could be kept. */
function editorIndent({ model, editor }: FormatContext): string | null {
  if (model.instructions.some((one) => one.parsed.text.includes("\n"))) return null;
  return editor.insertSpaces ? " ".repeat(Math.min(16, Math.max(1, editor.tabSize))) : "\t";
}
