/** Paths inside an image: text only, `/` separates, nothing is looked up. */

/** The absolute path that `path` means in `folder`, without `.` and `..`; null when it is relative to an unknown folder. */
export function resolvePath(path: string, folder: string | null): string | null {
  if (path.startsWith("~") || path === "") return null;
  if (!path.startsWith("/") && folder === null) return null;
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${folder}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The folder of an absolute path: `/app` for `/app/server`, `/` for `/server`. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** True when `path` is `folder` or lies in it; both absolute. */
export function isWithin(path: string, folder: string): boolean {
  return folder === "/" || path === folder || path.startsWith(`${folder}/`);
}

/** A path with its file name: `/app/` and `server` give `/app/server`. */
export function joinPath(folder: string, name: string): string {
  return folder.endsWith("/") ? `${folder}${name}` : `${folder}/${name}`;
}
