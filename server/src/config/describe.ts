/** The settings in force for a document, as a config file that would have the same effect. */
import { stringify } from "yaml";
import type { SignaturePolicy } from "../core/image/signature-policy";
import type { AnyRule, Config } from "../core/index";
import type { ConfigFile, RegistrySettings } from "./types";

/** What governs a document. */
export interface Governed {
  readonly config: Config;
  readonly file: ConfigFile | null;
  readonly enabled: boolean;
  readonly ignored: boolean;
  /** What holds about registries, and who may sign. */
  readonly registry?: Pick<RegistrySettings, "online" | "mirrors" | "insecure"> & {
    readonly signatures?: SignaturePolicy;
  };
}

/** YAML text with a header that says where the settings come from. */
export function describeConfig(uri: string, document: Governed, rules: readonly AnyRule[]): string {
  const { config, file } = document;
  const header = [
    `# What Plimsoll goes by for ${uri}`,
    file
      ? `# Config file: ${file.path}${file.kind === "hadolint" ? " (hadolint's)" : ""}`
      : "# Config file: none found",
  ];
  if (!document.enabled) header.push("# Switched off: the setting plimsoll.enable is false.");
  if (document.ignored) header.push("# Left out: a glob under `ignore` covers this file.");
  for (const problem of file?.problems ?? []) {
    header.push(
      `# ${problem.severity} in line ${problem.range.start.line + 1}: ${problem.message.replace(/\s+/g, " ")}`,
    );
  }
  const on: { [id: string]: unknown } = {};
  for (const rule of rules) {
    const setting = config.rules.get(rule.id);
    if (!setting || setting.severity === "off") continue;
    const options = Object.keys(setting.options).length > 0;
    on[rule.id] = options ? { severity: setting.severity, ...setting.options } : setting.severity;
  }
  const body = {
    extends: [],
    rules: on,
    ...(file && file.ignore.length > 0 ? { ignore: file.ignore } : {}),
    ...(config.target === null ? {} : { target: config.target }),
    ...(config.buildArgs.size === 0 ? {} : { buildArgs: Object.fromEntries(config.buildArgs) }),
    ...registryOf(document),
    ...(document.registry?.signatures?.required.length ? { signatures: document.registry.signatures } : {}),
    inlineConfig: config.inlineConfig,
  };
  return `${header.join("\n")}\n\n${stringify(body, { lineWidth: 0 })}`;
}

function registryOf({ registry }: Governed): object {
  if (!registry?.online && !registry?.mirrors.size && !registry?.insecure.length) return {};
  const { online, mirrors, insecure } = registry;
  return { registry: { online, mirrors: Object.fromEntries(mirrors), insecure } };
}
