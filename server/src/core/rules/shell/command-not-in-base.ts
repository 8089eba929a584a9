import { imageUnder, rootStage } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { execWords, type Script, scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import type { EffectiveCommand } from "../../shell/commands";
import { type PackageOperation, packageOperation } from "../../shell/packages";
import { readMount } from "../../syntax/flags";
import type { Span } from "../../text";
import { bringsAlong, type Missing, missingPrograms } from "./commands";
import { isGuarded, mayBeSkipped } from "./guards";

export default defineRule({
  id: "command-not-in-base",
  theme: "shell",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary:
    "HEALTHCHECK, ENTRYPOINT, CMD or RUN calls a program that is neither installed here nor present in the base.",
  why: "Slim and Alpine images leave out what is not needed, `curl` and `bash` among it. A RUN fails at once; a health check fails later: the container is called unhealthy although nothing is wrong with it. Only well-known images and programs are judged, and only where all that is installed before is known not to bring the program along.",
  aliases: {},
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "A health check by curl on a slim image",
      code: "FROM python:3.14-slim\nCOPY . /app\nHEALTHCHECK CMD [|curl|] -f http://localhost:8000/ || exit 1\n",
    },
    {
      title: "bash on Alpine",
      code: 'FROM alpine:3.24\nRUN apk add --no-cache ca-certificates\nENTRYPOINT [[|"bash"|], "-c", "date"]\n',
      fixed: 'FROM alpine:3.24\nRUN apk add --no-cache ca-certificates bash\nENTRYPOINT ["bash", "-c", "date"]\n',
    },
    {
      title: "In a RUN, before it is installed",
      code: "FROM debian:13-slim\nRUN [|curl|] -fsSLO https://example.org/a\nRUN apt-get update && apt-get install -y curl\n",
    },
    {
      title: "It is installed",
      code: "FROM python:3.14-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\n",
    },
    {
      title: "A package that may bring it along",
      code: "FROM debian:13-slim\nRUN apt-get update && apt-get install -y devscripts\nHEALTHCHECK CMD curl -f http://localhost/\n",
    },
    {
      title: "It may be copied in",
      code: "FROM debian:13-slim\nCOPY --from=tools /usr/bin/curl /usr/bin/\nHEALTHCHECK CMD curl -f http://localhost/\n",
    },
    {
      title: "It may be downloaded",
      code: "FROM debian:13-slim\nRUN echo $JQ > /usr/local/bin/jq\nHEALTHCHECK CMD jq . /state\n",
    },
    {
      title: "Packages of a language bring other programs",
      code: 'FROM node:26-alpine\nCOPY package.json ./\nRUN npm install\nCOPY . .\nHEALTHCHECK CMD [|curl|] -f http://localhost:3000/ || exit 1\nCMD ["node", "."]\n',
    },
    { title: "An unknown image", code: "FROM registry.example.com/app:1\nHEALTHCHECK CMD curl -f http://localhost/\n" },
    { title: "The full image has it", code: "FROM python:3.14\nHEALTHCHECK CMD curl -f http://localhost/\n" },
    {
      title: "The script is prepared for its absence",
      code: "FROM alpine:3.24\nRUN if command -v curl; then curl -V; fi; curl -V || true\n",
    },
  ],
  *check({ model, catalogue }) {
    for (const stage of model.stages) {
      if (!stage.reachesFinal) continue;
      const missing = missingIn(stage, catalogue);
      if (missing) yield* stageFindings(model, stage, missing);
    }
  },
});

function missingIn(stage: Stage, catalogue: Catalogue): Missing | null {
  // A stage on another stage would need the history of both; the stage below is judged by itself.
  if (rootStage(stage) !== stage) return null;
  const image = imageUnder(stage, catalogue);
  if (!image?.known || image.windows || !image.distribution || !image.repository.official) return null;
  return missingPrograms(image.repository.name, image.variants, image.distribution.family);
}

/** What the stage has been given so far. */
interface Given {
  readonly packages: Set<string>;
  /** True as soon as something was done that may have brought any program. */
  opaque: boolean;
  /** The last install whose packages can be added to. */
  install: { readonly operation: PackageOperation; readonly end: Span } | null;
}

function* stageFindings(model: Model, stage: Stage, missing: Missing) {
  const given: Given = { packages: new Set(), opaque: false, install: null };
  const told = new Set<string>();
  const report = (program: string, range: Span, when: "build" | "run") => {
    const name = missing.packages[program];
    if (
      name === undefined ||
      given.opaque ||
      given.packages.has(name) ||
      given.packages.has(program) ||
      told.has(program)
    )
      return null;
    told.add(program);
    const { install } = given;
    return {
      message: `${program} is not in ${stage.base.resolved}, and nothing installs it${when === "build" ? " before this step" : ""}. Install ${name}, or use what the image has.`,
      range,
      fixes: (): readonly Fix[] =>
        install
          ? [
              {
                title: `Install ${name} as well`,
                applicability: "unsafe",
                reason: `The image grows by ${name} and what it depends on.`,
                edits: [{ span: install.end, newText: ` ${name}` }],
              },
            ]
          : [],
    };
  };
  const starts = new Map<string, Instruction>();
  for (const instruction of stage.instructions) {
    switch (instruction.keyword) {
      case "RUN": {
        if (
          instruction.shell.kind !== "posix" ||
          instruction.parsed.flags.some((flag) => readMount(flag)?.get("from") != null)
        )
          given.opaque = true;
        for (const script of scriptsOf(instruction)) {
          for (const command of script.commands) {
            const [word] = command.words;
            if (word && isCertain(command)) {
              const found =
                command.name === word.value
                  ? report(word.value ?? "", script.locate(word.from, word.to), "build")
                  : null;
              if (found) yield found;
            }
            take(given, command, script, instruction);
            if (given.opaque) break;
          }
        }
        if (instruction.parsed.json) given.opaque = true;
        break;
      }
      case "COPY":
      case "ADD":
        if (bringsPrograms(instruction)) given.opaque = true;
        break;
      case "ENV":
        if (instruction.parsed.pairs.some(({ name }) => name === "PATH")) given.opaque = true;
        break;
      case "HEALTHCHECK":
      case "CMD":
      case "ENTRYPOINT":
        starts.set(instruction.keyword, instruction);
        break;
    }
    if (given.opaque) return;
  }
  if (model.stages.some((other) => other.base.stage === stage) || !stage.ships) return;
  for (const instruction of starts.values()) {
    const program = firstProgram(instruction);
    const found = program && report(program.name, program.range, "run");
    if (found) yield found;
  }
}

