import { imageUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { hasTemplate } from "../../fixes/mount";
import { placedInstructions } from "../../fixes/placed";
import type { Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import type { Aliases, Finding, Related, Severity } from "../../rule";
import { defineRule } from "../../rule";
import type { Declaration, DeclaredSecret } from "../../secret/declarations";
import { declaredSecrets, secretCause } from "../../secret/declarations";
import { secretFixes } from "../../secret/fixes";
import { keptBySecret } from "../../secret/layers";
import { buildsForWindows } from "../../secret/windows";
import { isPeerSecretName, type PeerMode } from "./peer-names";

export default defineRule({
  id: "secret-in-arg-or-env",
  theme: "secret",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A credential is declared by ARG or ENV.",
  why: "What ENV sets is part of the image: whoever can pull it reads it with `docker inspect`. What ARG gets is written into the history of the stage, into the build cache and into the provenance, also when it has no default. A secret mount hands a RUN the same value and leaves nothing behind.",
  aliases: {
    hadolint: ["DL3064"],
    buildkit: ["SecretsUsedInArgOrEnv"],
    tally: [
      "tally/ruby/secrets-in-arg-or-env",
      "tally/ruby/prefer-secret-mounts-for-build-credentials",
      "buildkit/SecretsUsedInArgOrEnv",
    ],
    trivy: ["DS-0031"],
    semgrep: ["secret-in-build-arg"],
    sonar: ["S6472"],
    dockle: ["CIS-DI-0010"],
  },
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint", "buildkit"],
      default: "smart",
      description:
        "`hadolint` and `buildkit` report every ARG and ENV that is named as those linters look for, whatever it holds.",
    },
  },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "A token as a build argument",
      code: "FROM node:26\nARG [|NPM_TOKEN|]\nCOPY . .\nRUN npm ci\n",
      fixed: "FROM node:26\nCOPY . .\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm ci\n",
    },
    {
      title: "Only the RUN that needs it gets it",
      code: 'FROM alpine:3.24\nARG VERSION=1 [|API_TOKEN|]\nRUN apk add --no-cache curl\nRUN curl -H "Authorization: Bearer $API_TOKEN" -o /data.json https://api.example.com/$VERSION\n',
      fixed:
        'FROM alpine:3.24\nARG VERSION=1\nRUN apk add --no-cache curl\nRUN --mount=type=secret,id=API_TOKEN,env=API_TOKEN curl -H "Authorization: Bearer $API_TOKEN" -o /data.json https://api.example.com/$VERSION\n',
    },
    {
      title: "ENV keeps the build argument for good",
      code: "FROM python:3.14\nARG JWT_SECRET\nENV PORT=8000 \\\n    [|JWT_SECRET|]=$JWT_SECRET \\\n    WORKERS=2\nCMD python app.py\n",
      fixed: "FROM python:3.14\nENV PORT=8000 \\\n    WORKERS=2\nCMD python app.py\n",
    },
    {
      title: "A password in the image",
      code: "FROM python:3.14\nENV [|DB_PASSWORD|]=kJ83hs9Qq\nCMD python app.py\n",
      fixed: "FROM python:3.14\nCMD python app.py\n",
    },
    {
      title: "A clone keeps the address that it was given, so the token leaves that too",
      code: "FROM alpine:3.24\nARG [|GITHUB_TOKEN|]\nRUN git clone https://$GITHUB_TOKEN@github.com/o/r\n",
      fixed:
        'FROM alpine:3.24\nRUN --mount=type=secret,id=GITHUB_TOKEN,env=GITHUB_TOKEN git -c url."https://x-access-token:${GITHUB_TOKEN}@github.com/".insteadOf="https://github.com/" clone https://github.com/o/r\n',
    },
    {
      title: "An SSH key is lent by an agent",
      code: 'FROM python:3.14\nARG [|SSH_KEY|]\nRUN mkdir /root/.ssh && \\\n    echo "$SSH_KEY" > /root/.ssh/id_rsa && \\\n    chmod 600 /root/.ssh/id_rsa && \\\n    ssh-keyscan git.example.com >> /root/.ssh/known_hosts\nRUN pip install git+ssh://git@git.example.com/o/r\nRUN rm /root/.ssh/id_rsa\n',
      fixed:
        "FROM python:3.14\nRUN mkdir /root/.ssh && \\\n    ssh-keyscan git.example.com >> /root/.ssh/known_hosts\nRUN --mount=type=ssh pip install git+ssh://git@git.example.com/o/r\n",
    },
    {
      title: "A package index with its password",
      code: "FROM python:3.14\nARG INDEX_PASSWORD\nENV [|PIP_EXTRA_INDEX_URL|]=https://ci:$INDEX_PASSWORD@pypi.example.com/simple\nRUN pip install internal\n",
      fixed:
        "FROM python:3.14\nRUN --mount=type=secret,id=PIP_EXTRA_INDEX_URL,env=PIP_EXTRA_INDEX_URL pip install internal\n",
    },
    {
      title: "With a frontend older than 1.10, the secret is a file",
      code: "# syntax=docker/dockerfile:1.4\nFROM node:26\nARG [|NPM_TOKEN|]\nRUN npm ci\n",
      fixed:
        '# syntax=docker/dockerfile:1.4\nFROM node:26\nRUN --mount=type=secret,id=NPM_TOKEN export NPM_TOKEN="$(cat /run/secrets/NPM_TOKEN)" && npm ci\n',
    },
    {
      title: "A token that ends up in a file has to leave that as well",
      code: 'FROM node:26\nARG [|NPM_TOKEN|]\nRUN echo "//registry.npmjs.org/:_authToken=$NPM_TOKEN" > .npmrc && npm ci\n',
      fixed:
        'FROM node:26\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN echo "//registry.npmjs.org/:_authToken=$NPM_TOKEN" > .npmrc && npm ci && rm -f .npmrc\n',
    },
    {
      title: "A file for later steps becomes a secret itself",
      code: 'FROM golang:1.27\nARG [|GIT_TOKEN|]\nRUN echo "machine git.example.com login ci password $GIT_TOKEN" > /root/.netrc\nRUN go mod download\n',
      fixed: "FROM golang:1.27\nRUN --mount=type=secret,id=netrc,target=/root/.netrc go mod download\n",
    },
    {
      title: "A default that is the name of its own account, too, is worth a hint",
      code: "FROM node:26\nENV DATABASE_DATABASE=mempool\nENV [|DATABASE_PASSWORD|]=mempool\nENV DATABASE_USERNAME=mempool\n",
    },
    {
      title: "A build for Windows cannot mount a secret",
      code: "FROM registry.example.com/rust-extras:ltsc2019-2017-1.35.0\nONBUILD ARG [|buildkiteAgentToken|]\nONBUILD RUN c:/temp/buildkite-service.ps1\n",
    },
    { title: "A path to a secret is none", code: "FROM postgres:18\nENV POSTGRES_PASSWORD_FILE=/run/secrets/db\n" },
    {
      title: "Nor is what is only called a key",
      code: "FROM debian:13\nENV GPG_KEY=0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D KEYBOARD=de\n",
    },
    {
      title: "A fingerprint says which key has signed, and a file is only named",
      code: "FROM debian:13\nENV SWIFT_SIGNING_KEY=52BB7E3DE28A71BE22EC05FFEF80A866B47A981F \\\n    RESET_OS_PASSWORD=resetOSPassword.sh\n",
    },
    {
      title: "The fingerprint is declared by the stage below, whichever that is",
      code: "FROM debian:13 AS base-amd64\nARG SWIFT_SIGNING_KEY=52BB7E3DE28A71BE22EC05FFEF80A866B47A981F\nFROM base-$TARGETARCH\nENV SWIFT_SIGNING_KEY=$SWIFT_SIGNING_KEY\n",
    },
    {
      title: "Without a value there is no secret",
      code: 'FROM debian:13\nENV DB_PASSWORD=${DB_PASSWORD:-} ADMIN_PASSWORD="${ADMIN_PASSWORD:-}" TOKEN=\n',
    },
    {
      title: "What a bundler ships to browsers is public",
      code: "FROM node:26\nARG VITE_API_KEY\nRUN npm run build\n",
    },
    {
      title: "As BuildKit has it, by its name alone",
      options: { mode: "buildkit" },
      code: "FROM debian:13\nARG [|GPG_KEY|] KEYBOARD=de\nENV PUBLIC_KEY=x USERNAME=me\n",
    },
    {
      title: "As hadolint has it",
      options: { mode: "hadolint" },
      code: "FROM debian:13\nARG [|USERNAME|]=me\nENV GPG_KEY=x\nONBUILD ENV [|TOKEN|]=x\n",
    },
    {
      title: "A stand-in for one command is fine",
      code: "FROM ruby:4.0\nRUN SECRET_KEY_BASE=dummy bundle exec rails assets:precompile\n",
    },
  ],
  *check({ model, catalogue, facts, options }) {
    if (options.mode === "hadolint" || options.mode === "buildkit") return yield* byName(model, options.mode);
    for (const secret of declaredSecrets(model)) {
      if (!secret.named && secret.promotions.length === 0) continue;
      const finding = judge(model, catalogue, secret);
      if (!finding) continue;
      yield {
        ...finding,
        cause: secretCause(secret.stage, secret.name),
        fixes: () => {
          // A stand-in is there on purpose: something works because of it.
          return finding.severity === "hint" ? [] : secretFixes({ model, catalogue, facts }, secret);
        },
      };
    }
  },
});

