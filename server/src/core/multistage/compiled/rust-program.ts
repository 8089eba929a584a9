/** Which program a Rust build makes, where it lies, and how it is linked. */
import { stageState } from "../../model/scope";
import type { Stage } from "../../model/types";
import { flagValue } from "../../shell/commands";
import type { BuildStep } from "../build-steps";
import type { Build } from "../detect";
import { baseName, isWithin, joinPath, parentOf, resolvePath } from "../paths";
import { runCommands } from "../run-commands";
import { movedProgram, programFolders } from "./moved-program";
import { startedProgram } from "./started-program";

/** The program that is built and run. Absolute paths. */
export interface RustProgram {
  /** Where it lies in the first stage. */
  readonly built: string;
  /** Where the second stage has to have it. */
  readonly runs: string;
  /** The folder whose Cargo.toml and Cargo.lock decide; null when it is not known. */
  readonly project: string | null;
  /** The target that the build names, such as `x86_64-unknown-linux-musl`; null for the compiler's own. */
  readonly target: string | null;
}

/** The program that the build writes and the container starts; null when it is not sure that they are the same. */
export function readRustProgram(build: Build): RustProgram | null {
  const { step, stage, image } = build;
  const started = startedProgram(build);
  if (!started) return null;
  const { name, runs } = started;
  const verb = step.command.words.find((one, at) => at > 0 && !/^[+-]/.test(one.value ?? ""))?.value;
  if (step.command.name !== "cargo") return null;
  if (verb === "install") return installed(step, stage, name, runs);
  if (verb !== "build" && verb !== "b") return null;
  const output = outputOf(step, stage);
  if (output === null) return null;
  if (runs !== null) {
    const place = output.matches(runs);
    if (place) return { built: runs, runs, ...place };
  }
  for (const other of runCommands(stage, image.repository.name)) {
    const moved = movedProgram(other, step.instruction, { name, runs });
    if (moved === null) continue;
    const place = output.matches(moved.source);
    if (place) return { built: moved.to, runs: moved.to, ...place };
  }
  return null;
}

interface Output {
  /** Says of the path of a program whether this build writes it, and for which target; null when it does not. */
  matches(path: string): { readonly project: string | null; readonly target: string | null } | null;
}

/** Where `cargo build` writes programs. Source: the Cargo Book, "Build cache". */
function outputOf({ command, folder, instruction }: BuildStep, stage: Stage): Output | null {
  const target = flagValue(command, ["--target"]);
  const profile = flagValue(command, ["--profile"]);
  const own = flagValue(command, ["--target-dir"]);
  if ((target && target.value === null) || (profile && profile.value === null) || (own && own.value === null))
    return null;
  const isRelease = command.words.some((word) => word.value === "--release" || word.value === "-r");
  const named = profile?.value === "dev" ? "debug" : profile?.value;
  const kind = named ?? (isRelease ? "release" : "debug");
  const moved = own?.value ?? valueOf(stage, "CARGO_TARGET_DIR", instruction.index);
  if (moved === undefined || folder === null) return null;
  const fixed = moved === null ? null : resolvePath(moved, folder);
  return {
    matches(path) {
      const found = /^(.*)\/([^/]+)\/([^/]+)$/.exec(path);
      if (!found || found[2] !== kind) return null;
      const above = found[1] ?? "";
      const triple = /\/([^/]+-[^/]+-[^/]+)$/.exec(above)?.[1] ?? null;
      const root = triple === null ? above : parentOf(above);
      if (target && triple !== target.value) return null;
      if (fixed !== null) return root === fixed ? { project: folder, target: triple } : null;
      if (baseName(root) !== "target") return null;
      // A member of a workspace is built into the folder of the workspace.
      const project = parentOf(root);
      const isProject = isWithin(folder, project) || isWithin(project, folder);
      return isProject ? { project, target: triple } : null;
    },
  };
}

/** `cargo install --path . --root /usr/local`: programs land in `bin` below the root. Source: the Cargo Book. */
function installed(
  { command, folder, instruction }: BuildStep,
  stage: Stage,
  name: string,
  runs: string | null,
): RustProgram | null {
  const root = flagValue(command, ["--root"]);
  const text = root
    ? root.value
    : (valueOf(stage, "CARGO_INSTALL_ROOT", instruction.index) ?? cargoHome(stage, instruction.index));
  const resolved = text ? resolvePath(text, folder) : null;
  const path = flagValue(command, ["--path"]);
  if (resolved === null || (path && path.value === null)) return null;
  const built = joinPath(resolved, `bin/${name}`);
  if (runs !== null && runs !== built) return null;
  const target = flagValue(command, ["--target"]);
  if (target && target.value === null) return null;
  const inPath = programFolders.has(parentOf(built));
  return {
    built,
    runs: runs ?? (inPath ? built : `/usr/local/bin/${name}`),
    project: path?.value ? resolvePath(path.value, folder) : null,
    target: target?.value ?? null,
  };
}

/** The official images set CARGO_HOME to this folder and have its `bin` in PATH. */
function cargoHome(stage: Stage, index: number): string | null {
  return stage.scope.lookup("CARGO_HOME", index) ? null : "/usr/local/cargo";
}

/** A variable's value; null when it is not set, undefined when it is set to something unknown. */
function valueOf(stage: Stage, name: string, index: number): string | null | undefined {
  if (!stage.scope.lookup(name, index)) return null;
  const state = stageState(stage.scope, name, index);
  return state.kind === "value" ? state.value : undefined;
}
