/** Splits a stage that compiles PHP extensions and runs a PHP program. */
import type { Fix, RuleContext } from "../../rule";
import { packageOperation } from "../../shell/packages";
import { readCopies } from "../copies";
import type { Build } from "../detect";
import { installedPackages } from "../installed";
import { runCommands } from "../run-commands";
import { sameBase } from "../second-base";
import { startedScripts } from "../started-scripts";
import { splitInterpreted } from "./interpreted";
import type { Interpreter } from "./interpreted-run";

type Context = Pick<RuleContext, "model" | "catalogue" | "facts">;

/** Where the official images keep extensions and their settings. Source: docker-library/php. */
const extensionFolders = ["/usr/local/lib/php/extensions", "/usr/local/etc/php/conf.d"];

/** The ways to split the stage; empty where anything that the program may need is not known. */
export function splitPhp(build: Build, context: Context): readonly Fix[] {
  const { stage, image } = build;
  const { name } = image.repository;
  const base = sameBase(stage);
  if (name !== "php" || base === null) return [];
  const copies = readCopies(context.model, stage, name);
  const scripts =
    copies && startedScripts(build, copies, [], /^(?:php|php-fpm|apache2-foreground|artisan)$/, context.facts);
  if (!scripts || scripts.some((text) => installs.test(text))) return [];
  // Sources of extensions are brought by many ways, and only the build needs them.
  if (/\/usr\/src\/php/.test(withoutComments(context.model.text))) return [];
  const edits = splitInterpreted(build, context, {
    ...{
      base: base.written,
      trees: extensionFolders,
      isSameImage: true,
      packages: cppLibrary(build),
      interpreter: interpreterOf(build),
    },
    buildPackages: new Set(),
    buildVariables: /^(?:MAKEFLAGS|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|CC|CXX|DEBIAN_FRONTEND)$/,
    manifests: /^$/,
    isBuildTool: () => false,
    // Extensions are compiled from what the image or PECL brings.
    needsFiles: false,
    ...{ before: [], prepares: [], edits: [] },
  });
  if (!edits) return [];
  return [
    {
      title: `Build the extensions in an earlier stage, run on ${base.shown}`,
      applicability: "unsafe",
      reason:
        "Only the extensions and their settings are taken from the build; headers and what else was compiled there are no longer in the image.",
      kind: "refactor",
      edits,
    },
  ];
}

/** Extensions of PECL that are plain C. Source: their config.m4. */
const plainC =
  /^(?:redis|apcu|xdebug|imagick|memcached?|mongodb|igbinary|msgpack|pcov|yaml|amqp|uuid|ds|zip|ssh2|oauth|mcrypt|ast)$/;

/** The C++ library, where an extension may be written in that language; Debian's images have it, Alpine's have not. */
function cppLibrary({ stage, image }: Build): readonly string[] {
  if (image.distribution?.family !== "alpine") return [];
  const isPlain = runCommands(stage, image.repository.name).every(({ command }) => {
    const operation = packageOperation(command);
    if (operation?.manager !== "pecl" || operation.action !== "install") return true;
    return operation.unknown.length === 0 && operation.packages.every(({ name }) => plainC.test(name));
  });
  return isPlain ? [] : ["libstdc++"];
}

function withoutComments(text: string): string {
  return text.replace(/^\s*#.*$/gm, "");
}

const installs = /\b(?:gcc|g\+\+|make|phpize|docker-php-ext-(?:install|configure)|pecl)\b/;

/** They compile, switch on or prepare extensions. */
const extensionTools: ReadonlySet<string> = new Set([
  ...["docker-php-ext-install", "docker-php-ext-configure", "docker-php-ext-enable", "docker-php-source"],
]);

function interpreterOf({ stage, image }: Build): Interpreter {
  const packages = new Set(installedPackages(stage).map((one) => one.package.name));
  return {
    installs({ name, words }, instruction) {
      if (name !== null && extensionTools.has(name)) return "yes";
      if (name !== "pecl") return name === "phpize" || name === "pear" ? "unsure" : "no";
      // A file that was fetched before is not followed; folders of a RUN with mounts neither.
      const isLocal = words.slice(2).some((word) => word.value === null || /^[./]|\.tgz$/.test(word.value));
      return isLocal || instruction.parsed.flags.some((flag) => flag.value?.text.includes("bind")) ? "unsure" : "yes";
    },
    runs(name, command) {
      if (packageOperation(command)?.tool.family === "php") return packageOperation(command)?.manager === "composer";
      if (name === "wget" || name === "git" || name === "unzip") return packages.has(name);
      // The images bring curl and tar for themselves.
      if (name === "curl" || name === "tar") return true;
      return (
        /^(?:php|artisan|console)$/.test(name) ||
        (/^a2(?:en|dis)(?:mod|site|conf)$/.test(name) && image.variants.includes("apache"))
      );
    },
    stays: null,
  };
}
