/** Packages that are files of the project: of the build context, or made by another stage. */
import { instructionsIn } from "../../model/index-of";
import type { Model, Stage } from "../../model/types";
import { folderOf, landsAt, readCopy } from "../../multistage/copies";
import { isWithin, parentOf, resolvePath } from "../../multistage/paths";
import { mountsOf, type PackageCall, type RunStep } from "./calls";

/** True where all packages of a call lie in a mount, or where COPY or ADD has put them. What is downloaded does not count. */
export function isBrought(model: Model, { operation, step }: PackageCall): boolean {
  const downloads = step.scripts.some(({ commands }) =>
    commands.some(({ name }) => /^(?:curl|wget)$/.test(name ?? "")),
  );
  if (downloads || operation.packages.length === 0) return false;
  const mounts = mountsOf(step).flatMap((mount) => {
    const target = mount.type === "bind" ? mount.get("target", "dst", "destination") : null;
    return (target && resolvePath(target, step.run.workdir)) ?? [];
  });
  return operation.packages.every(({ word }) => {
    const path = knownPart(word.value ?? word.text.replaceAll('"', ""), step);
    return path !== null && (mounts.some((mount) => isWithin(path, mount)) || isCopied(model, path, step));
  });
}

/** The absolute path of a package or, where a variable or a pattern is in it, of the folder before that. */
function knownPart(text: string, step: RunStep): string | null {
  const at = text.search(/[$*?{[`]/);
  if (at < 0) return resolvePath(text, step.run.workdir);
  const folder = text.slice(0, Math.max(0, text.lastIndexOf("/", at)));
  return folder === "" ? null : resolvePath(folder, step.run.workdir);
}

/** True where a COPY or ADD of the stage, or of one below it, has filled the path, or a folder that it lies in. */
function isCopied(model: Model, path: string, step: RunStep): boolean {
  for (let stage: Stage | null = step.stage; stage; stage = stage.base.stage) {
    const places = placesOf(model, stage);
    for (let one = path; one !== "/"; one = parentOf(one)) {
      if ((places.get(one) ?? Number.POSITIVE_INFINITY) < step.instruction.index) return true;
    }
  }
  return false;
}

const remembered = new WeakMap<Stage, ReadonlyMap<string, number>>();

/** The paths that COPY and ADD of a stage fill, each with the first instruction that does; not what ADD downloads. */
function placesOf(model: Model, stage: Stage): ReadonlyMap<string, number> {
  const known = remembered.get(stage);
  if (known) return known;
  const places = new Map<string, number>();
  for (const instruction of ["COPY", "ADD"].flatMap((keyword) => instructionsIn(stage, keyword))) {
    const copy = readCopy(model, instruction, null);
    if (!copy || copy.sources.some((source) => source.includes("://"))) continue;
    // Into `/` only the named files themselves are known to have come.
    const filled = folderOf(copy) === "/" ? copy.sources.map((source) => landsAt(copy, source)) : [folderOf(copy)];
    for (const place of filled)
      places.set(place, Math.min(places.get(place) ?? Number.POSITIVE_INFINITY, instruction.index));
  }
  remembered.set(stage, places);
  return places;
}
