/** Taking the development packages out of node_modules again once the build is done. */
import type { Catalogue } from "../../catalogue/types";
import type { PackageOperation } from "../../shell/packages";
import type { NodeProject } from "./node-project";

/** What is known of the project that the packages belong to. */
export interface PruneContext {
  /** Null when package.json is not known. */
  readonly project: NodeProject | null;
  /** Text of a file beside package.json; null when there is none, or none that is known. */
  file(name: string): string | null;
  /** Major version of Node.js, or null. */
  readonly major: number | null;
  /** True when a RUN of the stage calls corepack: the version of the manager is then not that of the image. */
  readonly usesCorepack: boolean;
}

/**
 * The command that takes the development packages away, keeping what was compiled for those that stay. Null where the
 * manager cannot do so in place, or its version is not known. Sources: the manuals of npm, Yarn and pnpm.
 */
export function pruneCommand(install: PackageOperation, context: PruneContext): string | null {
  const flags = install.flags.map((word) => word.value ?? word.text);
  switch (install.manager) {
    case "npm": {
      const kept = flags.filter((flag) => flag === "--legacy-peer-deps" || flag === "--force" || flag === "-f");
      // npm 6, of Node.js 14 and before, knows no --omit.
      const omit = context.major !== null && context.major < 16 ? "--production" : "--omit=dev";
      return ["npm prune", omit, "--ignore-scripts", ...kept].join(" ");
    }
    case "yarn":
      return yarnCommand(flags, context);
    case "pnpm": {
      // A prune of a workspace leaves out its members.
      if (context.project?.hasWorkspaces || /^packages:/m.test(context.file("pnpm-workspace.yaml") ?? "")) return null;
      // The client of Prisma is written beside the package that pnpm may lay out anew.
      if (context.project?.needs("@prisma/client")) return null;
      return "CI=true pnpm prune --prod";
    }
    default:
      return null;
  }
}

function yarnCommand(flags: readonly string[], context: PruneContext): string | null {
  const settings = context.file(".yarnrc.yml");
  const version = Number(/^yarn@(\d+)/.exec(context.project?.packageManager ?? "")?.[1] ?? 0);
  if (settings !== null || version > 1 || flags.includes("--immutable")) {
    const isPlain = /^nodeLinker:\s*["']?node-modules/m.test(settings ?? "");
    return isPlain && version >= 4 ? "yarn workspaces focus --production" : null;
  }
  // Without package.json, corepack may bring any Yarn.
  if (version === 0 && context.project === null && context.usesCorepack) return null;
  const frozen = flags.includes("--frozen-lockfile") ? ["--frozen-lockfile"] : [];
  return ["yarn install --production --ignore-scripts --prefer-offline", ...frozen].join(" ");
}

/** Major version of Node.js behind a version of its image; null when it has none. */
export function majorOf(image: ReturnType<Catalogue["image"]>): number | null {
  const major = Number(/^\d+/.exec(image?.version ?? image?.line ?? "")?.[0] ?? Number.NaN);
  return Number.isNaN(major) ? null : major;
}
