/** A rule's page as Markdown, made from the rule itself, for clients that have no pages of their own. */
import type { AnyRule } from "../core/index";
import { readMarks } from "../core/marks";

/** The page: what is found, why it matters, examples with their fixes, how to change or silence it. */
export function explainRule(rule: AnyRule): string {
  const parts = [`# ${rule.id}`, rule.summary, rule.why.trim(), standing(rule)];
  const aliases = Object.entries(rule.aliases).flatMap(([peer, ids]) => (ids ?? []).map((id) => `${id} (${peer})`));
  if (aliases.length > 0) parts.push(`Answers to: ${aliases.join(", ")}.`);
  const options = Object.entries(rule.options ?? {});
  if (options.length > 0) {
    parts.push("## Options");
    const row = ([name, spec]: (typeof options)[number]): string =>
      `- \`${name}\` (default \`${JSON.stringify(spec.default)}\`): ${spec.description}`;
    parts.push(options.map(row).join("\n"));
  }
  if (rule.examples.length > 0) parts.push("## Examples");
  for (const example of rule.examples) {
    parts.push(`### ${example.title}`, fence(readMarks(example.code).text));
    if (example.fixed !== undefined) parts.push("After the fix:", fence(example.fixed));
  }
  parts.push(
    "## Silence it",
    `For one instruction, above it: \`# plimsoll ignore=${rule.id} -- reason\`. For the file: \`# plimsoll ignore-file=${rule.id} -- reason\`.`,
    `For a workspace, in \`.plimsoll.yaml\`:`,
    `\`\`\`yaml\nrules:\n  ${rule.id}: off\n\`\`\``,
  );
  return `${parts.join("\n\n")}\n`;
}

function standing(rule: AnyRule): string {
  const on = rule.recommended ? "on by default" : "off by default";
  const fix =
    rule.fixable === "none"
      ? "no automatic fix"
      : rule.fixable === "safe"
        ? "fixed by “fix all”"
        : "fixes to choose from, each says what it may change";
  return `*${rule.severity}, ${rule.category}, ${on}; ${fix}; since ${rule.since}.*`;
}

function fence(code: string): string {
  const marks = code.includes("```") ? "````" : "```";
  return `${marks}dockerfile\n${code.endsWith("\n") ? code : `${code}\n`}${marks}`;
}
