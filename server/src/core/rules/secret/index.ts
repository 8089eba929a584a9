import type { AnyRule } from "../../rule";
import dockerignoreGap from "./dockerignore-gap";
import requireSecretMount from "./require-secret-mount";
import secretDeletedInLaterLayer from "./secret-deleted-in-later-layer";
import secretFileCopied from "./secret-file-copied";
import secretFlowsIntoLayer from "./secret-flows-into-layer";
import secretInArgOrEnv from "./secret-in-arg-or-env";
import secretLiteral from "./secret-literal";
import secretMountWorldReadable from "./secret-mount-world-readable";

/** The rules of the theme secret, in the order of their ids. */
export const secretRules: readonly AnyRule[] = [
  dockerignoreGap,
  requireSecretMount,
  secretDeletedInLaterLayer,
  secretFileCopied,
  secretFlowsIntoLayer,
  secretInArgOrEnv,
  secretLiteral,
  secretMountWorldReadable,
];
