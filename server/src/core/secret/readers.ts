/** Which tool reads which variable without being told, as data. */

/** Programs that take variables of some names from their environment, unasked. */
export interface Reader {
  readonly programs: ReadonlySet<string>;
  readonly names: RegExp;
  /** Subcommands that do not read it. */
  readonly unless?: ReadonlySet<string>;
  /** Subcommands that read it, where only some do. */
  readonly only?: ReadonlySet<string>;
  /** It is read only when the project's .npmrc refers to it. */
  readonly npmConfig?: true;
  /** Other tools are given it as well. */
  readonly isShared?: true;
}

/** Programs that replace variables in their settings files. */
export interface SettingsReader {
  readonly programs: ReadonlySet<string>;
  readonly unless?: ReadonlySet<string>;
  /** Files in which the program replaces variables. */
  readonly files: readonly string[];
  /** The file is so common that it only counts when its text is known. */
  readonly onlyKnown?: true;
}

const nodeManagers = ["npm", "yarn", "pnpm", "npx", "bun", "pnpx", "bunx"];

/** True for npm and its kin. */
export function isNodeManager(program: string): boolean {
  return nodeManagers.includes(program);
}

/** Subcommands of npm and its kin that talk to no registry. */
export const nodeScripts: ReadonlySet<string> = new Set([
  ...["run", "run-script", "test", "start", "build", "config", "cache", "set", "version", "-v", "--version"],
]);

/** From the manuals of the tools. */
export const settingsReaders: readonly SettingsReader[] = [
  { programs: new Set(nodeManagers), unless: nodeScripts, files: [".npmrc", ".yarnrc.yml"] },
  { programs: new Set(["dotnet", "nuget", "msbuild"]), files: ["nuget.config", "NuGet.config", "NuGet.Config"] },
  { programs: new Set(["mvn", "mvnw"]), files: ["settings.xml"] },
  { programs: new Set(["pip", "pip3", "python", "python3", "uv"]), files: ["requirements.txt"], onlyKnown: true },
  {
    programs: new Set(["gradle", "gradlew"]),
    files: ["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "gradle.properties"],
    onlyKnown: true,
  },
];

/** From the manuals of the tools. */
export const readers: readonly Reader[] = [
  {
    programs: new Set(nodeManagers),
    names: /^(?:NPM_TOKEN|NODE_AUTH_TOKEN|NPM_AUTH|NPM_AUTH_TOKEN)$/,
    unless: nodeScripts,
    npmConfig: true,
  },
  { programs: new Set(["gh"]), names: /^(?:GH_TOKEN|GITHUB_TOKEN)$/, isShared: true },
  { programs: new Set(["aws", "sam", "cdk", "terraform", "s3cmd", "s5cmd"]), names: /^AWS_/ },
  {
    programs: new Set(["pip", "pip3", "uv", "python", "python3", "pipenv", "poetry"]),
    names: /^(?:PIP_(?:EXTRA_)?INDEX_URL|UV_(?:DEFAULT_|EXTRA_)?INDEX(?:_\w+)?)$/,
  },
  { programs: new Set(["poetry"]), names: /^POETRY_(?:HTTP_BASIC|PYPI_TOKEN)_/ },
  { programs: new Set(["cargo"]), names: /^CARGO_REGISTR(?:Y|IES)_(?:\w+_)?TOKEN$/ },
  { programs: new Set(["bundle", "bundler"]), names: /^BUNDLE_/, unless: new Set(["exec", "config"]) },
  { programs: new Set(["composer"]), names: /^COMPOSER_AUTH$/ },
  { programs: new Set(["mvn", "mvnw", "gradle", "gradlew"]), names: /^(?:ORG_GRADLE_PROJECT_|MAVEN_)/ },
  {
    programs: new Set(["dotnet", "nuget"]),
    names: /^(?:NuGetPackageSourceCredentials_|VSS_NUGET_EXTERNAL_FEED_ENDPOINTS$)/i,
  },
  {
    programs: new Set(["hf", "huggingface-cli", "python", "python3"]),
    names: /^(?:HF_TOKEN|HUGGING_FACE_HUB_TOKEN)$/,
  },
  { programs: new Set(["sentry-cli", "next"]), names: /^SENTRY_AUTH_TOKEN$/ },
  {
    programs: new Set(nodeManagers),
    names: /^(?:SENTRY_AUTH_TOKEN|TURBO_TOKEN)$/,
    only: new Set(["run", "run-script", "build"]),
  },
  { programs: new Set(["turbo"]), names: /^TURBO_TOKEN$/ },
  { programs: new Set(["rails", "rake"]), names: /^(?:SECRET_KEY_BASE|RAILS_MASTER_KEY)$/ },
  {
    programs: new Set(["bundle"]),
    names: /^(?:SECRET_KEY_BASE|RAILS_MASTER_KEY)$/,
    only: new Set(["exec"]),
  },
  { programs: new Set(["az", "azcopy", "terraform"]), names: /^(?:AZURE|AZCOPY|ARM)_/ },
  { programs: new Set(["python", "python3"]), names: /^(?:OPENAI|ANTHROPIC)_API_KEY$/ },
  { programs: new Set(["psql", "pg_dump", "pg_restore", "createdb"]), names: /^PGPASSWORD$/ },
  { programs: new Set(["mysql", "mysqldump", "mysqladmin", "mariadb"]), names: /^MYSQL_PWD$/ },
];
