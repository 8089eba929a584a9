import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { version } from "../../server/src/version";

test.each(["package.json", "server/package.json", "client/package.json"])("%s has the product's version", (path) => {
  expect(JSON.parse(readFileSync(join(__dirname, "../..", path), "utf8")).version).toBe(version);
});
