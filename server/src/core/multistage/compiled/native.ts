/** Writes the second stage for a program in machine code: what Go, Rust and C have in common. */

import type { Stage } from "../../model/types";
import type { Facts, Fix, RuleContext } from "../../rule";
import { readMount } from "../../syntax/flags";
import type { Edit } from "../../text";
import { buildRole, isPureHeaders } from "../build-packages";
import type { BuildStep } from "../build-steps";
import { namesInFolder } from "../context-folders";
import type { Build } from "../detect";
import { installedPackages } from "../installed";
import { baseName, isWithin, joinPath, parentOf, resolvePath } from "../paths";
import { certificates } from "../runtime-base";
import { argumentFiles, isRuntimeFolder } from "../runtime-files";
import { healthCheck, installLines, runtimePackages } from "../runtime-packages";
import { type Sorted, sortInstructions } from "../sort";
import { buildStageName, splitStage } from "../split";

/** What is built, and what it needs where it runs. */
export interface NativeBuild {
  /** What is copied: the program first. Absolute paths, in the first and in the second stage. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
  /** Commands that are part of the build; whatever else they do is not needed in the second stage. */
  readonly tools: ReadonlySet<string>;
  /** ENV names that only those commands read. */
  readonly buildVariables: RegExp;
  /** Edits that make the build write the program as the second stage needs it. */
  readonly edits: readonly Edit[];
  /** True when the program loads no library. */
  readonly isStatic: boolean;
  /** Packages with libraries that the program loads, beyond those that the stage's own packages tell. */
  readonly libraries: readonly string[];
  /** Files of the builder that its small sibling lacks and that the program may open; for system images. */
  readonly files: readonly string[];
  /** Absolute paths where what a RUN writes serves the build alone, or is copied along. */
  readonly isSettled?: (path: string) => boolean;
  /** Lines behind the copies in a system image. */
  readonly after?: readonly string[];
  /** Folder of the base image for a start that is relative to it; null where that is `/`. */
  readonly imageFolder: string | null;
  /** The copies in words, where names of files do not say it. */
  readonly said?: string;
  /** What else the reader of the offer should know; clauses without full stop. */
  readonly remarks: readonly string[];
}

/**
 * What the second stage stands on. `system`: a system with a package manager; `same` says whether it is the builder's very
 * release. `bare`: an image without a shell that runs as nonroot and has the named packages. `empty`: scratch.
 */
export type RuntimeBase =
  | { readonly kind: "system"; readonly reference: string; readonly same: boolean }
  | { readonly kind: "bare"; readonly reference: string; readonly has: readonly string[] }
  | { readonly kind: "empty" };

/**
 * True when a package asks servers for certificates. Debian has it only recommend the certificates that it
 * trusts, and these come by no other way to an image that installs without recommendations.
 */
function wantsCertificates(packages: ReadonlySet<string>): boolean {
  return [...packages].some((name) => /^(?:curl|wget|git|libcurl\d.*)$/.test(name));
}

/** Number of the user that stands for nobody in images without accounts. */
const bareUser = "65532:65532";

