/** What package.json says of a project, read with care: anybody may have written it. */

/** A package.json. */
export interface NodeProject {
  /** Text of a script, or null. */
  script(name: string): string | null;
  /** True when the package is needed at run time (`dependencies`, `optionalDependencies`). */
  needs(name: string): boolean;
  /** Names of the packages that are needed at run time. */
  readonly dependencies: readonly string[];
  /** True when it holds further packages of its own. */
  readonly hasWorkspaces: boolean;
  /** `yarn@4.1.0`, or null. */
  readonly packageManager: string | null;
}

/** Reads a package.json; null when it is no JSON object. */
export function readNodeProject(text: string): NodeProject | null {
  const value = parse(text);
  if (value === null) return null;
  const scripts = recordOf(value.scripts);
  const dependencies = [
    ...Object.keys(recordOf(value.dependencies)),
    ...Object.keys(recordOf(value.optionalDependencies)),
  ];
  const known = new Set(dependencies);
  const manager = value.packageManager;
  return {
    script(name) {
      const command = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
      return typeof command === "string" ? command : null;
    },
    needs: (name) => known.has(name),
    dependencies,
    hasWorkspaces: value.workspaces !== undefined,
    packageManager: typeof manager === "string" ? manager : null,
  };
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? recordOf(value) : null;
  } catch {
    return null;
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/**
 * `breaks`: it keeps things outside the project's folder that the build brings there. `system`: it uses programs or
 * libraries of the full image, or may be compiled against them. Source: what the packages' own pages ask for.
 */
export type PackageTrap = "breaks" | "system" | null;

/** The worst trap among packages that are needed at run time. */
export function packageTrap(names: readonly string[]): PackageTrap {
  if (names.some((name) => browsers.test(name))) return "breaks";
  return names.some((name) => usesSystem.has(name)) ? "system" : null;
}

/** They download a browser to the home folder when they are installed. */
const browsers = /^(?:puppeteer|playwright|playwright-(?:chromium|firefox|webkit)|@playwright\/test)$/;

/** True when a package reads files of the project's folder when it runs: templates, schemas, translations. */
export function readsProjectFiles(names: readonly string[]): boolean {
  return names.some((name) => readers.has(name));
}

const readers: ReadonlySet<string> = new Set([
  ...["ejs", "pug", "hbs", "handlebars", "express-handlebars", "nunjucks", "eta", "mustache-express", "consolidate"],
  ...["@fastify/view", "@fastify/static", "koa-views", "koa-static", "serve-static", "@nestjs/serve-static"],
  ...["i18n", "i18next-fs-backend", "nestjs-i18n", "@nestjs-modules/mailer", "email-templates", "@grpc/proto-loader"],
]);

const usesSystem: ReadonlySet<string> = new Set([
  ...[
    "canvas",
    "gm",
    "imagemagick",
    "node-imagemagick",
    "nodegit",
    "simple-git",
    "pg-native",
    "libpq",
    "ibm_db",
    "odbc",
  ],
  ...[
    "usb",
    "python-shell",
    "youtube-dl-exec",
    "yt-dlp-exec",
    "node-libcurl",
    "zeromq",
    "x509",
    "libxmljs",
    "node-rdkafka",
  ],
  ...["pdf2pic", "fluent-ffmpeg", "node-poppler", "kerberos", "isolated-vm", "node-canvas", "gl", "couchbase", "re2"],
]);
