/**
 * The fix for a secret that `git config` puts into git's own settings, where the image keeps it: the setting goes, and
 * each RUN that reaches for git gets the secret by a mount and the setting by its environment (git-config, since git 2.31).
 */
import { distributionUnder, imageUnder } from "../catalogue/stage";
import type { Catalogue } from "../catalogue/types";
import { canChangeRun, insertFlag, mountSupport } from "../fixes/mount";
import { removeInstruction, removeSome } from "../fixes/remove";
import { prependCommand } from "../fixes/shell-list";
import { scriptsOf } from "../model/scripts";
import type { Instruction, Stage } from "../model/types";
import type { Fix } from "../rule";
import { operands } from "../shell/arguments";
import type { EffectiveCommand } from "../shell/commands";
import type { Edit } from "../text";
import { isProjectScript } from "./consumers";
import type { DeclaredSecret } from "./declarations";
import { remembersLogins } from "./git";
import type { MoveContext } from "./move";
import { buildWith } from "./note";
import { isNodeManager, nodeScripts } from "./readers";
import { removalsOf } from "./removals";
import { familyOf, usersOf } from "./users";
import { buildsForWindows } from "./windows";
import { mountsOf, secretWrites } from "./writes";

/** The fix; null for any other secret, where git may be too old, and where something else handles git's settings. */
export function moveGitSettings(context: MoveContext, secret: DeclaredSecret): Fix | null {
  const { model, catalogue } = context;
  const { stage, name } = secret;
  if (!stage || secret.promotions.length > 0 || secret.declarations.some((one) => one.onbuild)) return null;
  if (buildsForWindows(model, stage, catalogue) || mountSupport(model) !== "env") return null;
  if (!knowsEnvironment(stage, catalogue) || /GIT_CONFIG_|\.gitconfig/.test(model.text)) return null;
  if (remembersLogins(model)) return null;
  const removed = removalsOf(model, secret);
  const users = removed && usersOf(context, secret, new Map([[name, name]]), removed);
  if (!users || users.atRunTime) return null;
  const edits: Edit[] = [...removed.edits];
  const settings: Setting[] = [];
  const emptied = new Set<Instruction>();
  for (const { run } of users.runs) {
    const cleaned = withoutSettings(run, name);
    if (!cleaned || !canChangeRun(model, run)) return null;
    settings.push(...cleaned.settings);
    edits.push(...(cleaned.isEmpty ? [removeInstruction(model, run)] : cleaned.edits));
    if (cleaned.isEmpty) emptied.add(run);
  }
  const [first] = settings;
  if (!first) return null;
  const named = new Set(users.runs.map(({ run }) => run));
  let isUsed = false;
  let usesGo = false;
  for (const one of familyOf(model, secret)) {
    for (const run of one.instructions) {
      if (run.keyword !== "RUN" || emptied.has(run)) continue;
      if (undoesSettings(run)) return null;
      // Before the setting is made nobody has it.
      const needs = (one !== stage || run.index >= first.run.index) && mayReachGit(run);
      if (!needs && !named.has(run)) continue;
      if (needs === null) return null;
      const given = give(context, run, name, needs ? settings : []);
      if (!given) return null;
      edits.push(...given);
      isUsed ||= needs;
      usesGo ||= needs && scriptsOf(run).some(({ commands }) => commands.some((command) => command.name === "go"));
    }
  }
  if (!isUsed) return null;
  const more = usesGo && !/GOPRIVATE|GONOSUMDB|GONOSUMCHECK|GOFLAGS/.test(model.text) ? privateModules : "";
  const { flags, texts } = buildWith([{ kind: "variable", id: name }], { more });
  return {
    title: `Mount ${name} as a secret, and give git its settings by the environment`,
    applicability: "unsafe",
    reason: `The build then needs ${flags}.`,
    edits,
    ...texts,
  };
}

const privateModules = "Go asks a private host itself, not the public proxy, once ENV GOPRIVATE names it";

/** One setting as the shell reads it, quotes included. */
interface Setting {
  readonly run: Instruction;
  readonly key: string;
  readonly value: string;
}

interface Cleaned {
  readonly settings: readonly Setting[];
  readonly edits: readonly Edit[];
  readonly isEmpty: boolean;
}

/** The RUN without its `git config`s that store the secret; null where it stores the secret in any other way. */
function withoutSettings(run: Instruction, name: string): Cleaned | null {
  const writes = secretWrites(run, { isSecret: (one) => one === name, files: [] }).filter(({ removed }) => !removed);
  if (writes.length === 0) return { settings: [], edits: [], isEmpty: false };
  const [script, second] = scriptsOf(run);
  if (!script || second) return null;
  const settings: Setting[] = [];
  const gone = new Set<number>();
  for (const { how, command } of writes) {
    const setting = how === "settings" && command.command === command.outer ? settingOf(command) : null;
    if (!setting || command.wrappers.length > 0 || script.script.topLevel[command.outer.item]?.kind !== "command")
      return null;
    settings.push({ run, ...setting });
    gone.add(command.outer.item);
  }
  const { topLevel } = script.script;
  if (gone.size === topLevel.length) return { settings, edits: [], isEmpty: true };
  const edits = removeSome(script, gone);
  return edits && { settings, edits, isEmpty: false };
}