/** What another linter reports: names, wherever they are declared. */
function* byName(model: Model, mode: PeerMode): Iterable<Finding> {
  for (const { instruction, isTrigger } of placedInstructions(model, "ARG", "ENV")) {
    // BuildKit looks into stages only, and not at what others will build.
    if (mode === "buildkit" && (isTrigger || !instruction.stage)) continue;
    for (const pair of instruction.parsed.pairs) {
      if (!isPeerSecretName(mode, pair.name)) continue;
      yield {
        message: `${instruction.keyword} ${pair.name} is named like a credential, and the image keeps what it holds. Mount it as a secret.`,
        range: locate(instruction, pair.nameSpan),
      };
    }
  }
}

function judge(model: Model, catalogue: Catalogue, secret: DeclaredSecret): Finding | null {
  const { stage, name } = secret;
  const ships = stage?.ships ?? false;
  const where = { stage, ships, isWindows: buildsForWindows(model, stage, catalogue) };
  // Of several declarations the one that gives most away speaks for all.
  const main = [...secret.declarations].sort((a, b) => weights[b.shape] - weights[a.shape])[0];
  const stored = secret.declarations.some((one) => one.kind === "arg") ? secret.promotions[0] : undefined;
  const place = stored ?? main;
  if (!main || !place) return null;
  const range = locate(place.instruction, place.pair.nameSpan);
  if (hasTemplate(model, locate(place.instruction, place.pair))) return null;
  const said = stored
    ? sayStored(name, stored.pair.name, main, where)
    : main.kind === "env"
      ? sayEnv(name, main, where, catalogue)
      : sayArg(name, main, where);
  return (
    said && {
      ...said,
      range,
      related: [...relatedOf(secret, place), ...writesOf(model, secret)],
      aliases: aliasesOf(secret, stored !== undefined, ships),
    }
  );
}

