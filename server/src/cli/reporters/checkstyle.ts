/** Checkstyle's XML, which Jenkins and many other collectors read. */
import type { Severity } from "../../core/index";
import type { Reporter } from "../result";
import { attributes, xmlHead } from "./xml";

const levels: { readonly [severity in Severity]: "error" | "warning" | "info" } = {
  error: "error",
  warning: "warning",
  info: "info",
  hint: "info",
};

/** Makes the reporter. Lines and columns start at 1. `source` is `plimsoll.` and the rule's id. */
export function createCheckstyleReporter(): Reporter {
  let begun = false;
  const begin = (): string => {
    if (begun) return "";
    begun = true;
    return `${xmlHead}<checkstyle version="4.3">\n`;
  };
  return {
    file({ path, error, reports }) {
      const rows = reports.map((report) =>
        row({
          line: report.range.start.line + 1,
          column: report.range.start.character + 1,
          severity: levels[report.severity],
          message: report.message,
          source: `plimsoll.${report.rule.id}`,
        }),
      );
      if (error !== null) {
        rows.push(row({ line: 1, severity: "error", message: `${path} ${error}.`, source: "plimsoll" }));
      }
      return `${begin()}  <file${attributes({ name: path })}>\n${rows.join("")}  </file>\n`;
    },
    end: () => `${begin()}</checkstyle>\n`,
  };
}

function row(values: { readonly [name: string]: string | number }): string {
  return `    <error${attributes(values)}/>\n`;
}
