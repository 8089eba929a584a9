import type { AnyRule } from "../../rule";
import powershellErrorAction from "./powershell-error-action";
import powershellProgress from "./powershell-progress";
import powershellShellInstruction from "./powershell-shell-instruction";
import windowsChownIgnored from "./windows-chown-ignored";
import windowsRunMounts from "./windows-run-mounts";
import windowsStopsignal from "./windows-stopsignal";

/** The rules of the theme windows, in the order of their ids. */
export const windowsRules: readonly AnyRule[] = [
  powershellErrorAction,
  powershellProgress,
  powershellShellInstruction,
  windowsChownIgnored,
  windowsRunMounts,
  windowsStopsignal,
];