const weights: Readonly<Record<Declaration["shape"], number>> = {
  literal: 4,
  unset: 3,
  empty: 2,
  placeholder: 1,
  unknown: 0,
};

type Said = { readonly message: string; readonly severity: Severity };

/** Where a secret is declared, as far as the advice depends on it. */
interface Where {
  /** Null for an ARG before the first FROM that no stage repeats. */
  readonly stage: Stage | null;
  readonly ships: boolean;
  /** The builder for Windows has no RUN --mount. */
  readonly isWindows: boolean;
}

/** What to do on Windows where elsewhere the secret would be mounted. */
const withoutMounts = "Builds for Windows have no secret mounts: do what needs it outside the build.";

function sayStored(name: string, stores: string, main: Declaration, { ships, isWindows }: Where): Said {
  const what = stores === name ? "the build argument" : name;
  if (main.shape === "placeholder") {
    return {
      severity: "hint",
      message: `ENV ${stores} stores ${what} in the image. Set a real one when the container starts.`,
    };
  }
  if (ships) {
    const remedy = isWindows ? "Set it" : "Mount it as a secret, or set it";
    return {
      severity: "error",
      message: `ENV ${stores} stores ${what} in the image. ${remedy} when the container starts.`,
    };
  }
  const remedy = isWindows ? withoutMounts : "Mount it as a secret in the RUN that needs it.";
  return { severity: "info", message: `ENV ${stores} stores ${what} in the build cache. ${remedy}` };
}

