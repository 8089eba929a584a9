/** `bundle install` in a file: where it stands, what its settings are, whether what it installs ships. */

import { imageUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { instructionsIn, instructionsNamed } from "../../model/index-of";
import { expandWord, stageState } from "../../model/scope";
import { type Script, scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { isWithin, resolvePath } from "../../multistage/paths";
import type { ShellWord } from "../../shell/ast";
import { type PackageOperation, packageOperations } from "../../shell/packages";

/** One `bundle install` of a RUN. */
export interface BundleInstall {
  readonly run: Instruction;
  readonly stage: Stage;
  readonly script: Script;
  readonly operation: PackageOperation;
}

/** Every `bundle install` in the RUN instructions of stages that the shipped one needs. */
export function* bundleInstalls(model: Model): Iterable<BundleInstall> {
  for (const run of instructionsNamed(model, "RUN")) {
    const { stage } = run;
    // Most RUNs are turned away before anybody parses their script.
    if (!stage?.reachesFinal || !run.parsed.text.includes("bundle")) continue;
    for (const script of scriptsOf(run)) {
      for (const operation of packageOperations(script.script)) {
        if (operation.manager !== "bundle" || !isInstall(operation)) continue;
        if (operation.flags.some((flag) => /^(?:--version|--help|-v|-h)$/.test(flag.value ?? ""))) continue;
        yield { run, stage, script, operation };
      }
    }
  }
}

/** `bundle install`, and `bundle` alone, also with flags whose values look like subcommands (`bundle --without test`). */
function isInstall({ action, verb, command }: PackageOperation): boolean {
  if (action === "install") return verb === "install" || verb === "";
  return action === "other" && /^--(?:without|with|path)/.test(command.words[1]?.text ?? "");
}

/** Where the official image keeps its gems. Source: GEM_HOME of docker-library/ruby. */
export const gemHome = "/usr/local/bundle";

/** True for stages on the official image of Ruby. */
export function isRubyImage(stage: Stage, catalogue: Catalogue): boolean {
  return imageUnder(stage, catalogue)?.repository.name === "ruby";
}

/** Release line of Ruby (`3.4`) where the stage stands on the official image, else null. */
export function rubyLine(stage: Stage, catalogue: Catalogue): string | null {
  const image = imageUnder(stage, catalogue);
  return image?.repository.name === "ruby" ? image.line : null;
}

/**
 * The value that a variable surely has at an instruction: `undefined` when nobody sets it, null when its value is not
 * known, or a build argument may change it.
 */
export function setting(stage: Stage, name: string, index: number): string | null | undefined {
  const binding = stage.scope.lookup(name, index);
  if (!binding) return undefined;
  const isFixed = binding.kind === "env" && binding.pair?.value?.variables.length === 0;
  return isFixed ? binding.value : null;
}

/** The same for an install: what stands before the command itself counts first. */
export function installSetting({ operation, run, stage }: BundleInstall, name: string): string | null | undefined {
  const own = operation.command.assignments.find((one) => one.name === name);
  if (own) return own.value?.value ?? null;
  return setting(stage, name, run.index);
}

/** The version of Bundler that a `gem install` of the stage before the install asks for, or BUNDLER_VERSION; else null. */
export function pinnedBundler(install: BundleInstall): string | null {
  let found = installSetting(install, "BUNDLER_VERSION") ?? null;
  for (const run of instructionsIn(install.stage, "RUN")) {
    if (run.index > install.run.index) break;
    if (!run.parsed.text.includes("bundler")) continue;
    for (const { commands } of scriptsOf(run)) {
      for (const { name, words } of commands) if (name === "gem") found = askedVersion(words) ?? found;
    }
  }
  return found;
}

/** `gem install bundler:2.1.4`, `gem install bundler -v 2.1.4`; null where no exact version is asked for. */
function askedVersion(words: readonly ShellWord[]): string | null {
  const texts = words.map(({ value }) => value ?? "");
  const gem = texts.find((text) => /^bundler(?::|$)/.test(text));
  if (texts[1] !== "install" || gem === undefined) return null;
  const flag = texts.findIndex((text) => /^(?:-v|--version)(?:=|$)/.test(text));
  const version = gem.split(":")[1] ?? texts[flag]?.split("=")[1] ?? (flag < 0 ? undefined : texts[flag + 1]);
  return version !== undefined && /^\d+(?:\.\d+)*$/.test(version) ? version : null;
}

/** True when the file surely builds an image for production. */
export function isForProduction(model: Model, install: BundleInstall): boolean {
  const { stage } = install;
  let found = false;
  for (const name of ["RAILS_ENV", "RACK_ENV"]) {
    const values = [
      installSetting(install, name),
      setting(stage, name, Number.POSITIVE_INFINITY),
      model.finalStage ? setting(model.finalStage, name, Number.POSITIVE_INFINITY) : undefined,
    ];
    if (values.some((value) => value === null || (value !== undefined && value !== "production"))) return false;
    if (values.includes("production")) found = true;
  }
  return found;
}

/** True when a `bundle config` of the stage, or of one below it, sets one of the names before the install. */
export function isConfigured(install: BundleInstall, names: RegExp): boolean {
  for (let one: Stage | null = install.stage; one; one = one.base.stage) {
    for (const run of one.instructions) {
      if (run.index > install.run.index) break;
      if (run.keyword === "COPY" && /\.bundle\b/.test(run.parsed.text)) return true;
      if (run.keyword !== "RUN" || !run.parsed.text.includes("config")) continue;
      for (const { commands } of scriptsOf(run)) {
        for (const { name, words } of commands) {
          if (name !== "bundle" && name !== "bundler") continue;
          if (words[1]?.value === "config" && words.some((word) => names.test(word.value ?? word.text))) return true;
        }
      }
    }
  }
  return false;
}

/** True when the installed gems are in the shipped image: the stage ships, or a shipped one copies its gems. */
export function gemsShip(model: Model, install: BundleInstall): boolean {
  if (install.stage.ships) return true;
  const path = gemPath(install);
  return model.stages.some((stage) => {
    if (!stage.ships) return false;
    return stage.copiesFrom.some(({ stage: source, instruction }) => {
      if (source !== install.stage || instruction.keyword !== "COPY") return false;
      return copiedSources(model, instruction).some((one) => isWithin(path, resolvePath(one, "/") ?? one));
    });
  });
}

/** The folder that the gems are installed to. */
export function gemPath(install: BundleInstall): string {
  const path = installSetting(install, "BUNDLE_PATH");
  return typeof path === "string" && path.startsWith("/") ? path : gemHome;
}

/** The sources of a COPY or ADD, without quotes; those that a variable without a value decides are left out. */
export function copiedSources(model: Model, { parsed, stage, index }: Instruction): readonly string[] {
  if (parsed.json) return parsed.json.slice(0, -1).map((item) => item.value);
  const lookUp = (name: string) => (stage ? stageState(stage.scope, name, index) : ({ kind: "unknown" } as const));
  return parsed.words.slice(0, -1).flatMap((word) => expandWord(word, model.escape, lookUp) ?? []);
}

/** True when a COPY takes its files from the build context. */
export function isFromContext({ parsed }: Instruction): boolean {
  return !parsed.flags.some((flag) => flag.name === "from");
}
