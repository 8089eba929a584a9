/** Splits a stage that builds and runs a Java program, whatever tool builds it. */
import type { Fix } from "../../rule";
import { copyLines } from "../copy-lines";
import type { Build } from "../detect";
import { baseName, parentOf } from "../paths";
import { installLines } from "../runtime-packages";
import { buildStageName, splitStage } from "../split";
import { bareJavaBase, type JavaBase, javaBase } from "./java-base";
import { fitsJavaBase, isBareJava } from "./java-fits";
import { packagedJava } from "./java-packages";
import { type JavaContext, type JavaParts, type JavaProject, readJavaParts } from "./java-parts";
import { readJavaStart } from "./java-start";

/** The ways to split the stage, best first; empty where anything that the program may need is not known. */
export function splitJava(build: Build, context: JavaContext, project: JavaProject): readonly Fix[] {
  const start = readJavaStart(build.start);
  const command = build.start.instructions.at(-1);
  if (!start || !command) return [];
  const packaged = build.tools === "packages" ? packagedJava(build, context.catalogue) : null;
  const base = build.tools === "packages" ? packaged?.base : javaBase(context.catalogue, build.image);
  const parts = base && readJavaParts(build, start, command, context, project);
  if (!base || !parts || !fitsJavaBase(build, base, parts, start)) return [];
  if (packaged) {
    parts.packages.delete(packaged.jdk);
    parts.packages.add(packaged.jre);
  }
  const first = planFix(build, base, parts, context, [
    "the runtime has no compiler and none of the tools of a JDK",
    ...base.differences,
  ]);
  const bare = build.tools === "base" && isBareJava(build, parts) ? bareJavaBase(context.catalogue, base.major) : null;
  const second =
    bare === null
      ? null
      : planFix(build, { reference: bare, system: null }, parts, context, [
          "the container has no shell",
          "it runs as nonroot (65532)",
        ]);
  return [first, second].filter((fix) => fix !== null);
}

function planFix(
  build: Build,
  { reference, system }: Pick<JavaBase, "reference" | "system">,
  parts: JavaParts,
  { model }: JavaContext,
  consequences: readonly string[],
): Fix | null {
  const { stage, step } = build;
  const { artefact, beside, packages, roles, folder } = parts;
  const from = buildStageName(stage);
  const first: string[] = [];
  if (packages.size > 0) first.push(...installLines(packages, system?.family ?? null, model));
  if (folder !== null) first.push(`WORKDIR ${folder}`);
  const lines = copyLines(from, [...beside, ...artefact.paths]);
  if (!lines) return null;
  const instead = new Map([[step.instruction, lines]]);
  const edits = splitStage({ model, stage, base: reference, roles, instead, first, edits: [] });
  if (!edits) return null;
  const copied = [...artefact.paths, ...beside].map((path) =>
    path.includes("*") ? `${baseName(parentOf(path))}/${baseName(path)}` : baseName(path),
  );
  const only = `Only ${copied.join(", ")} ${copied.length === 1 ? "is" : "are"} copied, so other files need a COPY`;
  return {
    title: `Build in an earlier stage, run on ${reference.replace(/^gcr\.io\//, "")}`,
    applicability: "unsafe",
    reason: `${[only, ...consequences].join("; ")}.`,
    kind: "refactor",
    edits,
  };
}
