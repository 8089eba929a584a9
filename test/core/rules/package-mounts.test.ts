/** Cache mounts: who owns them, what they must not hide, and where none may be offered. */
import { describe, expect, it } from "vitest";
import { packageRules } from "../../../server/src/core/rules/package/index";
import { benchOf, type Setting } from "./setup";

const { fixed, reports } = benchOf(packageRules);
const rules = ["prefer-package-cache-mount"];
const mend = (text: string, setting?: Setting) => fixed(text, rules, setting);

describe("a cache mount", () => {
  it.each([
    ["of npm", "FROM node:26\nRUN npm ci\n", "--mount=type=cache,target=/root/.npm npm ci"],
    [
      "of another user",
      "FROM node:26\nUSER node\nRUN npm ci\n",
      "--mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci",
    ],
    ["in a heredoc", "FROM node:26\nRUN <<EOF\nnpm ci\nEOF\n", "--mount=type=cache,target=/root/.npm <<EOF"],
    [
      "of poetry",
      "FROM python:3.14\nRUN poetry install\n",
      "--mount=type=cache,target=/root/.cache/pypoetry poetry install",
    ],
    [
      "of Composer",
      "FROM php:8.5\nRUN composer install\n",
      "--mount=type=cache,target=/tmp/composer-cache COMPOSER_CACHE_DIR=/tmp/composer-cache composer install",
    ],
    [
      "of Composer's own image",
      "FROM composer:2\nRUN composer install\n",
      "--mount=type=cache,target=/tmp/cache composer install",
    ],
  ])("%s", (_title, text, written) => expect(mend(text)).toContain(`RUN ${written}`));

  it("of Maven, Gradle and .NET is that of every step of the stage", () => {
    const end = "FROM debian:trixie\nCOPY --from=b /app /app\n";
    expect(
      mend(`FROM maven:3.9-eclipse-temurin-21 AS b\nRUN mvn dependency:go-offline\nRUN mvn -o package\n${end}`),
    ).toBe(
      `FROM maven:3.9-eclipse-temurin-21 AS b\nRUN --mount=type=cache,target=/root/.m2,sharing=locked mvn dependency:go-offline\nRUN --mount=type=cache,target=/root/.m2,sharing=locked mvn -o package\n${end}`,
    );
    expect(
      mend(
        `FROM mcr.microsoft.com/dotnet/sdk:10.0 AS b\nRUN dotnet restore\nRUN dotnet publish --no-restore -o /app\n${end}`,
      ),
    ).toBe(
      `FROM mcr.microsoft.com/dotnet/sdk:10.0 AS b\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet restore\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet publish --no-restore -o /app\n${end}`,
    );
  });

  it("of Yarn 1 needs the lock file to tell", () => {
    const text = "FROM node:26\nRUN yarn install\n";
    expect(mend(text, { files: { "yarn.lock": "# yarn lockfile v1\n" } })).toContain(
      "target=/usr/local/share/.cache/yarn yarn",
    );
    expect(reports(text, rules)).toEqual([]);
    expect(reports(text, rules, { files: { "yarn.lock": "__metadata:\n" } })).toEqual([]);
    const other = text.replace("RUN", "USER node\nRUN");
    expect(reports(other, rules, { files: { "yarn.lock": "# yarn lockfile v1\n" } })).toEqual([]);
  });

  it.each([
    ["what a later stage copies", "FROM node:26 AS a\nRUN npm ci\nFROM node:26\nCOPY --from=a /root/.npm /x\n"],
    [
      "what lies below a folder that is copied",
      "FROM node:26 AS a\nRUN npm ci\nFROM node:26\nCOPY --from=a /root /root\n",
    ],
    [
      "what a mount of another stage reads",
      "FROM node:26 AS a\nRUN npm ci\nFROM node:26\nRUN --mount=from=a,source=/root,target=/r ls\n",
    ],
    ["what is put there", "FROM node:26\nCOPY cache /root/.npm\nRUN npm ci\n"],
    [
      "settings that are put there",
      "FROM maven:3.9-eclipse-temurin-21 AS b\nADD s.xml /root/.m2/settings.xml\nRUN mvn package\nFROM scratch\nCOPY --from=b /a /a\n",
    ],
    [
      "what a container reads",
      "FROM golang:1.27 AS b\nRUN go mod download\nFROM b AS dev\nCMD go run .\nFROM scratch\nCOPY --from=dev /a /a\n",
    ],
    ["what an image that ships compiles with", "FROM golang:1.27\nRUN go mod download\n"],
  ])("does not hide %s", (_title, text) => expect(reports(text, rules)).toEqual([]));

  it.each([
    ["on Windows", "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN npm ci\n"],
    ["for kaniko", "# Built by kaniko\nFROM node:26\nRUN npm ci\n"],
    ["with an old frontend", "# syntax=docker/dockerfile:1.0\nFROM node:26\nRUN npm ci\n"],
    ["where a variable moves the cache", "FROM node:26\nENV npm_config_cache=/c\nRUN npm ci\n"],
    ["where the command moves it", "FROM python:3.14\nRUN PIP_CACHE_DIR=/c pip install x\n"],
    ["where the script moves it", "FROM python:3.14\nRUN export PIP_CACHE_DIR=/c && pip install x\n"],
    ["where ENV says that none is wanted", "FROM python:3.14\nENV PIP_NO_CACHE_DIR=1\nRUN pip install x\n"],
    ["without the network", "FROM golang:1.27 AS b\nRUN go build -mod=vendor .\nFROM scratch\nCOPY --from=b /a /a\n"],
    ["in a trigger", "FROM node:26\nONBUILD RUN npm ci\n"],
    ["beside one over the same folder", "FROM node:26\nRUN --mount=type=cache,target=/root npm ci\n"],
    ["beside one whose place is not known", "FROM node:26\nRUN --mount=type=cache,target=$C npm ci\n"],
    [
      "for Gradle in an image that is not known",
      "FROM corp.test/jdk:1\nARG H\nENV GRADLE_USER_HOME=$H\nRUN gradle build\n",
    ],
  ])("is not offered %s", (_title, text) => {
    for (const report of reports(text, rules)) expect(report.fixes()).toEqual([]);
  });

  it.each([
    ["the home is not known", "FROM node:26\nUSER 4711\nRUN npm ci\n"],
    ["HOME is set", "FROM node:26\nENV HOME=/h\nRUN npm ci\n"],
    ["the cache is emptied", "FROM node:26\nRUN npm ci && npm cache clean --force\n"],
    ["a flag is joined with others", "FROM python:3.14\nRUN uv pip install -nq x\n"],
    ["Composer is called by sudo", "FROM php:8.5\nRUN sudo -u x composer install\n"],
  ])("has no fix where %s", (_title, text) => {
    for (const report of reports(text, rules)) expect(report.fixes()).toEqual([]);
  });
});

