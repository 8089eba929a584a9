/** Workflow commands of GitHub Actions: each finding becomes an annotation. */
import type { Severity } from "../../core/index";
import type { Reporter } from "../result";

const levels: { readonly [severity in Severity]: string } = {
  error: "error",
  warning: "warning",
  info: "notice",
  hint: "notice",
};

/** Makes the reporter. Lines and columns of annotations start at 1. */
export function createGithubReporter(): Reporter {
  return {
    file(result) {
      if (result.error !== null) return command("error", { file: result.path }, `${result.path} ${result.error}.`);
      return result.reports
        .map(({ rule, severity, message, range }) => {
          const oneLine = range.start.line === range.end.line;
          const place = {
            file: result.path,
            line: range.start.line + 1,
            endLine: range.end.line + 1,
            // Columns are only understood where a finding lies in one line.
            ...(oneLine ? { col: range.start.character + 1, endColumn: range.end.character + 1 } : {}),
            title: rule.id,
          };
          return command(levels[severity], place, message);
        })
        .join("");
    },
    end: () => "",
  };
}

function command(name: string, properties: { readonly [key: string]: string | number }, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${name} ${list.join(",")}::${data(message)}\n`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
