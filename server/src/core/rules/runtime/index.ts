import type { AnyRule } from "../../rule";
import canonicalStopsignal from "./canonical-stopsignal";
import cmdIgnoredByEntrypoint from "./cmd-ignored-by-entrypoint";
import exposeAdminPort from "./expose-admin-port";
import exposeInvalidFormat from "./expose-invalid-format";
import exposePortOutOfRange from "./expose-port-out-of-range";
import exposeProtocolCasing from "./expose-protocol-casing";
import exposeUnknownProtocol from "./expose-unknown-protocol";
import healthcheckFlagValue from "./healthcheck-flag-value";
import healthcheckMissingCommand from "./healthcheck-missing-command";
import healthcheckUnknownType from "./healthcheck-unknown-type";
import invalidJsonForm from "./invalid-json-form";
import invalidStopsignal from "./invalid-stopsignal";
import missingHealthcheck from "./missing-healthcheck";
import multipleCmd from "./multiple-cmd";
import multipleEntrypoint from "./multiple-entrypoint";
import multipleHealthcheck from "./multiple-healthcheck";
import nginxStopsignal from "./nginx-stopsignal";
import shellFormEntrypoint from "./shell-form-entrypoint";
import shellFormInShellLessBase from "./shell-form-in-shell-less-base";
import shellNeedsJson from "./shell-needs-json";
import systemdStopsignal from "./systemd-stopsignal";
import ungracefulStopsignal from "./ungraceful-stopsignal";
import volumeSensitivePath from "./volume-sensitive-path";
import workdirRelative from "./workdir-relative";
import workdirSystemDir from "./workdir-system-dir";

/** The rules of the theme runtime, in the order of their ids. */
export const runtimeRules: readonly AnyRule[] = [
  canonicalStopsignal,
  cmdIgnoredByEntrypoint,
  exposeAdminPort,
  exposeInvalidFormat,
  exposePortOutOfRange,
  exposeProtocolCasing,
  exposeUnknownProtocol,
  healthcheckFlagValue,
  healthcheckMissingCommand,
  healthcheckUnknownType,
  invalidJsonForm,
  invalidStopsignal,
  missingHealthcheck,
  multipleCmd,
  multipleEntrypoint,
  multipleHealthcheck,
  nginxStopsignal,
  shellFormEntrypoint,
  shellFormInShellLessBase,
  shellNeedsJson,
  systemdStopsignal,
  ungracefulStopsignal,
  volumeSensitivePath,
  workdirRelative,
  workdirSystemDir,
];
