/** The settings that VS Code shows, made from the rules. The language server reads them in server/src/lsp/settings.ts. */
import { ruleUrl } from "../../src/config/urls";
import { presets } from "../../src/core/preset";
import type { AnyRule, OptionSpec } from "../../src/core/rule";
import { severities } from "../../src/core/rule";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What stands under `contributes.configuration` in the extension's manifest. */
export function settings(rules: readonly AnyRule[]): Json {
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    title: "Plimsoll",
    properties: {
      "plimsoll.enable": {
        type: "boolean",
        default: true,
        scope: "resource",
        description: "Check Dockerfiles.",
        order: 1,
      },
      "plimsoll.preset": {
        type: "string",
        enum: presets.map((preset) => preset.name),
        enumDescriptions: presets.map((preset) => preset.summary),
        default: "recommended",
        scope: "resource",
        markdownDescription: "Which rules are on, unless a `.plimsoll.yaml` says otherwise.",
        order: 2,
      },
      "plimsoll.rules": {
        type: "object",
        default: {},
        scope: "resource",
        markdownDescription:
          "Severity and options of single rules, by rule id. A `.plimsoll.yaml` in the workspace says the same for everybody who works on it.",
        properties: Object.fromEntries(sorted.map((rule) => [rule.id, ruleSetting(rule)])),
        order: 3,
      },
      "plimsoll.target": {
        type: "string",
        default: "",
        scope: "resource",
        markdownDescription: "The stage that ships, where it is not the last one (`docker build --target`).",
        order: 4,
      },
      "plimsoll.buildArgs": {
        type: "object",
        default: {},
        scope: "resource",
        additionalProperties: { type: "string" },
        markdownDescription:
          "Values of build arguments (`docker build --build-arg`), so that variables in `FROM` are known.",
        order: 5,
      },
      "plimsoll.inlineConfig": {
        type: "boolean",
        default: true,
        scope: "resource",
        markdownDescription: "Heed comments that silence findings, such as `# plimsoll ignore=…`.",
        order: 6,
      },
      "plimsoll.configPath": {
        type: "string",
        default: "",
        scope: "resource",
        markdownDescription:
          "A configuration file to use instead of the nearest `.plimsoll.yaml`, relative to the workspace folder.",
        order: 7,
      },
      "plimsoll.deduplicate": {
        type: "boolean",
        default: true,
        scope: "window",
        description: "Hold a finding back while another extension shows the same thing on the same line.",
        order: 8,
      },
      "plimsoll.shellcheck": {
        type: "string",
        enum: ["off", "auto"],
        enumDescriptions: ["Never start it.", "Ask it where it is on the PATH."],
        default: "off",
        // Only the user starts programs, no workspace does.
        scope: "machine",
        markdownDescription:
          "Ask [ShellCheck](https://www.shellcheck.net), a program of its own, about the scripts of `RUN`, while typing pauses. Not in the browser.",
        order: 9,
      },
      "plimsoll.registry.online": {
        type: "boolean",
        default: false,
        scope: "resource",
        markdownDescription:
          "Ask registries about images while you write: stale digests, newer tags, platforms, users, sizes. Without it they are asked only when you choose an action that says so.",
        order: 30,
      },
      "plimsoll.registry.mirrors": {
        type: "object",
        default: {},
        scope: "resource",
        additionalProperties: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
        markdownDescription:
          'Where to ask instead, by prefix of the image: `{ "docker.io": "mirror.example.com/hub" }`.',
        order: 31,
      },
      "plimsoll.registry.insecure": {
        type: "array",
        items: { type: "string" },
        default: [],
        scope: "resource",
        description: "Registries (host and port) that may be asked without TLS. Loopback always may.",
        order: 32,
      },
      "plimsoll.registry.ca": {
        type: "array",
        items: { type: "string" },
        default: [],
        scope: "resource",
        description: "Files with certificates (PEM) of further authorities, relative to the workspace folder.",
        order: 33,
      },
      "plimsoll.inlayHints.resolvedImage": {
        type: "boolean",
        default: true,
        scope: "resource",
        markdownDescription: "Show behind a `FROM` with variables which image they make.",
        order: 20,
      },
      "plimsoll.inlayHints.imageSize": {
        type: "boolean",
        default: true,
        scope: "resource",
        markdownDescription: "Show the compressed size of a base image behind its `FROM`.",
        order: 21,
      },
      "plimsoll.inlayHints.effectiveUser": {
        type: "boolean",
        default: true,
        scope: "resource",
        description: "Show at the end of the stage that ships as whom a container runs.",
        order: 22,
      },
      "plimsoll.codeLens.baseImage": {
        type: "boolean",
        default: false,
        scope: "resource",
        markdownDescription: "Show size and end of life of a base image in a line above its `FROM`.",
        order: 23,
      },
      "plimsoll.codeLens.references": {
        type: "boolean",
        default: false,
        scope: "resource",
        description: "Show above each stage how often others use it.",
        order: 24,
      },
      "plimsoll.codeLens.stages": {
        type: "boolean",
        default: false,
        scope: "resource",
        markdownDescription:
          "Show above the first `FROM` how many stages there are and which one ships; a click draws them.",
        order: 25,
      },
      "plimsoll.trace.server": {
        type: "string",
        enum: ["off", "messages", "verbose"],
        default: "off",
        scope: "window",
        description: "Write the conversation with the language server to the output panel.",
        order: 10,
      },
    },
  };
}

const levels: readonly string[] = ["off", "on", ...severities];

function ruleSetting(rule: AnyRule): Json {
  const markdownDescription = `${rule.summary} [More](${ruleUrl(rule.id)})`;
  const options = Object.entries(rule.options ?? {});
  if (options.length === 0) return { enum: levels, default: rule.severity, markdownDescription };
  const properties = Object.fromEntries(options.map(([name, spec]) => [name, optionSetting(spec)]));
  return {
    anyOf: [
      { enum: levels },
      { type: "object", properties: { severity: { enum: levels }, ...properties }, additionalProperties: false },
    ],
    default: rule.severity,
    markdownDescription,
  };
}

function optionSetting(spec: OptionSpec): Json {
  const { description, default: standard } = spec;
  if (spec.type === "enum") return { enum: spec.values, default: standard, description };
  if (spec.type === "strings") return { type: "array", items: { type: "string" }, default: standard, description };
  return { type: spec.type, default: standard, description };
}
