import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exampleCatalogue } from "../../server/src/core/catalogue/examples";
import { allRules, defineRule } from "../../server/src/core/index";
import { sampleRules } from "./sample-rules";
import { folderWith, run } from "./terminal";

const bad = "FROM scratch\nCOPY badword /\n";

describe("exit codes", () => {
  test.each([
    { text: "FROM scratch\n", args: [], code: 0 },
    { text: bad, args: [], code: 1 },
    { text: "FROM scratch\nCOPY oldword /\n", args: [], code: 0 },
    { text: "FROM scratch\nCOPY oldword /\n", args: ["--fail-on", "warning"], code: 1 },
    { text: bad, args: ["--fail-on", "never"], code: 0 },
    { text: "FROM a:latest\n", args: ["--fail-on=hint"], code: 1 },
    { text: bad, args: ["--rule", "bad-word=info"], code: 0 },
    { text: "FROM a:latest\n", args: ["--rule", "DL3007=error"], code: 1 },
  ])("$args gives $code", async ({ text, args, code }) => {
    expect(await run(folderWith({ Dockerfile: text }), ["lint", ...args])).toMatchObject({ code, err: "" });
  });

  test("no Dockerfile is no failure, and is said", async () => {
    expect(await run(folderWith({ "a.txt": "" }), ["lint"])).toEqual({
      code: 0,
      out: "",
      err: "plimsoll: No Dockerfile found.\n",
    });
  });

  test("a missing path is named, the others are done, and 2 wins", async () => {
    const ran = await run(folderWith({ Dockerfile: bad }), ["lint", "nowhere", "Dockerfile"]);
    expect(ran).toMatchObject({ code: 2, err: "plimsoll: nowhere does not exist.\n" });
    expect(ran.out).toContain("[bad-word]");
  });
});

describe("what is linted", () => {
  const files = {
    Dockerfile: bad,
    "a/Dockerfile.prod": bad,
    "a/api.dockerfile": bad,
    "a/Dockerfile.tmpl": bad,
    ".devcontainer/Containerfile": bad,
    "node_modules/x/Dockerfile": bad,
    "vendor/Dockerfile": bad,
    "odd-name": bad,
  };
  const paths = async (args: string[]): Promise<string[]> => {
    const ran = await run(folderWith(files), ["lint", "--format", "json", ...args]);
    return (JSON.parse(ran.out) as { files: { path: string }[] }).files.map((file) => file.path);
  };

  test("folders are searched by name, without what others wrote", async () => {
    expect(await paths([])).toEqual([
      "Dockerfile",
      ".devcontainer/Containerfile",
      "a/Dockerfile.prod",
      "a/api.dockerfile",
    ]);
  });
  test("a file that is named is linted whatever its name", async () => {
    expect(await paths(["odd-name", "a/Dockerfile.tmpl"])).toEqual(["odd-name", "a/Dockerfile.tmpl"]);
  });
  test("a folder that is named is searched even when it would be skipped", async () => {
    expect(await paths(["vendor"])).toEqual(["vendor/Dockerfile"]);
  });
  test("globs", async () => {
    expect(await paths(["a/*"])).toEqual(["a/Dockerfile.prod", "a/api.dockerfile"]);
    expect(await paths(["**/*.tmpl"])).toEqual(["a/Dockerfile.tmpl"]);
  });
  test("each file once", async () => {
    expect(await paths(["a", "a/api.dockerfile", "./a/../a/api.dockerfile"])).toEqual([
      "a/Dockerfile.prod",
      "a/api.dockerfile",
    ]);
  });
});

