/** How a Dockerfile is laid out: options of the rule `formatting`, then `.editorconfig`. Paths or URIs, as the reader takes them. */
import { defaultFormat, type EditorSettings, type FormatOptions, readEditorConfig } from "../core/format/format";
import type { Config, FileReader } from "../core/index";
import { joinPath, parentOf, relativeTo } from "./paths";

/**
 * The options for a file. `fallback`: the indentation where neither says one; null keeps that of the file. `folder`: where
 * the search for `.editorconfig` ends, or null for the root.
 */
export async function formatOptionsFor(
  file: string,
  folder: string | null,
  config: Config,
  files: FileReader,
  fallback: string | null,
): Promise<FormatOptions> {
  // Only what differs from the rule's defaults stands there.
  const own = config.rules.get("formatting")?.options ?? {};
  const shared = await editorSettingsFor(file, folder, files);
  const { operators, lineWidth, blankLines } = own;
  return {
    indent: indentOf(own.indent) ?? shared.indent ?? fallback,
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

/** What the `.editorconfig` files say from the folder down to the file; nearer ones win. */
async function editorSettingsFor(file: string, folder: string | null, files: FileReader): Promise<EditorSettings> {
  let settings: EditorSettings = {};
  let place = parentOf(file);
  while (place !== null) {
    const text = await files.read(joinPath(place, ".editorconfig")).catch(() => null);
    if (text !== null) {
      settings = { ...readEditorConfig(text, decoded(relativeTo(place, file) ?? "")), ...settings };
      if (/^\s*root\s*=\s*true\s*$/im.test(text)) break;
    }
    if (place === folder || (folder !== null && relativeTo(folder, place) === null)) break;
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
