/** The ways to split a stage that builds and ships, by what it builds. */
import type { Fix, RuleContext } from "../rule";
import { splitC } from "./compiled/c";
import { splitGo } from "./compiled/go";
import { splitRust } from "./compiled/rust";
import type { Build, Ecosystem } from "./detect";
import { splitDotnet } from "./dotnet/dotnet";
import { splitPhp } from "./interpreted/php";
import { splitPython } from "./interpreted/python";
import { splitRuby } from "./interpreted/ruby";
import { splitGradle } from "./java/gradle";
import { splitMaven } from "./java/maven";
import { splitNodeServer } from "./node/node-server";
import { splitNodeSite } from "./node/node-site";
import { sentFacts } from "./sent-facts";

/** Ways to split the stage of a build, best first; empty where anything that the program may need is not known. */
export type Rewrite = (build: Build, context: RuleContext) => readonly Fix[];

const rewrites: { readonly [ecosystem in Ecosystem]?: Rewrite } = {
  c: splitC,
  go: splitGo,
  maven: splitMaven,
  gradle: splitGradle,
  dotnet: splitDotnet,
  "node-server": splitNodeServer,
  "node-site": splitNodeSite,
  php: splitPhp,
  python: splitPython,
  ruby: splitRuby,
  rust: splitRust,
};

/** The ways to split the stage of the build. */
export function splitBuild(build: Build, context: RuleContext): readonly Fix[] {
  const facts = sentFacts(context.facts, context.path);
  return rewrites[build.ecosystem]?.(build, { ...context, facts }) ?? [];
}
