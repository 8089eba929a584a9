/** The system's own Java runtime, for stages that install their JDK as a package. */
import type { Catalogue } from "../../catalogue/types";
import type { Build } from "../detect";
import { installedPackages } from "../installed";
import { isLive } from "../runtime-base";
import type { JavaBase } from "./java-base";

/** The same image once more, and what to install there. */
export interface PackagedJava {
  readonly base: JavaBase;
  /** The package of the JDK, as the stage names it. */
  readonly jdk: string;
  /** The package of the runtime alone. */
  readonly jre: string;
}

/** The runtime that belongs to the JDK of a stage; null when it installs none, or several, or nobody knows the image. */
export function packagedJava({ stage, image }: Build, catalogue: Catalogue): PackagedJava | null {
  const { reference } = stage.base;
  if (!reference || !image.distribution || !isLive(catalogue, reference.text)) return null;
  const found = installedPackages(stage).flatMap(({ package: one }) => {
    const jre = runtimeOf(one.name, image.distribution?.family ?? "");
    return jre === null ? [] : [{ jdk: one.word.value ?? one.name, jre }];
  });
  const [one, other] = found;
  if (!one || other) return null;
  const differences = [`${one.jre} is installed for ${one.jdk}`];
  return {
    ...one,
    base: { reference: reference.text, major: 0, system: image.distribution, same: true, differences },
  };
}

// Source: the package lists of Debian 12, Ubuntu 24.04 and Alpine 3.22; each JDK depends on the runtime of the same name.
function runtimeOf(name: string, family: string): string | null {
  if (family === "debian" || family === "ubuntu") {
    const match = /^(openjdk-\d+|default)-jdk(-headless)?$/.exec(name);
    return match ? `${match[1]}-jre${match[2] ?? ""}` : null;
  }
  const match = family === "alpine" ? /^(openjdk\d+)(?:-jdk)?$/.exec(name) : null;
  return match ? `${match[1]}-jre` : null;
}
