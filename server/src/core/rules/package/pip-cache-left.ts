import { canEditRun, insertAfter } from "../../fixes/shell-list";
import { stageState } from "../../model/scope";
import type { Stage } from "../../model/types";
import { defineRule } from "../../rule";
import type { PackageOperation } from "../../shell/packages";
import { hasOperationFlag, skipsCache } from "../../shell/packages";
import { callName, callSpan, isCleanedAfter, isMounted, type PackageCall, packageCalls } from "./calls";

export default defineRule({
  id: "pip-cache-left",
  theme: "package",
  category: "size",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "`pip install` keeps its downloads in the layer.",
  why: "pip keeps every file that it downloads and every wheel that it builds, so the image holds each package twice. `PIP_NO_CACHE_DIR`, a cache mount, a setting of pip and `rm` in the same RUN are as good as the flag, and stages that do not ship may keep what they like; `mode: hadolint` looks at all stages.",
  aliases: {
    hadolint: ["DL3042"],
    kics: ["Pip install Keeping Cached Packages"],
    semgrep: ["missing-pip-no-cache-dir"],
    sonar: ["S6587"],
  },
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`hadolint` also looks at stages that do not ship.",
    },
  },
  reads: ["RUN"],
  fixable: "safe",
  examples: [
    {
      title: "Packages from a list",
      code: "FROM python:3.14\nCOPY requirements.txt .\nRUN [|pip install|] -r requirements.txt\n",
      fixed: "FROM python:3.14\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n",
    },
    {
      title: "As a module of Python",
      code: "FROM python:3.14\nRUN python3 -m [|pip install|] flask\n",
      fixed: "FROM python:3.14\nRUN python3 -m pip install --no-cache-dir flask\n",
    },
    {
      title: "As hadolint sees a builder",
      code: "FROM python:3.14 AS build\nRUN [|pip install|] flask\nFROM python:3.14\nCOPY --from=build /venv /venv\n",
      fixed:
        "FROM python:3.14 AS build\nRUN pip install --no-cache-dir flask\nFROM python:3.14\nCOPY --from=build /venv /venv\n",
      options: { mode: "hadolint" },
    },
    { title: "In a trigger", code: "FROM python:3.14\nONBUILD RUN [|pip install|] flask\n" },
    { title: "The flag is there", code: "FROM python:3.14\nRUN pip install --no-cache-dir flask\n" },
    { title: "Before the subcommand", code: "FROM python:3.14\nRUN pip --no-cache-dir install flask\n" },
    { title: "By a variable", code: "FROM python:3.14\nENV PIP_NO_CACHE_DIR=1\nRUN pip install flask\n" },
    {
      title: "By a variable of the stage below",
      code: "FROM python:3.14 AS base\nENV PIP_NO_CACHE_DIR=off\nFROM base\nRUN pip install flask\n",
    },
    { title: "By a variable of the command", code: "FROM python:3.14\nRUN PIP_NO_CACHE_DIR=1 pip install flask\n" },
    {
      title: "The cache is a mount",
      code: "FROM python:3.14\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask\n",
    },
    { title: "Deleted by hand", code: "FROM python:3.14\nRUN pip install flask && rm -rf ~/.cache\n" },
    { title: "Purged", code: "FROM python:3.14\nRUN pip install flask && pip cache purge\n" },
    { title: "The base image turns it off", code: "FROM sentry:9.1\nRUN pip install sentry-auth-github\n" },
    {
      title: "Wheels that lie there are neither downloaded nor built",
      code: "FROM python:3.14\nCOPY dist /dist\nRUN pip install /dist/*.whl && pip install --no-deps ./vendor/a-1.0-py3-none-any.whl\n",
    },
    { title: "A cache of their own", code: "FROM python:3.14\nRUN pip install --cache-dir /tmp/pip flask\n" },
    {
      title: "Settings that nobody here knows",
      code: "FROM python:3.14\nCOPY pip.conf /etc/\nRUN pip install flask\n",
    },
    { title: "uv has a flag of its own", code: "FROM python:3.14\nRUN uv pip install flask\n" },
    {
      title: "A stage that does not ship",
      code: "FROM python:3.14 AS build\nRUN pip install flask\nFROM python:3.14\nCOPY --from=build /venv /venv\n",
    },
  ],
  *check({ model, options }) {
    const strict = options.mode === "hadolint";
    let isConfigured: boolean | null = null;
    for (const call of packageCalls(model)) {
      const { operation, step, script } = call;
      if (operation.manager !== "pip" || operation.action !== "install") continue;
      if (!strict && (!step.stage.ships || takesWheelsOnly(operation) || isTurnedOff(step.stage))) continue;
      if (keepsNothing(call)) continue;
      isConfigured ??= settings.test(model.text);
      if (isConfigured) return;
      yield {
        message: `\`${callName(call)}\` keeps what it downloads in this layer. Add \`--no-cache-dir\`.`,
        range: callSpan(call),
        fixes: () => {
          const { subcommand } = operation;
          if (!subcommand || !canEditRun(model, step.run, step.isTrigger)) return [];
          const edits = [insertAfter(script, subcommand, " --no-cache-dir")];
          return [{ title: "Add --no-cache-dir", applicability: "safe", edits }];
        },
      };
    }
  },
});

function keepsNothing({ operation, step, script }: PackageCall): boolean {
  if (skipsCache(operation)) return true;
  if (hasOperationFlag(operation, ["--cache-dir", "--dry-run", "--help", "-h", "--version"])) return true;
  if (isMounted(step, isPipCache)) return true;
  const { command } = operation;
  if (command.assignments.some(({ name }) => isSwitch(name))) return true;
  if (script.script.definitions.some(({ name }) => isSwitch(name))) return true;
  if (isCleanedAfter(script, command, ["/root/.cache/pip"])) return true;
  if (step.calls.some((one) => one.operation.manager === "pip" && one.operation.action === "clean")) return true;
  const { scope } = step.stage;
  return switches.some((name) => stageState(scope, name, step.instruction.index).kind === "value");
}

/** True where all that is asked for are wheels in files, which pip does not cache; what else they need nobody here knows. */
function takesWheelsOnly(operation: PackageOperation): boolean {
  const { packages, unknown } = operation;
  if (packages.length === 0 || unknown.length > 0) return false;
  if (hasOperationFlag(operation, ["-r", "--requirement", "-e", "--editable"])) return false;
  return packages.every(({ kind, name }) => kind === "path" && /\.whl$/.test(name.replace(/["']/g, "")));
}

/**
 * Images whose ENV sets PIP_NO_CACHE_DIR; pip's own are none of them. Source: their Dockerfiles, in docker-sentry and
 * in self-hosted/ of sentry.
 */
const imagesWithoutCache = /(?:^|\/)sentry$/;

function isTurnedOff(stage: Stage): boolean {
  const { reference } = stage.root.base;
  return reference !== null && imagesWithoutCache.test(reference.repository);
}

/** Settings of pip that may turn the cache off. */
const settings = /\bpip3? config\b.*cache|no-cache-dir *=|(?:^|[\s/"])pip\.(?:conf|ini)\b/m;

const switches: readonly string[] = ["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "PIP_CONFIG_FILE"];

/** Whatever its value is: pip took even `false` for "no cache" for years. */
function isSwitch(name: string): boolean {
  return switches.includes(name);
}

function isPipCache(target: string): boolean {
  return /(?:^|\/)(?:pip|\.cache)(?:\/|$)/.test(target) || /^\/(?:root|home\/[^/]+|tmp)\/?$/.test(target);
}
