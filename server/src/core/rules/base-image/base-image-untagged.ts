/** A base without tag and digest. Names that may be another build's stage or a named context are left alone. */
import { pins } from "../../catalogue/advice";
import { moveBase } from "../../fixes/base";
import { isRolling, lacksLatest } from "../../image/moving";
import type { ImageReference } from "../../image/reference";
import { defineRule } from "../../rule";
import { copiedImages } from "./copied-images";
import { noLatest, whichLine } from "./which-line";

export default defineRule({
  id: "base-image-untagged",
  theme: "base-image",
  category: "reproducibility",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A base image has neither tag nor digest, so the build floats on `latest`.",
  why: "Without a tag the builder takes `latest`: whatever was pushed last. The next build may stand on another major version, or another system, without a change in your files. An image that a COPY takes files from is reported as information. Systems without releases, such as Arch Linux, have no other line to pin.",
  aliases: {
    hadolint: ["DL3006"],
    trivy: ["DS-0001"],
    checkov: ["CKV_DOCKER_7"],
    kics: ["Image Version Not Explicit"],
    semgrep: ["missing-image-version"],
    sonar: ["S6596"],
    dockle: ["DKL-DI-0006"],
    tally: ["hadolint/DL3006"],
  },
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "`hadolint` also reports bare names that are no official images, and systems that have no releases.",
    },
  },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "VOLUME"],
  fixable: "unsafe",
  examples: [
    { title: "No tag", code: "FROM [|python|]\n", fixed: "FROM python:3.14\n" },
    {
      title: "No tag, with a name for the stage",
      code: "FROM --platform=linux/amd64 [|golang|] AS build\n",
      fixed: "FROM --platform=linux/amd64 golang:1.27 AS build\n",
    },
    {
      title: "The image lives in an ARG",
      code: 'ARG BASE="alpine"\nFROM [|${BASE}|]\n',
      fixed: 'ARG BASE="alpine:3.24"\nFROM ${BASE}\n',
    },
    {
      title: "A mirror in front of the image",
      code: "ARG MIRROR=docker.io/library\nFROM [|${MIRROR}/debian|]\n",
      fixed: "ARG MIRROR=docker.io/library\nFROM ${MIRROR}/debian:13\n",
    },
    { title: "An image that the catalogue does not know", code: "FROM [|ghcr.io/team/base|]\n" },
    {
      title: "Files come from whatever was pushed last",
      code: "FROM php:8.5-apache\nCOPY --from=[|composer|] /usr/bin/composer /usr/bin/composer\n",
      fixed: "FROM php:8.5-apache\nCOPY --from=composer:2.10 /usr/bin/composer /usr/bin/composer\n",
    },
    { title: "A bare name to copy from may be a named context", code: "FROM alpine:3.22\nCOPY --from=assets /a /a\n" },
    { title: "Windows has no such tag", code: "FROM [|mcr.microsoft.com/windows/nanoserver|]\n" },
    { title: "A system without releases", code: "FROM archlinux\n" },
    { title: "An earlier stage, in any case", code: "FROM alpine:3.22 AS Base\nFROM base\n" },
    { title: "Nothing to pin", code: "FROM scratch\n" },
    { title: "A bare name that is no official image may be a named context of the build", code: "FROM base\n" },
    { title: "As hadolint has it", options: { mode: "hadolint" }, code: "FROM [|base|]\n" },
    { title: "An ARG without a default says nothing", code: "ARG BASE\nFROM $BASE\n" },
    { title: "The default of the variable has a tag", code: "FROM ${BASE:-alpine:3.22}\n" },
  ],
  *check({ model, catalogue, today, options }) {
    yield* copiedImages(
      { model, catalogue, today },
      ({ tag }) => tag === null,
      ({ text }) => `${text} has no tag and means latest.`,
    );
    for (const stage of model.stages) {
      const { reference, span } = stage.base;
      if (!reference || !span || reference.tag !== null || reference.digest !== null) continue;
      const facts = catalogue.image(reference);
      if (options.mode !== "hadolint" && (isRolling(reference) || (!facts && isBareName(reference)))) continue;
      const advice = pins(catalogue, reference, today);
      const now = facts?.version ? `, today ${facts.version}` : "";
      yield {
        message: lacksLatest(reference)
          ? noLatest(reference)
          : `${reference.text} has no tag and means latest${now}. ${whichLine(model, catalogue, stage, advice)}`,
        range: span,
        subject: "base",
        fixes: () => advice.flatMap((one) => moveBase(model, stage, one, "Pin to")),
      };
    }
  },
});

function isBareName(reference: ImageReference): boolean {
  return !reference.text.includes("/");
}
