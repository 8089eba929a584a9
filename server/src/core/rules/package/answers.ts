/** How the managers of RPM packages are answered. */
import { hasOperationFlag } from "../../shell/packages";
import { type Answer, setsOption } from "./missing-yes";

/** yum, dnf and their kin: `-y`, `assumeyes`. */
export function rpmAnswer(managers: readonly string[]): Answer {
  return {
    managers: new Set(managers),
    flag: "-y",
    behind: "subcommand",
    configured: /assumeyes\s*=\s*(?:1|true|yes|on)/i,
    settings: /^\s*(?:COPY|ADD)\s.*\/etc\/(?:dnf\/dnf|yum)(?:\.conf|\/?$)/im,
    silent: (operation) =>
      hasOperationFlag(operation, ["--assumeno", "--downloadonly"]) ||
      setsOption(operation, ["--setopt"], /assumeyes/i) ||
      // `dnf module list`, `dnf group list` are no installation; `dnf module enable` is read as a setting.
      operation.verb === "",
  };
}
