/** Formatting of a Dockerfile: options from the configuration, `.editorconfig` and the editor, in this order. */
import type { FormattingOptions } from "vscode-languageserver";
import { formatOptionsFor } from "../config/format-options";
import { indentNewLine } from "../core/features/on-type";
import { type FormatOptions, formatDocument, formatRange } from "../core/format/format";
import { ownIndent } from "../core/format/indent";
import type { Config, Edit, FileReader, Model, Span } from "../core/index";

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

/** Edits that lay the document out, or the stretch of it; null where the formatter refuses. */
export async function format(context: FormatContext, range: Span | null): Promise<readonly Edit[] | null> {
  const options = await optionsOf(context);
  return range ? formatRange(context.model, options, range) : formatDocument(context.model, options);
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
