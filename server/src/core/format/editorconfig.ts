/** The part of `.editorconfig` that the formatter obeys. Source: the EditorConfig specification, https://spec.editorconfig.org. */

/** What a file of settings says for one path; what it does not say is missing. */
export interface EditorSettings {
  readonly indent?: string;
  /** 0 where lines may be of any length. */
  readonly lineWidth?: number;
}

/**
 * Reads the settings for a path (relative to the folder of the `.editorconfig`, with forward slashes). Later sections
 * win. Sections whose pattern we cannot read are skipped. Never throws.
 */
export function readEditorConfig(text: string, path: string): EditorSettings {
  const found = new Map<string, string>();
  let applies = false;
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    if (line.startsWith("[") && line.endsWith("]")) {
      applies = matches(line.slice(1, -1), path);
      continue;
    }
    const equals = line.indexOf("=");
    if (applies && equals > 0)
      found.set(
        line.slice(0, equals).trim().toLowerCase(),
        line
          .slice(equals + 1)
          .trim()
          .toLowerCase(),
      );
  }
  return { ...indentOf(found), ...widthOf(found) };
}

function indentOf(found: ReadonlyMap<string, string>): EditorSettings {
  const style = found.get("indent_style");
  const size = found.get("indent_size");
  if (style === "tab" || (style === undefined && size === "tab")) return { indent: "\t" };
  const width = Number(size === "tab" ? found.get("tab_width") : size);
  if (Number.isInteger(width) && width > 0 && width <= 16) return { indent: " ".repeat(width) };
  return {};
}

function widthOf(found: ReadonlyMap<string, string>): EditorSettings {
  const value = found.get("max_line_length");
  if (value === "off") return { lineWidth: 0 };
  const width = Number(value);
  return Number.isInteger(width) && width > 0 ? { lineWidth: width } : {};
}

/** True when a section's pattern covers the path: `*`, `**`, `?`, `[abc]`, `{a,b}`; without a slash, any folder. */
function matches(pattern: string, path: string): boolean {
  const source = toExpression(pattern);
  if (source === null) return false;
  const anywhere = !pattern.includes("/");
  try {
    return new RegExp(`^${anywhere ? "(?:.*/)?" : ""}${source}$`).test(path);
  } catch {
    return false;
  }
}

function toExpression(pattern: string): string | null {
  if (pattern.length > 500 || pattern.split("*").length > 12) return null;
  let source = "";
  let depth = 0;
  for (let at = pattern.startsWith("/") ? 1 : 0; at < pattern.length; at++) {
    const char = pattern[at] as string;
    if (char === "*" && pattern[at + 1] === "*") {
      source += ".*";
      at++;
    } else if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "{") {
      source += "(?:";
      depth++;
    } else if (char === "}" && depth > 0) {
      source += ")";
      depth--;
    } else if (char === "," && depth > 0) source += "|";
    else if (char === "[") {
      const end = pattern.indexOf("]", at);
      if (end < 0) return null;
      source += `[${pattern
        .slice(at + 1, end)
        .replace(/^!/, "^")
        .replaceAll("\\", "")}]`;
      at = end;
    } else source += char.replace(/[.+^$()|\\]/, "\\$&");
  }
  return depth === 0 ? source : null;
}