describe("apt", () => {
  const keep =
    "RUN rm -f /etc/apt/apt.conf.d/docker-clean && echo 'Binary::apt::APT::Keep-Downloaded-Packages \"true\";' > /etc/apt/apt.conf.d/keep-cache\n";
  const mounts =
    "--mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked";
  const install = "apt-get update && apt-get install -y";

  it("gets its mounts in every RUN of the stage and those upon it, and cleans no longer", () => {
    const text = `FROM debian:trixie AS a\n# Tools\nRUN ${install} curl && apt-get clean && rm -rf /var/lib/apt/lists/*\nFROM a\nRUN ${install} git \\\n && rm -rf /var/lib/apt/lists/* /tmp/x\n`;
    expect(mend(text)).toBe(
      `FROM debian:trixie AS a\n${keep}# Tools\nRUN ${mounts} ${install} curl\nFROM a\nRUN ${mounts} ${install} git \\\n && rm -rf /tmp/x\n`,
    );
  });

  it.each([
    [
      "it installs from lists of an earlier RUN",
      `FROM debian:trixie\nRUN apt-get update\nRUN apt-get install -y curl\n`,
    ],
    [
      "somebody cares for the cache already",
      `FROM debian:trixie\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN ${install} curl\n`,
    ],
    [
      "a later stage takes the lists",
      `FROM debian:trixie AS a\nRUN ${install} curl\nFROM debian:trixie\nCOPY --from=a /var/lib/apt /var/lib/apt\n`,
    ],
    ["a script may install as well", `FROM debian:trixie\nRUN ${install} curl\nRUN ./more.sh\n`],
    ["another image may do something else", `FROM corp.test/debian:1\nRUN ${install} curl\n`],
    ["somebody else than root runs it", `FROM debian:trixie\nUSER app\nRUN ${install} curl\n`],
    ["there is a mount", `FROM debian:trixie\nRUN --mount=type=cache,target=/var/cache/apt ${install} curl\n`],
    ["it runs in a condition", `FROM debian:trixie\nRUN if a; then ${install} curl; fi\n`],
  ])("is left alone where %s", (_title, text) => expect(reports(text, rules)).toEqual([]));

  it("has no fix where a program of the image cleans", () => {
    for (const report of reports(`FROM debian:trixie\nRUN ${install} curl && clean-up\n`, rules))
      expect(report.fixes()).toEqual([]);
  });
});
