/** Code Quality of GitLab: the part of Code Climate's format that its documentation names. */
import type { Severity } from "../../core/index";
import { createFingerprints, digest } from "../fingerprint";
import type { Reporter } from "../result";

const levels: { readonly [severity in Severity]: "critical" | "major" | "minor" | "info" } = {
  error: "critical",
  warning: "major",
  info: "minor",
  hint: "info",
};

/** Makes the reporter. GitLab wants paths relative to the repository, so it is to be run at its root. Lines start at 1. */
export function createGitlabReporter(): Reporter {
  const fingerprints = createFingerprints();
  const issues: unknown[] = [];
  return {
    file({ path, error, model, reports }) {
      if (error !== null) {
        issues.push({
          description: `${path} ${error}.`,
          check_name: "plimsoll",
          fingerprint: digest(`${path}\n${error}`),
          severity: "blocker",
          location: { path, lines: { begin: 1 } },
        });
      }
      if (!model) return "";
      for (const report of reports) {
        const { start, end } = report.range;
        issues.push({
          description: report.message,
          check_name: report.rule.id,
          fingerprint: fingerprints.of(report, model, path),
          severity: levels[report.severity],
          location: { path, lines: { begin: start.line + 1, end: end.line + 1 } },
        });
      }
      return "";
    },
    end: () => `${JSON.stringify(issues, null, 2)}\n`,
  };
}
