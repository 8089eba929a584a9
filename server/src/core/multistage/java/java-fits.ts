/** Whether a base image can do what the second stage of a Java build asks of it. */
import { scriptsOf } from "../../model/scripts";
import type { Build } from "../detect";
import { healthCheck } from "../runtime-packages";
import type { JavaBase } from "./java-base";
import type { JavaParts } from "./java-parts";
import type { JavaStart } from "./java-start";

/** Tools for health checks that Eclipse Temurin's images bring. Source: their Dockerfiles. */
const broughtTools: Readonly<Record<string, readonly string[]>> = { ubuntu: ["curl", "wget"], alpine: ["wget"] };

/** Systems whose packages can be installed in the second stage, with the tools that Gradle's start scripts call. */
const hasPackages: ReadonlySet<string> = new Set(["debian", "ubuntu", "alpine"]);

/** True when the base can do all that the second stage asks of it; adds what the health check runs to the packages. */
export function fitsJavaBase(build: Build, base: JavaBase, parts: JavaParts, start: JavaStart): boolean {
  const family = base.system?.family ?? "ubuntu";
  const brought = build.tools === "base" ? (broughtTools[family] ?? []) : [];
  for (const tool of healthCheck(build.stage).programs) {
    if (tool !== "curl" && tool !== "wget") return false;
    if (!brought.includes(tool)) parts.packages.add(tool);
  }
  for (const tool of brought) parts.packages.delete(tool);
  if (parts.packages.size > 0 && !hasPackages.has(family)) return false;
  // Another system has other packages, libraries above all, and other accounts are there already.
  const isKnown = build.image.distribution !== null;
  const isShared = (name: string) => everywhere.has(name) || (!isKnown && !/^lib/.test(name));
  if (!base.same && ![...parts.packages].every(isShared)) return false;
  if (!base.same && makesAccounts(parts)) return false;
  // Gradle's start scripts ask for `xargs`, `sed` and `uname`.
  return start.kind !== "script" || hasPackages.has(family);
}

/** Packages that have one name on Debian, Ubuntu and Alpine. */
const everywhere: ReadonlySet<string> = new Set([
  "curl",
  "wget",
  "ca-certificates",
  "tzdata",
  "fontconfig",
  "tini",
  "bash",
]);

function makesAccounts({ roles }: JavaParts): boolean {
  return [...roles].some(
    ([instruction, role]) =>
      instruction.keyword === "RUN" &&
      role !== "build" &&
      scriptsOf(instruction)
        .flatMap((script) => script.commands)
        .some(({ name }) => /^(?:user|group)(?:add|mod)$|^add(?:user|group)$/.test(name ?? "")),
  );
}

/** True when a jar starts without a shell and nothing asks for a package, an account or a right. */
export function isBareJava({ start, stage }: Build, { sorted, packages, artefact }: JavaParts): boolean {
  const keywords = stage.instructions.map(({ keyword }) => keyword);
  return (
    !start.needsShell &&
    !sorted.repeatsRun &&
    !sorted.hasVolume &&
    !sorted.hasLowPort &&
    sorted.user === null &&
    packages.size === 0 &&
    artefact.jar !== null &&
    !keywords.includes("HEALTHCHECK") &&
    // The image's own ENTRYPOINT would stand before a lone CMD.
    keywords.includes("ENTRYPOINT") &&
    start.words?.[0] === "java"
  );
}
