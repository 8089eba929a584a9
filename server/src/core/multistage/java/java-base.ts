/** The image with a Java runtime that fits an image with a JDK. */
import type { Catalogue, Distribution, ImageFacts } from "../../catalogue/types";
import { parseReference } from "../../image/reference";
import { isLive } from "../runtime-base";

/** An image to run Java programs in. */
export interface JavaBase {
  readonly reference: string;
  /** The release of Java: 8, 21. */
  readonly major: number;
  /** The system inside; null when it is not known. */
  readonly system: Distribution | null;
  /** True when the image with the JDK is known to stand on the very same system. */
  readonly same: boolean;
  /** What differs, for the reason of a fix: clauses without a full stop. */
  readonly differences: readonly string[];
}

type Vendor = "temurin" | "corretto" | "semeru" | "sapmachine";

interface Jdk {
  readonly vendor: Vendor;
  readonly major: number;
  /** False where another vendor's JDK stands in the file. */
  readonly sameVendor: boolean;
}

/** The runtime of the same release of Java, on the same system where there is one; null when none is known to be alive. */
export function javaBase(catalogue: Catalogue, image: ImageFacts): JavaBase | null {
  const jdk = readJdk(image);
  if (!jdk) return null;
  const reference = candidates(jdk, image).find((one) => isLive(catalogue, one));
  if (reference === undefined) return null;
  const parsed = parseReference(reference);
  const system = (parsed && catalogue.image(parsed)?.distribution) ?? null;
  const same = isSameSystem(image.distribution, system);
  const differences: string[] = [];
  if (!jdk.sameVendor || (jdk.vendor === "corretto" && !reference.startsWith("amazoncorretto"))) {
    differences.push("the runtime is Eclipse Temurin's");
  }
  if (/headless/.test(reference)) differences.push("it has no libraries for graphics");
  if (image.distribution && system && !same)
    differences.push(`it stands on ${[system.label, system.version ?? ""].join(" ").trim()}`);
  return { reference, major: jdk.major, system, same, differences };
}

/** The image without a shell, running as nonroot (65532); null when there is none for this release of Java. */
export function bareJavaBase(catalogue: Catalogue, major: number): string | null {
  const reference = `gcr.io/distroless/java${major}-debian13:nonroot`;
  return isLive(catalogue, reference) ? reference : null;
}

/** Which JDK an image holds, from its tag and the other names of the same image; null when they do not say. */
function readJdk(image: ImageFacts): Jdk | null {
  const names = [image.tag, ...image.aliases];
  const first = (pattern: RegExp) => names.map((name) => pattern.exec(name)).find((match) => match !== null) ?? null;
  const jdk = (vendor: Vendor, major: string | undefined, sameVendor = true): Jdk | null =>
    major === undefined ? null : { vendor, major: Number(major), sameVendor };
  if (names.some((name) => /graal|(?:^|-)ea(?:-|$)/.test(name))) return null;
  switch (image.repository.name) {
    case "maven": {
      const match = first(/(eclipse-temurin|amazoncorretto|ibm-semeru|sapmachine|adoptopenjdk|openjdk|jdk)-(\d+)/);
      const vendor = vendors[match?.[1] ?? ""];
      return jdk(vendor ?? "temurin", match?.[2], vendor !== undefined);
    }
    case "gradle":
      return jdk(names.some((name) => name.includes("corretto")) ? "corretto" : "temurin", first(/jdk(\d+)/)?.[1]);
    case "eclipse-temurin":
      return jdk("temurin", first(/^(\d+)/)?.[1]);
    case "openjdk":
      return jdk("temurin", first(/^(\d+)/)?.[1], false);
    case "amazoncorretto":
      return jdk("corretto", first(/^(\d+)/)?.[1]);
    case "ibm-semeru-runtimes":
      return jdk("semeru", first(/^open-(\d+)/)?.[1]);
    case "sapmachine":
      return jdk("sapmachine", first(/^(\d+)/)?.[1]);
    default:
      return null;
  }
}

const vendors: Readonly<Record<string, Vendor>> = {
  "eclipse-temurin": "temurin",
  amazoncorretto: "corretto",
  "ibm-semeru": "semeru",
  sapmachine: "sapmachine",
};

/** Images that would do, the most alike first. Whether they exist is for the catalogue to say. */
function candidates({ vendor, major }: Jdk, image: ImageFacts): readonly string[] {
  const { tag, distribution: system } = image;
  const isAlpine = system?.family === "alpine" || tag.includes("alpine");
  const temurin = (tags: readonly string[]) => tags.map((one) => `eclipse-temurin:${one}`);
  const general = isAlpine
    ? [...(system?.version ? [`${major}-jre-alpine-${system.version}`] : []), `${major}-jre-alpine`]
    : [...(system?.codename ? [`${major}-jre-${system.codename}`] : []), ...ubi(system, major), `${major}-jre`];
  const own = image.repository.name;
  switch (vendor) {
    case "temurin":
      if (own !== "eclipse-temurin") return temurin(isAlpine ? [`${major}-jre-alpine`] : general);
      return temurin([...withoutJdk(tag), ...(tag.includes("-") ? general : [`${major}-jre`])]);
    case "corretto":
      if (isAlpine) return [`amazoncorretto:${major}-alpine-jre`, ...temurin([`${major}-jre-alpine`])];
      return system?.family === "amazonlinux"
        ? [`amazoncorretto:${major}-al${system.version ?? ""}-headless`, `amazoncorretto:${major}-headless`]
        : [];
    case "semeru":
      return (own === "maven" ? general.map((one) => `open-${one}`) : withoutJdk(tag)).map(
        (one) => `ibm-semeru-runtimes:${one}`,
      );
    case "sapmachine":
      return (own === "maven" ? [`${major}-jre`] : withoutJdk(tag)).map((one) => `sapmachine:${one}`);
  }
}

function ubi(system: Distribution | null, major: number): readonly string[] {
  return system?.family === "rhel" && system.version ? [`${major}-jre-ubi${system.version}-minimal`] : [];
}

/** `21-jdk-alpine` and `21-alpine` give `21-jre-alpine`. */
function withoutJdk(tag: string): readonly string[] {
  if (tag.includes("jdk")) return [tag.replace("jdk", "jre")];
  const match = /^((?:open-)?\d[\w.]*)(-.*)?$/.exec(tag);
  return match ? [`${match[1]}-jre${match[2] ?? ""}`] : [];
}

function isSameSystem(a: Distribution | null, b: Distribution | null): boolean {
  if (!a || !b || a.family !== b.family) return false;
  return a.version === null || b.version === null || a.version === b.version;
}
