/** Settings and pages that a .NET program reads from the folder it starts in, where that is not the published one. */
import type { Facts } from "../../rule";
import { contextFile, contextPaths } from "../context-files";
import type { Copy } from "../copies";
import { joinPath, parentOf } from "../paths";
import type { DotnetProject } from "./dotnet-project";
import type { Published } from "./dotnet-start";

/** Settings that the host of a program reads from its folder. Source: the documentation of .NET's generic host. */
const settings = ["appsettings.json", "appsettings.Production.json"];

/**
 * Absolute paths of files and folders in the folder that the container starts in, which `dotnet publish` also puts into
 * its output, where nobody would find them: the host looks in the folder it starts in. Null where it is not known whether
 * there are such files.
 */
export function contentFiles(
  { output, folder, projects }: Published,
  project: DotnetProject | null,
  copies: readonly Copy[],
  facts: Facts,
): readonly string[] | null {
  if (folder === output) return [];
  if (folder === null) return null;
  // Of a project in another folder, nothing lies where the program starts.
  const known = projects.find((path) => contextFile(path, copies, facts));
  const place = known ?? (projects.length === 1 ? projects[0] : undefined);
  if (place !== undefined && parentOf(place) !== folder) return [];
  if (known === undefined || project === null) return null;
  const there = settings.map((name) => joinPath(folder, name)).filter((path) => contextFile(path, copies, facts));
  if (project.kind !== "web") return there;
  const pages = hasPages(folder, copies, facts);
  if (pages === null) return null;
  return pages ? [...there, joinPath(folder, "wwwroot")] : there;
}

/** True when the folder has pages; null when nobody can say. */
function hasPages(folder: string, copies: readonly Copy[], facts: Facts): boolean | null {
  const [source] = contextPaths(joinPath(folder, "wwwroot"), copies);
  if (source === undefined) return false;
  const above = source.includes("/") ? source.slice(0, source.lastIndexOf("/")) : ".";
  const names = facts.list(above);
  if (names) return names.some((name) => name.replace(/^\.\//, "").startsWith(`${source}/`) || name === source);
  // Where the folder cannot be listed, the pages that the templates of the SDK write tell.
  const common = ["favicon.ico", "index.html", "favicon.png", "app.css", "css/site.css"];
  return common.some((name) => typeof facts.file(`${source}/${name}`) === "string") ? true : null;
}
