import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newRule, themeList } from "../../server/scripts/new-rule";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "plimsoll-rules-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a new rule", () => {
  it("is one file, listed in its theme in the order of ids", () => {
    expect(newRule(folder, "user-of-something", "user").ok).toBe(true);
    expect(newRule(folder, "another-user", "user").ok).toBe(true);
    expect(readdirSync(join(folder, "user")).sort()).toEqual(["another-user.ts", "index.ts", "user-of-something.ts"]);
    expect(readFileSync(join(folder, "user/index.ts"), "utf8")).toContain("= [anotherUser, userOfSomething];");
    expect(readFileSync(join(folder, "index.ts"), "utf8")).toContain("[...userRules]");
  });

  it("keeps helpers out of the list", () => {
    mkdirSync(join(folder, "user"));
    writeFileSync(join(folder, "user/names.ts"), "export const names = [];\n");
    newRule(folder, "some-user", "user");
    expect(readFileSync(join(folder, "user/index.ts"), "utf8")).not.toContain("names");
  });

  it.each([
    ["Bad-Id", "user", "no rule id"],
    ["single", "user", "no rule id"],
    ["../escape-out", "user", "no rule id"],
    ["good-id", "cars", "no theme"],
    ["twice-there", "secret", "exists"],
  ])("is refused: %s in %s", (id, theme, why) => {
    newRule(folder, "twice-there", "user");
    const before = readdirSync(folder, { recursive: true }).length;
    const result = newRule(folder, id, theme);
    expect(result.ok).toBe(false);
    expect(result.message).toContain(why);
    expect(readdirSync(folder, { recursive: true }).length).toBe(before);
  });
});

it("breaks a long list over lines", () => {
  const ids = Array.from({ length: 9 }, (_, number) => `a-rather-long-id-${number}`);
  const list = themeList("user", ids);
  expect(Math.max(...list.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
});
