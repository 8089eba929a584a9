import type { AnyRule } from "../../rule";
import finalUserRoot from "./final-user-root";
import missingUser from "./missing-user";
import statefulRootRuntime from "./stateful-root-runtime";
import userCreatedNeverUsed from "./user-created-never-used";
import userNotNumeric from "./user-not-numeric";

/** The rules of the theme user, in the order of their ids. */
export const userRules: readonly AnyRule[] = [
  finalUserRoot,
  missingUser,
  statefulRootRuntime,
  userCreatedNeverUsed,
  userNotNumeric,
];
