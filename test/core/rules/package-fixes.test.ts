/** What the package rules must not write: one test for each case in which no action, or no safe one, may appear. */
import { describe, expect, it } from "vitest";
import type { Fix } from "../../../server/src/core/rule";
import { packageRules } from "../../../server/src/core/rules/package/index";
import { applyEdits } from "../../../server/src/core/text";
import { benchOf, type Setting } from "./setup";

const { reports } = benchOf(packageRules);

const fixes = (text: string, rule: string, setting?: Setting): readonly Fix[] =>
  reports(text, [rule], setting).flatMap((report) => [...report.fixes()]);

/** The text after the first fix; null where there is none. */
function mend(text: string, rule: string, setting?: Setting): string | null {
  const [fix] = fixes(text, rule, setting);
  return fix?.edits ? applyEdits(text, fix.edits) : null;
}

const debian = (lines: string) => `FROM debian:trixie\n${lines}\n`;

describe("no action", () => {
  it.each([
    ["-y: answered by a pipe", "apt-missing-yes", debian("RUN yes | apt-get install curl")],
    ["-y: answered by settings", "apt-missing-yes", debian("COPY x /etc/apt/apt.conf.d/x\nRUN apt-get install curl")],
    ["-y: simulated", "apt-missing-yes", debian("RUN apt-get install -s curl")],
    ["-y: a wrapper of the image", "apt-missing-yes", debian("RUN install_packages curl && apt-install curl")],
    ["apt: another system's", "apt-in-script", "FROM alpine:3.24\nRUN apt install curl\n"],
    ["apt: a file", "apt-in-script", debian("RUN cat /usr/bin/apt && ls apt")],
    ["apt: a list", "apt-in-script", debian("RUN apt list --installed")],
    ["lists: a later RUN installs", "apt-lists-left", debian("RUN apt-get update\nRUN apt-get install -y a")],
    [
      "lists: a child stage installs",
      "apt-lists-left",
      "FROM debian:trixie AS a\nRUN apt-get update && apt-get install -y x\nFROM a\nRUN apt-get install -y y\n",
    ],
    [
      "lists: a stage that does not ship",
      "apt-lists-left",
      "FROM debian:trixie AS a\nRUN apt-get update && apt-get install -y x\nFROM scratch\nCOPY --from=a /x /x\n",
    ],
    [
      "lists: a mount over a folder above",
      "apt-lists-left",
      debian("RUN --mount=type=cache,target=/var/lib apt-get update && apt-get install -y x"),
    ],
    [
      "lists: a mount of memory",
      "apt-lists-left",
      debian("RUN --mount=type=tmpfs,target=/var/lib/apt/lists apt-get update && apt-get install -y x"),
    ],
    ["lists: a download", "apt-lists-left", debian("RUN apt-get update && apt-get download x")],
    [
      "lists: a failure that does not count",
      "apt-lists-left",
      debian("RUN apt-get update && apt-get install -y x || true"),
    ],
    ["lists: a trap", "apt-lists-left", debian("RUN trap 'echo end' EXIT && apt-get update && apt-get install -y x")],
    ["lists: a subshell", "apt-lists-left", debian("RUN (apt-get update && apt-get install -y x)")],
    ["recommends: a desktop", "apt-recommends-installed", debian("RUN apt-get install -y libreoffice-writer")],
    ["recommends: Docker's own", "apt-recommends-installed", debian("RUN apt-get install -y docker-ce")],
    ["update: more is done", "package-update-alone", debian("RUN apt-get update && echo a\nRUN apt-get install -y x")],
    [
      "update: its RUN has a mount",
      "package-update-alone",
      debian("RUN --mount=type=cache,target=/c apt-get update\nRUN apt-get install -y x"),
    ],
    [
      "update: the other RUN has a mount",
      "package-update-alone",
      debian("RUN apt-get update\nRUN --mount=type=cache,target=/c apt-get install -y x"),
    ],
    [
      "update: the other RUN has a flag",
      "package-update-alone",
      debian("RUN apt-get update\nRUN --network=host apt-get install -y x"),
    ],
    [
      "update: sources are added on the way",
      "package-update-alone",
      debian("RUN apt-get update\nCOPY a.list /etc/apt/sources.list.d/\nRUN apt-get install -y x"),
    ],
    ["update: another user", "package-update-alone", debian("RUN apt-get update\nUSER app\nRUN apt-get install -y x")],
    ["apk: only fetched", "apk-cache-left", "FROM alpine:3.24\nRUN apk fetch curl\n"],
    [
      "apk: a cache that is wanted",
      "apk-cache-left",
      "FROM alpine:3.24\nRUN mkdir -p /etc/apk/cache && apk add curl\n",
    ],
    ["apk: a mount", "apk-cache-left", "FROM alpine:3.24\nRUN --mount=type=cache,target=/var/cache apk add curl\n"],
    ["dnf: cleaned behind", "dnf-cache-left", "FROM fedora:44\nRUN dnf install -y a && dnf clean all\n"],
    [
      "dnf: a later RUN reads the cache only",
      "dnf-cache-left",
      "FROM fedora:44\nRUN dnf install -y a\nRUN dnf -C install -y b && dnf clean all\n",
    ],
    ["pip: a mount", "pip-cache-left", "FROM python:3.14\nRUN --mount=type=cache,target=/root/.cache pip install x\n"],
    ["pip: a variable", "pip-cache-left", "FROM python:3.14\nENV PIP_NO_CACHE_DIR=1\nRUN pip install x\n"],
    [
      "pip: settings",
      "pip-cache-left",
      "FROM python:3.14\nCOPY pip.conf /root/.config/pip/pip.conf\nRUN pip install x\n",
    ],
    [
      "pip: a builder",
      "pip-cache-left",
      "FROM python:3.14 AS a\nRUN pip install x\nFROM scratch\nCOPY --from=a /x /x\n",
    ],
    ["pip: uv", "pip-cache-left", "FROM python:3.14\nRUN uv pip install x\n"],
    ["pip: pipx", "pip-cache-left", "FROM python:3.14\nRUN pipx install x\n"],
    ["pip: a download", "pip-cache-left", "FROM python:3.14\nRUN pip download x\n"],
    [
      "npm ci: no lock file",
      "lockfile-not-enforced",
      "FROM node:26\nWORKDIR /a\nCOPY package.json ./\nRUN npm install\n",
    ],
    [
      "npm ci: packages are named",
      "lockfile-not-enforced",
      "FROM node:26\nWORKDIR /a\nCOPY package.json package-lock.json ./\nRUN npm install x\n",
    ],
    [
      "npm ci: a program for all",
      "lockfile-not-enforced",
      "FROM node:26\nWORKDIR /a\nCOPY package.json package-lock.json ./\nRUN npm install -g\n",
    ],
    ["--omit: Yarn", "npm-production-flag", "FROM node:26\nRUN yarn install --production\n"],
    ["--omit: npm 6", "npm-production-flag", "FROM node:14\nRUN npm ci --production\n"],
    ["npm's cache: a mount", "npm-cache-left", "FROM node:26\nRUN --mount=type=cache,target=/root npm ci\n"],
    ["npm's cache: a builder", "npm-cache-left", "FROM node:26 AS a\nRUN npm ci\nFROM scratch\nCOPY --from=a /x /x\n"],
    [
      "weak packages: a builder",
      "rpm-weak-dependencies",
      "FROM fedora:44 AS a\nRUN dnf install -y x\nFROM scratch\nCOPY --from=a /x /x\n",
    ],
    [
      "frontend: a script at run time",
      "debian-frontend-in-env",
      debian('ENV DEBIAN_FRONTEND=noninteractive\nENTRYPOINT ["sh", "-c", "apt-get install -y x"]'),
    ],
    ["frontend: another value", "debian-frontend-in-env", debian("ENV DEBIAN_FRONTEND=readline")],
    [
      "frontend: set again in a stage upon it",
      "debian-frontend-in-env",
      "FROM debian:trixie AS a\nENV DEBIAN_FRONTEND=noninteractive\nFROM a\nENV DEBIAN_FRONTEND=dialog\n",
    ],
  ])("%s", (_title, rule, text) => expect(fixes(text, rule)).toEqual([]));
});

