/** Splits a stage that installs gems and runs a Ruby program. */
import type { Fix, RuleContext } from "../../rule";
import { packageOperation } from "../../shell/packages";
import { contextFile } from "../context-files";
import { type Copy, readCopies } from "../copies";
import type { Build } from "../detect";
import { installedPackages } from "../installed";
import { joinPath } from "../paths";
import { sameBase, slimBase } from "../second-base";
import { onlyInFull, programsFor, startedScripts } from "../started-scripts";
import { splitFix, splitInterpreted } from "./interpreted";
import type { Interpreter } from "./interpreted-run";
import { gemFolders, gemLibraries, lockedGems } from "./ruby-gems";

type Context = Pick<RuleContext, "model" | "catalogue" | "facts">;

/** The ways to split the stage; empty where anything that the program may need is not known. */
export function splitRuby(build: Build, context: Context): readonly Fix[] {
  const { stage, image } = build;
  const { model, catalogue, facts } = context;
  const { name } = image.repository;
  if (name !== "ruby") return [];
  const copies = readCopies(model, stage, name);
  const trees = gemFolders(stage, name, image.aliases.length > 0);
  const scripts = copies && trees && startedScripts(build, copies, trees, rubyPrograms, facts);
  if (!scripts || scripts.some((text) => installs.test(text))) return [];
  // Gems that are told to use the libraries of the system say so here.
  if (/build[._]+nokogiri|NOKOGIRI_USE_SYSTEM|use-system-libraries/i.test(model.text)) return [];

  const isFull = image.distribution?.family === "debian" && !image.variants.includes("slim");
  const base = isFull ? slimBase(model, stage, image, catalogue) : sameBase(stage);
  const extra = isFull ? missingInSlim(build, copies, scripts, facts) : [];
  if (base === null || !extra) return [];
  const edits = splitInterpreted(build, context, {
    ...{ base: base.written, trees, isSameImage: !isFull, packages: extra, interpreter: interpreterOf(build) },
    buildPackages: new Set(),
    buildVariables: /^(?:BUNDLE_(?:JOBS|RETRY)|MAKEFLAGS|CFLAGS|CXXFLAGS|LDFLAGS|CC|CXX|DEBIAN_FRONTEND)$/,
    // Bundler reads Gemfile and Gemfile.lock whenever the program starts.
    manifests: /^$/,
    isBuildTool: () => false,
    needsFiles: true,
    ...{ before: [], prepares: [], edits: [] },
  });
  if (!edits) return [];
  const taken = `Only the gems in ${trees.join(" and ")} are taken from the build`;
  return [splitFix(base.shown, isFull, taken, edits)];
}

const installs = /\b(?:gcc|g\+\+|make|cmake)\b|\b(?:bundle|gem)\s+(?:install|update)\b|\bbundle\s*(?:$|[;&|\n])/m;

/** Programs of gems: binstubs and the like, which are Ruby and no shell scripts. */
const rubyPrograms = /^(?:ruby|rails|rake|bundle|puma|thrust|jobs|sidekiq|unicorn|rackup)$/;

function interpreterOf({ stage, image }: Build): Interpreter {
  const packages = new Set(installedPackages(stage).map((one) => one.package.name));
  return {
    installs(command) {
      const operation = packageOperation(command);
      if (operation?.tool.family !== "ruby") return "no";
      if (/^(?:install|clean|remove|download)$/.test(operation.action)) return "yes";
      // `gem update --system` renews RubyGems, which lies with the interpreter.
      return /^(?:config|run|upgrade|other)$/.test(operation.action) ? "no" : "unsure";
    },
    runs(name, command) {
      const operation = packageOperation(command);
      if (operation?.tool.family === "ruby") {
        if (operation.action === "upgrade") return operation.manager === "gem" && operation.packages.length === 0;
        return operation.action === "config" || operation.action === "run";
      }
      if (name === "curl" || name === "wget" || name === "git" || name === "unzip") return packages.has(name);
      return /^(?:ruby|rails|rake|bootsnap)$/.test(name) || (name === "tar" && image.variants.includes("slim"));
    },
    stays: /\/usr\/local\/lib\/ruby/,
  };
}

/** What the full image has, the slim one lacks and the stage uses; null where that is not known. */
function missingInSlim(
  build: Build,
  copies: readonly Copy[],
  scripts: readonly string[],
  facts: RuleContext["facts"],
): readonly string[] | null {
  const { stage, image, step } = build;
  const release = { family: image.distribution?.family ?? null, codename: image.distribution?.codename ?? null };
  const wanted = new Set<string>();
  if (step.shown.startsWith("bundle")) {
    const file = step.folder === null ? null : contextFile(joinPath(step.folder, "Gemfile.lock"), copies, facts);
    const gems = file ? lockedGems(file.text) : null;
    const libraries = gems && gemLibraries(gems, release);
    if (!libraries) return null;
    for (const library of libraries) wanted.add(library);
  } else return null;
  if (scripts.some((text) => onlyInFull.test(text))) return null;
  const programs = programsFor(stage, scripts, /^(?:ruby|bundle|rails|rake)$/);
  if (!programs) return null;
  for (const program of programs) wanted.add(program);
  return [...wanted];
}