function sayEnv(name: string, main: Declaration, where: Where, catalogue: Catalogue): Said | null {
  // A name without a value stores nothing, and shows which one the container wants.
  if (main.shape === "empty") return null;
  if (main.shape !== "literal" || isDemoDatabase(where.stage, catalogue)) {
    return {
      severity: "hint",
      message: `${name} is named like a credential. Set a real one when the container starts, not in the image.`,
    };
  }
  if (where.ships) {
    return {
      severity: "warning",
      message: `Everybody who can pull the image can read ${name}. Take it out, set it when the container starts, and change it.`,
    };
  }
  const remedy = where.isWindows
    ? `Change it. ${withoutMounts}`
    : "Mount it as a secret in the RUN that needs it, and change it.";
  return { severity: "info", message: `The build cache keeps the value of ${name}. ${remedy}` };
}

function sayArg(name: string, main: Declaration, { stage, ships, isWindows }: Where): Said {
  const mount = `--mount=type=secret,id=${name},env=${name}`;
  if (main.shape === "placeholder" || main.shape === "unknown") {
    const remedy = isWindows ? "Give a real one to the container when it starts." : `For a real one, use RUN ${mount}.`;
    return { severity: "hint", message: `${name} is named like a credential. ${remedy}` };
  }
  if (!stage) {
    const remedy = isWindows ? "Remove it." : `Remove it, or use RUN ${mount}.`;
    return {
      severity: "info",
      message: `No stage uses ${name}, but the provenance of the build records its value. ${remedy}`,
    };
  }
  const keeper = ships ? "image history shows" : "build cache keeps";
  const severity = ships ? "warning" : "info";
  if (isWindows) {
    const remedy = ships
      ? "Builds for Windows have no secret mounts: set it when the container starts, or do what needs it outside the build."
      : withoutMounts;
    const change = main.shape === "literal" ? " Change the value." : "";
    return { severity, message: `The ${keeper} the value of ${name}. ${remedy}${change}` };
  }
  const change = main.shape === "literal" ? ", and change the value" : "";
  return { severity, message: `The ${keeper} the value of ${name}. Use RUN ${mount}${change}.` };
}

/** Images of databases are given a password for a try-out so often that it is worth no more than a hint. */
function isDemoDatabase(stage: Stage | null, catalogue: Catalogue): boolean {
  const name = stage ? imageUnder(stage, catalogue)?.repository.name : undefined;
  return (
    name !== undefined &&
    /(?:^|\/)(?:postgres|postgis|mysql|mariadb|mongo|redis|valkey|rabbitmq|couchdb|influxdb|neo4j)$/.test(name)
  );
}

function relatedOf(secret: DeclaredSecret, place: { readonly pair: unknown }): readonly Related[] {
  const others = [...(secret.global ? [secret.global] : []), ...secret.declarations, ...secret.promotions];
  return others
    .filter((one) => one.pair !== place.pair)
    .map(({ instruction, pair }) => ({
      message: `${instruction.keyword} ${pair.name} belongs to the same secret.`,
      range: locate(instruction, pair.nameSpan),
    }));
}

/** The RUNs that put the value where the image keeps it: what another finding is about, with the same root. */
function writesOf(model: Model, secret: DeclaredSecret): readonly Related[] {
  return (keptBySecret(model).get(secret) ?? []).slice(0, mostRelated).map(({ write }) => ({
    message: `This puts it into ${write.file}, which the image keeps.`,
    range: write.span,
  }));
}

/** More are not listed. */
const mostRelated = 5;

function aliasesOf({ name, declarations }: DeclaredSecret, stored: boolean, ships: boolean): Aliases {
  const tally = ["buildkit/SecretsUsedInArgOrEnv"];
  if (/^(?:SECRET_KEY_BASE|RAILS_MASTER_KEY)$/.test(name)) tally.unshift("tally/ruby/secrets-in-arg-or-env");
  if (/^(?:BUNDLE_|GEM_HOST_API_KEY)/.test(name)) {
    tally.unshift("tally/ruby/prefer-secret-mounts-for-build-credentials");
  }
  const isArg = stored || declarations.some((one) => one.kind === "arg");
  return {
    hadolint: ["DL3064"],
    buildkit: ["SecretsUsedInArgOrEnv"],
    tally,
    sonar: ["S6472"],
    dockle: ["CIS-DI-0010"],
    ...(ships ? { trivy: ["DS-0031"] } : {}),
    ...(isArg ? { semgrep: ["secret-in-build-arg"] } : {}),
  };
}
