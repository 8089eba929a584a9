/** Which files of the build context are there, so that no link leads nowhere. */
import { joinPath, parentOf } from "../config/index";
import type { Link } from "../core/features/links";
import type { FileReader } from "../core/index";

/** Folders that are looked into for one answer. */
const mostFolders = 20;

/** Gives the address of a file of the build context, or null where it is not there. Looks into each folder once. */
export async function createFileLookup(
  files: FileReader,
  uri: string,
  links: readonly Link[],
): Promise<(path: string) => string | null> {
  const root = parentOf(uri);
  const folders = new Set(links.filter((link) => link.kind === "file").map((link) => folderOf(link.target)));
  const names = new Map<string, ReadonlySet<string>>();
  if (root !== null) {
    const looked = [...folders].slice(0, mostFolders).map(async (folder) => {
      names.set(folder, new Set((await files.list(placeOf(root, folder)).catch(() => null)) ?? []));
    });
    await Promise.all(looked);
  }
  return (path) => {
    const folder = folderOf(path);
    const isThere = root !== null && names.get(folder)?.has(path.slice(folder === "" ? 0 : folder.length + 1));
    return isThere ? placeOf(root, path) : null;
  };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function placeOf(root: string, path: string): string {
  return path === "" ? root : joinPath(root, path.split("/").map(encodeURIComponent).join("/"));
}
