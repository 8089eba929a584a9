/** ShellCheck from the command line: a stand-in that is always there, and the real one where it is installed. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { allRules, bundledCatalogue } from "../../server/src/core/index";
import { findProgram, processRunner } from "../../server/src/node/process";
import { folderWith, run } from "./terminal";

const product = { rules: allRules, catalogue: bundledCatalogue };
const dockerfile = "FROM debian:13\nUSER 1\nRUN set -e; \\\n    rm -r $1/x\n";

afterEach(() => vi.unstubAllEnvs());

/** A program called `shellcheck` that notes how it was called and answers with one remark about the first script. */
function standIn(folder: string, answer = "found"): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const source = `#!${process.execPath}
const fs = require("node:fs");
const files = process.argv.slice(2).filter((word) => !word.startsWith("-"));
const note = { args: process.argv.slice(2), cwd: process.cwd(), opts: process.env.SHELLCHECK_OPTS ?? null, texts: files.map((file) => fs.readFileSync(file, "utf8")) };
fs.appendFileSync(${JSON.stringify(join(folder, "calls.jsonl"))}, JSON.stringify(note) + "\\n");
if (${JSON.stringify(answer)} === "fails") { console.error("no such option"); process.exit(3); }
const column = note.texts[0].split("\\n")[2].indexOf("$1") + 1;
const place = { line: 3, endLine: 3, column, endColumn: column + 2 };
const insert = (at) => ({ line: 3, endLine: 3, column: at, endColumn: at, replacement: '"', insertionPoint: "beforeStart", precedence: 7 });
const comments = column === 0 || note.texts[0].includes('"$1"') ? [] : [{ file: files[0], ...place, level: "info", code: 2086, message: "Quote it.", fix: { replacements: [insert(column), insert(column + 2)] } }];
console.log(JSON.stringify({ comments }));
process.exit(comments.length ? 1 : 0);
`;
  writeFileSync(join(bin, "shellcheck"), source, { mode: 0o755 });
  vi.stubEnv("PATH", `${bin}${delimiter}${process.env.PATH}`);
  return folder;
}

interface Call {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly opts: string | null;
  readonly texts: readonly string[];
}

