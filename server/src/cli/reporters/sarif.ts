/** SARIF 2.1.0 (OASIS standard), as code scanning of GitHub and other platforms reads it. */
import { pathToFileURL } from "node:url";
import type * as Sarif from "sarif";
import { repositoryUrl, ruleUrl } from "../../config/urls";
import {
  type AnyRule,
  type Edit,
  type LineIndex,
  type Model,
  type Range,
  type Report,
  type Severity,
  toRange,
} from "../../core/index";
import { createFingerprints, type Fingerprints } from "../fingerprint";
import type { FileResult, Reporter } from "../result";

const levels: { readonly [severity in Severity]: "error" | "warning" | "note" } = {
  error: "error",
  warning: "warning",
  info: "note",
  hint: "note",
};

/** Makes the reporter. `cwd` is absolute; files in it are named relative to it. */
export function createSarifReporter(version: string, rules: readonly AnyRule[], cwd: string): Reporter {
  const results: Sarif.Result[] = [];
  const notes: Sarif.Notification[] = [];
  const fingerprints = createFingerprints();
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  return {
    file(result) {
      const artifact = artifactOf(result);
      if (result.error !== null) notes.push(noteOf(result, artifact));
      for (const report of result.reports) results.push(resultOf(report, result, artifact, indexes, fingerprints));
      return "";
    },
    end({ faults }) {
      const log: Sarif.Log = {
        $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [
          {
            tool: {
              driver: { name: "Plimsoll", version, informationUri: repositoryUrl, rules: rules.map(ruleOf) },
            },
            columnKind: "utf16CodeUnits",
            originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(cwd).href.replace(/\/$/, "")}/` } },
            invocations: [{ executionSuccessful: faults === 0, toolExecutionNotifications: notes }],
            results,
          },
        ],
      };
      return `${JSON.stringify(log, null, 2)}\n`;
    },
  };
}

function ruleOf(rule: AnyRule): Sarif.ReportingDescriptor {
  const peers = Object.values(rule.aliases).flatMap((ids) => ids ?? []);
  return {
    id: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: rule.why },
    help: { text: `${rule.why}\n\n${ruleUrl(rule.id)}`, markdown: `${rule.why}\n\n[${rule.id}](${ruleUrl(rule.id)})` },
    helpUri: ruleUrl(rule.id),
    defaultConfiguration: { enabled: rule.recommended, level: levels[rule.severity] },
    properties: { tags: [rule.category, rule.theme, ...peers] },
  };
}

function resultOf(
  report: Report,
  result: FileResult,
  artifact: Sarif.ArtifactLocation,
  indexes: ReadonlyMap<string, number>,
  fingerprints: Fingerprints,
): Sarif.Result {
  // A result without a model has no reports.
  const model = result.model as Model;
  const index = indexes.get(report.rule.id);
  const fixes = report.fixes().filter((fix) => fix.edits !== null && (fix.otherFiles ?? []).length === 0);
  return {
    ruleId: report.rule.id,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: levels[report.severity],
    message: { text: report.message },
    locations: [{ physicalLocation: { artifactLocation: artifact, region: regionOf(report.range) } }],
    ...(report.related.length === 0
      ? {}
      : {
          relatedLocations: report.related.map(({ message, range }, id) => ({
            id,
            message: { text: message },
            physicalLocation: { artifactLocation: artifact, region: regionOf(toRange(model.lines, range)) },
          })),
        }),
    partialFingerprints: { "plimsollFinding/v1": fingerprints.of(report, model, result.path) },
    ...(fixes.length === 0
      ? {}
      : {
          fixes: fixes.map((fix) => ({
            description: { text: fix.reason ? `${fix.title}. ${fix.reason}` : fix.title },
            artifactChanges: [
              {
                artifactLocation: artifact,
                replacements: (fix.edits ?? []).map((edit) => replacementOf(model.lines, edit)),
              },
            ],
          })),
        }),
    properties: { severity: report.severity, aliases: report.aliases },
  };
}

function replacementOf(lines: LineIndex, edit: Edit): Sarif.Replacement {
  return { deletedRegion: regionOf(toRange(lines, edit.span)), insertedContent: { text: edit.newText } };
}

function regionOf({ start, end }: Range): Sarif.Region {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

function noteOf(result: FileResult, artifact: Sarif.ArtifactLocation): Sarif.Notification {
  return {
    level: "error",
    message: { text: `${result.path} ${result.error}.` },
    locations: [{ physicalLocation: { artifactLocation: artifact } }],
  };
}

function artifactOf({ path, absolute }: FileResult): Sarif.ArtifactLocation {
  const outside = path.startsWith("../") || path.startsWith("/") || /^[A-Za-z]:/.test(path);
  if (outside && absolute !== null) return { uri: pathToFileURL(absolute).href };
  return { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: "SRCROOT" };
}
