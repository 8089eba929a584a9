import { ignoredFor } from "../../context/ignored";
import { expandWord, stageState } from "../../model/scope";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule, type Facts } from "../../rule";
import { credentialFile } from "../../secret/files";
import type { Span } from "../../text";

export default defineRule({
  id: "dockerignore-gap",
  theme: "secret",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The whole build context is copied, and .dockerignore lets secrets, history or installed packages through.",
  why: "`COPY . .` takes what lies there: `.env` and keys, the whole history in `.git`, packages that were installed for another system. Whoever has the image has them too. Reported only where the build context is known and such files are in it: a warning for secrets, a hint of severity info for the rest.",
  aliases: {},
  reads: ["ADD", "COPY", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Secrets and history come along",
      code: "FROM node:24-slim\nWORKDIR /app\nCOPY [|.|] .\n",
      fixed: "FROM node:24-slim\nWORKDIR /app\nCOPY . .\n",
      files: { "package.json": "{}", ".env": "", ".git/HEAD": "", "node_modules/a/index.js": "" },
    },
    {
      title: "The list has a gap",
      code: "FROM python:3.14-slim\nCOPY [|./|] /app/\n",
      fixed: "FROM python:3.14-slim\nCOPY ./ /app/\n",
      files: { ".dockerignore": ".git\n", ".git/HEAD": "", "deploy.pem": "", "app.py": "" },
    },
    {
      title: "Nothing slips through",
      code: "FROM node:24-slim\nCOPY . /app\n",
      files: { ".dockerignore": ".git\n.env*\nnode_modules\n", ".git/HEAD": "", ".env": "", "node_modules/a": "" },
    },
    {
      title: "An example of a settings file is no secret",
      code: "FROM node:24-slim\nCOPY . /app\n",
      files: { ".env.example": "", "package.json": "{}" },
    },
    {
      title: "What a stage that does not ship is built from",
      code: "FROM golang:1.27 AS build\nCOPY . /src\nFROM alpine:3.24\nCOPY --from=build /app /app\n",
      files: { ".git/HEAD": "", "go.mod": "" },
    },
    { title: "One folder is named", code: "FROM node:24-slim\nCOPY src /app\n", files: { ".env": "", "src/a.js": "" } },
    { title: "Nobody knows what lies there", code: "FROM node:24-slim\nCOPY . /app\n" },
  ],
  *check({ model, facts, path }) {
    const copy = broadCopy(model);
    if (!copy) return;
    const ignored = ignoredFor(facts, path);
    const names = ignored && topNames(facts);
    if (!ignored || !names) return;
    const passing = names.flatMap((name) => {
      const kind = kindOf(name, facts);
      return kind && !ignored.file?.ignores(name.replace(/\/$/, "")) ? [{ name: name.replace(/\/$/, ""), kind }] : [];
    });
    const secrets = passing.filter(({ kind }) => kind === "secret");
    const { stage } = copy.instruction;
    // What does not ship may hold history and packages; a secret is still in the builder's cache.
    const told = stage?.ships ? passing : secrets;
    if (told.length === 0) return;
    const shown = listed(told.map(({ name }) => name));
    yield {
      message: `This also copies ${shown}; ${ignored.file ? `${ignored.path} lets ${told.length === 1 ? "it" : "them"} through` : "there is no .dockerignore"}. Add ${told.length === 1 ? "it" : "them"} to ${ignored.path}.`,
      range: copy.span,
      ...(secrets.length === 0 || !stage?.ships ? { severity: "info" as const } : {}),
      fixes: () => [
        {
          title: `Add ${shown} to ${ignored.path}`,
          applicability: "unsafe",
          reason:
            "The files are then not in the image, so a program that reads them there has to get them another way.",
          edits: [],
          otherFiles: [{ path: ignored.path, append: `${told.map(({ name }) => name).join("\n")}\n` }],
        },
      ],
    };
  },
});

interface BroadCopy {
  readonly instruction: Instruction;
  readonly span: Span;
}

/** The first COPY of the whole context into a stage that ships; else into one that the shipped stage needs. */
function broadCopy(model: Model): BroadCopy | null {
  let other: BroadCopy | null = null;
  for (const instruction of model.instructions) {
    const { keyword, parsed, stage } = instruction;
    if ((keyword !== "COPY" && keyword !== "ADD") || !stage?.reachesFinal) continue;
    if (parsed.flags.some((flag) => flag.name === "from")) continue;
    const span = wholeContext(instruction, stage, model);
    if (!span) continue;
    if (stage.ships) return { instruction, span };
    other ??= { instruction, span };
  }
  return other;
}

function wholeContext(instruction: Instruction, stage: Stage, model: Model): Span | null {
  const lookUp = (name: string) => stageState(stage.scope, name, instruction.index);
  const isWhole = (value: string | null) => value !== null && value !== "" && /^(?:\.?\/)*\.?\/?\*?$/.test(value);
  const { json, words } = instruction.parsed;
  const place = json
    ? json.slice(0, -1).find((item) => isWhole(item.value))
    : words.slice(0, -1).find((word) => isWhole(expandWord(word, model.escape, lookUp)));
  return place ? locate(instruction, place) : null;
}

/** Names at the top of the build context, folders with a slash at the end; undefined when not known. */
function topNames(facts: Facts): readonly string[] | undefined {
  const names = facts.list("");
  return names && [...new Set(names.map((name) => /^[^/]+\/?/.exec(name)?.[0] ?? name))].sort();
}

type Kind = "secret" | "history" | "packages";

function kindOf(name: string, facts: Facts): Kind | null {
  const isFolder = name.endsWith("/");
  const plain = name.replace(/\/$/, "");
  if (plain === ".git") return "history";
  if (isFolder && /^(?:node_modules|\.venv|venv)$/.test(plain)) return "packages";
  if (isFolder) return /^\.(?:aws|ssh|kube|gnupg|azure)$/.test(plain) ? "secret" : null;
  if (/\.(?:pub|example|sample|dist|template|tmpl|md|crt)$/.test(plain)) return null;
  if (/^\.env(?:\.[\w-]+)*$/.test(plain))
    return /example|sample|template|dist|defaults?|schema|test/.test(plain) ? null : "secret";
  if (/^id_(?:rsa|dsa|ecdsa|ed25519)$|\.(?:p12|pfx|jks|keystore)$|^\.(?:netrc|git-credentials|pypirc)$/.test(plain))
    return "secret";
  // What often holds no credential counts where its text shows one.
  const kind = /^(?:\.npmrc|\.yarnrc\.yml|pip\.conf|auth\.json|nuget\.config)$/i.test(plain)
    ? credentialFile(plain)
    : null;
  if (kind) return kind.holds?.(facts.file(plain) ?? "") ? "secret" : null;
  if (/\.(?:pem|key)$/.test(plain)) return /PUBLIC KEY|CERTIFICATE/.test(facts.file(plain) ?? "") ? null : "secret";
  if (/^(?:terraform\.tfstate|service[-_]?account.*\.json|credentials\.json)$/.test(plain)) return "secret";
  return null;
}

function listed(names: readonly string[]): string {
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
