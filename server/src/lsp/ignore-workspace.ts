/** Turns a rule off for a workspace: in the config file in force, or in a new one at the root of the folder. */

import { disableInConfig, disableInHadolint } from "../config/disable-rule";
import { type ConfigFile, joinPath, parentOf } from "../config/index";
import { type AnyRule, type FileReader, indexLines } from "../core/index";
import type { DocumentConfig } from "./configuration";
import { type OtherEdit, toTextEdit } from "./convert";

/** The edit of the config file; null where the file is broken, says so already, or there is no place for one. */
export async function ignoreInWorkspace(
  files: FileReader,
  config: DocumentConfig,
  uri: string,
  id: string,
  rules: readonly AnyRule[],
): Promise<OtherEdit | null> {
  const rule = rules.find((item) => item.id === id);
  if (!rule) return null;
  const place = placeOf(config.file, config.folder, uri);
  if (place === null) return null;
  const text = await files.read(place);
  const content = text ?? "";
  // With hadolint's file in force a file of our own would push it aside, so it is the one to grow.
  const edit = config.file?.kind === "hadolint" ? disableInHadolint(content, rule) : disableInConfig(content, id);
  return edit && { uri: place, create: text === null, edits: [toTextEdit(indexLines(content), edit)] };
}

function placeOf(file: ConfigFile | null, folder: string | null, uri: string): string | null {
  if (file) return file.path;
  const root = folder ?? (uri.startsWith("untitled:") ? null : parentOf(uri));
  return root === null ? null : joinPath(root, ".plimsoll.yaml");
}
