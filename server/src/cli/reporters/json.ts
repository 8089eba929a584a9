/** The JSON report. Its shape is a contract: fields are added, never renamed or removed. */

import { ruleUrl } from "../../config/urls";
import { type Edit, indexLines, type LineIndex, type OtherFile, type Report, toRange } from "../../core/index";
import type { FileResult, Reporter } from "../result";

/** Makes the reporter. `catalogueDate` is the day the facts about images were taken. */
export function createJsonReporter(version: string, catalogueDate: string): Reporter {
  const files: unknown[] = [];
  return {
    file(result) {
      files.push(fileOf(result));
      return "";
    },
    end({ files: count, counts }) {
      const { error, warning, info, hint } = counts;
      const report = {
        version: 1,
        tool: { name: "plimsoll", version, catalogueDate },
        files,
        summary: { files: count, error, warning, info, hint },
      };
      return `${JSON.stringify(report, null, 2)}\n`;
    },
  };
}

function fileOf(result: FileResult): unknown {
  return {
    path: result.path,
    error: result.error,
    findings: result.reports.map((report) => findingOf(report, result)),
  };
}

function findingOf(report: Report, result: FileResult): unknown {
  const lines = result.model?.lines ?? indexLines("");
  return {
    rule: report.rule.id,
    severity: report.severity,
    message: report.message,
    url: ruleUrl(report.rule.id),
    range: report.range,
    aliases: report.aliases,
    related: report.related.map(({ message, range }) => ({ message, range: toRange(lines, range) })),
    fixes: report.fixes().map((fix) => ({
      title: fix.title,
      applicability: fix.applicability,
      ...(fix.reason === undefined ? {} : { reason: fix.reason }),
      ...(fix.kind === undefined ? {} : { kind: fix.kind }),
      ...(fix.note === undefined ? {} : { note: fix.note }),
      edits: fix.edits === null ? null : fix.edits.map((edit) => editOf(lines, edit)),
      ...(fix.needs === undefined ? {} : { needs: fix.needs }),
      ...(fix.otherFiles === undefined ? {} : { otherFiles: fix.otherFiles.map((other) => otherOf(other, result)) }),
    })),
  };
}

function editOf(lines: LineIndex, edit: Edit): unknown {
  return { range: toRange(lines, edit.span), newText: edit.newText };
}

// A file that is there gets edits, one that is not gets its whole text.
function otherOf(other: OtherFile, result: FileResult): unknown {
  const text = result.sibling(other.path);
  const appended = appendTo(text ?? "", other.append);
  if (text === null) return { path: other.path, newText: appended };
  const end = indexLines(text).positionAt(text.length);
  return { path: other.path, edits: [{ range: { start: end, end }, newText: appended.slice(text.length) }] };
}

/** A text with lines put behind it, on a line of their own. */
export function appendTo(text: string, lines: string): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const gap = text === "" || /[\r\n]$/.test(text) ? "" : eol;
  const body = lines.replace(/\r?\n/g, eol);
  return text + gap + body + (body === "" || body.endsWith(eol) ? "" : eol);
}
