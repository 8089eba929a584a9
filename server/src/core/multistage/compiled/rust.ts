/** Splits a stage that builds and runs a Rust program. */
import type { ImageFacts } from "../../catalogue/types";
import type { Stage } from "../../model/types";
import type { Fix, RuleContext } from "../../rule";
import { contextFile } from "../context-files";
import { copiesBefore } from "../context-folders";
import type { Build } from "../detect";
import { installedPackages } from "../installed";
import { isWithin, joinPath, parentOf } from "../paths";
import { certificates, glibcBase, staticBase, systemBase } from "../runtime-base";
import { runtimeLibraries } from "../runtime-libraries";
import { hasHeaders, type NativeBuild, splitNative } from "./native";
import { crateLibraries } from "./rust-libraries";
import { type RustProgram, readRustProgram } from "./rust-program";

/**
 * The ways to split the stage, best first; empty where the program or a library that it may load is not known. The first
 * keeps the system, or needs none; the second has less in it.
 */
export function splitRust(build: Build, context: RuleContext): readonly Fix[] {
  if (build.tools !== "base" || build.step.family !== "rust") return [];
  const program = readRustProgram(build);
  const family = build.image.distribution?.family;
  if (!program || (family !== "debian" && family !== "alpine")) return [];
  const present = (...fixes: readonly (Fix | null)[]) => fixes.filter((fix) => fix !== null);
  const offers = offersFor({ ...build, image: withRelease(build.image) }, program, context);
  switch (linkage(build, program, context)) {
    case "static": {
      const bare = offers.bare();
      if (family === "alpine") return present(offers.system(true), bare);
      return bare ? present(bare, offers.empty()) : present(offers.system(true));
    }
    case "dynamic":
      return present(offers.system(false), family === "debian" ? offers.glibc() : null);
    default:
      return [];
  }
}

/**
 * The release of Debian under tags of `rust` that name none and are no longer built. Source: the default of the official
 * image, which is the stable release of its day. Versions of the weeks when it changed are left out.
 */
function withRelease(image: ImageFacts): ImageFacts {
  const system = image.distribution;
  if (system?.family !== "debian" || system.codename !== null) return image;
  const minor = Number(/^1\.(\d+)$/.exec(image.line ?? "")?.[1] ?? 0);
  const release = releases.find(({ from, to }) => minor >= from && minor <= to);
  return release ? { ...image, distribution: { ...system, codename: release.codename } } : image;
}

/** Minor versions of Rust by the release that their images stood on. */
const releases = [
  { from: 57, to: 69, codename: "bullseye" },
  { from: 72, to: 88, codename: "bookworm" },
  { from: 90, to: 97, codename: "trixie" },
] as const;

/** Rust for musl links everything into the program, unless it is told not to; for glibc it never does. */
function linkage(
  { stage, step, image }: Build,
  program: RustProgram,
  context: RuleContext,
): "static" | "dynamic" | "unknown" {
  const isMusl = program.target?.includes("musl") ?? image.distribution?.family === "alpine";
  if (!isMusl) return program.target === null || program.target.endsWith("-linux-gnu") ? "dynamic" : "unknown";
  const flags = [
    ...step.command.assignments.map((one) => (/RUSTFLAGS$/.test(one.name) ? (one.value?.value ?? null) : "")),
    ...stage.scope.bindings.filter((one) => /RUSTFLAGS$/.test(one.name)).map((one) => one.value),
  ];
  if (flags.some((text) => text === null)) return "unknown";
  const file = projectFile(program, ".cargo/config.toml", { stage, step, image }, context);
  if ([...flags, file].some((text) => text?.includes("-crt-static"))) {
    return image.distribution?.family === "alpine" ? "dynamic" : "unknown";
  }
  return "static";
}

/** The text of a file of the project; null where there is none, or none that is known. */
function projectFile(
  program: RustProgram,
  name: string,
  { stage, step, image }: Pick<Build, "stage" | "step" | "image">,
  { model, facts }: RuleContext,
): string | null {
  const copies = copiesBefore(model, stage, image.repository.name, step.instruction);
  for (const folder of new Set([program.project, step.folder])) {
    const file = folder === null ? undefined : contextFile(joinPath(folder, name), copies, facts);
    if (file) return file.text;
  }
  return null;
}