/** Key and value of `git config --global KEY VALUE`; null for any other call. */
export function settingOf(command: EffectiveCommand): { readonly key: string; readonly value: string } | null {
  if (command.name !== "git") return null;
  const [verb, key, value, more] = operands(command);
  if (verb?.value !== "config" || !key || !value || more) return null;
  const flags = command.words.slice(1).filter((word) => word.text.startsWith("-"));
  if (!flags.every((flag) => /^--(?:global|system|add)$/.test(flag.text)) || flags.length === 0) return null;
  return isOneWord(key.text) && isOneWord(value.text) ? { key: key.text, value: value.text } : null;
}

/** True for text that is one word wherever it stands: what is not in quotes has neither blanks nor commands in it. */
function isOneWord(text: string): boolean {
  return /^(?:[\w./:@%+=~-]|\$\w+|\$\{\w+\}|"[^"`\n\\]*"|'[^'\n]*')+$/.test(text) && !text.includes("$(");
}

function give(
  { model }: MoveContext,
  run: Instruction,
  name: string,
  settings: readonly Setting[],
): readonly Edit[] | null {
  if (
    !canChangeRun(model, run) ||
    mountsOf(run).some((mount) => mount.get("id") === name || mount.get("env") === name)
  ) {
    return null;
  }
  const flag = insertFlag(model, run, `--mount=type=secret,id=${name},env=${name}`);
  if (settings.length === 0) return [flag];
  const [script, second] = scriptsOf(run);
  if (!script || second) return null;
  const parts = settings.map(({ key, value }, at) => `GIT_CONFIG_KEY_${at}=${key} GIT_CONFIG_VALUE_${at}=${value}`);
  const command = `export GIT_CONFIG_COUNT=${settings.length} ${parts.join(" ")}`;
  const begin = prependCommand(model, run, script, 0, command);
  return begin && [flag, begin];
}

/** Programs that may call git. */
const gitUsers = new Set([
  ...["git", "go", "cargo", "composer", "bundle", "gem", "mix", "rebar3", "swift", "west", "repo", "terraform", "helm"],
  ...[
    "pip",
    "pip3",
    "uv",
    "poetry",
    "pipenv",
    "python",
    "python3",
    "cmake",
    "dep",
    "glide",
    "conan",
    "pod",
    "flutter",
    "dart",
  ],
]);

/** True where the RUN calls git, or what may call it; null where that cannot be seen. */
function mayReachGit(run: Instruction): boolean | null {
  if (run.parsed.json) return run.parsed.json.some(({ value }) => gitUsers.has(value)) ? null : false;
  const scripts = scriptsOf(run);
  if (scripts.length === 0) return null;
  return scripts.some(({ commands }) =>
    commands.some((command) => {
      const { name, words } = command;
      if (name === null) return false;
      const verb = operands(command)[0]?.value ?? "";
      if (name === "git") return verb !== "config" && words.length > 1 && !/^-*version$/.test(words[1]?.value ?? "");
      if (name === "go") return !/^(?:version|env|fmt|vet)$/.test(verb);
      if (isNodeManager(name)) return !nodeScripts.has(verb);
      return gitUsers.has(name) || isProjectScript(name, words[0]?.value ?? name, words.length > 1);
    }),
  );
}

function undoesSettings(run: Instruction): boolean {
  return /git\s+config\s[^\n;&|]*--(?:unset|remove-section|rename-section)/.test(run.parsed.text);
}

/**
 * True where the git of the distribution is 2.31 or newer (release notes of git; packages of the distributions). An image
 * that was rebuilt long enough stood on a newer distribution at the end than its tag tells.
 */
function knowsEnvironment(stage: Stage, catalogue: Catalogue): boolean {
  const distribution = distributionUnder(stage, catalogue);
  if (!distribution) return false;
  const version = /^(\d+)(?:\.(\d+))?/.exec(distribution.version ?? "");
  const dropped = imageUnder(stage, catalogue)?.dropped ?? "";
  const [major, minor] = [Number(version?.[1] ?? Number.NaN), Number(version?.[2] ?? 0)];
  switch (distribution.family) {
    case "debian":
      return version ? major >= 12 : dropped >= "2024";
    case "ubuntu":
      return major >= 22;
    case "alpine":
      return version ? major > 3 || (major === 3 && minor >= 14) : dropped >= "2022-07";
    case "fedora":
      return major >= 34;
    case "rhel":
      return major >= 9;
    case "wolfi":
      return true;
    default:
      return false;
  }
}
