/** Which parts of a project's folder a Node.js server needs, and how they are copied. */

import { isWithin, joinPath, resolvePath } from "../paths";
import { isRuntimeFolder } from "../runtime-files";
import type { NodeStart } from "./node-start";

/** What is copied from the first stage. */
export interface NodeLayout {
  /** Absolute paths; the folder itself where it cannot be said which of its files the server opens. */
  readonly paths: readonly string[];
  /** True when node_modules is among them, or within. */
  readonly hasPackages: boolean;
  /** True when single parts are copied, so that others are left behind. */
  readonly isPartial: boolean;
}

/** What is known of the folder. */
export interface NodeFolder {
  /** Absolute path of the folder with package.json. */
  readonly project: string;
  /** The folder that the container starts in. */
  readonly startFolder: string;
  /** Names that COPY brought into it, or undefined when they are not known. */
  readonly names: readonly string[] | undefined;
  readonly hasWorkspaces: boolean;
  /** Names of the project's own files that the start needs (`next.config.mjs`). */
  readonly settings: readonly string[];
  /** True when a package reads files of the folder beside what is built. */
  readonly isRead: boolean;
  /** Further files that the container opens, as written: those of the health check. */
  readonly files: readonly string[];
}

/** Chooses what to copy; null where the start names a file outside of the folder. */
export function nodeLayout(start: NodeStart, folder: NodeFolder): NodeLayout | null {
  const { project, names } = folder;
  const whole: NodeLayout = { paths: [project], hasPackages: true, isPartial: false };
  // At the root of the image lies more than the project.
  const everything = project === "/" ? null : whole;
  if (start.kind === "tool") return everything;
  const generated = start.kind === "next" ? ".next" : generatedPart(start.script, folder);
  if (generated === null) return null;
  if (generated === "") return everything;
  const complete = completeIn(start, folder);
  if (complete !== null) return { paths: [complete], hasPackages: false, isPartial: true };
  // next.config, public and templates lie beside what is built, so they have to be known.
  const needsNames = start.kind === "next" || folder.isRead;
  if (folder.hasWorkspaces || (needsNames && names === undefined)) return everything;
  const parts = ["package.json", "node_modules", generated, ...folder.settings];
  for (const file of [...(start.kind === "script" ? start.files : []), ...folder.files]) {
    const path = resolvePath(file, folder.startFolder);
    if (path === null || !isWithin(path, project)) return null;
    parts.push(firstPart(path, project));
  }
  for (const name of names ?? []) if (opensWhenRun(name)) parts.push(name);
  return { paths: [...new Set(parts)].map((part) => joinPath(project, part)), hasPackages: true, isPartial: true };
}

/** The first part of a path below the project: `dist` for `/app/dist/main.js`. */
function firstPart(path: string, project: string): string {
  return within(path, project).split("/")[0] ?? "";
}

/** A path relative to the project. */
function within(path: string, project: string): string {
  return path.slice(project === "/" ? 1 : project.length + 1);
}

/** Names that builds give their results, for projects whose own files are not known. */
const resultNames: ReadonlySet<string> = new Set(["dist", "build", "out", "output", ".output", ".next", "dist-server"]);

/**
 * The folder that the build made and the script lies in: empty when the script is one of the project's own files, or that
 * is not known; null when it lies elsewhere.
 */
function generatedPart(script: string, { project, startFolder, names }: NodeFolder): string | null {
  const path = resolvePath(script, startFolder);
  if (path === null || !isWithin(path, project)) return null;
  const part = firstPart(path, project);
  // `node dist` starts the index file of the folder; `node server.js` a file beside package.json.
  const isFolder = within(path, project).includes("/") || resultNames.has(part);
  if (!isFolder) return "";
  // A result may lie in the context as well, from a build outside of the image.
  return resultNames.has(part) || (names !== undefined && !names.includes(part)) ? part : "";
}

/** Results that bring all the packages they need. Source: the manuals of Nuxt (Nitro) and Next.js. */
function completeIn(start: NodeStart, { project, startFolder, files }: NodeFolder): string | null {
  const path =
    start.kind === "script" && start.files.length + files.length === 0 ? resolvePath(start.script, startFolder) : null;
  if (path === null) return null;
  for (const part of [".output", ".next/standalone"]) {
    const place = joinPath(project, part);
    if (isWithin(path, place)) return place;
  }
  return null;
}

/** Folders that servers by custom open when they run. */
function opensWhenRun(name: string): boolean {
  return ownNames.has(name) || isRuntimeFolder(name);
}

const ownNames: ReadonlySet<string> = new Set(["prisma", "drizzle", "emails", "proto", "protos", "messages"]);