describe("bad input", () => {
  const utf16 = new Uint8Array([0xff, 0xfe, 0x46, 0, 0x52, 0]);
  test.each([
    { name: "empty", content: "", code: 0, err: "" },
    {
      name: "NUL",
      content: new Uint8Array([70, 0, 71]),
      code: 2,
      err: "plimsoll: Dockerfile is a binary file (it contains NUL bytes).\n",
    },
    {
      name: "UTF-16",
      content: utf16,
      code: 2,
      err: "plimsoll: Dockerfile is UTF-16; Docker reads only UTF-8, so save the file as UTF-8.\n",
    },
    { name: "CRLF", content: "FROM scratch\r\nCOPY badword /\r\n", code: 1, err: "" },
    { name: "bare CR", content: "FROM scratch\rCOPY badword /\r", code: 1, err: "" },
    { name: "mark", content: `\uFEFF${bad}`, code: 1, err: "" },
    {
      name: "not UTF-8",
      content: new Uint8Array([...new TextEncoder().encode(bad), 0x23, 0xff, 10]),
      code: 1,
      err: "",
    },
  ])("$name", async ({ content, code, err }) => {
    expect(await run(folderWith({ Dockerfile: content }), ["lint"])).toMatchObject({ code, err });
  });

  test("a line of a megabyte is cut around the finding", async () => {
    const line = `RUN ${"x".repeat(500_000)} badword ${"y".repeat(500_000)}`;
    const ran = await run(folderWith({ Dockerfile: `FROM scratch\n${line}\n` }), ["lint"]);
    expect(ran.code).toBe(1);
    expect(Math.max(...ran.out.split("\n").map((row) => row.length))).toBeLessThan(200);
    expect(ran.out).toMatch(/…x+ badword y+…/);
  });

  test("what is not a file is named", async () => {
    const folder = folderWith({});
    mkdirSync(join(folder, "x"));
    symlinkSync("nowhere", join(folder, "x", "Dockerfile"));
    const ran = await run(folder, ["lint"]);
    expect(ran).toMatchObject({ code: 2, err: "plimsoll: x/Dockerfile cannot be read (it does not exist).\n" });
  });

  test("a rule that throws costs itself", async () => {
    const [first] = sampleRules;
    if (!first) throw new Error("no rule");
    const broken = defineRule({
      ...first,
      id: "broken",
      // biome-ignore lint/correctness/useYield: it throws before it could.
      *check() {
        throw new Error("oh");
      },
    });
    const ran = await run(folderWith({ Dockerfile: bad }), ["lint"], { product: { rules: [broken, ...sampleRules] } });
    expect(ran.err).toBe(
      "plimsoll: Rule broken failed on Dockerfile: oh. The other rules went on; please report this.\n",
    );
    expect(ran.out).toContain("[bad-word]");
  });
});

describe("fixing", () => {
  test("safe fixes are made, others are left and counted", async () => {
    const folder = folderWith({ Dockerfile: "FROM scratch\nCOPY badword oldword /\n" });
    const ran = await run(folder, ["fix"]);
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe("FROM scratch\nCOPY good oldword /\n");
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toContain("Made 1 fix in 1 file.\n1 finding left (1 warning) in 1 file.\n");
    expect(ran.out).toContain("`plimsoll fix --unsafe-fixes`");
  });

  test("unsafe ones on demand", async () => {
    const folder = folderWith({ Dockerfile: "FROM scratch\nCOPY badword oldword /\n" });
    await run(folder, ["lint", "--fix", "--unsafe-fixes"]);
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe("FROM scratch\nCOPY good new /\n");
  });

  test("of one rule only", async () => {
    const folder = folderWith({ Dockerfile: "FROM scratch\nCOPY badword keyfile /\n" });
    await run(folder, ["lint", "--fix-rule", "key-file"]);
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe("FROM scratch\nCOPY badword nokey /\n");
  });

  test("other files change along, without doubles, and the note is shown", async () => {
    const folder = folderWith({
      "a/Dockerfile": "FROM keyfile\n",
      "b/Dockerfile": "FROM keyfile\n",
      "b/.dockerignore": "x\n*.pem",
    });
    const ran = await run(folder, ["fix"]);
    expect(readFileSync(join(folder, "a/.dockerignore"), "utf8")).toBe("*.pem\n");
    expect(readFileSync(join(folder, "b/.dockerignore"), "utf8")).toBe("x\n*.pem");
    expect(ran.err).toContain("plimsoll: a/Dockerfile: Mind the other file.\n");
  });

  test("mark, line ends and mode stay", async () => {
    const folder = folderWith({ Dockerfile: "\uFEFFFROM scratch\r\nCOPY badword /\r\n" });
    chmodSync(join(folder, "Dockerfile"), 0o640);
    await run(folder, ["fix"]);
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe("\uFEFFFROM scratch\r\nCOPY good /\r\n");
    expect(statSync(join(folder, "Dockerfile")).mode & 0o777).toBe(0o640);
  });

  test("a link stays a link", async () => {
    const folder = folderWith({ "real/file": bad });
    symlinkSync("real/file", join(folder, "Dockerfile"));
    await run(folder, ["fix"]);
    expect(lstatSync(join(folder, "Dockerfile")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, "real/file"), "utf8")).toContain("good");
  });

  test("bytes that are not UTF-8 are never lost", async () => {
    const content = new Uint8Array([...new TextEncoder().encode(bad), 0x23, 0xff, 10]);
    const folder = folderWith({ Dockerfile: content });
    const ran = await run(folder, ["fix"]);
    expect(ran).toMatchObject({
      code: 2,
      err: "plimsoll: Dockerfile was not fixed: it is not valid UTF-8, and writing it would lose bytes.\n",
    });
    expect(new Uint8Array(readFileSync(join(folder, "Dockerfile")))).toEqual(content);
  });

  test("--diff shows and writes nothing", async () => {
    const folder = folderWith({ Dockerfile: bad });
    const ran = await run(folder, ["lint", "--diff"]);
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(bad);
    expect(ran.code).toBe(1);
    expect(ran.out).toContain(
      "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,2 +1,2 @@\n FROM scratch\n-COPY badword /\n+COPY good /\n",
    );
    expect(ran.out).toContain("Would make 1 fix in 1 file.\n");
  });

  test("leaves no temporary file behind", async () => {
    const folder = folderWith({ Dockerfile: bad });
    await run(folder, ["fix"]);
    const { readdirSync } = await import("node:fs");
    expect(readdirSync(folder).sort()).toEqual([".git", "Dockerfile"]);
  });
});

