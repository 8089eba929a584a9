/** The server that Next.js packs with everything it needs, where its configuration asks for it. */
import type { Fix, RuleContext } from "../../rule";
import { joinPath } from "../paths";
import type { NodeBase } from "./node-base";
import { type NodeServer, splitNode } from "./node-split";
import type { NodeStart } from "./node-start";

/** What is known of the project. */
export interface NextProject {
  readonly start: NodeStart & { readonly kind: "next" };
  /** Text of a file beside package.json, or null. */
  file(name: string): string | null;
  /** Names in the project's folder, or undefined when they are not known. */
  readonly names: readonly string[] | undefined;
}

/**
 * The split that runs `.next/standalone` alone; null where next.config does not say `output: "standalone"`, or the start
 * has flags that mean something else there. Source: the manual of Next.js, "output".
 */
export function standaloneNext(
  server: NodeServer,
  { start, file, names }: NextProject,
  base: NodeBase,
  context: Pick<RuleContext, "model" | "facts">,
): Fix | null {
  const config = ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs"]
    .map(file)
    .find((one) => one !== null);
  if (!config || names === undefined || !/\boutput\s*:\s*["'`]standalone["'`]/.test(config)) return null;
  // They change where the server lies within the folder.
  if (/\b(?:outputFileTracingRoot|distDir|assetPrefix|basePath)\b/.test(config)) return null;
  const port = portOf(start.arguments);
  if (port === undefined || server.manifest?.hasWorkspaces || server.build.start.instructions.length !== 1) return null;
  const { project } = server;
  const built = joinPath(project, ".next");
  return splitNode(server, base, context, {
    copies: (copy) => [
      copy(joinPath(built, "standalone"), project),
      copy(joinPath(built, "static"), joinPath(built, "static")),
      ...(names.includes("public") ? [copy(joinPath(project, "public"), joinPath(project, "public"))] : []),
      // Without it the server listens at the container's own name alone.
      `ENV HOSTNAME=0.0.0.0${port === null ? "" : ` PORT=${port}`}`,
    ],
    start: ['CMD ["node", "server.js"]'],
    copied: "Only .next/standalone, .next/static and public are copied, so other files need a COPY",
    title: `Build in an earlier stage, run the standalone server on ${base.reference}`,
    remarks: ["server.js of .next/standalone is started in place of next start"],
  });
}

/** The port that `next start` is told: null when it is not, undefined when another flag is given. */
function portOf(words: readonly string[]): number | null | undefined {
  const text = words.join(" ");
  if (/^(?:-H(?:ostname)? 0\.0\.0\.0|--hostname[= ]0\.0\.0\.0)?$/.test(text)) return null;
  const port = /^(?:-p|--port)[= ](\d+)$/.exec(text)?.[1];
  return port === undefined ? undefined : Number(port);
}
