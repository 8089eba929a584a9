/** Reads pom.xml as far as it says which jar Maven writes and what lies beside it. Source: Maven's POM reference. */
import { childrenOf, elementsNamed, parseXml, textAt, type XmlElement } from "../xml";

/** What a pom.xml says of the jar. */
export interface Pom {
  /** Name of the jar without `.jar` and classifiers; only its known beginning where a property is not known. */
  readonly stem: string;
  /** True when the build may write jars of other names too. */
  readonly hasOtherNames: boolean;
  /** True when a plugin puts the libraries into the jar. */
  readonly isFat: boolean;
  /**
   * Where the jar looks for libraries, relative to itself: a folder; empty when it looks nowhere. Null when it does, and
   * the folder is not known.
   */
  readonly libraries: string | null;
  /** True when a parent's pom.xml may say more. */
  readonly hasParent: boolean;
}

/** Plugins that write a jar with all libraries in it. */
const fatPlugins =
  /^(?:spring-boot-maven-plugin|maven-shade-plugin|maven-assembly-plugin|quarkus-maven-plugin|onejar-maven-plugin|micronaut-maven-plugin|jooby-maven-plugin|vertx-maven-plugin)$/;

/** Reads the text; null when it is no pom.xml. */
export function readPom(text: string): Pom | null {
  const project = parseXml(text);
  if (project?.name !== "project") return null;
  const filled = (value: string | null) => (value === null ? null : fill(value, project));
  const finalName = filled(textAt(project, "build", "finalName"));
  const artifactId = filled(textAt(project, "artifactId"));
  const version = filled(versionOf(project));
  const stem = finalName ?? (artifactId === null ? "" : `${artifactId}-${version ?? "$"}`);
  const plugins = elementsNamed(project, "plugin");
  const names = plugins.map((plugin) => textAt(plugin, "artifactId") ?? "");
  return {
    stem: stem.replace(/\$.*$/s, ""),
    hasOtherNames:
      elementsNamed(project, "finalName", "outputFile", "jarName", "destFile").length > (finalName ? 1 : 0),
    isFat: names.some((name) => fatPlugins.test(name)),
    libraries: librariesOf(project),
    hasParent: childrenOf(project, "parent").length > 0,
  };
}

function versionOf(project: XmlElement): string | null {
  return textAt(project, "version") ?? textAt(project, "parent", "version");
}

function librariesOf(project: XmlElement): string | null {
  // The parents of Helidon's programs put the libraries there.
  if (/^io\.helidon\.applications$/.test(textAt(project, "parent", "groupId") ?? "")) return "libs";
  if (elementsNamed(project, "Class-Path").length > 0) return null;
  const manifests = elementsNamed(project, "manifest").filter((one) => textAt(one, "addClasspath") === "true");
  const prefixes = new Set(manifests.map((one) => fill(textAt(one, "classpathPrefix") ?? "", project)));
  const [prefix = "", other] = [...prefixes];
  if (prefixes.size === 0) return "";
  const folder = prefix.replace(/^\.\//, "").replace(/\/+$/, "");
  return other !== undefined || folder === "" || /[$\s]|^\/|^\.\./.test(folder) ? null : folder;
}

/** Replaces `${…}` by properties of the same file; unknown ones stay. */
function fill(text: string, project: XmlElement): string {
  let filled = text;
  // A property may name another one; a circle ends here.
  for (let round = 0; round < 5 && filled.includes("${") && filled.length < 1000; round++) {
    filled = filled.replace(/\$\{(?:project\.|pom\.)?([\w.-]+)\}/g, (all, name: string) => {
      const own = name === "artifactId" ? textAt(project, name) : name === "version" ? versionOf(project) : null;
      return own ?? textAt(project, "properties", name) ?? all;
    });
  }
  return filled;
}
