/** Lists the Dockerfiles of a folder through the port that reads files. */

import { isDockerfileName } from "../cli/names";
import { joinPath } from "../config/index";
import type { FileReader } from "../core/index";

/** Folders that hold other people's files. */
const skipped = new Set([".git", ".hg", ".svn", "node_modules", "bower_components", ".venv", "__pycache__", ".cache"]);
/** A workspace with more folders than this is searched no further. */
const mostFolders = 20_000;

/** URIs of all Dockerfiles below a folder, breadth first. `stopped` ends the search early. */
export async function listDockerfiles(
  reader: FileReader,
  root: string,
  stopped: () => boolean,
): Promise<readonly string[]> {
  const found: string[] = [];
  let level: readonly string[] = [root];
  let seen = 0;
  while (level.length > 0 && seen < mostFolders && !stopped()) {
    const next: string[] = [];
    for (const folder of level) {
      if (++seen > mostFolders || stopped()) break;
      for (const name of (await reader.list(folder).catch(() => null)) ?? []) {
        const bare = name.replace(/\/$/, "");
        const place = joinPath(folder, encodeURIComponent(bare));
        if (name.endsWith("/")) {
          if (!skipped.has(bare)) next.push(place);
        } else if (isDockerfileName(bare)) found.push(place);
      }
    }
    level = next;
  }
  return found;
}
