import type { AnyRule } from "../../rule";
import copiedExecutableOwnedByNonroot from "./copied-executable-owned-by-nonroot";
import copyAfterUserWithoutChown from "./copy-after-user-without-chown";
import duplicateUid from "./duplicate-uid";
import finalUserRoot from "./final-user-root";
import missingUser from "./missing-user";
import namedUserWithoutPasswd from "./named-user-without-passwd";
import noSudo from "./no-sudo";
import passwordSetInRun from "./password-set-in-run";
import privilegedPortAsNonroot from "./privileged-port-as-nonroot";
import setuidBitSet from "./setuid-bit-set";
import statefulRootRuntime from "./stateful-root-runtime";
import userCreatedNeverUsed from "./user-created-never-used";
import userGroupDropsSupplementary from "./user-group-drops-supplementary";
import userNotNumeric from "./user-not-numeric";
import useraddHighUidSparseLog from "./useradd-high-uid-sparse-log";
import workdirNotWritableByUser from "./workdir-not-writable-by-user";
import worldWritablePermissions from "./world-writable-permissions";

/** The rules of the theme user, in the order of their ids. */
export const userRules: readonly AnyRule[] = [
  copiedExecutableOwnedByNonroot,
  copyAfterUserWithoutChown,
  duplicateUid,
  finalUserRoot,
  missingUser,
  namedUserWithoutPasswd,
  noSudo,
  passwordSetInRun,
  privilegedPortAsNonroot,
  setuidBitSet,
  statefulRootRuntime,
  userCreatedNeverUsed,
  userGroupDropsSupplementary,
  userNotNumeric,
  useraddHighUidSparseLog,
  workdirNotWritableByUser,
  worldWritablePermissions,
];