describe("no safe action", () => {
  it.each([
    ["apt show", "apt-in-script", debian("RUN apt show curl")],
    ["apt search", "apt-in-script", debian("RUN apt search curl")],
    ["apt build-dep", "apt-in-script", debian("RUN apt build-dep -y curl")],
    ["--no-install-recommends", "apt-recommends-installed", debian("RUN apt-get install -y x")],
    ["--omit=dev of an npm that nobody knows", "npm-production-flag", debian("RUN npm ci --production")],
    [
      "npm ci",
      "lockfile-not-enforced",
      "FROM node:26\nWORKDIR /a\nCOPY package.json package-lock.json ./\nRUN npm i\n",
    ],
    [
      "lists that a script may want",
      "apt-lists-left",
      debian("RUN apt-get update && apt-get install -y x\nRUN ./y.sh"),
    ],
    [
      "lists that a script of the same RUN may want",
      "apt-lists-left",
      debian("RUN apt-get update && apt-get install -y x && bash y.sh"),
    ],
    ["ARG for ENV", "debian-frontend-in-env", debian("ENV DEBIAN_FRONTEND=noninteractive")],
  ])("%s", (_title, rule, text) => {
    expect(fixes(text, rule).map(({ applicability }) => applicability)).toEqual(["unsafe"]);
  });
});

