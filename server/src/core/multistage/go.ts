/** Splits a stage that builds and runs a Go program. */
import type { Stage } from "../model/types";
import type { Fix, RuleContext } from "../rule";
import { buildRole, isPureHeaders } from "./build-packages";
import type { Build } from "./detect";
import { cgoState, needsC, type Program, readProgram, withoutCgo } from "./go-program";
import { installedPackages } from "./installed";
import { baseName, parentOf } from "./paths";
import { staticBase, systemBase } from "./runtime-base";
import { argumentFiles } from "./runtime-files";
import { healthCheck, installLines, runtimePackages } from "./runtime-packages";
import { type Sorted, sortInstructions } from "./sort";
import { buildStageName, splitStage } from "./split";

type Context = Pick<RuleContext, "model" | "catalogue" | "facts">;

/** The ways to split the stage, best first; empty where anything that the program may need is not known. */
export function splitGo(build: Build, context: Context): readonly Fix[] {
  if (build.tools !== "base" || build.step.family !== "go") return [];
  const program = readProgram(build, context.facts);
  if (!program) return [];
  const cgo = cgoState(build.step, build.stage);
  const first = planFix(build, program, context, cgo === "off");
  const fixes = first ? [first] : [];
  const isPure = !needsC(context.facts) && !installsLibraries(build.stage);
  if (cgo === "maybe" && build.image.distribution?.family === "debian" && isPure) {
    const prefix = withoutCgo(build.step);
    const second = prefix && planFix(build, { ...program, edits: [...program.edits, prefix] }, context, true);
    if (second && second.title !== first?.title) fixes.push(second);
  }
  return fixes;
}

/** True when headers of libraries are installed: cgo is there for them. */
function installsLibraries(stage: Stage): boolean {
  return installedPackages(stage).some(
    ({ package: { name } }) => buildRole(name) === "headers" && !isPureHeaders(name),
  );
}

const goTools: ReadonlySet<string> = new Set(["go"]);

/** Declared for the Go tools alone. */
const buildVariables =
  /^(?:CGO_\w+|GOOS|GOARCH|GOARM|GOAMD64|GOPROXY|GOPRIVATE|GONOSUMDB|GONOPROXY|GOSUMDB|GO111MODULE|GOFLAGS|GOPATH|GOBIN|GOCACHE|GOMODCACHE|GOROOT|GOTOOLCHAIN|GOWORK|GOEXPERIMENT|CC|CXX|CFLAGS|LDFLAGS|DEBIAN_FRONTEND)$/;

/** `isStatic`: the program is built without cgo, so it needs no C library. */
function planFix(build: Build, program: Program, { model, catalogue, facts }: Context, isStatic: boolean): Fix | null {
  const { stage, image, start, step } = build;
  const family = image.distribution?.family ?? null;
  const folders = stage.instructions.map((one) => one.workdir).concat(stage.workdirAtEnd);
  const kept = [...folders.filter((one) => one !== null), program.built, parentOf(program.built)];
  const name = image.repository.name;
  const sorted = sortInstructions({
    ...{ model, stage, facts, buildVariables, kept },
    ...{ image: name, step: step.instruction, tools: goTools },
  });
  const packages = runtimePackages(stage, family, isStatic);
  const files = sorted && argumentFiles(build, sorted, facts);
  if (!sorted || !packages || !files) return null;

  const health = healthCheck(stage);
  for (const tool of health.programs) {
    if (tool === baseName(program.runs) || (tool === "wget" && family === "alpine")) continue;
    if (tool !== "curl" && tool !== "wget") return null;
    packages.add(tool);
  }
  const needsShell = start.needsShell || health.needsShell || sorted.repeatsRun;
  const bare =
    isStatic && !needsShell && family === "debian" && fitsBare(packages, sorted) ? staticBase(catalogue) : null;
  const system = bare === null ? systemBase(catalogue, image) : null;
  const base = bare ?? system?.reference;
  if (!base || (sorted.repeatsRun && system?.same === false)) return null;

  const from = buildStageName(stage);
  const first: string[] = [];
  const setsFolder = stage.instructions.some(({ keyword }) => keyword === "WORKDIR");
  if (!setsFolder && /^\.{1,2}\//.test(start.words?.[0] ?? "")) first.push("WORKDIR /go");
  if (bare === null) {
    if (packages.size > 0) first.push(...installLines(packages, family, model));
    // What the Go image has and the small one lacks: certificates on Debian, time zones on Alpine.
    if (family === "debian" && !packages.has("ca-certificates")) {
      first.push(copyLine(from, "/etc/ssl/certs/ca-certificates.crt"));
    }
    if (family === "alpine" && !packages.has("tzdata")) {
      first.push(copyLine(from, "/usr/local/go/lib/time/zoneinfo.zip"));
    }
  }
  const beside = [...new Set([...sorted.files, ...files])].filter((path) => path !== program.built);
  const lines = [...beside.map((path) => copyLine(from, path)), copyLine(from, program.built, program.runs)];
  const instead = new Map([[step.instruction, lines]]);
  const edits = splitStage({ model, stage, base, roles: sorted.roles, instead, first, edits: program.edits });
  if (!edits) return null;

  const copied = [program.runs, ...beside].map(baseName).join(", ");
  const consequences = [
    `Only ${copied} ${beside.length === 0 ? "is" : "are"} copied, so other files need a COPY`,
    ...(bare !== null ? ["the container has no shell"] : []),
    ...(bare !== null && sorted.user === null ? ["it runs as nonroot (65532)"] : []),
    ...(program.edits.some(isCgoEdit) ? ["without cgo, packages that need C no longer build"] : []),
    ...(system?.same === false ? [`${base} may be newer than the system that the program is built on`] : []),
  ];
  return {
    title: `Build in an earlier stage, run on ${base.replace(/^gcr\.io\//, "")}`,
    applicability: "unsafe",
    reason: `${consequences.join("; ")}.`,
    kind: "refactor",
    edits,
  };
}

/** True when nothing in the second stage needs a package or a right that the bare image does not give. */
function fitsBare(packages: ReadonlySet<string>, sorted: Sorted): boolean {
  const others = [...packages].filter((one) => one !== "ca-certificates" && one !== "tzdata");
  return others.length === 0 && !sorted.hasVolume && !(sorted.hasLowPort && sorted.user === null);
}

function isCgoEdit(edit: { readonly newText: string }): boolean {
  return edit.newText.startsWith("CGO_ENABLED");
}

function copyLine(from: string, path: string, to = path): string {
  return `COPY --from=${from} ${path} ${to}`;
}
