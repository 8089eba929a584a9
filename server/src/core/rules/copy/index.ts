import type { AnyRule } from "../../rule";
import addInsteadOfCopy from "./add-instead-of-copy";
import addRemoteUrl from "./add-remote-url";
import copyIgnoredFile from "./copy-ignored-file";
import copyMultiSourceNeedsSlash from "./copy-multi-source-needs-slash";
import copyRelativeDestination from "./copy-relative-destination";
import copySourceMissing from "./copy-source-missing";
import copyWholeContext from "./copy-whole-context";
import entrypointNotExecutable from "./entrypoint-not-executable";
import preferAddArchive from "./prefer-add-archive";
import preferAddGit from "./prefer-add-git";
import preferAddRemote from "./prefer-add-remote";
import preferAddUnpack from "./prefer-add-unpack";
import preferCopyChmod from "./prefer-copy-chmod";
import preferCopyHeredoc from "./prefer-copy-heredoc";
import recursiveChownDoublesLayer from "./recursive-chown-doubles-layer";
import vexAsAttestation from "./vex-as-attestation";

/** The rules of the theme copy, in the order of their ids. */
export const copyRules: readonly AnyRule[] = [
  addInsteadOfCopy,
  addRemoteUrl,
  copyIgnoredFile,
  copyMultiSourceNeedsSlash,
  copyRelativeDestination,
  copySourceMissing,
  copyWholeContext,
  entrypointNotExecutable,
  preferAddArchive,
  preferAddGit,
  preferAddRemote,
  preferAddUnpack,
  preferCopyChmod,
  preferCopyHeredoc,
  recursiveChownDoublesLayer,
  vexAsAttestation,
];
