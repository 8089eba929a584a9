/** JUnit's XML, as test reports of CI systems read it: a file is a suite, a finding a test that failed. */
import type { Report } from "../../core/index";
import type { FileResult, Reporter } from "../result";
import { attributes, escapeXml, xmlHead } from "./xml";

/** Makes the reporter. A file without findings is a suite with one test that passed. */
export function createJunitReporter(): Reporter {
  const suites: string[] = [];
  const totals = { tests: 0, failures: 0, errors: 0 };
  return {
    file(result) {
      const failures = result.reports.length;
      const errors = result.error === null ? 0 : 1;
      const tests = Math.max(1, failures + errors);
      totals.tests += tests;
      totals.failures += failures;
      totals.errors += errors;
      const head = attributes({ name: result.path, tests, failures, errors, skipped: 0, time: 0 });
      suites.push(`  <testsuite${head}>\n${cases(result).join("")}  </testsuite>\n`);
      return "";
    },
    end() {
      const head = attributes({ name: "plimsoll", ...totals, time: 0 });
      return `${xmlHead}<testsuites${head}>\n${suites.join("")}</testsuites>\n`;
    },
  };
}

function cases({ path, error, reports }: FileResult): string[] {
  if (error !== null) {
    const message = `${path} ${error}.`;
    return [testCase(path, "readable", `<error${attributes({ type: "plimsoll", message })}/>`)];
  }
  if (reports.length === 0) return [testCase(path, "no findings", "")];
  return reports.map((report) => {
    const type = `${report.severity}.${report.rule.id}`;
    const body = `<failure${attributes({ type, message: report.message })}>${escapeXml(text(path, report))}</failure>`;
    return testCase(path, `${report.rule.id} at ${place(report)}`, body);
  });
}

// Collectors show the name and the class; the place in the name keeps tests of one rule apart.
function testCase(path: string, name: string, body: string): string {
  const head = attributes({ name, classname: path, file: path, time: 0 });
  return body === "" ? `    <testcase${head}/>\n` : `    <testcase${head}>${body}</testcase>\n`;
}

function text(path: string, report: Report): string {
  return `${path}:${place(report)} ${report.severity}: ${report.message} [${report.rule.id}]`;
}

function place({ range: { start } }: Report): string {
  return `${start.line + 1}:${start.character + 1}`;
}
