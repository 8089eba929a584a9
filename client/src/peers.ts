/** What other extensions for Dockerfiles do, as far as one has to know it to live with them. Knows nothing of VS Code. */

/** Extensions that report on Dockerfiles themselves. Without one of them there is nothing to compare with. */
export const reportingPeers = [
  "docker.docker",
  "exiasr.hadolint",
  "ms-azuretools.vscode-containers",
  "ms-azuretools.vscode-docker",
] as const;

/** Extensions that lay Dockerfiles out. */
export const formattingPeers = [
  "docker.docker",
  "ms-azuretools.vscode-containers",
  "ms-azuretools.vscode-docker",
] as const;

/** A finding of whomever, as far as it is compared. Lines count from 0; both are part of it. */
export interface Said {
  readonly source: string | undefined;
  readonly code: string | number;
  readonly lines: { readonly first: number; readonly last: number };
}

/**
 * True when somebody else says the same on the same lines: for every rule of a finding there must be one that is known
 * under an id the rule answers to. `ids` has the ids by rule.
 */
export function isRepeated(
  rules: readonly string[],
  lines: Said["lines"],
  others: readonly Said[],
  ids: { readonly [rule: string]: readonly string[] },
): boolean {
  const here = others.filter((other) => other.lines.first <= lines.last && lines.first <= other.lines.last);
  if (here.length === 0 || rules.length === 0) return false;
  const said = new Set(here.map(({ source, code }) => idOf(source, code).toLowerCase()));
  return rules.every((rule) => ids[rule]?.some((id) => said.has(id.toLowerCase())));
}

/** The id of a finding. The validator behind Container Tools and Docker DX numbers its own. */
export function idOf(source: string | undefined, code: string | number): string {
  const number = source === "dockerfile-utils" ? Number(code) : Number.NaN;
  return dockerfileUtilsIds[number] ?? String(code);
}

/** By their number: ValidationCode of dockerfile-utils 0.16. */
const dockerfileUtilsIds: readonly string[] = [
  "CASING_INSTRUCTION",
  "CASING_DIRECTIVE",
  "ARGUMENT_MISSING",
  "ARGUMENT_EXTRA",
  "ARGUMENT_REQUIRES_ONE",
  "ARGUMENT_REQUIRES_AT_LEAST_ONE",
  "ARGUMENT_REQUIRES_TWO",
  "ARGUMENT_REQUIRES_AT_LEAST_TWO",
  "ARGUMENT_REQUIRES_ONE_OR_THREE",
  "ARGUMENT_UNNECESSARY",
  "DUPLICATE_BUILD_STAGE_NAME",
  "EMPTY_CONTINUATION_LINE",
  "INVALID_BUILD_STAGE_NAME",
  "FLAG_AT_LEAST_ONE",
  "FLAG_DUPLICATE",
  "FLAG_INVALID_DURATION",
  "FLAG_LESS_THAN_1MS",
  "FLAG_MISSING_DURATION",
  "FLAG_MISSING_VALUE",
  "FLAG_UNKNOWN_UNIT",
  "NO_SOURCE_IMAGE",
  "INVALID_ESCAPE_DIRECTIVE",
  "INVALID_AS",
  "INVALID_DESTINATION",
  "INVALID_PORT",
  "INVALID_PROTO",
  "INVALID_REFERENCE_FORMAT",
  "INVALID_SIGNAL",
  "INVALID_SYNTAX",
  "ONBUILD_CHAINING_DISALLOWED",
  "ONBUILD_TRIGGER_DISALLOWED",
  "SHELL_JSON_FORM",
  "SHELL_REQUIRES_ONE",
  "SYNTAX_MISSING_EQUALS",
  "SYNTAX_MISSING_NAMES",
  "SYNTAX_MISSING_SINGLE_QUOTE",
  "SYNTAX_MISSING_DOUBLE_QUOTE",
  "MULTIPLE_INSTRUCTIONS",
  "UNKNOWN_INSTRUCTION",
  "UNKNOWN_ADD_FLAG",
  "UNKNOWN_COPY_FLAG",
  "UNKNOWN_FROM_FLAG",
  "UNKNOWN_HEALTHCHECK_FLAG",
  "UNKNOWN_TYPE",
  "UNSUPPORTED_MODIFIER",
  "DEPRECATED_MAINTAINER",
  "HEALTHCHECK_CMD_ARGUMENT_MISSING",
  "FLAG_INVALID_FROM_VALUE",
  "FLAG_EXPECTED_BOOLEAN_VALUE",
  "JSON_IN_SINGLE_QUOTES",
  "WORKDIR_IS_NOT_ABSOLUTE",
  "BASE_NAME_EMPTY",
  "DUPLICATED_ESCAPE_DIRECTIVE",
];

/**
 * Whether to offer ourselves as a formatter. Two formatters without a choice make VS Code ask the user at every save; so
 * where another extension formats we stay out of it, unless the user chose us. `chosen` is `editor.defaultFormatter` for
 * Dockerfiles, `own` our extension's id.
 */
export function formats(chosen: string | null, own: string, isInstalled: (extension: string) => boolean): boolean {
  if (chosen !== null && isInstalled(chosen)) return chosen.toLowerCase() === own.toLowerCase();
  return !formattingPeers.some(isInstalled);
}
