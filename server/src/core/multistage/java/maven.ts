/** Splits a stage that builds a Java program with Maven. */
import type { Fix } from "../../rule";
import { contextFile } from "../context-files";
import type { Build } from "../detect";
import { baseName, joinPath, parentOf } from "../paths";
import { splitJava } from "./java";
import type { JavaBuild, JavaContext } from "./java-parts";
import { type Pom, readPom } from "./pom";

/** The ways to split the stage, best first; empty where it is not known what the program needs when it runs. */
export function splitMaven(build: Build, context: JavaContext): readonly Fix[] {
  return splitJava(build, context, besideJar);
}

/** What pom.xml says lies beside the jar; null where it says that the build writes no such jar, or not where libraries are. */
function besideJar({ artefact, copies, facts }: JavaBuild): readonly string[] | null {
  const { jar } = artefact;
  if (jar === null) return [];
  const module = parentOf(parentOf(jar));
  const pomAt = (folder: string): Pom | null => {
    const file = contextFile(joinPath(folder, "pom.xml"), copies, facts);
    return file ? readPom(file.text) : null;
  };
  const pom = baseName(parentOf(jar)) === "target" ? pomAt(module) : null;
  if (!pom) return [];
  if (!fitsName(baseName(jar), pom)) return null;
  const parent = pom.hasParent && module !== "/" ? pomAt(parentOf(module)) : null;
  if (pom.isFat || parent?.isFat) return [];
  const libraries = pom.libraries === "" ? (parent?.libraries ?? "") : pom.libraries;
  if (libraries === null || (parent !== null && parent.libraries === null)) return null;
  return libraries === "" ? [] : [joinPath(parentOf(jar), libraries)];
}

function fitsName(name: string, pom: Pom): boolean {
  return name.includes("*") || pom.hasOtherNames || name.startsWith(pom.stem);
}