const calls = (folder: string): Call[] =>
  readFileSync(join(folder, "calls.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe.skipIf(process.platform === "win32")("a stand-in for ShellCheck", () => {
  test("its findings stand among ours, at their place", async () => {
    const folder = standIn(folderWith({ Dockerfile: dockerfile, ".shellcheckrc": "disable=all\n" }));
    vi.stubEnv("SHELLCHECK_OPTS", "--exclude=SC2086");
    const ran = await run(folder, ["lint", "--shellcheck", "--format", "json"], { product });
    expect(ran.err).toBe("");
    const [file] = JSON.parse(ran.out).files;
    expect(file.findings).toContainEqual(
      expect.objectContaining({
        rule: "shellcheck-run",
        severity: "info",
        message: "ShellCheck SC2086: Quote it.",
        aliases: { hadolint: ["SC2086"] },
        range: { start: { line: 3, character: 10 }, end: { line: 3, character: 12 } },
      }),
    );
    const [call, ...others] = calls(folder);
    expect(others).toEqual([]);
    expect(call).toMatchObject({ opts: null, texts: ["#!/bin/sh\n:\nset -e;     rm -r $1/x\n"] });
    // Its working folder is gone, and the project's own settings lay elsewhere.
    expect(call?.cwd).not.toContain(folder);
    expect(existsSync(call?.cwd ?? folder)).toBe(false);
  });

  test("one process for all scripts of a file", async () => {
    const folder = standIn(folderWith({ Dockerfile: `FROM debian:13\n${"RUN rm $1\nRUN ls\n".repeat(3)}` }));
    await run(folder, ["lint", "--shellcheck"], { product });
    expect(calls(folder).map((call) => call.texts.length)).toEqual([2]);
  });

  test("its proposal is a fix to be asked for, and afterwards it has nothing to say", async () => {
    const folder = standIn(folderWith({ Dockerfile: dockerfile }));
    await run(folder, ["fix", "--shellcheck", "--fix-rule", "shellcheck-run"], { product });
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(dockerfile);
    const args = ["fix", "--shellcheck", "--fix-rule", "shellcheck-run", "--unsafe-fixes", "--format", "json"];
    const ran = await run(folder, args, { product });
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(dockerfile.replace("$1", '"$1"'));
    expect(ran.out).not.toContain("SC2086");
  });

  test("its codes in configuration and comments", async () => {
    const folder = standIn(folderWith({ Dockerfile: dockerfile }));
    const codes = async (...args: string[]): Promise<string> => {
      const ran = await run(folder, ["lint", "--shellcheck", "--format", "json", ...args], { product });
      return /SC2086: /.test(ran.out)
        ? (/"severity": "(\w+)",\s*"message": "ShellCheck/.exec(ran.out)?.[1] ?? "")
        : "off";
    };
    expect(await codes("--rule", "SC2086=error")).toBe("error");
    expect(await codes("--rule", "SC2086=off")).toBe("off");
    expect(await codes("--rule", "SC2154=off")).toBe("info");
    writeFileSync(join(folder, ".hadolint.yaml"), "ignored: [SC2086]\n");
    expect(await codes()).toBe("off");
    writeFileSync(join(folder, ".hadolint.yaml"), "override: { error: [SC2086] }\n");
    expect(await codes()).toBe("error");
    writeFileSync(join(folder, ".plimsoll.yaml"), "rules: { SC2086: warning }\n");
    expect(await codes()).toBe("warning");
    writeFileSync(join(folder, ".plimsoll.yaml"), "rules: { shellcheck-run: off }\n");
    expect(await codes()).toBe("off");
  });

  test("is not started unless it is asked for", async () => {
    const folder = standIn(folderWith({ Dockerfile: dockerfile }));
    await run(folder, ["lint", "--preset", "all"], { product });
    expect(existsSync(join(folder, "calls.jsonl"))).toBe(false);
  });

  test("what goes wrong with it is said once, and takes nothing else away", async () => {
    const folder = standIn(folderWith({ Dockerfile: dockerfile, "a/Dockerfile": dockerfile }), "fails");
    const ran = await run(folder, ["lint", "--shellcheck", "--preset", "all"], { product });
    expect(ran.err).toBe("plimsoll: ShellCheck failed (no such option); its findings are missing.\n");
    expect(ran.out).toContain("findings");
  });

  test("that it is not there is said", async () => {
    vi.stubEnv("PATH", folderWith({}));
    const ran = await run(folderWith({ Dockerfile: dockerfile }), ["lint", "--shellcheck"], { product });
    expect(ran.err).toBe("plimsoll: ShellCheck was not found on the PATH; its findings are missing.\n");
  });

  test("one that the project brings along is not taken", async () => {
    const folder = standIn(folderWith({ Dockerfile: dockerfile }));
    expect(findProgram("shellcheck", { PATH: `.${delimiter}bin${delimiter}` })).toBeNull();
    expect(findProgram("shellcheck", { PATH: join(folder, "bin") })).toBe(join(folder, "bin", "shellcheck"));
    writeFileSync(join(folder, "bin", "plain"), "");
    expect(findProgram("plain", { PATH: join(folder, "bin") })).toBeNull();
  });
});

describe.skipIf(process.platform === "win32")("running programs", () => {
  const node = { program: "node", limit: 10_000 };
  const both = async (call: Parameters<typeof processRunner.run>[0]) => {
    vi.stubEnv("PATH", dirname(process.execPath));
    const [later, now] = [await processRunner.run(call), processRunner.runNow(call)];
    expect(now).toEqual(later);
    return now;
  };

  test("output, input, exit code", async () => {
    const script =
      "process.stdin.on('data', (data) => { console.log(String(data)); console.error('e'); process.exitCode = 7; })";
    expect(await both({ ...node, args: ["-e", script], input: "hello" })).toEqual({
      kind: "done",
      code: 7,
      out: "hello\n",
      err: "e\n",
    });
  });

  test("a program that takes too long is ended", async () => {
    expect(await both({ ...node, args: ["-e", "setTimeout(() => {}, 60000)"], limit: 300 })).toEqual({
      kind: "failed",
      reason: "it was not done after 0.3 seconds",
    });
  });

  test("one that does not exist is absent", async () => {
    expect(await both({ ...node, program: "no-such-program", args: [] })).toEqual({ kind: "absent" });
  });
});

const real = spawnSync("shellcheck", ["--version"], { encoding: "utf8" }).status === 0;

describe.skipIf(!real)("the real ShellCheck (skipped where it is not installed)", () => {
  test("says what it says of scripts, where the Dockerfile has them", async () => {
    const text = [
      "FROM debian:13",
      "ARG dir=/x",
      "RUN echo 👍 && \\",
      "    # a comment",
      "    rm -r $dir/y && cd /z",
      "RUN <<EOF",
      "echo $undeclared",
      "EOF",
      "",
    ].join("\n");
    const folder = folderWith({ Dockerfile: text });
    const args = ["lint", "--shellcheck", "--rule", "shell-unquoted-expansion=off", "--format", "json"];
    const ran = await run(folder, args, { product });
    expect(ran.err).toBe("");
    const lines = text.split("\n");
    const found = (JSON.parse(ran.out).files[0].findings as Finding[])
      .filter(({ rule }) => rule === "shellcheck-run")
      .map(
        ({ aliases, range: { start, end } }) =>
          `${aliases.hadolint[0]} ${lines[start.line]?.slice(start.character, end.character)}`,
      );
    // Nothing of $dir: the Dockerfile declares it.
    expect(found.sort()).toEqual(["SC2086 $undeclared", "SC2154 $undeclared", "SC2164 cd /z"]);
  });

  test("its proposal mends", async () => {
    const folder = folderWith({ Dockerfile: 'FROM debian:13\nRUN x="$(ls)" && \\\n    echo $x\n' });
    await run(folder, ["fix", "--shellcheck", "--fix-rule", "shellcheck-run", "--unsafe-fixes"], { product });
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(
      'FROM debian:13\nRUN x="$(ls)" && \\\n    echo "$x"\n',
    );
  });
});

interface Finding {
  readonly rule: string;
  readonly aliases: { readonly hadolint: readonly string[] };
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}
