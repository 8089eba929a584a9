import { describe, expect, test } from "vitest";
import { escapeXml } from "../../server/src/cli/reporters/xml";
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

describe("gitlab", () => {
  test("one issue for each finding, with the keys that GitLab asks for", async () => {
    expect(JSON.parse(await report("FROM a:latest\n# badword oldword\n", "gitlab", "my dir/Dockerfile"))).toEqual([
      {
        description: "Found :latest; write something else.",
        check_name: "base-latest",
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
        severity: "minor",
        location: { path: "my dir/Dockerfile", lines: { begin: 1, end: 1 } },
      },
      expect.objectContaining({ check_name: "bad-word", severity: "critical" }),
      expect.objectContaining({ check_name: "old-word", severity: "major" }),
    ]);
  });

  test("a fingerprint outlives lines above, and tells twins apart", async () => {
    const prints = async (text: string): Promise<string[]> =>
      JSON.parse(await report(text, "gitlab")).map((issue: { fingerprint: string }) => issue.fingerprint);
    const twins = await prints("FROM a\n# badword\n# badword\n");
    expect(new Set(twins).size).toBe(2);
    expect(await prints("FROM a\n\n# badword\n# badword\n")).toEqual(twins);
  });

  test("nothing found is an empty list; what cannot be read is an issue", async () => {
    expect(await report("FROM a\n", "gitlab")).toBe("[]\n");
    const ran = await run(folderWith({}), ["lint", "--format", "gitlab", "gone"]);
    expect(JSON.parse(ran.out)).toMatchObject([{ severity: "blocker", description: "gone does not exist." }]);
  });
});

describe("checkstyle", () => {
  test("files with their findings", async () => {
    expect(await report("FROM a:latest\n# badword\n", "checkstyle", "a&b/Dockerfile")).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="a&amp;b/Dockerfile">
    <error line="1" column="7" severity="info" message="Found :latest; write something else." source="plimsoll.base-latest"/>
    <error line="2" column="3" severity="error" message="Found badword; write something else." source="plimsoll.bad-word"/>
  </file>
</checkstyle>
`,
    );
  });

  test("is XML also when there is nothing, or nothing readable", async () => {
    expect((await run(folderWith({}), ["lint", "--format", "checkstyle"])).out).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n</checkstyle>\n',
    );
    expect((await run(folderWith({}), ["lint", "--format", "checkstyle", "go<ne"])).out).toContain(
      '<error line="1" severity="error" message="go&lt;ne does not exist." source="plimsoll"/>',
    );
  });
});

describe("junit", () => {
  test("a file is a suite, a finding a failure", async () => {
    const folder = folderWith({ Dockerfile: "FROM a\n# badword\n", "b/Dockerfile": "FROM a\n" });
    expect((await run(folder, ["lint", "--format", "junit", ".", "gone"])).out).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="plimsoll" tests="3" failures="1" errors="1" time="0">
  <testsuite name="gone" tests="1" failures="0" errors="1" skipped="0" time="0">
    <testcase name="readable" classname="gone" file="gone" time="0"><error type="plimsoll" message="gone does not exist."/></testcase>
  </testsuite>
  <testsuite name="Dockerfile" tests="1" failures="1" errors="0" skipped="0" time="0">
    <testcase name="bad-word at 2:3" classname="Dockerfile" file="Dockerfile" time="0"><failure type="error.bad-word" message="Found badword; write something else.">Dockerfile:2:3 error: Found badword; write something else. [bad-word]</failure></testcase>
  </testsuite>
  <testsuite name="b/Dockerfile" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase name="no findings" classname="b/Dockerfile" file="b/Dockerfile" time="0"/>
  </testsuite>
</testsuites>
`,
    );
  });
});

test("what XML cannot hold never reaches it", () => {
  expect(escapeXml("a\u0000\u001b[31m\ud800\uffff\u202e<&>\"'\t\n👍é")).toBe(
    "a\ufffd\ufffd[31m\ufffd\ufffd\ufffd&lt;&amp;&gt;&quot;&apos;&#9;&#10;👍é",
  );
});
