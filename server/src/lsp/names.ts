/** Which documents are ours, by name and by the language that the editor gave them. */
import { isDockerfileName } from "../cli/names";

/**
 * True for a name that marks something else than a Dockerfile although an editor may take it for one: `Dockerfile.go`,
 * `build.j2`. Takes a path or URI.
 */
export function isExcludedName(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  // The ending decides, whatever stands before it: users may give any name the language.
  return dot >= 0 && !isDockerfileName(`Dockerfile${name.slice(dot)}`);
}

/** Schemes of texts that nobody is writing: earlier versions shown beside the present one, output, search results. */
const otherSchemes =
  /^(?:git|gitfs|gitlens|review|pr|vscode-scm|vscode-local-history|scm-history-item|output|search-editor|chat-editing[\w-]*|walkThrough[\w-]*):/i;

/** True when the server looks at a document: the editor calls it a Dockerfile, or its name does. */
export function concerns(uri: string, languageId: string): boolean {
  if (otherSchemes.test(uri)) return false;
  const language = languageId.toLowerCase();
  return language === "dockerfile" || language === "containerfile" || isDockerfileName(uri);
}