describe("fixes that change another file alone", () => {
  const files = { Dockerfile: "FROM scratch\nCOPY . .\n", ".env": "A=1\n", "main.js": "" };
  const rules = allRules.filter((rule) => rule.id === "dockerignore-gap");
  const product = { rules };

  test("the file is written, and the finding is gone", async () => {
    const folder = folderWith(files);
    const ran = await run(folder, ["fix", "--unsafe-fixes", "--context", ".", "."], { product });
    expect(ran.out).toContain("Made 1 fix in 1 file.");
    expect(readFileSync(join(folder, ".dockerignore"), "utf8")).toBe(".env\n.git\n");
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(files.Dockerfile);
    expect((await run(folder, ["lint", "--context", ".", "."], { product })).out).not.toContain("dockerignore-gap");
  });

  test("the root of a repository and a folder with a list of their own are build contexts, others may not be", async () => {
    const inside = (name: string) =>
      Object.fromEntries(Object.entries(files).map(([file, text]) => [`${name}/${file}`, text]));
    const folder = folderWith({ ...files, ...inside("part"), ...inside("own"), "own/.dockerignore": ".git\n" });
    const { out } = await run(folder, ["lint", "."], { product });
    expect(out.match(/^\S*Dockerfile(?=.*dockerignore-gap)/gm)).toEqual(["Dockerfile", "own/Dockerfile"]);
  });

  test("--diff shows what would come, and writes nothing", async () => {
    const folder = folderWith({ ...files, ".dockerignore": "main.js" });
    const ran = await run(folder, ["fix", "--unsafe-fixes", "--diff", "--context", ".", "."], { product });
    expect(ran.out).toContain("--- a/.dockerignore\n+++ b/.dockerignore\n");
    expect(ran.out).toContain("+.env\n+.git\n");
    expect(readFileSync(join(folder, ".dockerignore"), "utf8")).toBe("main.js");
  });
});

test("a rewrite is made only where its rule is named", async () => {
  const text = 'FROM golang:1.27\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\nENTRYPOINT ["/app"]\n';
  const product = { rules: allRules, catalogue: exampleCatalogue };
  const folder = folderWith({ Dockerfile: text });
  await run(folder, ["fix", "--unsafe-fixes"], { product });
  expect(readFileSync(join(folder, "Dockerfile"), "utf8")).not.toContain("--from=build");
  const other = folderWith({ Dockerfile: text });
  await run(other, ["fix", "--unsafe-fixes", "--fix-rule", "missing-multi-stage"], { product });
  expect(readFileSync(join(other, "Dockerfile"), "utf8")).toContain("COPY --from=build /app /app");
});

