/** The base images of all Dockerfiles of a run, read when a rule asks for the first time. */
import { basesOf, buildModel, type WorkspaceBase } from "../core/index";
import { decode } from "./decode";
import { readBytes, type Target } from "./files";

/** Makes the question that rules ask; files that cannot be read have no say. */
export function workspaceBases(targets: readonly Target[]): () => readonly WorkspaceBase[] {
  let known: readonly WorkspaceBase[] | null = null;
  return () => {
    known ??= targets.flatMap((target) => {
      const bytes = readBytes(target.absolute);
      const decoded = "fault" in bytes ? bytes : decode(bytes);
      return "fault" in decoded ? [] : basesOf(buildModel(decoded.text), target.path);
    });
    return known;
  };
}
