/** A base with the tag `latest`. Which line that is today, the catalogue knows; so the fix is a pin to that very line. */
import { pins } from "../../catalogue/advice";
import type { ImageFacts } from "../../catalogue/types";
import { moveBase } from "../../fixes/base";
import { isRolling, lacksLatest } from "../../image/moving";
import { readTag } from "../../image/tag";
import { defineRule } from "../../rule";
import { copiedImages } from "./copied-images";
import { noLatest, whichLine } from "./which-line";

export default defineRule({
  id: "base-image-latest-tag",
  theme: "base-image",
  category: "reproducibility",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A base image is pinned to the moving tag `latest`.",
  why: "`latest` is whatever was pushed last. The next build may stand on another major version, or another system, without a change in your files. A pinned line still gets fixes, but no surprises. A tag that names a variant alone (`golang:alpine`) moves in the same way; it is reported as information, and so is an image that a COPY takes files from. `lts` and `stable` are a choice of their own, and systems without releases, such as Arch Linux, have no other line to pin; `mode: hadolint` reports those as well. Windows' own images have no `latest` at all.",
  aliases: {
    hadolint: ["DL3007"],
    trivy: ["DS-0001"],
    checkov: ["CKV_DOCKER_7"],
    kics: ["Image Version Using 'latest'"],
    semgrep: ["avoid-latest-version"],
    sonar: ["S6596"],
    dockle: ["DKL-DI-0006"],
    tally: ["hadolint/DL3007"],
  },
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`hadolint` also reports systems that have no releases.",
    },
  },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "VOLUME"],
  fixable: "unsafe",
  examples: [
    { title: "The tag moves", code: "FROM [|node:latest|]\n", fixed: "FROM node:26\n" },
    {
      title: "The tag lives in an ARG",
      code: "ARG TAG=latest\nFROM [|node:${TAG}|]\n",
      fixed: "ARG TAG=26\nFROM node:${TAG}\n",
    },
    {
      title: "The whole image lives in an ARG",
      code: "ARG BASE=debian:latest\nFROM [|$BASE|]\nRUN true\n",
      fixed: "ARG BASE=debian:13\nFROM $BASE\nRUN true\n",
    },
    {
      title: "An image that the catalogue does not know",
      code: "FROM [|registry.example.com/team/base:latest|]\n",
    },
    {
      title: "One ARG for two images: its default is not touched",
      code: "ARG TAG=latest\nFROM [|node:$TAG|] AS a\nFROM [|python:$TAG|]\n",
    },
    {
      title: "A variant, but no version",
      code: "FROM [|golang:alpine|]\n",
      fixed: "FROM golang:1.27-alpine\n",
    },
    { title: "A line that somebody else keeps", code: "FROM node:lts-alpine\n" },
    { title: "Windows has no such tag", code: "FROM [|mcr.microsoft.com/windows/servercore:latest|]\n" },
    { title: "A system without releases", code: "FROM archlinux:latest\n" },
    { title: "The same as hadolint sees it", options: { mode: "hadolint" }, code: "FROM [|archlinux:latest|]\n" },
    { title: "The code name of a system is its version", code: "FROM debian:trixie-slim\n" },
    {
      title: "Files come from a moving image",
      code: "FROM php:8.5-apache\nCOPY --from=[|composer:latest|] /usr/bin/composer /usr/bin/composer\n",
      fixed: "FROM php:8.5-apache\nCOPY --from=composer:2.10 /usr/bin/composer /usr/bin/composer\n",
    },
    { title: "An earlier stage is no image", code: "FROM alpine:3.22 AS latest\nFROM latest\n" },
    { title: "A digest holds the image", code: `FROM node:latest@sha256:${"0123456789abcdef".repeat(4)}\n` },
    { title: "An ARG without a default says nothing", code: "ARG TAG\nFROM node:$TAG\n" },
  ],
  *check({ model, catalogue, today, options }) {
    yield* copiedImages(
      { model, catalogue, today },
      ({ tag }) => tag === "latest",
      ({ text }) => `${text} moves with every release.`,
    );
    for (const stage of model.stages) {
      const { reference, span } = stage.base;
      if (!reference || !span || reference.tag === null || reference.digest !== null) continue;
      const isLatest = reference.tag === "latest";
      if (options.mode !== "hadolint" && isRolling(reference)) continue;
      const facts = isLatest || readTag(reference.tag).version === null ? catalogue.image(reference) : null;
      if (!isLatest && !(facts && movesLikeLatest(facts))) continue;
      const advice = pins(catalogue, reference, today);
      const now = facts?.version && facts.version !== "latest" ? ` (today ${facts.version})` : "";
      yield {
        message:
          isLatest && lacksLatest(reference)
            ? noLatest(reference)
            : `${reference.text} ${isLatest ? "" : "names no version and "}moves with every release${now}. ${whichLine(model, catalogue, stage, advice)}`,
        range: span,
        subject: "base",
        ...(isLatest ? {} : { severity: "info" as const, aliases: {} }),
        fixes: () => advice.flatMap((one) => moveBase(model, stage, one, "Pin to")),
      };
    }
  },
});

/** Words of tags that say how an image is made, not which release it holds. */
const variants: ReadonlySet<string> = new Set([
  ...["alpine", "slim", "apache", "fpm", "cli", "zts", "dind", "management", "perl"],
]);

/** True for a live tag that names a variant, or the system below, and nothing of what it is taken for. */
function movesLikeLatest({ tag, known, dropped, version, repository }: ImageFacts): boolean {
  if (!known || dropped !== null || version === null || repository.isSystem || !/^\d/.test(version)) return false;
  const parts = readTag(tag);
  return parts.version === null && parts.variants.every((word) => variants.has(word));
}
