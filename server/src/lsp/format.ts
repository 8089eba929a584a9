/** Formatting of a Dockerfile: options from the configuration, `.editorconfig` and the editor, in this order. */
import type { FormattingOptions } from "vscode-languageserver";
import { joinPath, parentOf, relativeTo } from "../config/index";
import { indentNewLine } from "../core/features/on-type";
import {
  defaultFormat,
  type EditorSettings,
  type FormatOptions,
  formatDocument,
  formatRange,
  readEditorConfig,
} from "../core/format/format";
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

async function optionsOf(context: FormatContext): Promise<FormatOptions> {
  // Only what differs from the rule's defaults stands there.
  const own = context.config.rules.get("formatting")?.options ?? {};
  const shared = await editorConfigOf(context);
  const { operators, lineWidth, blankLines } = own;
  return {
    indent: indentOf(own.indent) ?? shared.indent ?? editorIndent(context),
    operators: operators === "leading" || operators === "trailing" ? operators : defaultFormat.operators,
    lineWidth: typeof lineWidth === "number" ? lineWidth : (shared.lineWidth ?? defaultFormat.lineWidth),
    blankLines: typeof blankLines === "number" ? blankLines : defaultFormat.blankLines,
  };
}

/** The rule's option `indent`: `tab`, a number of blanks, or `auto`. */
function indentOf(option: unknown): string | null {
  if (option === "tab") return "\t";
  const width = Number(option);
  return Number.isInteger(width) && width > 0 && width <= 16 ? " ".repeat(width) : null;
}

/** The editor's indentation, where the file has none of its own that could be kept. */
function editorIndent({ model, editor }: FormatContext): string | null {
  if (model.instructions.some((one) => one.parsed.text.includes("\n"))) return null;
  return editor.insertSpaces ? " ".repeat(Math.min(16, Math.max(1, editor.tabSize))) : "\t";
}

/** What the `.editorconfig` files say from the workspace folder down to the document; nearer ones win. */
async function editorConfigOf({ uri, folder, files }: FormatContext): Promise<EditorSettings> {
  let settings: EditorSettings = {};
  let place = parentOf(uri);
  while (place !== null) {
    const text = await files.read(joinPath(place, ".editorconfig")).catch(() => null);
    if (text !== null) {
      settings = { ...readEditorConfig(text, decoded(relativeTo(place, uri) ?? "")), ...settings };
      if (/^\s*root\s*=\s*true\s*$/im.test(text)) break;
    }
    if (folder === null || place === folder || relativeTo(folder, place) === null) break;
    place = parentOf(place);
  }
  return settings;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
