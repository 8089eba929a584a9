/** How scripts go to ShellCheck and its answers come back; no program is run here. */
import { describe, expect, test } from "vitest";
import {
  allRules,
  buildModel,
  bundledCatalogue,
  createShellCheck,
  lint,
  type ProcessCall,
  type ProcessOutcome,
  type ProcessRunner,
  resolveConfig,
  type ShellCheckRemark,
  type ShellCheckScript,
} from "../../server/src/core/index";
import { readRemarks, scriptContent } from "../../server/src/core/shell/shellcheck";

const script = (text: string, names: string[] = []): ShellCheckScript => ({ dialect: "sh", names, text });

/** A comment in the form of `--format=json1`. */
const comment = (file: number, line: number, column: number, endColumn: number, extra: object = {}) => ({
  ...{
    file: `/tmp/x/${file}.sh`,
    line,
    endLine: line,
    column,
    endColumn,
    level: "info",
    code: 2086,
    message: "Quote.",
  },
  ...extra,
});

describe("the file that it reads", () => {
  test("says the shell, then what the Dockerfile declares, then the script", () => {
    expect(scriptContent(script("echo $A", ["A", "B"]))).toBe("#!/bin/sh\nexport A=1 B=1\necho $A\n");
    expect(scriptContent({ ...script("x"), dialect: "bash" })).toBe("#!/bin/bash\n:\nx\n");
  });
});

describe("its answer", () => {
  const read = (scripts: ShellCheckScript[], ...comments: object[]) =>
    readRemarks(JSON.stringify({ comments }), scripts);

  test("goes to the script of its file, without the lines that stand before", () => {
    const remarks = read([script("a"), script("b\n  $c")], comment(1, 4, 3, 5));
    expect(remarks).toEqual([[], [expect.objectContaining({ from: 4, to: 6, code: 2086, level: "info" })]]);
  });

  test("counts characters, we count what JavaScript counts", () => {
    const text = "echo 👍é $x";
    const [[remark] = []] = read([script(text)], comment(0, 3, 9, 11)) ?? [];
    expect(text.slice(remark?.from, remark?.to)).toBe("$x");
  });

  test("brings its proposal, whole or not at all", () => {
    const insert = (column: number, line = 3) => ({
      ...{ line, endLine: line, column, endColumn: column, replacement: '"' },
    });
    const proposal = (...replacements: object[]) =>
      read([script("rm $x")], comment(0, 3, 4, 6, { fix: { replacements } }))?.[0]?.[0]?.replacements;
    expect(proposal(insert(4), insert(6))).toEqual([
      { from: 3, to: 3, text: '"' },
      { from: 5, to: 5, text: '"' },
    ]);
    expect(proposal(insert(4), insert(99))).toEqual([]);
    expect(proposal(insert(4), insert(1, 1))).toEqual([]);
  });

  test("remarks about our own lines, and what is no remark, are left out", () => {
    const comments = [
      comment(0, 1, 1, 2),
      comment(0, 2, 1, 2),
      comment(7, 3, 1, 2),
      comment(0, 3, 1, 2, { level: 3 }),
      {},
    ];
    expect(read([script("x")], ...comments)).toEqual([[]]);
  });

  test.each(["", "no JSON", "{}", "[]", "null", '{"comments":1}'])("%j is none", (output) => {
    expect(readRemarks(output, [script("x")])).toBeNull();
  });
});

