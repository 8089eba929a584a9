import { hasTemplate } from "../../fixes/mount";
import { insertBefore } from "../../fixes/user";
import { readTag } from "../../image/tag";
import type { Model, Stage } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import type { Span } from "../../text";

export default defineRule({
  id: "repeated-base-version",
  theme: "base-image",
  category: "maintainability",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "The same version of the same image is written in several FROM lines.",
  why: "Whoever moves to the next version has to find every one of them, and a builder that was forgotten makes files for another release. An ARG before the first FROM holds the version once. Off by default, since two lines are soon changed.",
  aliases: {},
  fixable: "safe",
  examples: [
    {
      title: "The builder and the shipped stage",
      code: "FROM node:24 AS build\nRUN npm ci\nFROM node:[|24|]-slim\nCOPY --from=build /app /app\n",
      fixed:
        "ARG NODE_VERSION=24\nFROM node:${NODE_VERSION} AS build\nRUN npm ci\nFROM node:${NODE_VERSION}-slim\nCOPY --from=build /app /app\n",
    },
    {
      title: "Two images of one family",
      code: "# syntax=docker/dockerfile:1\nFROM mcr.microsoft.com/dotnet/sdk:10.0 AS build\nFROM mcr.microsoft.com/dotnet/aspnet:[|10.0|]\n",
      fixed:
        "# syntax=docker/dockerfile:1\nARG DOTNET_VERSION=10.0\nFROM mcr.microsoft.com/dotnet/sdk:${DOTNET_VERSION} AS build\nFROM mcr.microsoft.com/dotnet/aspnet:${DOTNET_VERSION}\n",
    },
    { title: "The same number of something else", code: "FROM node:24 AS build\nFROM ubuntu:24.04\n" },
    { title: "Once", code: "FROM node:24 AS base\nFROM base AS build\nFROM base\n" },
    { title: "An ARG holds it", code: "ARG NODE=24\nFROM node:$NODE AS build\nFROM node:$NODE-slim\n" },
    { title: "Two versions", code: "FROM node:24 AS build\nFROM node:26\n" },
    {
      title: "A digest names one image, whatever the tag says",
      code: "FROM alpine:3.24@sha256:0000000000000000000000000000000000000000000000000000000000000000 AS a\nFROM alpine:3.24@sha256:0000000000000000000000000000000000000000000000000000000000000000\n",
    },
  ],
  *check({ model }) {
    if (model.stages.length < 2) return;
    const groups = new Map<string, Written[]>();
    for (const stage of model.stages) {
      const written = writtenVersion(model, stage);
      if (!written) continue;
      const key = `${written.family} ${written.version}`;
      const group = groups.get(key);
      if (group) group.push(written);
      else groups.set(key, [written]);
    }
    for (const group of groups.values()) {
      const [first, second] = group;
      if (!first || !second) continue;
      yield {
        message: `${second.family} ${second.version} is written ${group.length === 2 ? "twice" : `${group.length} times`} in this file. Keep it once, in an ARG before the first FROM.`,
        range: second.span,
        related: group.filter((one) => one !== second).map((one) => ({ message: "Also here.", range: one.span })),
        fixes: () => extract(model, group),
      };
    }
  },
});

interface Written {
  /** What the images have in common: `node`, `dotnet`. */
  readonly family: string;
  readonly version: string;
  readonly span: Span;
}

function writtenVersion(model: Model, { base }: Stage): Written | null {
  const { word, reference, span } = base;
  if (!word || word.value === null || word.quoted || !span || !reference?.tag || reference.digest) return null;
  if (span.end - span.start !== word.text.length || hasTemplate(model, span)) return null;
  const tag = readTag(reference.tag);
  if (tag.version === null) return null;
  const start = span.end - reference.tag.length + tag.prefix.length;
  return { family: familyOf(reference.path), version: tag.version, span: { start, end: start + tag.version.length } };
}

/** `.NET` spreads one version over several repositories; others are known by their last part. */
function familyOf(path: string): string {
  const parts = path.split("/");
  return parts.includes("dotnet") ? "dotnet" : (parts.at(-1) ?? path);
}

function extract(model: Model, group: readonly Written[]): readonly Fix[] {
  const [first] = group;
  const from = model.stages[0]?.from;
  if (!first || !from) return [];
  const name = `${first.family.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_VERSION`;
  const isTaken = model.instructions.some(({ parsed }) => parsed.text.includes(name));
  if (isTaken || !/^[A-Z]/.test(name)) return [];
  return [
    {
      title: `Keep the version in ARG ${name}`,
      applicability: "safe",
      edits: [
        insertBefore(model, from, `ARG ${name}=${first.version}`),
        ...group.map(({ span }) => ({ span, newText: `\${${name}}` })),
      ],
    },
  ];
}
