import { rootStage } from "../../catalogue/stage";
import { ignoredFor } from "../../context/ignored";
import { canChangeRun, cannotMount, hasTemplate, insertFlag, mountOwner, mountSupport } from "../../fixes/mount";
import { removeInstruction } from "../../fixes/remove";
import { scriptsOf } from "../../model/scripts";
import type { Instruction } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule, type Facts, type Fix, type RuleContext, type Severity } from "../../rule";
import { type CopiedSecret, copiedSecrets } from "../../secret/copies";
import { credentialFile } from "../../secret/files";
import { isSecretName } from "../../secret/names";
import { findCredentials, valueShape } from "../../secret/values";
import { mountsOf } from "../../secret/writes";

export default defineRule({
  id: "secret-file-copied",
  theme: "secret",
  category: "security",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A COPY or ADD brings a file of credentials from the build context into a layer.",
  why: "Whoever can pull the image can read every file of every layer, also one that is deleted or covered later. Lend the file to the RUN that needs it by a secret mount, or give it to the container when it starts. Where the file's text is known and holds no credential, nothing is said; where it is not known, files that often hold none (`.npmrc`, `.env`) are a warning, and Maven's and NuGet's settings nothing.",
  aliases: { trivy: ["DS-0031"], dockle: ["CIS-DI-0010", "DKL-LI-0003"] },
  fixable: "unsafe",
  examples: [
    {
      title: "The token of a private registry",
      code: "FROM node:24\nWORKDIR /app\nCOPY package*.json ./\nCOPY [|.npmrc|] ./\nRUN npm ci\n",
      fixed:
        "FROM node:24\nWORKDIR /app\nCOPY package*.json ./\nRUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm ci\n",
      files: {
        ".npmrc": "//registry.npmjs.org/:_authToken=npm_0000\n",
        "package.json": "{}",
        ".dockerignore": ".npmrc\n",
      },
    },
    {
      title: "A private key",
      code: "FROM alpine:3.24\nCOPY [|id_rsa|] /root/.ssh/id_rsa\nRUN git clone git@example.com:team/app.git\n",
    },
    { title: "An environment file", code: "FROM node:24\nWORKDIR /app\nCOPY [|.env|] ./\n" },
    {
      title: "The file holds no credential",
      code: "FROM node:24\nWORKDIR /app\nCOPY .npmrc ./\nRUN npm ci\n",
      files: { ".npmrc": "save-exact=true\n" },
    },
    {
      title: "Settings without a secret among them",
      code: "FROM node:24\nWORKDIR /app\nCOPY .env ./\n",
      files: { ".env": "PORT=8080\nLOG_LEVEL=info\nDB_PASSWORD=changeme\n" },
    },
    { title: "A public key", code: "FROM alpine:3.24\nCOPY id_rsa.pub /root/.ssh/authorized_keys\n" },
    { title: "An example", code: "FROM node:24\nCOPY .env.example /app/.env\n" },
    {
      title: "Settings of Maven that nobody has read",
      code: "FROM maven:3.9-eclipse-temurin-21\nCOPY settings.xml /root/.m2/\n",
    },
    {
      title: "From another stage",
      code: "FROM alpine:3.24 AS a\nFROM alpine:3.24\nCOPY --from=a /root/.netrc /root/.netrc\n",
    },
    {
      title: "A file that is not there",
      code: "FROM node:24\nWORKDIR /app\nCOPY .env ./\n",
      files: { "package.json": "{}" },
    },
    {
      title: "Deleted later, which another rule tells",
      code: "FROM node:24\nWORKDIR /app\nCOPY .npmrc ./\nRUN npm ci\nRUN rm .npmrc\n",
    },
  ],
  *check(context) {
    const { model, facts } = context;
    for (const instruction of model.instructions) {
      const { keyword, stage } = instruction;
      if ((keyword !== "COPY" && keyword !== "ADD") || !stage?.reachesFinal) continue;
      for (const copy of copiedSecrets(instruction)) {
        // Only what the file is called where it comes from counts: an example that becomes .env is still an example.
        const isMeant = copy.source !== null && credentialFile(copy.source) === copy.kind;
        const severity = isMeant && copy.source !== null ? judge(copy, copy.source, facts) : null;
        if (!severity || isDeletedLater(copy)) continue;
        const builds = !stage.ships;
        yield {
          message: `${copy.source} is ${copy.kind.label} and stays in ${builds ? "the builder's cache" : "the image"} for whoever gets it. ${
            copy.kind.readers === null
              ? "Give it to the container when it starts, or mount it as a secret where the build needs it."
              : "Mount it as a secret in the RUN that needs it."
          }`,
          range: locate(instruction, copy.word),
          severity: builds ? weaker(severity) : severity,
          fixes: () => mountInstead(context, copy),
        };
      }
    }
  },
});