const rustTools: ReadonlySet<string> = new Set(["cargo", "rustup", "rustc", "cargo-chef", "sccache"]);

/** Declared for the Rust tools alone. */
const buildVariables =
  /^(?:CARGO_\w+|RUSTFLAGS|RUSTUP_\w+|RUSTC_\w+|SQLX_OFFLINE|OPENSSL_\w+|PKG_CONFIG_\w+|CC|CXX|CFLAGS|CC_\w+|DEBIAN_FRONTEND|PROTOC)$/;

interface Offers {
  system(isStatic: boolean): Fix | null;
  glibc(): Fix | null;
  bare(): Fix | null;
  empty(): Fix | null;
}

function offersFor(build: Build, program: RustProgram, context: RuleContext): Offers {
  const { catalogue } = context;
  const { image, step } = build;
  const isDebian = image.distribution?.family === "debian";
  const linked = isDebian
    ? linkedLibraries(build, program, context)
    : { packages: ["libgcc"], plain: false, guessed: false };
  const native = (isStatic: boolean): NativeBuild => ({
    copies: [{ from: program.built, to: program.runs }],
    ...{ tools: rustTools, buildVariables, edits: [], isStatic, imageFolder: null },
    libraries: isStatic ? [] : (linked?.packages ?? []),
    files: isDebian ? [certificates] : [],
    isSettled: (path) => isSource(path, program, step.folder),
    remarks:
      linked?.guessed && !isStatic
        ? [
            `Cargo.lock is not known, so ${linked.packages.join(", ")} is installed to be safe; other libraries need a package`,
          ]
        : [],
  });
  const system = systemBase(catalogue, image);
  const bare = staticBase(catalogue);
  const glibc = linked?.plain ? glibcBase(catalogue, image.distribution?.codename ?? null, "cc") : null;
  return {
    system: (isStatic) =>
      system && (isStatic || linked) && splitNative(build, native(isStatic), { kind: "system", ...system }, context),
    glibc: () => glibc && splitNative(build, native(false), glibc, context),
    bare: () =>
      bare === null ? null : splitNative(build, native(true), { kind: "bare", reference: bare, has: [] }, context),
    empty: () => splitNative(build, native(true), { kind: "empty" }, context),
  };
}

interface Linked {
  readonly packages: readonly string[];
  readonly plain: boolean;
  /** True when they follow from what crates mostly link to, not from Cargo.lock. */
  readonly guessed: boolean;
}

/** The libraries that crates load beside those of the stage's own packages; null when they are not known. */
function linkedLibraries(build: Build, program: RustProgram, context: RuleContext): Linked | null {
  const { image, stage } = build;
  const system = image.distribution;
  const release = { family: system?.family ?? null, codename: system?.codename ?? null };
  const lock = projectFile(program, "Cargo.lock", build, context);
  // The full image brings headers of two dozen libraries, the slim one none: there the file installs what is linked.
  const isSlim = image.variants.includes("slim");
  if (typeof lock === "string") {
    const found = crateLibraries(lock, release);
    return found.complete || isSlim ? { ...found, guessed: false } : null;
  }
  if (isSlim) return { packages: [], plain: !hasOtherHeaders(stage), guessed: false };
  const tls = runtimeLibraries("libssl-dev", release);
  return tls && { packages: tls, plain: false, guessed: true };
}

/** True when headers of a library other than OpenSSL are installed. */
function hasOtherHeaders(stage: Stage): boolean {
  return (
    hasHeaders(stage) &&
    installedPackages(stage).some(({ package: { name } }) => /-dev$/.test(name) && !/^lib(?:ssl|c6?)-dev$/.test(name))
  );
}

/** Sources, manifests and everything below `target` serve the build alone. */
function isSource(path: string, program: RustProgram, folder: string | null): boolean {
  if (path === program.built || path === program.runs) return true;
  if (/^\/usr(?:\/local)?\/bin$/.test(path) && parentOf(program.runs) === path) return true;
  const isOwn = [program.project, folder].some((one) => one !== null && isWithin(path, one));
  return isOwn && /\/(?:src|target|benches|examples|\.cargo)(?:\/|$)|\.rs$|\/Cargo\.(?:toml|lock)$/.test(path);
}
