import { describe, expect, test } from "vitest";
import { createConfigSource } from "../../server/src/config/find";
import { createIgnore } from "../../server/src/config/ignore";
import { parentOf, relativeTo } from "../../server/src/config/paths";
import { nearest } from "../../server/src/config/suggest";
import type { FileReader } from "../../server/src/core/index";
import { sampleRules } from "../cli/sample-rules";

// Files by path; remembers which folders were listed.
function reader(files: { readonly [path: string]: string }, asked: string[] = []): FileReader {
  return {
    read: async (path) => files[path] ?? null,
    list: async (path) => {
      asked.push(path);
      const prefix = path.endsWith("/") ? path : `${path}/`;
      const inside = Object.keys(files).filter((file) => file.startsWith(prefix));
      const names = inside.map((file) => file.slice(prefix.length).replace(/\/.*/, "/"));
      return inside.length === 0 && files[path] !== undefined ? null : [...new Set(names)];
    },
  };
}

const find = async (files: { readonly [path: string]: string }, path: string, boundary: string | null = null) =>
  (await createConfigSource({ reader: reader(files), rules: sampleRules, boundary }).forFile(path))?.path ?? null;

describe("the nearest file", () => {
  test("upward, to the git root and no further", async () => {
    const files = { "/.plimsoll.yaml": "", "/r/.git/x": "", "/r/a/.plimsoll.yml": "" };
    expect(await find(files, "/r/a/b/Dockerfile")).toBe("/r/a/.plimsoll.yml");
    expect(await find(files, "/r/c/Dockerfile")).toBe(null);
    expect(await find({ ...files, "/r/.plimsoll.yaml": "" }, "/r/c/Dockerfile")).toBe("/r/.plimsoll.yaml");
    expect(await find(files, "/x/Dockerfile")).toBe("/.plimsoll.yaml");
  });
  test("a workspace folder ends the search, a git root within it does not", async () => {
    const files = { "/w/.plimsoll.yaml": "", "/w/sub/.git/x": "", "/.plimsoll.yaml": "" };
    expect(await find(files, "/w/sub/Dockerfile", "/w")).toBe("/w/.plimsoll.yaml");
    expect(await find({ "/.plimsoll.yaml": "" }, "/w/Dockerfile", "/w")).toBe(null);
  });
  test("the folders up to the workspace folder are all asked for at once, and none above it", async () => {
    const asked: string[] = [];
    const source = createConfigSource({ reader: reader({}, asked), rules: sampleRules, boundary: "/w" });
    const found = source.forFile("/w/a/b/Dockerfile");
    expect(asked).toEqual(["/w/a/b", "/w/a", "/w"]);
    await found;
    await createConfigSource({ reader: reader({}, asked), rules: sampleRules, boundary: "/w" }).forFile(
      "/x/Dockerfile",
    );
    expect(asked.slice(3)).toEqual(["/x", "/"]);
  });
  test("hadolint's only where there is none of ours, however near it is", async () => {
    const files = { "/r/a/.hadolint.yaml": "", "/r/.git/x": "" };
    expect(await find(files, "/r/a/Dockerfile")).toBe("/r/a/.hadolint.yaml");
    expect(await find({ ...files, "/r/.plimsoll.yaml": "" }, "/r/a/Dockerfile")).toBe("/r/.plimsoll.yaml");
  });
  test("URIs", async () => {
    expect(await find({ "file:///w/.plimsoll.yaml": "" }, "file:///w/a/Dockerfile", "file:///w")).toBe(
      "file:///w/.plimsoll.yaml",
    );
    expect(await find({ "vscode-vfs://github/o/r/.plimsoll.yaml": "" }, "vscode-vfs://github/o/r/a/Dockerfile")).toBe(
      "vscode-vfs://github/o/r/.plimsoll.yaml",
    );
  });
  test("a folder that is gone costs one look above it, for all of its neighbours", async () => {
    const read: string[] = [];
    const gone: FileReader = {
      read: async (path) => {
        read.push(path);
        return null;
      },
      list: async (path) => (path === "/r" ? ["kept/", ".git/"] : null),
    };
    const source = createConfigSource({ reader: gone, rules: sampleRules, boundary: null });
    await source.forFile("/r/a/Dockerfile");
    await source.forFile("/r/b/Dockerfile");
    expect(read).toEqual([]);
    // It is there and may not be listed: its files may be readable all the same.
    await source.forFile("/r/kept/Dockerfile");
    expect(read).toContain("/r/kept/.plimsoll.yaml");
  });
  test("each folder is looked at once, until something changes", async () => {
    const asked: string[] = [];
    const source = createConfigSource({
      reader: reader({ "/r/.git/x": "" }, asked),
      rules: sampleRules,
      boundary: null,
    });
    await source.forFile("/r/a/Dockerfile");
    await source.forFile("/r/a/Dockerfile.b");
    await source.forFile("/r/b/Dockerfile");
    expect(asked).toEqual(["/r/a", "/r", "/r/b"]);
    source.clear();
    await source.forFile("/r/a/Dockerfile");
    expect(asked.length).toBe(5);
  });
  test("one that cannot be read is a problem, not silence", async () => {
    const files: FileReader = {
      read: async () => null,
      list: async (path) => (path === "/r" ? [".plimsoll.yaml", ".git/"] : null),
    };
    const found = await createConfigSource({ reader: files, rules: sampleRules, boundary: null }).forFile(
      "/r/Dockerfile",
    );
    expect(found?.problems).toMatchObject([{ severity: "error", message: "It cannot be read." }]);
  });
});

test.each([
  [["old"], "old/Dockerfile", true],
  [["old/"], "a/old/Dockerfile", true],
  [["/old"], "a/old/Dockerfile", false],
  [["a/old"], "a/old/x/Dockerfile", true],
  [["**/test/**"], "x/test/Dockerfile", true],
  [["*.dockerfile"], "a/b/x.dockerfile", true],
  [["./a/*"], "a/Dockerfile", true],
  [["a/**", "!a/keep/**"], "a/keep/Dockerfile", false],
  [["a"], "ab/Dockerfile", false],
  [[".hidden"], ".hidden/Dockerfile", true],
  [["[", "("], "a/Dockerfile", false],
  [[], "Dockerfile", false],
])("ignore %j: %s %s", (patterns, path, expected) => {
  expect(createIgnore(patterns)(path)).toBe(expected);
});

test.each([
  ["/a/b", "/a"],
  ["/a", "/"],
  ["/", null],
  ["C:/a", "C:/"],
  ["C:/", null],
  ["file:///a/b", "file:///a"],
  ["file:///a", "file:///"],
  ["file:///", null],
  ["untitled:Untitled-1", null],
])("the folder of %s is %s", (path, parent) => {
  expect(parentOf(path)).toBe(parent);
});

test("relative paths stay within the folder", () => {
  expect(relativeTo("/a", "/a/b")).toBe("b");
  expect(relativeTo("/", "/b")).toBe("b");
  expect(relativeTo("/a", "/ab")).toBe(null);
});

test("suggestions are near or none", () => {
  expect(nearest("recomended", ["recommended", "strict"])).toBe("recommended");
  expect(nearest("zzz", ["recommended", "all"])).toBe(null);
  expect(nearest("x".repeat(10_000), ["all"])).toBe(null);
  expect(nearest("", ["all"])).toBe(null);
});
