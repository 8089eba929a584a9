/** Where a stage puts its gems, and what gems need from the system where they run. */
import type { Stage } from "../../model/types";
import { flagValue, hasFlag } from "../../shell/commands";
import { hasOperationFlag, packageOperation } from "../../shell/packages";
import { isWithin, parentOf, resolvePath } from "../paths";
import { type RunCommand, runCommands } from "../run-commands";
import { type LibraryRelease, runtimeLibraries } from "../runtime-libraries";
import { settingOf } from "../settings";

/** Where the official images keep gems and Bundler's settings. Source: GEM_HOME and BUNDLE_APP_CONFIG in docker-library/ruby. */
const gemHome = "/usr/local/bundle";

/** The folders that gems are installed to; null where one of them is not known. `isLive`: the image is a present one. */
export function gemFolders(stage: Stage, image: string, isLive: boolean): readonly string[] | null {
  const found = new Set([gemHome]);
  let path: string | null = null;
  let deploys = false;
  if (stage.scope.bindings.some(({ name }) => /^(?:GEM_HOME|GEM_PATH|BUNDLE_APP_CONFIG)$/.test(name))) return null;
  for (const one of runCommands(stage, image)) {
    const { command } = one;
    const operation = packageOperation(command);
    if (operation?.manager === "bundle" && operation.action === "config") {
      const setting = configured(command.words.map((word) => word.value));
      if (setting === null) return null;
      if (setting.key === "path") path = setting.value;
      if (setting.key === "deployment") deploys = isOn(setting.value);
      continue;
    }
    if (operation?.action !== "install" || operation.tool.family !== "ruby") continue;
    if (operation.manager === "gem") {
      if (hasFlag(command, ["-i", "--install-dir", "-n", "--bindir", "--user-install"])) return null;
      continue;
    }
    if (hasOperationFlag(operation, ["--system", "--standalone", "--binstubs"])) return null;
    const gemfile = flagValue(command, ["--gemfile"]);
    const project = gemfile?.value ? resolvePath(gemfile.value, one.folder) : null;
    // Settings and paths are relative to the folder of the Gemfile.
    if (gemfile && (project === null || parentOf(project) !== one.folder)) return null;
    const folder = bundleFolder(one, path, deploys, isLive);
    if (folder === null) return null;
    if (!isWithin(folder, gemHome)) found.add(folder);
  }
  return [...found];
}

/** `bundle config [set] [--local] path vendor/bundle`; null where the value is not known. */
function configured(words: readonly (string | null)[]): { key: string; value: string } | null {
  const rest = words.slice(2).filter((word) => word === null || !word.startsWith("-"));
  if (rest[0] === "set") rest.shift();
  const [key, ...value] = rest;
  if (key === null || key === undefined || key === "unset" || value.some((word) => word === null)) return null;
  return { key, value: value.join(" ") };
}

/** Source: `bundle help config`: a deployment installs into vendor/bundle, everything else into the folder of RubyGems. */
function bundleFolder(
  { command, instruction, folder }: RunCommand,
  configuredPath: string | null,
  configuredDeployment: boolean,
  isLive: boolean,
): string | null {
  const setting = (name: string) => settingOf(name, command, instruction);
  const { words } = command;
  const at = words.findIndex((word) => /^--path(?:=|$)/.test(word.value ?? ""));
  const flag = at < 0 ? undefined : words[at]?.value?.slice("--path=".length) || words[at + 1]?.value;
  const given = at < 0 ? (setting("BUNDLE_PATH") ?? configuredPath) : (flag ?? null);
  if (setting("BUNDLE_PATH") === null || (at >= 0 && !flag) || setting("BUNDLE_GEMFILE") === null) return null;
  if (given) return resolvePath(given, folder);
  const deployment = setting("BUNDLE_DEPLOYMENT");
  if (deployment === null) return null;
  if (!(configuredDeployment || isOn(deployment ?? "") || hasFlag(command, ["--deployment"]))) return gemHome;
  // Older images set BUNDLE_PATH themselves.
  return isLive ? resolvePath("vendor/bundle", folder) : null;
}

function isOn(value: string): boolean {
  return /^(?:1|true)$/i.test(value);
}

/** The gems of a Gemfile.lock, by name, with their versions; null where some of them come from other places than an index. */
export function lockedGems(text: string): ReadonlyMap<string, string> | null {
  if (/^(?:GIT|PATH|PLUGIN SOURCE)\s*$/m.test(text)) return null;
  const found = new Map<string, string>();
  for (const [, name = "", version = ""] of text.matchAll(/^ {4}([\w.-]+) \(([^)\s]+)\)\s*$/gm))
    found.set(name, version);
  return found.size > 0 ? found : null;
}

/** The system packages that a slim image needs for the gems; null where one is known to want more than can be said here. */
export function gemLibraries(gems: ReadonlyMap<string, string>, release: LibraryRelease): readonly string[] | null {
  const wanted = new Set<string>();
  for (const [name, version] of gems) {
    if (unfit.has(name)) return null;
    const headers = Object.hasOwn(headersOf, name) ? headersOf[name] : undefined;
    const needed = name === "sqlite3" && /^(?:0\.|1\.[0-4]\.)/.test(version) ? "libsqlite3-dev" : headers;
    if (needed) {
      const libraries = runtimeLibraries(needed, release);
      if (!libraries) return null;
      for (const library of libraries) wanted.add(library);
    }
    const program = Object.hasOwn(programsOf, name) ? programsOf[name] : undefined;
    if (program) wanted.add(program);
  }
  return [...wanted];
}

/** Headers in the full image that these gems are compiled against, or whose library they load. Source: their READMEs. */
const headersOf: Readonly<Record<string, string>> = {
  pg: "libpq-dev",
  mysql2: "default-libmysqlclient-dev",
  charlock_holmes: "libicu-dev",
  curb: "libcurl4-openssl-dev",
  ethon: "libcurl4-openssl-dev",
  rmagick: "libmagickwand-dev",
  "libxml-ruby": "libxml2-dev",
  "ruby-filemagic": "libmagic-dev",
  gssapi: "libkrb5-dev",
  curses: "libncurses-dev",
  cairo: "libcairo2-dev",
};

/** Packages with the programs and files that these use. */
const programsOf: Readonly<Record<string, string>> = {
  mini_magick: "imagemagick",
  image_processing: "imagemagick",
  git: "git",
  mimemagic: "shared-mime-info",
};

const unfit: ReadonlySet<string> = new Set([
  ...[
    "wkhtmltopdf-binary",
    "wicked_pdf",
    "pdfkit",
    "capybara-webkit",
    "gtk3",
    "gtk4",
    "pango",
    "gdk_pixbuf2",
    "poppler",
  ],
  ...[
    "ruby-oci8",
    "tiny_tds",
    "libv8",
    "therubyracer",
    "rugged",
    "rbnacl",
    "grover",
    "puppeteer-ruby",
    "ferrum",
    "passenger",
  ],
]);