describe("a fix", () => {
  it.each([
    [
      "of apt, for a full upgrade",
      "apt-in-script",
      debian("RUN apt full-upgrade -y"),
      debian("RUN apt-get dist-upgrade -y"),
    ],
    [
      "of apk, for an upgrade in the same RUN",
      "apk-cache-left",
      "FROM alpine:3.24\nRUN apk upgrade && apk add curl\n",
      "FROM alpine:3.24\nRUN apk upgrade --no-cache && apk add --no-cache curl\n",
    ],
    [
      "of tdnf",
      "dnf-cache-left",
      "FROM mcr.microsoft.com/azurelinux/base/core:3.0\nRUN tdnf install -y a\n",
      "FROM mcr.microsoft.com/azurelinux/base/core:3.0\nRUN tdnf install -y a && tdnf clean all\n",
    ],
    [
      "of certificates that curl needs",
      "apt-recommends-installed",
      debian("RUN apt-get install -y wget"),
      debian("RUN apt-get install --no-install-recommends -y ca-certificates wget"),
    ],
    [
      "of ENV with CRLF",
      "debian-frontend-in-env",
      "FROM debian:trixie\r\nENV A=1 DEBIAN_FRONTEND=noninteractive\r\n",
      "FROM debian:trixie\r\nARG DEBIAN_FRONTEND=noninteractive\r\nENV A=1\r\n",
    ],
    [
      "of env in lower case",
      "debian-frontend-in-env",
      "FROM debian:trixie\nenv DEBIAN_FRONTEND noninteractive\n",
      "FROM debian:trixie\narg DEBIAN_FRONTEND=noninteractive\n",
    ],
    [
      "of npm prune",
      "npm-production-flag",
      "FROM node:26\nRUN npm prune --production\n",
      "FROM node:26\nRUN npm prune --omit=dev\n",
    ],
  ])("%s", (_title, rule, text, after) => expect(mend(text, rule)).toBe(after));

  it("never carries a mount into a list of commands", () => {
    const text = debian("RUN apt-get update\nRUN --mount=type=cache,target=/var/cache/apt apt-get install -y x");
    expect(fixes(text, "package-update-alone")).toEqual([]);
  });

  it("leaves upgrades alone unless somebody turns the rule on, and is never safe", () => {
    const [rule] = packageRules.filter(({ id }) => id === "os-upgrade-in-run");
    expect([rule?.recommended, rule?.fixable]).toEqual([false, "unsafe"]);
  });

  it("does not exist for pins of system packages", () => {
    for (const rule of ["pin-apt-packages", "pin-apk-packages", "pin-dnf-packages"]) {
      const found = packageRules.find(({ id }) => id === rule);
      expect([found?.recommended, found?.fixable]).toEqual([false, "none"]);
    }
  });
});
