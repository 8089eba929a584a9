/** The JSON Schema of `.plimsoll.yaml`, made from the same shape that the reader checks. For `scripts/gen`, not for bundles. */
import { toJsonSchema } from "@valibot/to-json-schema";
import type { AnyRule } from "../core/index";
import { peerNames } from "./rule-ids";
import { repositoryUrl, ruleUrl } from "./urls";
import { fileSchema, levelSchema, ruleSchema } from "./validate";

/** Plain JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The schema (draft 7, as YAML extensions of editors read it) for a list of rules. */
export function configJsonSchema(rules: readonly AnyRule[]): { readonly [key: string]: Json } {
  const file = plain(fileSchema);
  const properties = { ...(file.properties as { [key: string]: Json }) };
  const peers = peerNames(rules);
  // Who hands on what another tool says answers to every code of it.
  const codes = rules.some((rule) => rule.graded) ? { "^SC\\d{4}$": peerEntry() } : {};
  properties.rules = {
    type: "object",
    description:
      "Severity and options of single rules, by rule id; ids of other linters (DL3007, DS-0001) count as well.",
    properties: Object.fromEntries(rules.map((rule) => [rule.id, ruleEntry(rule)])),
    ...(peers.length > 0
      ? { patternProperties: { [`^(?:${peers.map(escapePattern).join("|")})$`]: peerEntry(), ...codes } }
      : {}),
    additionalProperties: false,
  };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: `${repositoryUrl}/raw/main/docs/plimsoll.schema.json`,
    title: "Plimsoll's configuration",
    ...file,
    properties,
  };
}

function ruleEntry(rule: AnyRule): Json {
  return {
    description: `${rule.summary}\n${ruleUrl(rule.id)}`,
    default: rule.severity,
    anyOf: [plain(levelSchema), plain(ruleSchema(rule))],
  };
}

function peerEntry(): Json {
  return { anyOf: [plain(levelSchema), { type: "object", properties: { severity: plain(levelSchema) } }] };
}

function plain(schema: Parameters<typeof toJsonSchema>[0]): { readonly [key: string]: Json } {
  const { $schema: _, ...rest } = toJsonSchema(schema, { target: "draft-07" });
  return rest as unknown as { readonly [key: string]: Json };
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
