/** The configurations in docs/editors.md can be read, and name what there is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clientRequests, commands, serverNotifications, serverRequests } from "../../server/src/lsp/protocol";

const root = join(__dirname, "../..");
const page = readFileSync(join(root, "docs/editors.md"), "utf8");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language,
  text: text ?? "",
}));

test("what is JSON parses", () => {
  const json = blocks.filter(({ language }) => language === "json");
  expect(json.length).toBeGreaterThan(3);
  for (const { text } of json) expect(() => JSON.parse(text), text).not.toThrow();
});

test("the programs are those of the package", () => {
  const { bin } = JSON.parse(readFileSync(join(root, "server/package.json"), "utf8"));
  const called = [...page.matchAll(/\bplimsoll(?:-[a-z-]+)?(?= (?:lsp )?--stdio|", "--stdio)/g)].map(([name]) => name);
  expect(called.length).toBeGreaterThan(4);
  for (const name of called) expect(Object.keys(bin)).toContain(name);
});

test("names with a slash or a dot are requests, commands and settings that exist", () => {
  const known = new Set<string>([
    ...[clientRequests, serverRequests, serverNotifications, commands].flatMap((table) => Object.values(table)),
    ...Object.keys(manifest.contributes.configuration.properties),
    `${manifest.publisher}.${manifest.name}`,
  ]);
  const named = [...page.matchAll(/(?<![\w.])plimsoll[./][A-Za-z.-]+[A-Za-z]/g)].map(([name]) => name);
  expect(named.length).toBeGreaterThan(8);
  expect([...new Set(named)].filter((name) => !known.has(name) && name !== "plimsoll.yaml")).toEqual([]);
});
