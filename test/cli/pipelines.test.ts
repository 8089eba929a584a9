/** What pipelines need: baselines, lists of files, only what changed. */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, run } from "./terminal";

const bad = "FROM scratch\nCOPY badword /\n";

describe("--baseline", () => {
  const known = async (files: { readonly [path: string]: string }): Promise<string> => {
    const folder = folderWith(files);
    const ran = await run(folder, ["lint", "--baseline", "known.json", "--update-baseline"]);
    expect(ran.code).toBe(0);
    return folder;
  };

  test("what it knows neither shows nor counts, wherever it has moved to", async () => {
    const folder = await known({ Dockerfile: bad });
    writeFileSync(join(folder, "Dockerfile"), `# a line above\n\n${bad}`);
    expect(await run(folder, ["lint", "--baseline", "known.json"])).toEqual({
      code: 0,
      out: "No findings in 1 file.\nLeft out: 1 finding that the baseline knows.\n",
      err: "",
    });
  });

  test("one more of the same kind is new", async () => {
    const folder = await known({ Dockerfile: bad });
    appendFileSync(join(folder, "Dockerfile"), "RUN badword\n");
    const ran = await run(folder, ["lint", "--baseline", "known.json", "--format", "json"]);
    expect(ran.code).toBe(1);
    const [file] = JSON.parse(ran.out).files;
    expect(file.findings.map((finding: { range: { start: unknown } }) => finding.range.start)).toEqual([
      { line: 2, character: 4 },
    ]);
  });

  test("files of the same findings are told apart, and paths hold from any folder", async () => {
    const folder = await known({ "a/Dockerfile": bad, "b/Dockerfile": "FROM scratch\n" });
    expect(await run(join(folder, "a"), ["lint", "--baseline", "../known.json"])).toMatchObject({ code: 0 });
    writeFileSync(join(folder, "b/Dockerfile"), bad);
    expect(await run(folder, ["lint", "--baseline", "known.json", "b"])).toMatchObject({ code: 1 });
  });

  test("holds no text of the files, which may be a secret", async () => {
    const folder = await known({ Dockerfile: bad });
    const text = readFileSync(join(folder, "known.json"), "utf8").replace(/[0-9a-f]{16}/, "digest");
    expect(JSON.parse(text)).toEqual({ version: 1, files: { Dockerfile: { "bad-word": { digest: 1 } } } });
  });

  test("an update keeps what it did not look at, and drops files that are gone", async () => {
    const folder = await known({ "a/Dockerfile": bad, "b/Dockerfile": bad, "c/Dockerfile": bad });
    writeFileSync(join(folder, "a/Dockerfile"), "FROM scratch\n");
    rmSync(join(folder, "c/Dockerfile"));
    await run(folder, ["lint", "--baseline", "known.json", "--update-baseline", "a"]);
    expect(Object.keys(JSON.parse(readFileSync(join(folder, "known.json"), "utf8")).files)).toEqual(["b/Dockerfile"]);
  });

  test("says when an entry is outdated", async () => {
    const folder = await known({ Dockerfile: bad });
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
    expect((await run(folder, ["lint", "--baseline", "known.json"])).err).toBe(
      "plimsoll: 1 finding of known.json can no longer be found; --update-baseline takes them out.\n",
    );
  });

  test.each([
    [
      ["--baseline", "gone.json"],
      "--baseline: gone.json cannot be read (it does not exist). --update-baseline writes it.",
    ],
    [
      ["--baseline", "Dockerfile"],
      "--baseline: Dockerfile is no baseline of this version of Plimsoll; it was left as it is.",
    ],
    [
      ["--baseline", "Dockerfile", "--update-baseline"],
      "--baseline: Dockerfile is no baseline of this version of Plimsoll; it was left as it is.",
    ],
    [["--baseline", "sub", "--update-baseline"], "--baseline: sub cannot be read (it is a folder)."],
    [["--update-baseline"], "--update-baseline needs --baseline FILE."],
  ])("%j is refused", async (args, message) => {
    const folder = folderWith({ Dockerfile: bad });
    mkdirSync(join(folder, "sub"));
    expect(await run(folder, ["lint", ...args])).toEqual({ code: 2, out: "", err: `plimsoll: ${message}\n` });
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(bad);
  });
});

describe("--files-from", () => {
  const paths = async (
    stdin: string | Uint8Array,
    ...args: string[]
  ): Promise<{ paths: string[]; err: string; code: number }> => {
    const folder = folderWith({
      Dockerfile: bad,
      "a b/Dockerfile": bad,
      "ü/Dockerfile": bad,
      "main.go": "",
      "list.txt": "Dockerfile\r\n",
    });
    const ran = await run(folder, ["lint", "--format", "json", ...args], { stdin });
    const files: { path: string; error: string | null }[] = ran.out === "" ? [] : JSON.parse(ran.out).files;
    return { paths: files.map((file) => file.path), err: ran.err, code: ran.code };
  };

  test.each([
    ["lines", "a b/Dockerfile\nü/Dockerfile\n"],
    ["lines of Windows", "a b/Dockerfile\r\nü/Dockerfile"],
    ["NUL", "a b/Dockerfile\0ü/Dockerfile\0"],
  ])("stdin, separated by %s", async (_, stdin) => {
    expect(await paths(stdin, "--files-from", "-")).toEqual({
      paths: ["a b/Dockerfile", "ü/Dockerfile"],
      err: "",
      code: 1,
    });
  });

  test("a file", async () => {
    expect((await paths("", "--files-from", "list.txt")).paths).toEqual(["Dockerfile"]);
  });

  test("other files in the list are left out, and that is said", async () => {
    expect(await paths("main.go\nDockerfile\n", "--files-from", "-")).toMatchObject({
      paths: ["Dockerfile"],
      err: "plimsoll: 1 file of the list left out: by name no Dockerfile. Name a file as an argument to lint it anyway.\n",
    });
  });

  test("an empty list is no folder", async () => {
    expect(await paths("", "--files-from", "-")).toEqual({
      paths: [],
      err: "plimsoll: No Dockerfile found.\n",
      code: 0,
    });
  });

  test("what is missing is named", async () => {
    expect(await paths("gone/Dockerfile\n", "--files-from=-")).toMatchObject({
      code: 2,
      err: "plimsoll: gone/Dockerfile does not exist.\n",
    });
  });

  test("stdin is one thing only", async () => {
    expect(await paths("", "--files-from", "-", "-")).toMatchObject({ code: 2, paths: [] });
  });
});

