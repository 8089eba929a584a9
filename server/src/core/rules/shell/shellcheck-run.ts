import { distributionUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { canChangeRun, hasTemplate } from "../../fixes/mount";
import { type Placed, placedInstructions } from "../../fixes/placed";
import { type Script, scriptsOf } from "../../model/scripts";
import type { Instruction, Model } from "../../model/types";
import { defineRule, type Fix, type Severity } from "../../rule";
import type { ShellCheckLevel, ShellCheckRemark, ShellCheckScript } from "../../shell/shellcheck";
import type { Edit } from "../../text";

// The codes that are known to come up in RUN; every other code of ShellCheck works in the same places.
const codes =
  "SC1000 SC1001 SC1007 SC1010 SC1018 SC1035 SC1045 SC1065 SC1066 SC1068 SC1077 SC1078 SC1079 SC1081 SC1083 SC1086 " +
  "SC1087 SC1091 SC1095 SC1097 SC1098 SC1099 SC2002 SC2015 SC2026 SC2028 SC2035 SC2039 SC2046 SC2086 SC2140 SC2154 " +
  "SC2155 SC2164";

export default defineRule({
  id: "shellcheck-run",
  theme: "shell",
  category: "correctness",
  severity: "warning",
  recommended: true,
  graded: true,
  since: "0.1.0",
  summary: "ShellCheck has something to say about the script of a RUN.",
  why: "ShellCheck knows the traps of shells: lost quotes, lost exit codes, words of one shell in another. It is a program of its own, which Plimsoll asks where it is installed and you turn it on: `plimsoll lint --shellcheck`, or `plimsoll.shellcheck: auto` in VS Code. Each finding has the severity that ShellCheck gives it and is silenced by its own code, such as `SC2086`, in every kind of comment and in the configuration. What only plain POSIX lacks (SC3000 to SC3999) is told where the shell is known to be dash, or SHELL names sh.",
  aliases: { hadolint: codes.split(" ") },
  options: {
    codes: {
      type: "strings",
      default: [],
      description: "Severity of single codes, such as SC2086=off or SC2046=error.",
    },
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`hadolint` tells what plain POSIX lacks in every image.",
    },
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A proposal of ShellCheck's",
      shellcheck: {
        "rm -r $DIR/cache": [
          {
            ...{ from: 6, to: 10, level: "info", code: 2086, message: "Quote this." },
            replacements: [
              { from: 6, to: 6, text: '"' },
              { from: 10, to: 10, text: '"' },
            ],
          },
        ],
      },
      code: "FROM debian:trixie\nRUN rm -r [|$DIR|]/cache\n",
      fixed: 'FROM debian:trixie\nRUN rm -r "$DIR"/cache\n',
    },
    {
      title: "Over several lines",
      shellcheck: {
        "set -e;     cd /src;     make": [
          { from: 12, to: 19, level: "warning", code: 2164, message: "It may fail.", replacements: [] },
        ],
      },
      code: "FROM debian:trixie\nRUN set -e; \\\n    # the sources\n    [|cd /src|]; \\\n    make\n",
    },
    {
      title: "A code that the project does not want",
      options: { codes: ["SC2164=off"] },
      shellcheck: {
        "cd /src; make": [{ from: 0, to: 7, level: "warning", code: 2164, message: "It may fail.", replacements: [] }],
      },
      code: "FROM debian:trixie\nRUN cd /src; make\n",
    },
    {
      title: "The shell may know more than POSIX",
      shellcheck: {
        "[[ -f /x ]]": [{ from: 0, to: 11, level: "warning", code: 3010, message: "Not in sh.", replacements: [] }],
      },
      code: "FROM alpine:3.24\nRUN [[ -f /x ]]\n",
    },
    {
      title: "A trigger is told, and left as it is",
      shellcheck: {
        "cd /src; make": [{ from: 0, to: 7, level: "warning", code: 2164, message: "It may fail.", replacements: [] }],
      },
      code: "FROM debian:trixie\nONBUILD RUN [|cd /src|]; make\n",
    },
    { title: "Nobody asked ShellCheck", code: "FROM debian:trixie\nRUN rm -r $DIR/cache\n" },
    {
      title: "PowerShell is no matter of ShellCheck's",
      shellcheck: { "rm $x": [{ from: 0, to: 2, level: "error", code: 1000, message: "No.", replacements: [] }] },
      code: 'FROM debian:trixie\nSHELL ["pwsh", "-c"]\nRUN rm $x\n',
    },
  ],
  *check({ model, catalogue, facts, options }) {
    if (!facts.shellcheck) return;
    const runs = [...shellRuns(model, catalogue)];
    if (runs.length === 0) return;
    const levels = new Map(options.codes.map(splitCode));
    const answers = facts.shellcheck(runs.map((run) => run.asked));
    for (const [index, run] of runs.entries()) {
      for (const remark of answers[index] ?? []) {
        const code = `SC${remark.code}`;
        const severity = levels.get(code) ?? severities[remark.level];
        // What stands behind the script is the text of here-documents, which has no place of its own here.
        if (severity === "off" || remark.to > run.script.script.text.length) continue;
        if (isPosixOnly(remark) && !run.isPlain && options.mode !== "hadolint") continue;
        yield {
          message: `ShellCheck ${code}: ${remark.message.replace(/([^.!?])$/, "$1.")}`,
          range: run.script.locate(remark.from, remark.to),
          severity,
          aliases: { hadolint: [code] },
          fixes: () => fixesOf(model, run, remark, code),
        };
      }
    }
  },
});

