import { ignoredFor } from "../../context/ignored";
import { instructionsNamed } from "../../model/index-of";
import { scriptsOf } from "../../model/scripts";
import { locate, type Model, type Stage } from "../../model/types";
import { defineRule, type Facts, type Severity } from "../../rule";
import { type CopiedSecret, copiedSecrets } from "../../secret/copies";
import { declaredSecrets } from "../../secret/declarations";
import { credentialFile } from "../../secret/files";
import { mountFile } from "../../secret/mount-file";
import { isSecretName } from "../../secret/names";
import { findCredentials, valueShape } from "../../secret/values";
import { buildsForWindows } from "../../secret/windows";
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
  reads: ["ADD", "COPY", "RUN"],
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
      fixed: "FROM alpine:3.24\nRUN --mount=type=ssh git clone git@example.com:team/app.git\n",
    },
    {
      title: "One of several files",
      code: "FROM node:24\nWORKDIR /app\nCOPY package.json [|.npmrc|] ./\nRUN npm ci\nCOPY . .\n",
      fixed:
        "FROM node:24\nWORKDIR /app\nCOPY package.json ./\nRUN --mount=type=secret,id=npmrc,target=/app/.npmrc npm ci\nCOPY . .\n",
      files: { ".npmrc": "//registry.npmjs.org/:_authToken=npm_0000\n", "package.json": "{}" },
    },
    {
      title: "A tool that is told where its settings lie",
      code: "FROM maven:3.9-eclipse-temurin-21\nWORKDIR /app\nCOPY [|settings.xml|] /root/.m2/settings.xml\nRUN mvn -s /root/.m2/settings.xml package\n",
      fixed:
        "FROM maven:3.9-eclipse-temurin-21\nWORKDIR /app\nRUN --mount=type=secret,id=maven-settings,target=/root/.m2/settings.xml mvn -s /root/.m2/settings.xml package\n",
      files: {
        "settings.xml": "<settings><servers><server><password>k8Hs93jd</password></server></servers></settings>",
      },
    },
    {
      title: "A key that the container needs when it runs",
      code: "FROM alpine:3.24\nCOPY [|id_ed25519|] /root/.ssh/id_ed25519\nRUN git clone git@example.com:team/app.git\nCMD git -C app pull\n",
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
    {
      title: "Public keys",
      code: "FROM alpine:3.24\nCOPY id_rsa.pub /root/.ssh/authorized_keys\nCOPY deploy-public.key /etc/keys/\n",
    },
    {
      title: "Whose keys are let in, and which hosts are known",
      code: "FROM alpine:3.24\nADD ./files/admin/.ssh/authorized_keys /tmp/authorized_keys\nCOPY .ssh/known_hosts .ssh/config /root/.ssh/\n",
    },
    {
      title: "A certificate, which may hold its key as well, beside the key",
      code: "FROM nginx:1.29\nCOPY ssl/server.pem /etc/ssl/certs/\nCOPY [|ssl/server.key|] /etc/ssl/private/\n",
    },
    {
      title: "A sample of a key",
      code: "FROM alpine:3.24\nCOPY sample-RSA-private.pem /tests/\n",
    },
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
    const { model, facts, catalogue } = context;
    let stages: ReadonlySet<Stage | null> | null = null;
    const withToken = () => {
      stages ??= stagesWithToken(model);
      return stages;
    };
    for (const instruction of model.instructions) {
      const { keyword, stage } = instruction;
      if ((keyword !== "COPY" && keyword !== "ADD") || !stage?.reachesFinal) continue;
      for (const copy of copiedSecrets(instruction)) {
        // Only what the file is called where it comes from counts: an example that becomes .env is still an example.
        const isMeant = copy.source !== null && credentialFile(copy.source) === copy.kind;
        const severity = isMeant && copy.source !== null ? judge(copy, copy.source, facts, withToken) : null;
        if (!severity || isDeletedLater(copy)) continue;
        const builds = !stage.ships;
        yield {
          message: `${copy.source} is ${copy.kind.label} and stays in ${builds ? "the builder's cache" : "the image"} for whoever gets it. ${remedyFor(copy, buildsForWindows(model, stage, catalogue))}`,
          range: locate(instruction, copy.word),
          severity: builds ? weaker(severity) : severity,
          fixes: () => {
            const fix = mountFile({ ...context, ignored: ignoredFor(facts, context.path) }, copy);
            return fix ? [fix] : [];
          },
        };
      }
    }
  },
});

function remedyFor({ kind }: CopiedSecret, isWindows: boolean): string {
  if (isWindows) return "Builds for Windows have no secret mounts: give it to the container when it starts.";
  return kind.readers === null
    ? "Give it to the container when it starts, or mount it as a secret where the build needs it."
    : "Mount it as a secret in the RUN that needs it.";
}

/** How sure it is that the file holds a credential; null where it holds none, or nobody can say. */
function judge(
  { kind, instruction }: CopiedSecret,
  source: string,
  facts: Facts,
  withToken: () => ReadonlySet<Stage | null>,
): Severity | null {
  const text = facts.file(source);
  // A file that is missing is another rule's matter.
  if (text === null) return null;
  if (text !== undefined) {
    if (kind.id === "env") return holdsSecret(text) ? "error" : null;
    if (kind.id === "key")
      return /PRIVATE KEY|"private_key"/.test(text) || findCredentials(text).length > 0 ? "error" : null;
    return !kind.holds || kind.holds(text) ? "error" : null;
  }
  if (kind.isOftenHarmless) return null;
  // Where the build is given a token besides, the file most likely holds a variable in its place.
  if (kind.id === "npmrc" && withToken().has(instruction.stage)) return null;
  switch (kind.id) {
    case "key":
      // `server.pem` is a certificate as often as a key.
      if (/\.pem$/i.test(source)) return /(?:private|secret|deploy|key)[^/]*$/i.test(source) ? "warning" : null;
      return /\.(?:key|p12|pfx|jks)$|(?:service[-_]?account|credentials)[^/]*\.json$/i.test(source) ? "warning" : null;
    case "npmrc":
    case "env":
    case "docker-config":
      return "warning";
    default:
      return "error";
  }
}

/** Stages whose build is given a token, by ARG, ENV or a mount. */
function stagesWithToken(model: Model): ReadonlySet<Stage | null> {
  const stages = new Set(declaredSecrets(model).map(({ stage }) => stage));
  for (const run of instructionsNamed(model, "RUN")) {
    if (mountsOf(run).some((mount) => mount.type === "secret" && mount.get("env") !== null)) stages.add(run.stage);
  }
  return stages;
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
  const { instruction } = copy;
  const path = copy.path ?? copy.word.value ?? "";
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
