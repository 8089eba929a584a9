/** The tag of a distroless image that declares another user than root. */
import { rootStage } from "../../catalogue/stage";
import { rewriteBase } from "../../fixes/base";
import { parseReference } from "../../image/reference";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { chainOf } from "./accounts";
import type { RootRuntime } from "./root-runtime";

/** The move to that tag, where nothing of the stage has to run as root. */
export function nonrootTag(model: Model, { stage, image }: RootRuntime): readonly Fix[] {
  if (image?.distribution?.family !== "distroless" || image.user?.how !== "shipped") return [];
  const root = rootStage(stage);
  const reference = root.base.resolved === null ? null : parseReference(root.base.resolved);
  const tag = reference?.tag ?? "latest";
  if (!reference || reference.digest !== null || root.base.word?.variables.length !== 0) return [];
  if (!/^(?:latest|debug)$/.test(tag) || stage.userAtEnd.kind !== "base") return [];
  // Nothing but COPY may follow: RUN would run as the new user.
  if (chainOf(stage).some((link) => link.instructions.some(({ keyword }) => keyword === "RUN"))) return [];
  const wanted = `${reference.repository}:${tag === "debug" ? "debug-nonroot" : "nonroot"}`;
  const edits = rewriteBase(model, root, wanted);
  const reason = "It runs as 65532 and cannot write to root's folders.";
  return edits ? [{ title: `Use ${wanted}`, applicability: "unsafe", reason, edits }] : [];
}
