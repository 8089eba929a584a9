import { describe, expect, it } from "vitest";
import { registryOf } from "../../server/scripts/example";
import { bundledCatalogue } from "../../server/src/core/catalogue/catalogue";
import { newestPatch } from "../../server/src/core/catalogue/newest";
import { type PinWish, planPins } from "../../server/src/core/fixes/pin-file";
import { offersPlatform } from "../../server/src/core/image/platform";
import type { RegistryFacts } from "../../server/src/core/image/registry";
import { buildModel } from "../../server/src/core/model/build";
import { applyEdits } from "../../server/src/core/text";
import { ref } from "./tools";

const d = (letter: string) => `sha256:${letter.repeat(64)}`;
const a = d("a");
const b = d("b");

/** Every tag points to `a`, unless it is listed. */
function everything(digests: { readonly [image: string]: string | null | undefined } = {}): RegistryFacts {
  return {
    digest: ({ repository, tag }) => {
      const name = `${repository}:${tag ?? "latest"}`;
      return name in digests ? digests[name] : a;
    },
    tags: () => ["1.4.2", "1.4.9", "1.5.0"],
    image: () => null,
  };
}

function pin(text: string, registry: RegistryFacts = everything(), wish: Partial<PinWish> = {}) {
  const model = buildModel(text);
  const plan = planPins(model, bundledCatalogue(), registry, { update: false, newest: false, ...wish });
  return { text: applyEdits(text, plan.edits), outcomes: plan.items.map(({ outcome }) => outcome) };
}

describe("what is pinned, and where it is written", () => {
  it.each([
    ["FROM node:24\n", `FROM node:24@${a}\n`],
    ["FROM node\n", `FROM node:latest@${a}\n`],
    ["FROM --platform=linux/amd64 node:24 AS build # c\n", `FROM --platform=linux/amd64 node:24@${a} AS build # c\n`],
    ['FROM "node:24"\n', `FROM "node:24@${a}"\n`],
    ["from \\\n  node:24 \\\n  as b\n", `from \\\n  node:24@${a} \\\n  as b\n`],
    ["ARG TAG=24\nFROM node:${TAG}\n", `ARG TAG=24@${a}\nFROM node:\${TAG}\n`],
    ["ARG TAG=24\nFROM node:$TAG AS x\nFROM node:$TAG\n", `ARG TAG=24@${a}\nFROM node:$TAG AS x\nFROM node:$TAG\n`],
    ["ARG BASE=node:24\nFROM $BASE\n", `ARG BASE=node:24@${a}\nFROM $BASE\n`],
    ["ARG HUB=docker.io/library\nFROM $HUB/node:24\n", `ARG HUB=docker.io/library\nFROM $HUB/node:24@${a}\n`],
    ["ARG HUB=ghcr.io/\nFROM ${HUB}o/app:1\n", `ARG HUB=ghcr.io/\nFROM \${HUB}o/app:1@${a}\n`],
    ["# syntax=docker/dockerfile:1\nFROM scratch\n", `# syntax=docker/dockerfile:1@${a}\nFROM scratch\n`],
    [
      "FROM scratch\nCOPY --from=ghcr.io/astral-sh/uv:0.5 /uv /\nRUN --mount=type=bind,from=busybox:1,target=/b x\n",
      `FROM scratch\nCOPY --from=ghcr.io/astral-sh/uv:0.5@${a} /uv /\nRUN --mount=type=bind,from=busybox:1@${a},target=/b x\n`,
    ],
    ["FROM node:24\r\nRUN x\r\n", `FROM node:24@${a}\r\nRUN x\r\n`],
    ["\uFEFFFROM node:24\n", `\uFEFFFROM node:24@${a}\n`],
  ])("%j", (before, after) => expect(pin(before).text).toBe(after));

  it.each([
    ["a second variable decides about the tag", "ARG V=24\nARG K=slim\nFROM node:$V-$K\n"],
    ["the digest would stay when the tag changes", "ARG V=24\nFROM node:$V-slim\n"],
    ["the digest would stay when the image changes", "ARG I=node\nFROM $I:24\n"],
    ["the ARG is read in a stage", "ARG V=24\nFROM node:$V\nARG V\nRUN echo $V\n"],
    ["another default is made of the ARG", "ARG V=24\nARG W=v$V\nFROM node:$V\n"],
    ["two images share the ARG", "ARG V=3\nFROM node:$V AS a\nFROM python:$V\n"],
    ["the ARG makes two tags", "ARG V=24\nFROM node:$V AS a\nFROM node:$V-slim\n"],
  ])("left alone where %s", (_, text) => {
    const { text: after, outcomes } = pin(text);
    expect(after).toBe(text);
    expect(new Set(outcomes)).toEqual(new Set(["unclear"]));
  });

  it.each([
    ["scratch and stages", "FROM scratch AS a\nFROM a\nCOPY --from=a / /\nCOPY --from=0 / /\n"],
    ["names that may be contexts of the build", "FROM base\nCOPY --from=src / /\n"],
    ["variables without a value", "ARG X\nFROM $X\nFROM node:$X\n"],
    ["templates", "FROM {{ image }}:1\n{% if x %}\nRUN x\n{% endif %}\n"],
  ])("%s are none of it", (_, text) => expect(pin(text)).toEqual({ text, outcomes: [] }));

  it("a second run changes nothing", () => {
    const once = pin("ARG TAG=24\nFROM node:$TAG AS a\nFROM python:3.14\nCOPY --from=busybox:1 / /\n").text;
    expect(pin(once, everything(), { update: true })).toEqual({
      text: once,
      outcomes: ["current", "current", "current"],
    });
  });
});

