/** The walls inside the code: who may import whom. Biome holds them; here faults are planted to see that they stand. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(__dirname, "..");

const planted: readonly (readonly [path: string, module: string, refused: boolean])[] = [
  ["server/src/core/syntax/a.ts", "node:fs", true],
  ["server/src/core/syntax/b.ts", "../model/types", true],
  ["server/src/core/syntax/c.ts", "dockerfile-ast", true],
  ["server/src/core/image/a.ts", "../catalogue/types", true],
  ["server/src/core/shell/a.ts", "../syntax/types", true],
  ["server/src/core/shell/b.ts", "unbash", false],
  ["server/src/core/model/a.ts", "../rule", true],
  ["server/src/core/model/b.ts", "dockerfile-ast", true],
  ["server/src/core/catalogue/a.ts", "../model/types", true],
  ["server/src/core/fixes/a.ts", "../rules/index", true],
  ["server/src/core/secret/a.ts", "../lint", true],
  ["server/src/core/multistage/java/a.ts", "../../lint", true],
  ["server/src/core/multistage/java/b.ts", "../node/node-start", true],
  ["server/src/core/multistage/java/c.ts", "../detect", false],
  ["server/src/core/multistage/java/d.ts", "../../catalogue/catalogue", true],
  ["server/src/core/rules/user/a.ts", "../../lint", true],
  ["server/src/core/rules/user/b.ts", "../../catalogue/catalogue", true],
  ["server/src/core/rules/user/e.ts", "../../catalogue/images.generated", true],
  ["server/src/core/rules/user/f.ts", "../../catalogue/advice", false],
  ["server/src/core/rules/user/c.ts", "../secret/secret-literal", true],
  ["server/src/core/rules/user/d.ts", "../../model/types", false],
  ["server/src/core/a.ts", "yaml", true],
  ["server/src/core/b.ts", "../config/types", true],
  ["server/src/config/a.ts", "node:path", true],
  ["server/src/registry/a.ts", "node:https", true],
  ["server/src/registry/b.ts", "../lsp/session", true],
  ["server/src/lsp/a.ts", "../node/server", true],
  ["client/src/a.ts", "../../server/src/core/index", true],
  ["client/src/b.ts", "vscode-languageclient/node", false],
];

describe("Biome's import walls", () => {
  const refused = refusedFiles();
  it.each(planted)("%s importing %s: refused %s", (path, _module, expected) =>
    expect(refused.has(path)).toBe(expected),
  );
});

it("rules do not import each other", () => {
  const folder = join(root, "server/src/core/rules");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const texts = new Map(files.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  const isRule = (name: string) => texts.get(name)?.includes("export default defineRule") ?? false;
  const faults = files
    .filter((name) => !name.endsWith("index.ts"))
    .flatMap((name) =>
      [...(texts.get(name) as string).matchAll(/from "(\.[^"]+)"/g)]
        .map((found) => join(name, "..", `${found[1]}.ts`))
        .filter(isRule)
        .map((other) => `${name} imports ${other}`),
    );
  expect(faults).toEqual([]);
});

/** Writes the planted files beside a copy of the project's biome.json and asks Biome once; the paths it refuses. */
function refusedFiles(): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-walls-"));
  try {
    cpSync(join(root, "biome.json"), join(folder, "biome.json"));
    for (const [path, module] of planted) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `import { x } from "${module}";\nexport const y = x;\n`);
    }
    const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
    const options = [
      "lint",
      "--only=style/noRestrictedImports",
      "--vcs-enabled=false",
      "--max-diagnostics=none",
      "--reporter=github",
    ];
    const run = spawnSync(process.execPath, [biome, ...options], { cwd: folder, encoding: "utf8" });
    return new Set(planted.map(([path]) => path).filter((path) => run.stdout.includes(`${path},`)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
