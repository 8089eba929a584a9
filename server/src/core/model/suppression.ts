/**
 * Comments that silence findings, in every dialect that people already have in their files. Facts about the dialects:
 * hadolint (`ignore=`, `global ignore=`, `stage ignore=`), BuildKit (`check=skip=`), Trivy (`trivy:ignore:`), Checkov
 * (`checkov:skip=`), KICS (`kics-scan`), tally (`tally ignore=`, `tally global ignore=`), dockerfile-utils.
 */
import type { Directive } from "../syntax/types";
import type { Span } from "../text";
import type { Comment, Instruction, SuppressedId, Suppression } from "./types";

/** Reads all suppressions of a file. `end` is the length of the text. */
export function readSuppressions(
  comments: readonly Comment[],
  directives: readonly Directive[],
  end: number,
): readonly Suppression[] {
  const found: Suppression[] = [];
  const file: Span = { start: 0, end };
  for (const directive of directives) {
    if (directive.name !== "check") continue;
    const skip = skippedChecks(directive.value, directive.valueStart);
    if (skip) {
      found.push({
        dialect: "buildkit",
        ids: skip.ids,
        reach: "file",
        covers: file,
        reason: skip.reason,
        span: directive,
      });
    }
  }
  for (const comment of comments) {
    const suppression = readComment(comment, file);
    if (suppression) found.push(suppression);
  }
  return found;
}

// One look decides for nearly every comment.
const marker = /^(?:plimsoll|hadolint|check\s*=|trivy:|checkov:|kics-scan|tally|dockerfile-utils)/i;

function readComment(comment: Comment, file: Span): Suppression | null {
  const { text } = comment;
  if (!marker.test(text)) return null;
  // Offset of the trimmed text in the file: the comment's span starts at the sign.
  const start = comment.span.end - text.length;
  const reader = readers.find((candidate) => candidate.pattern.test(text));
  if (!reader) return null;
  const match = reader.pattern.exec(text) as RegExpExecArray;
  const reach = reader.reach(match);
  if (!reach) return null;
  const covers = reach === "file" ? file : coveredBy(comment, reach);
  if (!covers) return null;
  const list = match.groups?.ids ?? "";
  const ids =
    list === ""
      ? [{ text: "all", span: comment.span }]
      : splitIds(list, start + text.indexOf(list, reader.listAfter(text)));
  return {
    dialect: reader.dialect,
    ids,
    reach,
    covers,
    reason: match.groups?.reason?.trim() || null,
    span: comment.span,
  };
}

interface Reader {
  readonly dialect: Suppression["dialect"];
  readonly pattern: RegExp;
  readonly reach: (match: RegExpExecArray) => Suppression["reach"] | null;
  /** Where in the comment to look for the list, so that a word before it is not taken for it. */
  readonly listAfter: (text: string) => number;
}

const afterEquals = (text: string): number => text.indexOf("=") + 1;
const afterLastColon = (text: string): number => text.indexOf(":") + 1;

const readers: readonly Reader[] = [
  {
    dialect: "plimsoll",
    pattern: /^plimsoll\s+ignore(?<file>-file)?\s*=\s*(?<ids>[^\s,]+(?:\s*,\s*[^\s,]+)*)(?:\s+--\s*(?<reason>.*))?/i,
    reach: (match) => (match.groups?.file ? "file" : "instruction"),
    listAfter: afterEquals,
  },
  {
    dialect: "hadolint",
    pattern:
      /^hadolint\s+(?<scope>global\s+|stage\s+)?ignore\s*=\s*(?<ids>[\w.-]+(?:\s*,\s*[\w.-]+)*)(?:\s+(?:#|--|\/\/)?\s*(?<reason>.*))?/i,
    reach: (match) => {
      const scope = match.groups?.scope?.trim().toLowerCase();
      return scope === "global" ? "file" : scope === "stage" ? "stage" : "instruction";
    },
    listAfter: afterEquals,
  },
  {
    dialect: "buildkit",
    pattern: /^check\s*=\s*(?:.*;)?\s*skip\s*=\s*(?<ids>[\w*-]+(?:\s*,\s*[\w*-]+)*)(?:.*?\/\/\s*(?<reason>.*))?/i,
    reach: () => "instruction",
    listAfter: (text) => text.toLowerCase().indexOf("skip") + 4,
  },
  {
    dialect: "trivy",
    pattern: /^trivy:ignore:(?<ids>[\w*-]+)(?:\s+trivy:ignore:[\w*-]+)*/i,
    reach: () => "instruction",
    listAfter: (text) => text.toLowerCase().indexOf("ignore:") + 7,
  },
  {
    dialect: "checkov",
    pattern: /^checkov:skip\s*=\s*(?<ids>\w+(?:\s*,\s*\w+)*)(?:\s*:\s*(?<reason>.*))?/i,
    reach: () => "file",
    listAfter: afterEquals,
  },
  {
    dialect: "kics",
    pattern: /^kics-scan\s+(?<what>ignore-line|ignore-block|ignore|disable)\s*(?:=\s*(?<ids>\S+))?/i,
    reach: (match) => {
      const what = match.groups?.what?.toLowerCase();
      if (what === "disable") return match.groups?.ids ? "file" : null;
      return what === "ignore" ? "file" : "instruction";
    },
    listAfter: afterEquals,
  },
  {
    dialect: "tally",
    pattern:
      /^tally\s+(?<scope>global\s+)?ignore\s*=\s*(?<ids>[\w./*-]+(?:\s*,\s*[\w./*-]+)*)(?:\s*;\s*reason\s*=\s*(?<reason>.*))?/i,
    reach: (match) => (match.groups?.scope ? "file" : "instruction"),
    listAfter: afterEquals,
  },
  {
    dialect: "dockerfile-utils",
    pattern: /^dockerfile-utils:\s*ignore\b/i,
    reach: () => "instruction",
    listAfter: afterLastColon,
  },
];

/** A shell named by hadolint's pragma (`# hadolint shell=powershell`), or null. */
export function shellPragma(text: string): string | null {
  return /^hadolint\s+shell\s*=\s*(\S+)/i.exec(text)?.[1] ?? null;
}

function coveredBy(comment: Comment, reach: Suppression["reach"]): Span | null {
  const instruction: Instruction | null = comment.inside ?? comment.above;
  if (!instruction) return null;
  if (reach !== "stage" || !instruction.stage) return instruction.span;
  const last = instruction.stage.instructions[instruction.stage.instructions.length - 1] ?? instruction;
  return { start: instruction.stage.from.span.start, end: last.span.end };
}

function skippedChecks(value: string, valueStart: number): { ids: SuppressedId[]; reason: string | null } | null {
  const match = /(?:^|;)\s*skip\s*=\s*([^;/]+)/i.exec(value);
  const list = match?.[1];
  if (!match || list === undefined) return null;
  const start = valueStart + match.index + match[0].length - list.length;
  return { ids: splitIds(list, start), reason: /\/\/\s*(.*)$/.exec(value)?.[1] ?? null };
}

function splitIds(list: string, start: number): SuppressedId[] {
  const ids: SuppressedId[] = [];
  for (const match of list.matchAll(/[^\s,]+/g)) {
    const from = start + match.index;
    ids.push({ text: match[0], span: { start: from, end: from + match[0].length } });
  }
  return ids;
}
