import { describe, expect, test } from "vitest";
import { folderWith, run } from "./terminal";

const report = async (text: string, format: string, path = "Dockerfile"): Promise<string> =>
  (await run(folderWith({ [path]: text }), ["lint", "--fail-on", "never", "--format", format, path])).out;

describe("text", () => {
  test("the squiggle stands under the word, behind tabs and wide characters too", async () => {
    expect(await report("FROM a\nRUN\techo 日本 👍 é badword\n", "text")).toContain(
      "    2 | RUN echo 日本 👍 é badword\n      |                    ~~~~~~~\n",
    );
  });

  test("nothing of the file steers the terminal", async () => {
    const out = await report("FROM a\nRUN \x1b[31m badword \u202e\n", "text");
    expect(out).toContain("    2 | RUN ␛[31m badword �\n");
  });

  test("a finding over several lines is marked to the end of its first", async () => {
    const out = await report("FROM a\nRUN x badword\n", "text");
    expect(out).toContain("      |       ~~~~~~~\n");
  });

  test("what concerns one base image is one message, the most severe first", async () => {
    expect(await report("FROM heavy:latest\nFROM heavy\n", "text")).toBe(
      `Dockerfile:1:6 warning: Found heavy; write something else. [base-heavy]
    1 | FROM heavy:latest
      |      ~~~~~
      | also info: Found :latest; write something else. [base-latest]

Dockerfile:2:6 warning: Found heavy; write something else. [base-heavy]
    2 | FROM heavy
      |      ~~~~~

3 findings (2 warnings, 1 info) in 1 file.
`,
    );
  });

  test("the summary names the command that mends", async () => {
    const out = await report("FROM badword oldword\n", "text", "my file");
    expect(out).toContain(
      "1 can be fixed by `plimsoll fix 'my file'`.\n1 more by `plimsoll fix 'my file' --unsafe-fixes`; see what it changes with --diff.\n",
    );
  });
});

describe("json", () => {
  test("keeps its contract", async () => {
    expect(JSON.parse(await report("FROM a:latest oldword\n", "json"))).toEqual({
      version: 1,
      tool: { name: "plimsoll", version: "9.9.9", catalogueDate: "2026-08-21" },
      files: [
        {
          path: "Dockerfile",
          error: null,
          findings: [
            {
              rule: "base-latest",
              severity: "info",
              message: "Found :latest; write something else.",
              url: "https://github.com/plimsoll-dev/plimsoll/blob/main/docs/rules/base-latest.md",
              range: { start: { line: 0, character: 6 }, end: { line: 0, character: 13 } },
              aliases: { hadolint: ["DL3007"], trivy: ["DS-0001"] },
              related: [],
              fixes: [],
            },
            {
              rule: "old-word",
              severity: "warning",
              message: "Found oldword; write something else.",
              url: "https://github.com/plimsoll-dev/plimsoll/blob/main/docs/rules/old-word.md",
              range: { start: { line: 0, character: 14 }, end: { line: 0, character: 21 } },
              aliases: {},
              related: [],
              fixes: [
                {
                  title: "Write new",
                  applicability: "unsafe",
                  reason: "It may differ.",
                  edits: [
                    { range: { start: { line: 0, character: 14 }, end: { line: 0, character: 21 } }, newText: "new" },
                  ],
                },
              ],
            },
          ],
        },
      ],
      summary: { files: 1, error: 0, warning: 1, info: 1, hint: 0 },
    });
  });

  test("a file that cannot be read has an error and no findings", async () => {
    const ran = await run(folderWith({}), ["lint", "--format", "json", "gone"]);
    expect(JSON.parse(ran.out)).toMatchObject({ files: [{ path: "gone", error: "does not exist", findings: [] }] });
  });

  test("other files: the whole text of a new one, an edit of one that is there", async () => {
    const others = async (files: { [path: string]: string }): Promise<unknown> => {
      const ran = await run(folderWith({ Dockerfile: "FROM keyfile\n", ...files }), ["lint", "--format", "json"]);
      return JSON.parse(ran.out).files[0].findings[0].fixes[0].otherFiles;
    };
    const end = { line: 1, character: 1 };
    expect(await others({})).toEqual([{ path: ".dockerignore", newText: "*.pem\n" }]);
    expect(await others({ ".dockerignore": "x\ny" })).toEqual([
      { path: ".dockerignore", edits: [{ range: { start: end, end }, newText: "\n*.pem\n" }] },
    ]);
  });

  test("is JSON also when there is nothing to lint", async () => {
    const ran = await run(folderWith({}), ["lint", "--format", "json"]);
    expect(JSON.parse(ran.out)).toMatchObject({ files: [], summary: { files: 0 } });
  });
});

describe("sarif", () => {
  test("names rules, places, fixes and fingerprints", async () => {
    const log = JSON.parse(await report("FROM a\n# badword\n", "sarif", "my dir/a#b.dockerfile"));
    const [run0] = log.runs;
    expect(log.version).toBe("2.1.0");
    expect(run0.columnKind).toBe("utf16CodeUnits");
    expect(run0.tool.driver.rules[0]).toMatchObject({ id: "bad-word", defaultConfiguration: { level: "error" } });
    const region = { startLine: 2, startColumn: 3, endLine: 2, endColumn: 10 };
    const artifactLocation = { uri: "my%20dir/a%23b.dockerfile", uriBaseId: "SRCROOT" };
    expect(run0.results).toEqual([
      expect.objectContaining({
        ruleId: "bad-word",
        ruleIndex: 0,
        level: "error",
        locations: [{ physicalLocation: { artifactLocation, region } }],
        partialFingerprints: { "plimsollFinding/v1": expect.stringMatching(/^[0-9a-f]{32}$/) },
        fixes: [
          {
            description: { text: "Write good" },
            artifactChanges: [
              { artifactLocation, replacements: [{ deletedRegion: region, insertedContent: { text: "good" } }] },
            ],
          },
        ],
      }),
    ]);
  });

  test("a fingerprint outlives lines above, and tells twins apart", async () => {
    const prints = async (text: string): Promise<string[]> => {
      const log = JSON.parse(await report(text, "sarif"));
      return log.runs[0].results.map(
        (result: { partialFingerprints: object }) => Object.values(result.partialFingerprints)[0],
      );
    };
    const [first, second] = await prints("FROM a\n# badword\n# badword\n");
    expect(first).not.toBe(second);
    expect(await prints("FROM a\n\n\n# badword\n# badword\n")).toEqual([first, second]);
  });

  test("an unreadable file makes the run unsuccessful", async () => {
    const ran = await run(folderWith({}), ["lint", "--format", "sarif", "gone"]);
    expect(JSON.parse(ran.out).runs[0].invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ message: { text: "gone does not exist." } }],
    });
  });
});

describe("github", () => {
  test("escapes what would end a property or the message", async () => {
    expect(await report("FROM a\n# badword\n", "github", "a,b:100%")).toBe(
      "::error file=a%2Cb%3A100%25,line=2,endLine=2,col=3,endColumn=10,title=bad-word::Found badword; write something else.\n",
    );
  });
  test("infos are notices", async () => {
    expect(await report("FROM a:latest\n", "github")).toMatch(/^::notice file=Dockerfile,/);
  });
});