const severities: { readonly [level in ShellCheckLevel]: Severity } = {
  error: "error",
  warning: "warning",
  info: "info",
  style: "hint",
};

function splitCode(text: string): [code: string, severity: Severity | "off" | undefined] {
  const [code = "", severity = ""] = text.split("=").map((part) => part.trim());
  const known = severity === "off" || severity === "error" || severity === "warning" || severity === "info";
  return [code.toUpperCase(), known || severity === "hint" ? severity : undefined];
}

function isPosixOnly({ code }: ShellCheckRemark): boolean {
  return code >= 3000 && code < 4000;
}

/** A script as ShellCheck gets it, and where it comes from. */
interface ShellRun {
  readonly placed: Placed;
  readonly script: Script;
  readonly asked: ShellCheckScript;
  /** True where the shell is known to have nothing beyond POSIX. */
  readonly isPlain: boolean;
}

function* shellRuns(model: Model, catalogue: Catalogue): Iterable<ShellRun> {
  for (const placed of placedInstructions(model, "RUN")) {
    const { instruction } = placed;
    if (!instruction.stage || hasTemplate(model, instruction.span)) continue;
    const scripts = scriptsOf(instruction);
    for (const script of scripts) {
      const named = shellNamed(instruction, script, scripts);
      const dialect = dialects[named ?? "sh"] ?? "sh";
      const system = named === null ? distributionUnder(instruction.stage, catalogue)?.shell : null;
      const text = script.script.text;
      yield {
        placed,
        script,
        asked: {
          dialect,
          names: declaredNames(instruction, script),
          text: `${text}${documentsOf(instruction, script)}`,
        },
        isPlain: named === "sh" || named === "dash" || system === "dash",
      };
    }
  }
}

const dialects: { readonly [name: string]: ShellCheckScript["dialect"] | undefined } = {
  sh: "sh",
  bash: "bash",
  dash: "dash",
  ksh: "ksh",
};

/** The shell that the file names for a script; null where it is the image's own. */
function shellNamed({ shell }: Instruction, script: Script, scripts: readonly Script[]): string | null {
  if (script.kind === "heredoc") {
    const first = /^#!\s*(?:\S*\/env\s+)?(?:\S*\/)?([\w-]+)/.exec(script.script.text)?.[1];
    // `RUN bash <<EOF`: the line is the first script, and its command reads the second.
    const command = scripts[0] !== script ? scripts[0]?.script.commands[0]?.name : null;
    if (first ?? command) return first ?? command ?? null;
  }
  const word = shell.words?.[0];
  return word === undefined ? null : word.slice(word.lastIndexOf("/") + 1);
}

/** The variables of a script that the Dockerfile declares. */
function declaredNames({ stage, index }: Instruction, { script }: Script): readonly string[] {
  const used = new Set(script.variables.map(({ name }) => name).filter((name) => /^[A-Za-z_]\w*$/.test(name)));
  return [...used].filter((name) => stage?.scope.lookup(name, index)).sort();
}

/** The bodies of a line's here-documents, without which the line is no whole script. */
function documentsOf({ parsed }: Instruction, { kind }: Script): string {
  const [first] = parsed.heredocs;
  return kind === "line" && first ? `\n${parsed.text.slice(first.bodySpan.from)}` : "";
}

function fixesOf(model: Model, run: ShellRun, remark: ShellCheckRemark, code: string): readonly Fix[] {
  const { script, placed } = run;
  if (remark.replacements.length === 0 || placed.isTrigger || !canChangeRun(model, placed.instruction)) return [];
  const edits: Edit[] = [];
  for (const { from, to, text } of remark.replacements) {
    if (to > script.script.text.length) return [];
    // An insertion belongs to the character behind it, where there is one on the same line.
    const span = from < to ? script.locate(from, to) : placeOf(script, from);
    // What lies on two lines has a continuation between, which the proposal knows nothing of.
    if (/[\r\n]/.test(text) || /[\r\n]/.test(model.text.slice(span.start, span.end))) return [];
    edits.push({ span, newText: text });
  }
  return [
    {
      title: `Take ShellCheck's proposal for ${code}`,
      applicability: "unsafe",
      reason: "Where the script means what it says now, it does something else afterwards.",
      edits,
    },
  ];
}

function placeOf(script: Script, at: number): { readonly start: number; readonly end: number } {
  const behind = at > 0 ? script.locate(at - 1, at).end : null;
  const before = at < script.script.text.length ? script.locate(at, at + 1).start : null;
  // Between two lines, the one that ends a word and the one that begins it are told apart by the blank.
  const isBlankBehind = at > 0 && /\s/.test(script.script.text.charAt(at - 1));
  const place = (isBlankBehind ? before : behind) ?? before ?? behind ?? script.locate(at, at).start;
  return { start: place, end: place };
}