describe("asking", () => {
  const runner = (outcome: ProcessOutcome) => {
    const calls: ProcessCall[] = [];
    const runNow = (call: ProcessCall): ProcessOutcome => {
      calls.push(call);
      return outcome;
    };
    const processes: ProcessRunner = { run: async (call) => runNow(call), runNow };
    return { calls, processes };
  };
  const done = (out: string, code = 1, err = ""): ProcessOutcome => ({ kind: "done", code, out, err });

  test("one process for all scripts, none for what is known", async () => {
    const { calls, processes } = runner(done(JSON.stringify({ comments: [comment(1, 3, 1, 2)] })));
    const guest = createShellCheck(processes);
    const [a, b] = [script("a"), script("b")];
    expect(guest.known([a, b])).toEqual([undefined, undefined]);
    expect(await guest.learn([a, b, a])).toBe(true);
    expect(guest.known([b, a])).toEqual([[expect.objectContaining({ from: 0 })], []]);
    expect(await guest.learn([a, b])).toBe(false);
    expect(calls).toEqual([
      {
        program: "shellcheck",
        args: ["--norc", "--format=json1", expect.stringContaining("--exclude=SC1090"), "0.sh", "1.sh"],
        files: { "0.sh": scriptContent(a), "1.sh": scriptContent(b) },
        unset: ["SHELLCHECK_OPTS"],
        limit: 30_000,
      },
    ]);
    expect(guest.trouble).toBeNull();
  });

  test.each<[ProcessOutcome, string]>([
    [{ kind: "absent" }, "ShellCheck was not found on the PATH; its findings are missing."],
    [
      { kind: "failed", reason: "it wrote too much" },
      "ShellCheck did not run (it wrote too much); its findings are missing.",
    ],
    [done("", 3, "bad option\nusage"), "ShellCheck failed (bad option); its findings are missing."],
    [done("hello", 0), "ShellCheck answered in a form that is not known; its findings are missing."],
  ])("%j is said, and asked again", (outcome, sentence) => {
    const { calls, processes } = runner(outcome);
    const guest = createShellCheck(processes);
    expect(guest.learnNow([script("a")])).toBe(false);
    expect(guest.trouble).toBe(sentence);
    expect(guest.known([script("a")])).toEqual([undefined]);
    guest.learnNow([script("a")]);
    expect(calls).toHaveLength(2);
  });
});

