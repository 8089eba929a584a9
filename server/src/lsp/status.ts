/** Says why a document shows what it shows, so that a silent linter never looks like a broken one. */

import { longestText, type Result } from "./check-document";
import type { StatusParams } from "./protocol";

/** The status of a document after a check. */
export function statusOf(result: Result): StatusParams {
  const { uri, config, checked, silence, note } = result;
  const findings = checked?.groups.length ?? 0;
  const stages = checked?.model.stages.length ?? 0;
  const base = { uri, findings, stages, configFile: config.file?.path ?? null, detail: null };
  if (silence !== null) {
    const [message, detail] = silences[silence];
    return { ...base, state: silence === "fault" ? "problem" : "silent", message, detail };
  }
  const faults = config.file?.problems.filter((problem) => problem.severity === "error") ?? [];
  if (faults.length > 0) {
    const where = config.file?.path ?? "";
    const detail = `${where}:${(faults[0]?.range.start.line ?? 0) + 1}: ${faults[0]?.message ?? ""}`;
    return {
      ...base,
      state: "problem",
      message: "The config file has errors; what is wrong in it is left out",
      detail,
    };
  }
  if (checked && checked.model.templates.length > 0) {
    const detail =
      "Template syntax such as {{ }} is not evaluated: what it stands for is unknown, and unknown is silent.";
    return { ...base, state: "checked", message: "This is a template: only what is certain is reported", detail };
  }
  return { ...base, state: "checked", message: countText(findings), detail: note };
}

const silences: { readonly [silence in NonNullable<Result["silence"]>]: readonly [string, string | null] } = {
  name: [
    "Not a Dockerfile by its name",
    "Source files and templates (.go, .j2, .tmpl …) are left alone, even where the editor takes them for Dockerfiles.",
  ],
  disabled: ["Switched off in the settings", "The setting plimsoll.enable is false."],
  ignored: ["Left out by the config file", "A glob under `ignore` covers this file."],
  "too-large": ["Too large to check", `The file has more than ${longestText.toLocaleString("en")} characters.`],
  fault: ["The check failed", "A fault of Plimsoll, not of the file; its output has a line about it."],
};

function countText(findings: number): string {
  return findings === 0 ? "No findings" : findings === 1 ? "1 finding" : `${findings} findings`;
}
