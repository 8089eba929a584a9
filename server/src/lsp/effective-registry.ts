/** What holds for a document about registries: the editor's settings, and the config file where its folder is trusted. */
import { URI } from "vscode-uri";
import { type ConfigFile, joinPath, noRegistrySettings, parentOf } from "../config/index";
import { noSignaturePolicy, placePolicy } from "../core/image/signature-policy";
import type { DocumentRegistry } from "./registry";

/**
 * Joins both. A config file comes with a project, and a project that the user does not trust must neither make the editor
 * talk to anybody, nor say whom to believe: it counts only where `trusted` is true. Of the settings the editor has left
 * out already what an untrusted project says.
 */
export function effectiveRegistry(
  settings: ConfigFile | null,
  file: ConfigFile | null,
  folder: string | null,
  trusted: boolean,
): DocumentRegistry {
  const own = settings?.registry ?? noRegistrySettings;
  const theirs = (trusted ? file?.registry : null) ?? noRegistrySettings;
  const near = file ? parentOf(file.path) : null;
  return {
    online: own.online || theirs.online,
    mirrors: new Map([...theirs.mirrors, ...own.mirrors]),
    insecure: [...new Set([...own.insecure, ...theirs.insecure])],
    authorities: [...pathsFrom(folder, own.ca), ...pathsFrom(near, theirs.ca)],
    signatures: placePolicy(
      (trusted ? file?.signatures : null) ?? noSignaturePolicy,
      (path) => pathsFrom(near, [path])[0] ?? path,
    ),
  };
}

/** Paths on the disk; those of virtual folders are none. */
function pathsFrom(folder: string | null, files: readonly string[]): readonly string[] {
  return files.flatMap((file) => {
    if (/^(?:\/|[A-Za-z]:[\\/])/.test(file)) return [file];
    if (!folder?.startsWith("file:")) return [];
    return [URI.parse(joinPath(folder, file.replace(/\\/g, "/"))).fsPath];
  });
}