describe("--changed-only", () => {
  const git = (folder: string, ...args: string[]): void => {
    const fixed = [
      "-c",
      "user.name=a",
      "-c",
      "user.email=a@b",
      "-c",
      "commit.gpgsign=false",
      "-c",
      "init.defaultBranch=main",
    ];
    const done = spawnSync("git", [...fixed, ...args], { cwd: folder, encoding: "utf8" });
    expect(done).toMatchObject({ status: 0 });
  };
  /** A repository with a branch that changed one Dockerfile, holds another change uncommitted and one untracked. */
  const repository = (): string => {
    const folder = folderWith({
      "same/Dockerfile": bad,
      "committed/Dockerfile": bad,
      "edited/Dockerfile": bad,
      "gone/Dockerfile": bad,
    });
    rmSync(join(folder, ".git"), { recursive: true });
    git(folder, "init", "-q");
    git(folder, "add", ".");
    git(folder, "commit", "-qm", "first");
    git(folder, "switch", "-qc", "work");
    appendFileSync(join(folder, "committed/Dockerfile"), "# x\n");
    rmSync(join(folder, "gone/Dockerfile"));
    git(folder, "commit", "-qam", "second");
    appendFileSync(join(folder, "edited/Dockerfile"), "# x\n");
    mkdirSync(join(folder, "ü new"));
    writeFileSync(join(folder, "ü new/Dockerfile"), bad);
    return folder;
  };
  const paths = async (folder: string, ...args: string[]): Promise<string[]> => {
    const ran = await run(folder, ["lint", "--format", "json", ...args]);
    expect(ran.err).toBe("");
    return JSON.parse(ran.out).files.map((file: { path: string }) => file.path);
  };

  test("since the branch left the default branch: committed, uncommitted and new files", async () => {
    const folder = repository();
    const changed = ["committed/Dockerfile", "edited/Dockerfile", "ü new/Dockerfile"];
    expect(await paths(folder, "--changed-only")).toEqual(changed);
    // What others did to the default branch meanwhile is not this branch's change.
    git(folder, "stash", "-q");
    git(folder, "switch", "-q", "main");
    appendFileSync(join(folder, "same/Dockerfile"), "# x\n");
    git(folder, "commit", "-qam", "third");
    git(folder, "switch", "-q", "work");
    git(folder, "stash", "pop", "-q");
    expect(await paths(folder, "--changed-only")).toEqual(changed);
  });

  test("since another commit, from a folder inside, for paths that were named", async () => {
    const folder = repository();
    expect(await paths(folder, "--changed-only=HEAD")).toEqual(["edited/Dockerfile", "ü new/Dockerfile"]);
    expect(await paths(join(folder, "edited"), "--changed-only", "Dockerfile")).toEqual(["Dockerfile"]);
    expect(await paths(folder, "--changed-only", "committed", "same/Dockerfile")).toEqual(["committed/Dockerfile"]);
  });

  test("nothing changed is no failure, and is said", async () => {
    const folder = repository();
    expect(await run(join(folder, "same"), ["lint", "--changed-only"])).toEqual({
      code: 0,
      out: "",
      err: "plimsoll: No Dockerfile changed.\n",
    });
  });

  test("what git cannot say is a clear mistake", async () => {
    const folder = repository();
    const refused = async (...args: string[]): Promise<string> => {
      const ran = await run(folder, ["lint", ...args]);
      expect(ran).toMatchObject({ code: 2, out: "" });
      return ran.err;
    };
    expect(await refused("--changed-only=nope")).toContain('git knows no commit "nope" here');
    expect(await refused("--changed-only=--output=x")).toContain('git knows no commit "--output=x" here');
    expect(existsSync(join(folder, "x"))).toBe(false);
    git(folder, "branch", "-qm", "main", "trunk");
    expect(await refused("--changed-only")).toContain("name it: --changed-only=REF");
    git(folder, "checkout", "-q", "--orphan", "lonely");
    git(folder, "commit", "-qm", "fourth");
    expect(await refused("--changed-only=trunk")).toContain("no common ancestor of trunk and HEAD");
  });

  test("without git, or outside of a repository", async () => {
    const folder = folderWith({ Dockerfile: bad });
    const absent = { run: async () => ({ kind: "absent" as const }), runNow: () => ({ kind: "absent" as const }) };
    expect(await run(folder, ["lint", "--changed-only"], { processes: absent })).toEqual({
      code: 2,
      out: "",
      err: "plimsoll: --changed-only needs git, which is not on the PATH.\n",
    });
    expect((await run(folder, ["lint", "--changed-only"])).err).toMatch(
      /^plimsoll: --changed-only: not a git repository/,
    );
  });

  test("no git without the option", async () => {
    const refuse = (): never => {
      throw new Error("a process was started");
    };
    const never = { run: refuse, runNow: refuse };
    expect((await run(folderWith({ Dockerfile: bad }), ["lint"], { processes: never })).code).toBe(1);
  });
});
