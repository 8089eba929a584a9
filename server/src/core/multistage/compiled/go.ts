/** Splits a stage that builds and runs a Go program. */
import type { Fix, RuleContext } from "../../rule";
import { buildRole } from "../build-packages";
import type { Build } from "../detect";
import { installedPackages } from "../installed";
import { certificates, glibcBase, staticBase, systemBase } from "../runtime-base";
import { cgoState, needsC, type Program, readProgram, withoutCgo } from "./go-program";
import { hasHeaders, type NativeBuild, type RuntimeBase, splitNative } from "./native";

/**
 * The ways to split the stage, best first; empty where anything that the program may need is not known. The first keeps
 * the system, or needs none; the second has less in it.
 */
export function splitGo(build: Build, context: RuleContext): readonly Fix[] {
  if (build.tools !== "base" || build.step.family !== "go") return [];
  const program = readProgram(build, context.facts);
  const family = build.image.distribution?.family;
  if (!program || (family !== "debian" && family !== "alpine")) return [];
  const offers = offersFor(build, program, context);
  if (cgoState(build.step, build.stage) === "off") {
    if (family === "alpine") return present(offers.system(true), offers.bare());
    const bare = offers.bare();
    // scratch has no more than the bare image lacks, so it fits where that does.
    return bare ? present(bare, offers.empty()) : present(offers.system(true));
  }
  // Whether cgo is needed is not known, so the C library of the builder stays.
  const system = offers.system(false);
  if (needsC(context.facts)) return present(system, offers.glibc());
  const prefix = isPure(build) ? withoutCgo(build.step) : null;
  if (!prefix) return present(system);
  return present(system, offersFor(build, { ...program, edits: [...program.edits, prefix] }, context).bare());
}

function present(...fixes: readonly (Fix | null)[]): readonly Fix[] {
  return fixes.filter((fix) => fix !== null);
}

const goTools: ReadonlySet<string> = new Set(["go"]);

/** Declared for the Go tools alone. */
const buildVariables =
  /^(?:CGO_\w+|GOOS|GOARCH|GOARM|GOAMD64|GOPROXY|GOPRIVATE|GONOSUMDB|GONOPROXY|GOSUMDB|GO111MODULE|GOFLAGS|GOPATH|GOBIN|GOCACHE|GOMODCACHE|GOROOT|GOTOOLCHAIN|GOWORK|GOEXPERIMENT|CC|CXX|CFLAGS|LDFLAGS|DEBIAN_FRONTEND)$/;

/** Where Go keeps the time zones it falls back to; images of Alpine have none. */
const timeZones = "/usr/local/go/lib/time/zoneinfo.zip";

interface Offers {
  /** `isStatic`: the program is built without cgo, so it needs no C library. */
  system(isStatic: boolean): Fix | null;
  bare(): Fix | null;
  glibc(): Fix | null;
  empty(): Fix | null;
}

/** The offers for one program. */
function offersFor(build: Build, program: Program, context: RuleContext): Offers {
  const { catalogue } = context;
  const { distribution } = build.image;
  const offer = (isStatic: boolean, base: RuntimeBase | null): Fix | null => {
    const native: NativeBuild = {
      copies: [{ from: program.built, to: program.runs }],
      ...{ tools: goTools, buildVariables, edits: program.edits, isStatic, libraries: [], imageFolder: "/go" },
      // What the Go image has and the small one lacks.
      files: distribution?.family === "debian" ? [certificates] : [timeZones],
      remarks: program.edits.some(isCgoEdit) ? ["without cgo, packages that need C no longer build"] : [],
    };
    return base && splitNative(build, native, base, context);
  };
  const system = systemBase(catalogue, build.image);
  const bare = staticBase(catalogue);
  const glibc = distribution?.family === "debian" ? glibcBase(catalogue, distribution.codename, "base") : null;
  return {
    system: (isStatic) => offer(isStatic, system && { kind: "system", ...system }),
    bare: () => offer(true, bare === null ? null : { kind: "bare", reference: bare, has: [] }),
    glibc: () => offer(false, glibc),
    empty: () => offer(true, { kind: "empty" }),
  };
}

/** True when no installed package says that the program needs C. */
function isPure({ stage, image }: Build): boolean {
  if (hasHeaders(stage)) return false;
  // Images on Debian have a C compiler whether it is needed or not; on Alpine somebody wanted it.
  const compilers = installedPackages(stage).filter(({ package: { name } }) => isCompiler(name));
  return image.distribution?.family === "debian" || compilers.length === 0;
}

function isCompiler(name: string): boolean {
  return buildRole(name) === "compiler" && /^(?:build-base|alpine-sdk|gcc|g\+\+|clang|musl-dev)/.test(name);
}

function isCgoEdit(edit: { readonly newText: string }): boolean {
  return edit.newText.startsWith("CGO_ENABLED");
}