/** The split onto a base, or null where the base does not have what the program, its checks or its user need. */
export function splitNative(
  build: Build,
  native: NativeBuild,
  base: RuntimeBase,
  { model, facts }: Pick<RuleContext, "model" | "facts">,
): Fix | null {
  const { stage, image, start, step } = build;
  const system = image.distribution;
  const family = system?.family ?? null;
  const programs = native.copies.map(({ from }) => from);
  const folders = stage.instructions.map((one) => one.workdir).concat(stage.workdirAtEnd);
  const kept = [...folders.filter((one) => one !== null), ...programs, ...programs.map(parentOf)];
  if (isMountedAway(step, programs)) return null;
  const sorted = sortInstructions({
    ...{ model, stage, facts, kept, tools: native.tools, buildVariables: native.buildVariables },
    ...{ image: image.repository.name, step: step.instruction },
    ...(native.isSettled ? { isSettled: native.isSettled } : {}),
  });
  const packages = runtimePackages(stage, family, native.isStatic, system?.codename ?? null);
  const files = sorted && argumentFiles(build, sorted, facts);
  if (!sorted || !packages || !files) return null;
  // Libraries change their names from release to release.
  const loads = native.libraries.length > 0 || (!native.isStatic && hasHeaders(stage));
  if (base.kind === "system" && !base.same && loads) return null;
  for (const one of native.libraries) packages.add(one);

  const health = healthCheck(stage);
  const own = new Set(native.copies.map(({ to }) => baseName(to)));
  for (const tool of health.programs) {
    if (own.has(tool) || (tool === "wget" && family === "alpine" && base.kind === "system")) continue;
    if (tool !== "curl" && tool !== "wget") return null;
    packages.add(tool);
  }
  const needsShell = start.needsShell || health.needsShell || sorted.repeatsRun;
  if (base.kind === "system" ? sorted.repeatsRun && !base.same : needsShell || !fitsBare(packages, sorted, base)) {
    return null;
  }

  const from = buildStageName(stage);
  const copyLine = (path: string, to = path) => `COPY --from=${from} ${path} ${to}`;
  const first: string[] = [];
  const setsFolder = stage.instructions.some(({ keyword }) => keyword === "WORKDIR");
  if (!setsFolder && native.imageFolder !== null && /^\.{1,2}\//.test(start.words?.[0] ?? "")) {
    first.push(`WORKDIR ${native.imageFolder}`);
  }
  if (base.kind === "system") {
    if (family !== "alpine" && !native.files.includes(certificates) && wantsCertificates(packages))
      packages.add("ca-certificates");
    if (packages.size > 0) first.push(...installLines(packages, family, model));
    const brought = (path: string) =>
      packages.has(path === certificates ? "ca-certificates" : "tzdata") || programs.includes(path);
    first.push(...native.files.filter((path) => !brought(path)).map((path) => copyLine(path)));
  }
  if (base.kind === "empty" && native.files.includes(certificates)) first.push(copyLine(certificates));
  const beside = [...new Set([...sorted.files, ...openedBeside(build, sorted, facts), ...files])].filter(
    (path) => !native.copies.some((one) => isWithin(path, one.from)),
  );
  const lines = [
    ...beside.map((path) => copyLine(path)),
    ...native.copies.map((one) => copyLine(one.from, one.to)),
    ...(base.kind === "system" ? (native.after ?? []) : []),
    ...(base.kind === "empty" && sorted.user === null ? [`USER ${bareUser}`] : []),
  ];
  const reference = base.kind === "empty" ? "scratch" : base.reference;
  const instead = new Map([[step.instruction, lines]]);
  const edits = splitStage({ model, stage, base: reference, roles: sorted.roles, instead, first, edits: native.edits });
  if (!edits) return null;

  const named = native.said === undefined ? native.copies.map(({ to }) => baseName(to)) : [native.said];
  const copied = [...named, ...beside.map(baseName)];
  return {
    title: `Build in an earlier stage, run on ${reference.replace(/^gcr\.io\//, "")}`,
    applicability: "unsafe",
    reason: `${[
      `Only ${copied.join(", ")} ${copied.length === 1 ? "is" : "are"} copied, so other files need a COPY`,
      ...consequences(base, sorted),
      ...native.remarks,
    ].join("; ")}.`,
    kind: "refactor",
    edits,
  };
}

/** Folders beside the start that programs open by custom, where a COPY brought them with the sources. */
function openedBeside({ stage, step }: Build, { copies, roles }: Sorted, facts: Facts): readonly string[] {
  const folder = stage.workdirAtEnd ?? "/";
  const brought = copies.filter(
    ({ instruction }) => instruction.index < step.instruction.index && !roles.has(instruction),
  );
  const names = namesInFolder(folder, brought, facts) ?? [];
  return names.filter(isRuntimeFolder).map((name) => joinPath(folder, name));
}

function consequences(base: RuntimeBase, sorted: Sorted): readonly string[] {
  if (base.kind === "system") {
    return base.same ? [] : [`${base.reference} may be newer than the system that the program is built on`];
  }
  const user = sorted.user === null ? ["it runs as nonroot (65532)"] : [];
  if (base.kind === "bare") return ["the container has no shell", ...user];
  return ["the container has no shell, no accounts and no /tmp", ...user];
}

/** True when nothing in the second stage needs a package or a right that the bare image does not give. */
function fitsBare(packages: ReadonlySet<string>, sorted: Sorted, base: RuntimeBase): boolean {
  const has = new Set(["ca-certificates", ...(base.kind === "bare" ? ["tzdata", ...base.has] : [])]);
  if ([...packages].some((one) => !has.has(one))) return false;
  // Names of accounts mean nothing where there is no file of them.
  if (base.kind === "empty" && sorted.user !== null && !/^[\d:]+$/.test(sorted.user)) return false;
  return !sorted.hasVolume && !(sorted.hasLowPort && sorted.user === null);
}

/** True when headers of a library are installed, so that something may be linked to it. */
export function hasHeaders(stage: Stage): boolean {
  return installedPackages(stage).some(
    ({ package: { name } }) => buildRole(name) === "headers" && !isPureHeaders(name),
  );
}

/** True when a mount of the building RUN may cover one of the paths: what is written there is no part of the image. */
function isMountedAway(step: BuildStep, paths: readonly string[]): boolean {
  return step.instruction.parsed.flags.some((flag) => {
    const target = readMount(flag)?.get("target", "dst", "destination") ?? null;
    if (target === null) return false;
    const folder = resolvePath(target, step.instruction.workdir);
    return folder === null || target.includes("$") || paths.some((path) => isWithin(path, folder));
  });
}