describe("stdin", () => {
  test("is linted under the name it is given, with the configuration that lies there", async () => {
    const folder = folderWith({ "a/.plimsoll.yaml": "rules: { bad-word: off }\n" });
    expect((await run(folder, ["lint", "-"], { stdin: bad })).out).toContain("Dockerfile:2:6 error:");
    const ran = await run(folder, ["lint", "-", "--stdin-filename", "a/Dockerfile"], { stdin: bad });
    expect(ran).toMatchObject({ code: 0, out: "No findings in 1 file.\n" });
  });

  test("with --fix the mended text goes to stdout, the report to stderr", async () => {
    const ran = await run(folderWith({}), ["fix", "-"], { stdin: `${bad}# oldword\n` });
    expect(ran.out).toBe("FROM scratch\nCOPY good /\n# oldword\n");
    expect(ran.err).toContain("[old-word]");
  });

  test("a clean text comes back as it was", async () => {
    expect(await run(folderWith({}), ["fix", "-", "-q"], { stdin: "FROM a" })).toEqual({
      code: 0,
      out: "FROM a",
      err: "",
    });
  });
});

describe("configuration", () => {
  test("the nearest file counts, and its faults are named with their place", async () => {
    const folder = folderWith({
      ".plimsoll.yaml": "rules:\n  bad-wrd: off\nfailon: error\n",
      Dockerfile: bad,
      "a/.plimsoll.yaml": "rules: { bad-word: off }\n",
      "a/Dockerfile": bad,
    });
    const ran = await run(folder, ["lint"]);
    expect(ran.code).toBe(2);
    expect(ran.err).toBe(
      '.plimsoll.yaml:2:3: error: Unknown rule "bad-wrd"; did you mean "bad-word"?\n' +
        '.plimsoll.yaml:3:1: error: Unknown key "failon"; did you mean "failOn"? Valid: extends, rules, ignore, failOn, registry, signatures, buildArgs, target, inlineConfig.\n' +
        "plimsoll: Dockerfile was not linted: .plimsoll.yaml has errors.\n",
    );
    expect(ran.out).toBe("No findings in 1 file.\n");
  });

  test("ignore, failOn and options of the command line", async () => {
    const folder = folderWith({
      ".plimsoll.yaml": "ignore: [old]\nfailOn: info\n",
      "old/Dockerfile": bad,
      Dockerfile: "FROM a:latest\n",
    });
    expect((await run(folder, ["lint"])).code).toBe(1);
    expect((await run(folder, ["lint", "--fail-on", "error"])).code).toBe(0);
    expect((await run(folder, ["lint", "old/Dockerfile"])).code).toBe(1);
  });

  test("a folder of that name is a fault", async () => {
    const folder = folderWith({ ".plimsoll.yaml/x": "", Dockerfile: bad });
    const ran = await run(folder, ["lint"]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(".plimsoll.yaml:1:1: error: It is a folder, not a file.\n");
  });

  test("--config", async () => {
    const folder = folderWith({
      "conf/my.yaml": "rules: { bad-word: off }\n",
      Dockerfile: bad,
      ".plimsoll.yaml": "nonsense: 1\n",
    });
    expect((await run(folder, ["lint", "--config", "conf/my.yaml"])).code).toBe(0);
    expect(await run(folder, ["lint", "--config", "conf/none.yaml"])).toMatchObject({ code: 2, out: "" });
    expect(await run(folder, ["lint", "--config", "conf"])).toMatchObject({ code: 2, out: "" });
  });

  test("hadolint's file is read where there is none of ours", async () => {
    const folder = folderWith({ ".hadolint.yaml": "override:\n  error: [DL3007]\n", Dockerfile: "FROM a:latest\n" });
    expect((await run(folder, ["lint"])).code).toBe(1);
  });

  test("comments silence, unless they are not to", async () => {
    const folder = folderWith({ Dockerfile: "FROM scratch\n# plimsoll ignore=bad-word -- fine\nCOPY badword /\n" });
    expect((await run(folder, ["lint"])).code).toBe(0);
    expect((await run(folder, ["lint", "--no-inline-config"])).code).toBe(1);
  });
});

describe("mistakes in the arguments", () => {
  test.each([
    [["lint", "--fixx"], 'Unknown option --fixx; did you mean "--fix"? `plimsoll lint --help` lists the options.'],
    [
      ["lint", "--format", "xml"],
      '"xml" is not valid for --format. Valid: text, json, sarif, github, gitlab, checkstyle, junit.',
    ],
    [
      ["lint", "--format", "jsn"],
      '"jsn" is not valid for --format; did you mean "json"? Valid: text, json, sarif, github, gitlab, checkstyle, junit.',
    ],
    [["lint", "--config"], "--config needs a value: --config FILE."],
    [["lint", "--config", "--fix"], "--config needs a value: --config FILE."],
    [["lint", "--fix=yes"], "--fix takes no value."],
    [["lint", "--rule", "bad-word"], '--rule takes ID=SEVERITY, not "bad-word".'],
    [["lint", "--rule", "bad-wrd=off"], 'Unknown rule "bad-wrd"; did you mean "bad-word"?'],
    [
      ["lint", "--rule", "bad-word=warn"],
      '"warn" is not valid for --rule bad-word; did you mean "warning"? Valid: error, warning, info, hint, off, on.',
    ],
    [["lint", "--today", "2026-02-30"], '"2026-02-30" is not a day; --today takes YYYY-MM-DD.'],
    [["lint", "--unsafe-fixes"], "--unsafe-fixes needs --fix or --diff."],
    [["lint", "--context", "nowhere"], "--context:"],
    [
      ["lnt"],
      'Unknown command "lnt"; did you mean "lint"? Commands: lint, fix, format, stages, rules, explain, init, pin, verify, scan, lsp.',
    ],
    [["Dockerfile"], 'Unknown command "Dockerfile". To lint a file: `plimsoll lint Dockerfile`.'],
    [["explain"], "Which rule? `plimsoll rules` lists them all."],
    [["explain", "bas-latest"], 'Unknown rule "bas-latest"; did you mean "base-latest"?'],
  ])("%j", async (args, message) => {
    const ran = await run(folderWith({ Dockerfile: bad }), args);
    expect(ran).toMatchObject({ code: 2, out: "" });
    expect(ran.err).toContain(`plimsoll: ${message}`);
  });
});

describe("output", () => {
  test("--output writes the report to a file", async () => {
    const folder = folderWith({ Dockerfile: bad });
    expect(await run(folder, ["lint", "--format", "json", "--output", "r.json"])).toEqual({
      code: 1,
      out: "",
      err: "",
    });
    expect(JSON.parse(readFileSync(join(folder, "r.json"), "utf8"))).toMatchObject({ version: 1 });
    const ran = await run(folder, ["lint", "--output", "no/such/r.txt"]);
    expect(ran.code).toBe(2);
    expect(existsSync(join(folder, "no"))).toBe(false);
  });

  test("colours: terminal, NO_COLOR, --color, --no-color", async () => {
    const folder = folderWith({ Dockerfile: bad });
    const colored = async (args: string[], world: Parameters<typeof run>[2]): Promise<boolean> =>
      (await run(folder, ["lint", ...args], world)).out.includes("\x1b[");
    expect(await colored([], { isTTY: true })).toBe(true);
    expect(await colored([], {})).toBe(false);
    expect(await colored([], { isTTY: true, env: { NO_COLOR: "1" } })).toBe(false);
    expect(await colored(["--color"], { env: { NO_COLOR: "1" } })).toBe(true);
    expect(await colored(["--no-color"], { isTTY: true, env: { FORCE_COLOR: "1" } })).toBe(false);
  });

  test("--quiet leaves only findings", async () => {
    const ran = await run(folderWith({ Dockerfile: bad }), ["lint", "-q"]);
    expect(ran.out).toBe(
      "Dockerfile:2:6 error: Found badword; write something else. [bad-word]\n    2 | COPY badword /\n      |      ~~~~~~~\n\n",
    );
    expect((await run(folderWith({ Dockerfile: "FROM a\n" }), ["lint", "-q"])).out).toBe("");
  });
});