/** How sure it is that the file holds a credential; null where it holds none, or nobody can say. */
function judge({ kind }: CopiedSecret, source: string, facts: Facts): Severity | null {
  const text = facts.file(source);
  // A file that is missing is another rule's matter.
  if (text === null) return null;
  if (text !== undefined) {
    if (kind.id === "env") return holdsSecret(text) ? "error" : null;
    if (kind.id === "key")
      return /PRIVATE KEY|"private_key"/.test(text) || findCredentials(text).length > 0 ? "error" : null;
    return !kind.holds || kind.holds(text) ? "error" : null;
  }
  switch (kind.id) {
    case "maven-settings":
    case "nugetconfig":
    case "yarnrc":
    case "composer-auth":
      return null;
    case "key":
      return /\.(?:pem|key|p12|pfx|jks)$|(?:service[-_]?account|credentials)[^/]*\.json$/i.test(source)
        ? "warning"
        : null;
    case "npmrc":
    case "env":
    case "docker-config":
      return "warning";
    default:
      return "error";
  }
}

function weaker(severity: Severity): Severity {
  return severity === "error" ? "warning" : "info";
}

/** True when a line of an environment file gives a secret a value that is no stand-in. */
function holdsSecret(text: string): boolean {
  if (findCredentials(text).length > 0) return true;
  return text.split(/\r?\n/).some((line) => {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*["']?([^"'\n]*)/.exec(line);
    const [, name, value] = match ?? [];
    return (
      name !== undefined && value !== undefined && isSecretName(name) && valueShape(name, value.trim()) === "literal"
    );
  });
}

/** True when a later RUN of the stage deletes the file: the layer keeps it, and the finding stands at the deletion. */
function isDeletedLater(copy: CopiedSecret): boolean {
  const { instruction, path } = copy;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return (
    instruction.stage?.instructions.some(
      (run) =>
        run.index > instruction.index &&
        run.keyword === "RUN" &&
        run.parsed.text.includes(name) &&
        scriptsOf(run).some(({ commands }) =>
          commands.some((command) => command.name === "rm" && command.words.some((word) => word.text.includes(name))),
        ),
    ) ?? false
  );
}

/** No copy, and a mount at the same path for each RUN that reads the file. */
function mountInstead({ model, catalogue, facts, path }: RuleContext, copy: CopiedSecret): readonly Fix[] {
  const { instruction, kind, source } = copy;
  const { stage } = instruction;
  if (!stage || source === null || !kind.readers || kind.mount === "ssh" || mountSupport(model) === "none") return [];
  if (cannotMount(rootStage(stage), catalogue) || hasTemplate(model, instruction.span)) return [];
  if (instruction.parsed.words.length !== 2) return [];
  const edits = [removeInstruction(model, instruction)];
  for (const run of stage.instructions) {
    if (run.index < instruction.index || run.keyword !== "RUN" || !reads(run, kind.readers)) continue;
    const owner = mountOwner(run, catalogue);
    const taken = mountsOf(run).some((mount) => mount.type === "secret" && mount.get("id") === kind.id);
    if (owner === null || taken || !canChangeRun(model, run)) return [];
    edits.push(insertFlag(model, run, `--mount=type=secret,id=${kind.id},target=${copy.path}${owner}`));
  }
  if (edits.length === 1) return [];
  const ignored = ignoredFor(facts, path);
  const isIgnored = ignored?.file?.ignores(source) ?? false;
  const build = `--secret id=${kind.id},src=${source}`;
  return [
    {
      title: `Mount ${source} as a secret instead of copying it`,
      applicability: "unsafe",
      reason: `The build then needs ${build}, and the container has no ${source} when it runs.`,
      edits,
      ...(isIgnored ? {} : { otherFiles: [{ path: ignored?.path ?? ".dockerignore", append: source }] }),
      note: `Build with: docker build ${build} .`,
    },
  ];
}

function reads(run: Instruction, readers: ReadonlySet<string>): boolean {
  return scriptsOf(run).some(({ commands }) => commands.some(({ name }) => name !== null && readers.has(name)));
}
