/** Which RUN needs a secret: those that name its variable, and those whose tool reads it without being told. */

import { execWords, scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import type { EffectiveCommand } from "../shell/commands";

/** True when the text of a RUN (heredoc bodies included) names the variable other than by giving it a value. */
export function mentions(instruction: Instruction, name: string): boolean {
  const { parsed } = instruction;
  const text = parsed.body.text.slice(parsed.argumentsFrom);
  if (namesVariable(text, name)) return true;
  return parsed.heredocs.some(({ bodySpan }) => namesVariable(parsed.text.slice(bodySpan.from, bodySpan.to), name));
}

/** True when a text holds the name as a word of its own that is not being assigned: `$X`, `${X}`, `environ["X"]`. */
export function namesVariable(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const before = text[at - 1] ?? "";
    const after = text[at + name.length] ?? "";
    if (/\w/.test(before) || /\w/.test(after)) continue;
    if (after !== "=" || before === "{" || before === "$") return true;
  }
  return false;
}

/**
 * True when a command of the RUN reads the variable from its environment by itself. `npmConfig` is the text of the
 * project's .npmrc, null when there is none, undefined when it is not known.
 */
export function readsImplicitly(instruction: Instruction, name: string, npmConfig: string | null | undefined): boolean {
  const calls = callsOf(instruction);
  return readers.some((reader) => {
    if (!reader.names.test(name)) return false;
    if (reader.npmConfig && npmConfig !== undefined && !npmConfig?.includes(name)) return false;
    return calls.some(
      ({ program, verb }) =>
        reader.programs.has(program) && !reader.unless?.has(verb) && (!reader.only || reader.only.has(verb)),
    );
  });
}

interface Reader {
  readonly programs: ReadonlySet<string>;
  readonly names: RegExp;
  /** Subcommands that do not read it. */
  readonly unless?: ReadonlySet<string>;
  /** Subcommands that read it, where only some do. */
  readonly only?: ReadonlySet<string>;
  /** It is read only when the project's .npmrc refers to it. */
  readonly npmConfig?: true;
}

const nodeManagers = ["npm", "yarn", "pnpm", "npx", "bun", "pnpx", "bunx"];
const nodeScripts = new Set([
  "run",
  "run-script",
  "test",
  "start",
  "build",
  "config",
  "cache",
  "set",
  "version",
  "-v",
  "--version",
]);

/** From the manuals of the tools. */
const readers: readonly Reader[] = [
  {
    programs: new Set(nodeManagers),
    names: /^(?:NPM_TOKEN|NODE_AUTH_TOKEN|NPM_AUTH|NPM_AUTH_TOKEN)$/,
    unless: nodeScripts,
    npmConfig: true,
  },
  { programs: new Set(["gh"]), names: /^(?:GH_TOKEN|GITHUB_TOKEN)$/ },
  { programs: new Set(["aws", "sam", "cdk", "terraform", "s3cmd", "s5cmd"]), names: /^AWS_/ },
  {
    programs: new Set(["pip", "pip3", "uv", "python", "python3", "pipenv", "poetry"]),
    names: /^(?:PIP_(?:EXTRA_)?INDEX_URL|UV_(?:DEFAULT_|EXTRA_)?INDEX(?:_\w+)?)$/,
  },
  { programs: new Set(["poetry"]), names: /^POETRY_(?:HTTP_BASIC|PYPI_TOKEN)_/ },
  { programs: new Set(["cargo"]), names: /^CARGO_REGISTR(?:Y|IES)_(?:\w+_)?TOKEN$/ },
  { programs: new Set(["bundle", "bundler"]), names: /^BUNDLE_/ },
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
  { programs: new Set(["rails", "rake", "bundle"]), names: /^(?:SECRET_KEY_BASE|RAILS_MASTER_KEY)$/ },
  { programs: new Set(["psql", "pg_dump", "pg_restore", "createdb"]), names: /^PGPASSWORD$/ },
  { programs: new Set(["mysql", "mysqldump", "mysqladmin", "mariadb"]), names: /^MYSQL_PWD$/ },
];

/** The programs that an instruction runs, each with its first operand. */
function callsOf(instruction: Instruction): readonly { readonly program: string; readonly verb: string }[] {
  const words = execWords(instruction);
  if (words) {
    const program = words[0]?.slice((words[0]?.lastIndexOf("/") ?? -1) + 1);
    return program ? [{ program, verb: words[1] ?? "" }] : [];
  }
  return scriptsOf(instruction).flatMap((script) => script.commands.flatMap((command) => callOf(command)));
}

function callOf(command: EffectiveCommand): { readonly program: string; readonly verb: string }[] {
  return command.name === null ? [] : [{ program: command.name, verb: command.words[1]?.value ?? "" }];
}