describe("what the registry says", () => {
  it("no answer, and no such tag", () => {
    const registry = everything({ "node:24": undefined, "node:23": null });
    expect(pin("FROM node:24 AS a\nFROM node:23\n", registry).outcomes).toEqual(["unknown", "missing"]);
  });

  it("a stale digest stays unless it is to be updated", () => {
    const text = `FROM node:24@${b} AS x # why\n`;
    expect(pin(text)).toEqual({ text, outcomes: ["stale"] });
    expect(pin(text, everything(), { update: true }).text).toBe(`FROM node:24@${a} AS x # why\n`);
  });

  it("a digest of one platform is no stale one", () => {
    const registry = registryOf({ "node:24": { digest: a, image: { manifests: [b] } } });
    expect(pin(`FROM node:24@${b}\n`, registry, { update: true }).outcomes).toEqual(["current"]);
  });

  it("a digest without a tag", () => expect(pin(`FROM node@${b}\n`).outcomes).toEqual(["nameless"]));

  it("the newest patch, with its digest", () => {
    const registry = everything({ "ghcr.io/o/app:1.4.9": b });
    expect(pin(`FROM ghcr.io/o/app:1.4.2@${a}\n`, registry, { newest: true }).text).toBe(
      `FROM ghcr.io/o/app:1.4.9@${b}\n`,
    );
  });
});

describe("the newest patch", () => {
  const newest = (image: string, tags: string) => newestPatch(bundledCatalogue(), ref(image), tags.split(" "));
  it.each([
    ["ghcr.io/o/app:1.4.2", "1.4.2 1.4.10 1.4.9 1.5.0 2.0.0 1.4.11-rc1", "1.4.10"],
    ["ghcr.io/o/app:v1.4.2", "1.4.9 v1.4.3", "v1.4.3"],
    ["ghcr.io/o/app:1.4.2-slim", "1.4.3 1.4.4-alpine", null],
    ["ghcr.io/o/app:1.4", "1.4 1.5", null],
    ["ghcr.io/o/app:1.4.2", "1.4.2 1.4.1", null],
    ["ghcr.io/o/app:latest", "1.4.2", null],
    ["node:24.1.0-alpine3.22", "24.9.1-alpine3.22 24.9.2-alpine3.23 26.0.0-alpine3.22", "24.9.1-alpine3.22"],
    ["python:3.12", "3.13 3.12.9", null],
    ["python:3.12.1-slim", "3.13.0-slim 3.12.9-slim", "3.12.9-slim"],
    ["postgres:16.3", "16.9 17.1", "16.9"],
    ["alpine:3.20", "3.21", null],
    ["debian:bookworm-20260101-slim", "bookworm-20260801-slim", null],
  ])("%s among %s: %s", (image, tags, expected) => expect(newest(image, tags)).toBe(expected));
});

it.each([
  ["linux/amd64 linux/arm64/v8", "linux/arm64", true],
  ["linux/amd64", "linux/x86_64", true],
  ["linux/amd64", "linux/arm64", false],
  ["linux/arm/v6", "linux/arm/v7", true],
  ["linux/arm/v7", "linux/arm/v6", false],
  ["linux/arm/v7", "linux/arm", true],
  ["windows/amd64", "linux/amd64", false],
  ["linux/amd64", "amd64", null],
  ["linux/amd64", "", null],
  ["", "linux/amd64", null],
])("an image for %s asked for %s: %s", (platforms, asked, expected) =>
  expect(offersPlatform(platforms.split(" "), asked)).toBe(expected),
);
