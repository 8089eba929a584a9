/** The example of docs/policy.md holds: it is a configuration without faults, and finds what the page says. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseConfig } from "../../server/src/config/read";
import { toConfig } from "../../server/src/config/to-config";
import { bundledCatalogue } from "../../server/src/core/catalogue/catalogue";
import { parseReference } from "../../server/src/core/image/reference";
import { requirementFor, type SignaturePolicy } from "../../server/src/core/image/signature-policy";
import { lint } from "../../server/src/core/lint";
import { buildModel } from "../../server/src/core/model/build";
import { allRules } from "../../server/src/core/rules/index";

const page = readFileSync(new URL("../../docs/policy.md", import.meta.url), "utf8");
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)?.[1] ?? "";

it("the policy is read, and the file has the findings that the page names", () => {
  const file = parseConfig(block("yaml"), "/p/.plimsoll.yaml", allRules);
  expect(file.problems).toEqual([]);
  const config = toConfig(file, allRules);
  const model = buildModel(block("dockerfile"));
  const input = {
    model,
    rules: allRules,
    config,
    catalogue: bundledCatalogue(),
    today: "2026-11-24",
    path: "Dockerfile",
  };
  const found = lint(input).reports.map(({ rule, range }) => `${range.start.line + 1} ${rule.id}`);
  expect(found).toEqual(
    expect.arrayContaining([
      "1 base-image-not-allowed",
      "1 eol-base-image",
      "2 base-image-not-digest-pinned",
      "2 label-required-missing",
    ]),
  );
  const asked = (image: string) => requirementFor(parseReference(image) as never, file.signatures as SignaturePolicy);
  expect(asked("ghcr.io/our-team/base-node:24")?.identities).toHaveLength(1);
  expect(asked("registry.supplier.example/app:1")?.keys).toEqual(["keys/supplier.pub"]);
  expect(asked("node:24")).toBeNull();
  // Each rule of the example is on, and none of its options is a default that says nothing.
  const named = ["untrusted-registry", "base-image-not-allowed", "base-image-too-old", "base-image-too-large"];
  for (const id of [...named, "eol-base-image", "base-image-vulnerable", "unsigned-base-image"]) {
    expect([id, config.rules.get(id)?.severity]).toEqual([id, "warning"]);
  }
});
