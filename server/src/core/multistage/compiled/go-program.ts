/** Which program a Go build makes, where it lies, and whether it may need the C library. */
import { stageState } from "../../model/scope";
import type { Stage } from "../../model/types";
import type { Facts } from "../../rule";
import { flagValue, operands } from "../../shell/commands";
import type { Edit } from "../../text";
import type { BuildStep } from "../build-steps";
import type { Build } from "../detect";
import { baseName, joinPath, parentOf, resolvePath } from "../paths";
import { programFolders } from "./moved-program";
import { startedProgram } from "./started-program";

/** The program that is built and run. */
export interface Program {
  /** Where it lies in the first stage. */
  readonly built: string;
  /** Where the second stage has to have it. */
  readonly runs: string;
  /** Edits that make the build write it there for sure. */
  readonly edits: readonly Edit[];
}

/** The program that the build writes and the container starts; null when it is not sure that they are the same. */
export function readProgram(build: Build, facts: Facts): Program | null {
  const { step, stage } = build;
  const started = startedProgram(build);
  if (!started) return null;
  const { name, runs } = started;
  const words = operands(step.command, ["-C", "-o", "-p", "-ldflags", "-tags", "-gcflags", "-asmflags", "-mod"]);
  const verb = words[0]?.value;
  if (verb === "install") {
    if (declares(stage, "GOBIN") || declares(stage, "GOPATH")) return null;
    const built = `/go/bin/${name}`;
    if (runs !== null && runs !== built) return null;
    return { built, runs: runs ?? `/usr/local/bin/${name}`, edits: [] };
  }
  if (verb !== "build" || flagValue(step.command, ["-C"])) return null;

  const output = flagValue(step.command, ["-o"]);
  if (output) {
    const text = output.value;
    const resolved = text === null ? null : resolvePath(text, step.folder);
    if (text === null || resolved === null) return null;
    const isFolder = text.endsWith("/") || baseName(resolved) !== name;
    const built = isFolder ? joinPath(resolved, name) : resolved;
    if (runs === null) {
      if (programFolders.has(parentOf(built))) return { built, runs: built, edits: [] };
      return parentOf(built) === "/go/bin" ? { built, runs: `/usr/local/bin/${name}`, edits: [] } : null;
    }
    if (runs === built) return { built, runs, edits: [] };
    return runs !== null && isMovedTo(step, runs) ? { built: runs, runs, edits: [] } : null;
  }

  // Without -o, `go build` writes into the folder it runs in, under a name that go.mod or the folder decides. That CMD
  // starts a file of that folder says which name it has; with -o it no longer depends on anything.
  const packages = words.slice(1).map((one) => one.value);
  if (runs === null || packages.some((one) => one === null || one.includes("..."))) return null;
  if (step.folder === null || parentOf(runs) !== step.folder) return null;
  const given = defaultName(packages as readonly string[], facts);
  if (given !== null && given !== name) return null;
  const at = words[0] && step.script.locate(words[0].from, words[0].to).end;
  if (at === undefined) return null;
  return { built: runs, runs, edits: [{ span: { start: at, end: at }, newText: ` -o ${name}` }] };
}

/** The name that `go build` gives the program; null when it is not known. Source: `go help build`. */
function defaultName(packages: readonly string[], facts: Facts): string | null {
  const [first] = packages;
  if (first?.endsWith(".go")) return first.includes("*") ? null : baseName(first).slice(0, -".go".length);
  if (first !== undefined && !/^\.\/?$/.test(first)) return baseName(first.replace(/\/+$/, ""));
  const file = facts.file("go.mod");
  const module = typeof file === "string" ? /^module\s+"?([^\s"]+)/m.exec(file)?.[1] : undefined;
  return module ? baseName(module.replace(/\/v\d+$/, "")) : null;
}

/** `go build -o app && mv app /usr/local/bin/app`. */
function isMovedTo(step: BuildStep, target: string): boolean {
  return step.script.commands.some(({ name, words }) => {
    if (name !== "mv" && name !== "cp" && name !== "install") return false;
    const last = words.at(-1)?.value;
    const resolved = last ? resolvePath(last, step.folder) : null;
    return resolved !== null && (resolved === target || resolved === parentOf(target));
  });
}

function declares(stage: Stage, name: string): boolean {
  return stage.scope.bindings.some((binding) => binding.name === name);
}

/** `off`: CGO_ENABLED=0 is in force at the build. Official Go images have a C compiler, so anything else may link to it. */
export function cgoState(step: BuildStep, stage: Stage): "off" | "maybe" {
  const own = step.command.assignments.find((one) => one.name === "CGO_ENABLED");
  if (own) return own.value?.value === "0" ? "off" : "maybe";
  for (const { name, words, command } of step.script.commands) {
    if (command.index >= step.command.command.index) break;
    if (name === "export" && words.some((word) => word.value === "CGO_ENABLED=0")) return "off";
  }
  const state = stageState(stage.scope, "CGO_ENABLED", step.instruction.index);
  return state.kind === "value" && state.value === "0" ? "off" : "maybe";
}

/** `CGO_ENABLED=0 ` before the build command; null where that is not the command's own beginning. */
export function withoutCgo(step: BuildStep): Edit | null {
  const { command } = step;
  if (command.wrappers.length > 0 || command.outer !== command.command) return null;
  if (command.assignments.some((one) => one.name === "CGO_ENABLED")) return null;
  const { start } = step.script.locate(command.command.from, command.command.to);
  return { span: { start, end: start }, newText: "CGO_ENABLED=0 " };
}

/** True when go.mod names a module that is known to need C. */
export function needsC(facts: Facts): boolean {
  const file = facts.file("go.mod");
  return (
    typeof file === "string" &&
    /mattn\/go-sqlite3|confluent-kafka-go|git2go|gocv\.io|h2non\/bimg|davidbyttow\/govips|go-gl\/|go-librdkafka|go-webkit|gotk3|google\/gopacket|rivo\/duplo|go-tesseract|gosseract/.test(
      file,
    )
  );
}
