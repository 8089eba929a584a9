/** Splits a stage that builds and runs a program in C or C++. */
import type { Fix, RuleContext } from "../../rule";
import { buildSteps } from "../build-steps";
import { copiesBefore } from "../context-folders";
import type { Build } from "../detect";
import { isWithin, parentOf } from "../paths";
import { runCommands } from "../run-commands";
import { certificates, glibcBase, staticBase, systemBase } from "../runtime-base";
import { librariesOf } from "./c-linking";
import { type CProgram, readCProgram, staticRuntime } from "./c-program";
import { type NativeBuild, type RuntimeBase, splitNative } from "./native";

/**
 * The ways to split the stage, best first; empty where the program or a library that it may load is not known. The first
 * keeps the system, or needs none; the second has less in it.
 */
export function splitC(build: Build, context: RuleContext): readonly Fix[] {
  const { image, stage, step } = build;
  const copies = copiesBefore(context.model, stage, image.repository.name, step.instruction);
  const program = readCProgram(build, copies, context.facts);
  const linked = program && linkedTo(build, program);
  if (!program || !linked) return [];
  const offer = (base: RuntimeBase | null): Fix | null =>
    base && splitNative(build, nativeBuild(build, program, linked), base, context);
  const system = systemOf(build, context);
  const bases: readonly (RuntimeBase | null)[] = linked.isStatic
    ? [bareStatic(context), image.repository.name === "gcc" ? { kind: "empty" } : system]
    : [system, program.linking ? glibcBase(context.catalogue, debianOf(build), "cc") : null];
  return bases.map(offer).filter((fix) => fix !== null);
}

function bareStatic({ catalogue }: RuleContext): RuntimeBase | null {
  const reference = staticBase(catalogue);
  return reference === null ? null : { kind: "bare", reference, has: [] };
}

/** The release of Debian that the stage stands on, or null. */
function debianOf({ image }: Build): string | null {
  return image.distribution?.family === "debian" ? image.distribution.codename : null;
}

/** The system that the program is built on, without the tools: the image itself where it is nothing but a system. */
function systemOf({ image, stage }: Build, { catalogue }: RuleContext): RuntimeBase | null {
  const family = image.distribution?.family;
  if (family === "debian") {
    const base = systemBase(catalogue, image);
    return base && { kind: "system", ...base };
  }
  const own = stage.base.word?.text;
  const isSystem = image.repository.isSystem && (family === "ubuntu" || family === "alpine");
  return isSystem && own ? { kind: "system", reference: own, same: true } : null;
}

interface Linked {
  readonly isStatic: boolean;
  /** Packages with libraries, beyond those behind headers that the file installs. */
  readonly packages: readonly string[];
  readonly edits: NativeBuild["edits"];
}

/** What the program needs; null when that is not known. */
function linkedTo(build: Build, program: CProgram): Linked | null {
  const { image } = build;
  const { linking } = program;
  const system = image.distribution;
  const release = { family: system?.family ?? null, codename: system?.codename ?? null };
  if (linking?.isStatic && !program.isInstalled) return { isStatic: true, packages: [], edits: [] };
  const name = image.repository.name;
  if (name === "gcc" || name === "buildpack-deps") {
    // These images bring headers of two dozen libraries, so what is linked has to be read from the build itself.
    const packages = linking?.libraries ? librariesOf(linking.libraries, release) : null;
    if (!linking || !packages || linking.usesOpenMp || linking.language === "unknown" || program.isInstalled)
      return null;
    if (name !== "gcc" || linking.language === "c") return { isStatic: false, packages, edits: [] };
    // The libraries of its newer compiler are not those of Debian.
    const edit = staticRuntime(program);
    return edit && { isStatic: false, packages, edits: [edit] };
  }
  if (!image.repository.isSystem) return null;
  const openMp = linking?.usesOpenMp ? [system?.family === "alpine" ? "libgomp" : "libgomp1"] : [];
  const runtime = system?.family === "alpine" && linking?.language !== "c" ? ["libstdc++"] : [];
  return { isStatic: false, packages: [...openMp, ...runtime], edits: [] };
}

const buildTools: readonly string[] = [
  ...["gcc", "g++", "cc", "c++", "clang", "clang++", "ar", "ranlib", "ld", "make", "gmake", "cmake", "ninja", "meson"],
  ...[
    "configure",
    "autoreconf",
    "autoconf",
    "automake",
    "aclocal",
    "libtoolize",
    "autogen.sh",
    "bootstrap",
    "ldconfig",
  ],
  ...["ctest", "conan", "ccache", "pkg-config"],
];

/** They bring sources where the same RUN builds them. */
const fetchers: readonly string[] = ["curl", "wget", "tar", "unzip", "patch", "sed", "mv", "cp"];

/** Declared for compilers alone. */
const buildVariables =
  /^(?:CC|CXX|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|LIBS|MAKEFLAGS|CMAKE_\w+|PKG_CONFIG_\w+|DEBIAN_FRONTEND|VCPKG_\w+)$/;

function nativeBuild(build: Build, program: CProgram, linked: Linked): NativeBuild {
  const { image, stage } = build;
  const name = image.repository.name;
  const places = program.copies.map(({ to }) => to);
  const folders = new Set(buildSteps(stage, name).flatMap((one) => one.folder ?? []));
  const builds = new Set(buildSteps(stage, name).map((one) => one.instruction));
  const fetches = runCommands(stage, name).filter(({ command }) => fetchers.includes(command.name ?? ""));
  const fetchesSources = fetches.every(({ instruction }) => builds.has(instruction));
  const compilers = runCommands(stage, name).flatMap(({ command }) =>
    /^(?:gcc|g\+\+|clang|clang\+\+)-\d+$/.test(command.name ?? "") ? [command.name ?? ""] : [],
  );
  const isDynamicGlibc = !linked.isStatic && image.distribution?.libc === "glibc";
  return {
    copies: program.copies,
    tools: new Set([...buildTools, ...compilers, ...(fetchesSources ? fetchers : [])]),
    ...{
      buildVariables,
      edits: linked.edits,
      isStatic: linked.isStatic,
      libraries: linked.packages,
      imageFolder: null,
    },
    files: name === "gcc" && linked.isStatic ? [certificates] : [],
    isSettled: (path) =>
      places.some((place) => isWithin(path, place) || path === parentOf(place)) ||
      [...folders].some((folder) => isWithin(folder, path) || (isWithin(path, folder) && isSource(path))),
    after: program.isInstalled && isDynamicGlibc ? ["RUN ldconfig"] : [],
    ...(program.isInstalled && places[0] ? { said: places[0] } : {}),
    remarks: [
      ...(program.mayLoadOwn ? ["libraries that the project builds for itself need a COPY"] : []),
      ...(linked.edits.length > 0
        ? [
            `the libraries of GCC are linked into the program, for ${image.distribution?.label ?? "the system"} has older ones`,
          ]
        : []),
    ],
  };
}

/** Sources and what lies between them and the program. */
function isSource(path: string): boolean {
  return /\/(?:src|build|obj|bin|out|include|third_party|deps)(?:\/|$)|\.(?:c|cc|cpp|cxx|h|hpp|o|mk|cmake)$|\/(?:Makefile|CMakeLists\.txt)$/.test(
    path,
  );
}