function isCertain(command: EffectiveCommand): boolean {
  return (
    !isGuarded(command) &&
    !mayBeSkipped(command) &&
    command.wrappers.length === 0 &&
    !command.outer.context.includes("substitution")
  );
}

/** Notes what a command brings. Everything that is not known to bring nothing makes the rest uncertain. */
function take(given: Given, command: EffectiveCommand, script: Script, instruction: Instruction): void {
  const operation = packageOperation(command);
  if (operation) {
    if (operation.action === "install") {
      if (operation.unknown.length > 0) given.opaque = true;
      const isSystem = operation.manager === "apk" || operation.tool.family === "apt";
      for (const one of operation.packages) {
        const along = bringsAlong.get(one.name);
        if (isSystem && !along) given.opaque = true;
        given.packages.add(one.name);
        for (const program of along ?? []) given.packages.add(program);
      }
      if (!isSystem && !languageManagers.has(operation.manager)) given.opaque = true;
      const last = operation.packages.at(-1);
      if (isSystem && last && command.command === command.outer && instruction.shell.kind === "posix") {
        const { end } = script.locate(last.word.from, last.word.to);
        given.install = { operation, end: { start: end, end } };
      }
    } else if (
      operation.action !== "update" &&
      operation.action !== "clean" &&
      operation.action !== "other" &&
      !languageManagers.has(operation.manager)
    )
      given.opaque = true;
    return;
  }
  const touchesPrograms = [
    ...command.words.slice(1),
    ...command.redirections.flatMap(({ target }) => target ?? []),
  ].some(({ text }) => /(?:^|[/"'])s?bin(?:[/"']|$)/.test(text));
  if (command.name === null || !harmless.has(command.name) || touchesPrograms) given.opaque = true;
}

/** Managers of a language's own packages: what they put into PATH has other names than the programs asked about. */
const languageManagers: ReadonlySet<string> = new Set([
  ...["npm", "yarn", "pnpm", "pip", "uv", "poetry", "pipenv", "bundle", "bundler", "gem", "composer", "go"],
]);

/** Programs that put no program into a folder of PATH. */
const harmless: ReadonlySet<string> = new Set([
  ...[
    "echo",
    "printf",
    "mkdir",
    "rm",
    "chmod",
    "chown",
    "set",
    "true",
    "cd",
    "test",
    "[",
    "groupadd",
    "useradd",
    "adduser",
  ],
  ...[
    "addgroup",
    "usermod",
    "touch",
    "ls",
    "cat",
    "apt-get",
    "apt",
    "apk",
    "date",
    "sed",
    "grep",
    "sleep",
    "curl",
    "wget",
  ],
  ...[
    "export",
    "env",
    "id",
    "whoami",
    "pwd",
    "find",
    "head",
    "tail",
    "sort",
    "awk",
    "cut",
    "tr",
    "update-ca-certificates",
    "ln",
    "mv",
    "unset",
    "locale-gen",
  ],
]);

/** True where a COPY may put programs into PATH, or replaces parts of the system. */
function bringsPrograms({ parsed, keyword }: Instruction): boolean {
  const target = (parsed.json ? parsed.json.at(-1)?.value : parsed.words.at(-1)?.value) ?? null;
  if (target === null || parsed.heredocs.length > 0) return true;
  if (keyword === "ADD" && /^\/?$/.test(target)) return true;
  return /^\/?$|(?:^|\/)s?bin(?:\/|$)|^\/(?:usr|etc|root|lib|opt)?\/?$|^\/usr\/local\/?$/.test(target);
}

function firstProgram(instruction: Instruction): { readonly name: string; readonly range: Span } | null {
  const exec = execWords(instruction);
  if (exec) {
    const item = instruction.parsed.json?.[0];
    const [name = ""] = exec;
    // Only the first word of the list is a program; a path names a file that may have been copied.
    const range = item
      ? locate(instruction, item)
      : instruction.parsed.argumentsSpan
        ? locate(instruction, instruction.parsed.argumentsSpan)
        : null;
    return range && !name.includes("/") ? { name, range } : null;
  }
  const [script] = scriptsOf(instruction);
  const command = script?.commands[0];
  const word = command?.words[0];
  if (
    !script ||
    !command ||
    !word ||
    command.wrappers.length > 0 ||
    command.name !== word.value ||
    command.name === null
  )
    return null;
  return mayBeSkipped(command) || command.outer.context.includes("condition")
    ? null
    : { name: command.name, range: script.locate(word.from, word.to) };
}
