/** Which files a .dockerignore leaves out. The expectations follow from moby's documentation of the patterns. */
import { describe, expect, it } from "vitest";
import { readDockerignore } from "../../server/src/core/context/dockerignore";

const ignores = (text: string, path: string) => readDockerignore(text).ignores(path);

describe(".dockerignore", () => {
  it.each([
    // Patterns begin at the root of the context.
    ["*.log", "build.log", true],
    ["*.log", "logs/build.log", false],
    ["**/*.log", "build.log", true],
    ["**/*.log", "a/b/build.log", true],
    ["/secrets/key", "secrets/key", true],
    ["./secrets", "secrets", true],
    ["a/../secrets", "secrets/key", true],
    // What is matched takes everything below with it.
    ["cache", "cache/x/y", true],
    ["cache", "sub/cache/x", false],
    ["cache/", "cache/x", true],
    ["*/cache", "sub/cache/x/y", true],
    // The last match wins.
    ["*.md\n!README.md", "README.md", false],
    ["!README.md\n*.md", "README.md", true],
    ["*.md\n!README*.md\nREADME-old.md", "README-old.md", true],
    ["docs\n!docs/keep.txt", "docs/keep.txt", false],
    ["docs\n!docs/keep.txt", "docs/other.txt", true],
    ["*\n!src", "src/main.go", false],
    ["*\n!src", "test/main.go", true],
    ["**\n!src/**", "src/a/b", false],
    // Wildcards.
    ["temp?", "temp1", true],
    ["temp?", "temp", false],
    ["temp?", "temp/1", false],
    ["a?b", "a/b", false],
    ["*/temp*", "x/temporary.txt", true],
    ["**/bin/**", "bin/bin/tool", true],
    ["**/bin/**", "src/bin", false],
    ["a**", "abc/def", true],
    ["a**/z", "abc/z", true],
    ["**/.git", ".git/config", true],
    ["[ab].txt", "b.txt", true],
    ["[^ab].txt", "b.txt", false],
    ["[0-9].txt", "7.txt", true],
    ["a\\*b", "a*b", true],
    ["a\\*b", "axb", false],
    ["[open", "[open", true],
    // What other tools know and moby does not.
    ["{a,b}", "a", false],
    [".git", ".gitignore", false],
    ["a.c", "abc", false],
    ["Makefile", "makefile", false],
    // Lines.
    ["# note\nkey", "key", true],
    ["  key  ", "key", true],
    ["a\r\nkey\r\nb", "key", true],
    ["\uFEFFkey", "key", true],
    ["", "key", false],
    ["!", "key", false],
    [" #key", "#key", true],
  ])("%j on %j: %j", (text, path, expected) => expect(ignores(text, path)).toBe(expected));

  it("knows when something below a folder comes back", () => {
    const all = (text: string, path: string) => readDockerignore(text).ignoresAll(path);
    expect(all("*\n!src/**", "src")).toBe(false);
    expect(all("src\n!src/main.go", "src")).toBe(false);
    expect(all("*\n!**/*.go", "src")).toBe(false);
    expect(all("*\n!docs", "src")).toBe(true);
    expect(all("src", "src")).toBe(true);
    expect(all("!src/main.go\nsrc", "src")).toBe(true);
    expect(all("docs", "src")).toBe(false);
  });

  it("costs no more than pattern times path", () => {
    const text = `${"**/*a".repeat(200)}b`;
    const start = performance.now();
    expect(ignores(text, "a/".repeat(500))).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
