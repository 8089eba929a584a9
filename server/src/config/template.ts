/** Texts of `.plimsoll.yaml`: the first one of a project, and one that says what another file said. */
import { stringify } from "yaml";
import { presets, type RuleOverride } from "../core/index";
import type { ConfigFile } from "./types";
import { repositoryUrl } from "./urls";

const schemaLine = `# yaml-language-server: $schema=${repositoryUrl}/raw/main/docs/plimsoll.schema.json\n`;

/** A file that changes nothing and shows what can be said. */
export function configTemplate(): string {
  const names = presets.map((preset) => `#   ${preset.name.padEnd(12)} ${preset.summary}\n`).join("");
  return `${schemaLine}# Plimsoll reads the nearest file of this name, upward from each Dockerfile.

# Where to start from:
${names}extends: recommended

# Severity (error, warning, info, hint, off, on) and options of single rules; \`plimsoll rules\` lists them. Ids of other
# linters count as well: DL3007, DS-0002, CKV_DOCKER_3.
rules: {}
#  base-image-latest-tag: error
#  missing-user: off

# Files to leave out, relative to this folder.
ignore: []
#  - examples/**

# From which severity on \`plimsoll lint\` exits with 1: error, warning, info, hint, never.
failOn: error

# Registries are asked only when you say so: \`plimsoll pin\`, an action in the editor, or all the time with online.
# registry:
#   online: false
#   trusted: [docker.io, ghcr.io]
#   mirrors:
#     docker.io: mirror.example.com/hub

# Who may sign the images that a build stands on; \`plimsoll verify\` checks it.
# signatures:
#   required:
#     - images: [ghcr.io/our-team]
#       keys: [cosign.pub]

# Values of build arguments, for \`FROM node:\${VERSION}\`.
# buildArgs:
#   VERSION: "22"

# The stage that ships, where it is not the last one.
# target: production

# Do not heed comments that silence findings.
# inlineConfig: false
`;
}

/**
 * The text of a file under which a run says and fails as hadolint does with `config`, which was read from hadolint's
 * file. What had no counterpart is listed as comments.
 */
export function configText(config: ConfigFile, from: string): string {
  const lost = config.problems.map((problem) => `#   line ${problem.range.start.line + 1}: ${problem.message}\n`);
  const rules = Object.fromEntries([...config.rules].map(([id, override]) => [id, entry(override)]));
  const data = {
    extends: ["hadolint"],
    ...(config.rules.size > 0 ? { rules } : {}),
    // Where hadolint's file names no threshold, it is info.
    failOn: config.failOn ?? "info",
    ...(config.registry ? { registry: { trusted: [...config.registry.trusted] } } : {}),
    ...(config.inlineConfig === null ? {} : { inlineConfig: config.inlineConfig }),
  };
  const note = lost.length > 0 ? `# Not taken over:\n${lost.join("")}` : "";
  const more = "# To find what hadolint does not see: extends: [recommended, hadolint]\n";
  return `${schemaLine}# Taken over from ${from}.\n${note}${more}\n${stringify(data, { lineWidth: 0 })}`;
}

function entry({ severity, options }: RuleOverride): unknown {
  if (!options || Object.keys(options).length === 0) return severity ?? "on";
  return { ...(severity ? { severity } : {}), ...options };
}