describe("its findings", () => {
  type Parts = Parameters<typeof resolveConfig>[1];
  const only = { presets: [], overrides: [new Map([["shellcheck-run", { severity: "on" as const }]])] };
  let asked: (readonly ShellCheckScript[])[] = [];
  const findings = (
    text: string,
    remarks: (text: string) => readonly Partial<ShellCheckRemark>[],
    parts: Parts = only,
  ) => {
    asked = [];
    const plain = { from: 0, to: 1, level: "info", code: 2086, message: "Quote.", replacements: [] } as const;
    const { reports } = lint({
      model: buildModel(text),
      rules: allRules,
      config: resolveConfig(allRules, parts),
      catalogue: bundledCatalogue(),
      today: "2026-09-01",
      facts: {
        file: () => undefined,
        list: () => undefined,
        shellcheck(scripts) {
          asked.push(scripts);
          return scripts.map((one) => remarks(one.text).map((remark) => ({ ...plain, ...remark })));
        },
      },
    });
    return reports
      .filter(({ rule }) => rule.id === "shellcheck-run")
      .map(({ span, severity, message, aliases }) => ({
        marked: text.slice(span.start, span.end),
        severity,
        message,
        ids: aliases.hadolint,
      }));
  };
  const at = (text: string, word: string, level: ShellCheckRemark["level"] = "info") => ({
    from: text.indexOf(word),
    to: text.indexOf(word) + word.length,
    level,
  });
  const everywhere = () => [{}];
  const run = "RUN rm $x\n";

  test("stand where the Dockerfile has the words, whatever lies between", () => {
    const text = "FROM debian:13\nRUN set -e \\\n  # why\n\n  && rm -r $dir \\\n  && echo 👍 $x\n";
    expect(findings(text, (logical) => [at(logical, "$dir", "error"), at(logical, "$x", "style")])).toEqual([
      { marked: "$dir", severity: "error", message: "ShellCheck SC2086: Quote.", ids: ["SC2086"] },
      { marked: "$x", severity: "hint", message: "ShellCheck SC2086: Quote.", ids: ["SC2086"] },
    ]);
  });

  test("each script goes with its shell and the variables that it uses, all in one question", () => {
    const lines = [
      "FROM debian:13",
      "ARG used=1 other=2",
      "ENV HOST=x",
      "RUN echo $used $HOST $own",
      'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
      "RUN echo",
      "RUN <<EOF",
      "#!/bin/ksh",
      "echo",
      "EOF",
      "RUN sh <<EOF",
      "echo",
      "EOF",
      'RUN ["echo", "$used"]',
      "CMD echo $used",
      "FROM mcr.microsoft.com/windows/servercore:ltsc2025",
      "RUN echo %used%",
    ];
    findings(`${lines.join("\n")}\n`, () => []);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.map(({ dialect, names }) => [dialect, ...names])).toEqual([
      ["sh", "HOST", "used"],
      ["bash"],
      ["ksh"],
      ["bash"],
      ["sh"],
    ]);
  });

  test("a line with here-documents is whole, and what is said of the documents stays out", () => {
    const text = "FROM debian:13\nRUN cat <<EOF > $f\nhello $you\nEOF\n";
    expect(findings(text, (whole) => [at(whole, "$f"), at(whole, "$you")])).toMatchObject([{ marked: "$f" }]);
    expect(asked[0]?.[0]?.text).toBe("cat <<EOF > $f\nhello $you\nEOF");
  });

  test.each([
    "# plimsoll ignore=SC2086",
    "# plimsoll ignore=shellcheck-run",
    "# plimsoll ignore=shellcheck/SC2086",
    "# hadolint ignore=DL3059,SC2086",
    "# tally ignore=shellcheck/SC2086",
    "# tally ignore=sc2086",
  ])("%s silences that code", (line) => {
    expect(findings(`FROM debian:13\n${line}\n${run}`, everywhere)).toEqual([]);
  });

  test.each(["# plimsoll ignore=SC2046", "# hadolint ignore=SC2154", "# hadolint ignore=DL3059"])(
    "%s silences another one",
    (line) => {
      expect(findings(`FROM debian:13\n${line}\n${run}`, everywhere)).toHaveLength(1);
    },
  );

  test("codes that nobody lists are silenced, too", () => {
    const odd = () => [{ code: 2999 }];
    expect(findings(`FROM debian:13\n${run}`, odd)).toHaveLength(1);
    expect(findings(`FROM debian:13\n# hadolint ignore=SC2999\n${run}`, odd)).toEqual([]);
  });

  test("for a whole file", () => {
    expect(findings(`# hadolint global ignore=SC2086\nFROM debian:13\n${run}`, everywhere)).toEqual([]);
    expect(findings(`# plimsoll ignore-file=SC2086\nFROM debian:13\n${run}`, everywhere)).toEqual([]);
  });

  test("keep their severity under hadolint's preset", () => {
    const levels = () => [{ level: "error" as const }, { from: 1, to: 2, level: "style" as const }];
    const found = findings(`FROM debian:13\n${run}`, levels, { presets: ["hadolint"] });
    expect(found.map(({ severity, ids }) => [severity, ...(ids ?? [])])).toEqual([
      ["error", "SC2086"],
      ["hint", "SC2086"],
    ]);
  });

  test("the severity of one code can be set", () => {
    const options = { codes: ["SC2086=error", "SC2046=off"] };
    const overrides = [new Map([["shellcheck-run", { severity: "on" as const, options }]])];
    const both = () => [{}, { from: 1, to: 2, code: 2046 }];
    expect(findings(`FROM debian:13\n${run}`, both, { presets: [], overrides })).toMatchObject([{ severity: "error" }]);
  });

  test("what plain POSIX lacks is told where the shell is known to lack it", () => {
    const posix = () => [{ code: 3010 }];
    const bases = ["debian:13", "alpine:3.22", "example.com/x:1"];
    expect(bases.map((base) => findings(`FROM ${base}\n${run}`, posix).length)).toEqual([1, 0, 0]);
    expect(findings(`FROM alpine:3.22\nSHELL ["/bin/sh", "-c"]\n${run}`, posix)).toHaveLength(1);
  });

  test("templates are left alone", () => {
    expect(findings("FROM debian:13\nRUN echo {{ x }}\n", everywhere)).toEqual([]);
    expect(asked).toEqual([]);
  });
});
