/** What the Dockerfiles of one workspace say of the images they build on. */
import type { Model } from "./types";

/** One FROM of a file that names an image by a tag. */
export interface WorkspaceBase {
  /** Path of the Dockerfile, relative to the workspace or as given, with forward slashes. */
  readonly path: string;
  /** Registry and path of the image: `docker.io/library/node`. */
  readonly image: string;
  readonly tag: string;
}

/** The images that a file builds on by tag, in the order of the file; those that a digest decides are left out. */
export function basesOf(model: Model, path: string): readonly WorkspaceBase[] {
  return model.stages.flatMap(({ base: { reference } }) =>
    reference?.tag && !reference.digest
      ? [{ path, image: `${reference.registry}/${reference.path}`, tag: reference.tag }]
      : [],
  );
}
