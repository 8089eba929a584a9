/** A base that gets no fixes any more: its release line has ended, its repository is deprecated, or its tag is frozen. */
import { endOfLife, successors } from "../../catalogue/advice";
import { daysBetween } from "../../catalogue/days";
import type { Day, ImageFacts } from "../../catalogue/types";
import { advisedImage, moveBase } from "../../fixes/base";
import type { ImageReference } from "../../image/reference";
import type { Severity } from "../../rule";
import { defineRule } from "../../rule";

export default defineRule({
  id: "eol-base-image",
  theme: "base-image",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The base image gets no fixes any more: its release line has ended, or its tag is no longer rebuilt.",
  why: "Holes found after the end of a release line stay open, and package mirrors of old systems disappear, so that builds begin to fail. Of Debian the end of the free long-term support counts. Lines that end within 90 days, and tags that are frozen although their line goes on, are reported as information. So is a Rust release for a year: each new one ends the one before it after six weeks, and what an older compiler built goes on working.",
  aliases: { tally: ["tally/ruby/eol-ruby-version"] },
  reads: [],
  options: {
    graceDays: {
      type: "number",
      default: 0,
      description:
        "Days after the end of a line during which it is reported as information only, so that there is time to move.",
    },
  },
  fixable: "unsafe",
  examples: [
    {
      title: "The language has ended",
      code: "FROM [|golang:1.22|]\n",
      fixed: "FROM golang:1.26\n",
    },
    {
      title: "The distribution under the language has ended; variant and C library stay",
      code: "FROM [|python:3.8-slim-buster|]\n",
      fixed: "FROM python:3.11-slim-bookworm\n",
    },
    {
      title: "The version lives in an ARG",
      code: "ARG GO=1.22\nFROM [|golang:${GO}|] AS build\n",
      fixed: "ARG GO=1.26\nFROM golang:${GO} AS build\n",
    },
    {
      title: "The repository is deprecated",
      code: "FROM [|openjdk:11-jre-slim|]\n",
      fixed: "FROM eclipse-temurin:11-jre\n",
    },
    {
      title: "Within the grace period it is information",
      code: "FROM [|golang:1.22|]\n",
      options: { graceDays: 1000 },
      fixed: "FROM golang:1.26\n",
    },
    { title: "A supported line", code: "FROM python:3.14-slim\n" },
    { title: "An exact version of a supported line", code: "FROM node:24.19.0\n" },
    { title: "An image that the catalogue does not know", code: "FROM registry.example.com/team/base:0.1\n" },
    { title: "A stage", code: "FROM alpine:3.24 AS golang\nFROM golang\n" },
  ],
  *check({ model, catalogue, today, options }) {
    for (const stage of model.stages) {
      const { reference, span } = stage.base;
      const facts = reference && catalogue.image(reference);
      if (!reference || !span || !facts) continue;
      const fault = faultOf(reference, facts, today, options.graceDays);
      if (!fault) continue;
      // A stage that nothing needs is not built; its base cannot harm the image.
      const severity = stage.reachesFinal ? fault.severity : "info";
      const advice = successors(catalogue, reference, today);
      const best = advice[0];
      yield {
        message: `${fault.message}${!best && fault.detail ? ` (${fault.detail})` : ""}.${best ? ` Move to ${advisedImage(best)}.` : ""}`,
        range: span,
        severity,
        subject: "base",
        tags: facts.repository.deprecation ? ["deprecated"] : [],
        fixes: () => advice.flatMap((one) => moveBase(model, stage, one, "Move to")),
      };
    }
  },
});

/** Days of grace that a product has of itself: Rust supports its newest release alone, of which there are eight a year. */
function ownGrace(facts: ImageFacts): number {
  return facts.repository.label === "Rust" ? 365 : 0;
}

interface Fault {
  /** Without a full stop. */
  readonly message: string;
  /** What else there is to know where no other image can be named. */
  readonly detail?: string;
  readonly severity: Severity;
}

function faultOf(reference: ImageReference, facts: ImageFacts, today: Day, graceDays: number): Fault | null {
  const { deprecation } = facts.repository;
  const ending = endOfLife(facts, today);
  if (deprecation && deprecation.kind !== "renamed") {
    const { since } = deprecation;
    const what = deprecation.kind === "removed" ? "discontinued" : "deprecated";
    const state = deprecation.kind === "stale" ? "has got no update" : `${since ? "has been" : "is"} ${what}`;
    return {
      message: `The image ${facts.repository.name} ${state}${since ? ` since ${since}` : ""}`,
      detail: deprecation.reason,
      severity: "warning",
    };
  }
  if (ending?.kind === "ended") {
    const { end } = ending;
    const under = end.of === "distribution" ? ` in ${reference.text}` : "";
    return {
      message: `${end.subject}${under} reached its end of life on ${end.end}`,
      severity: daysBetween(end.end, today) <= Math.max(graceDays, ownGrace(facts)) ? "info" : "warning",
    };
  }
  if (ending) {
    const { end } = ending;
    const under = end.of === "distribution" ? ` in ${reference.text}` : "";
    return { message: `${end.subject}${under} reaches its end of life on ${end.end}`, severity: "info" };
  }
  if (facts.dropped !== null && facts.aliases.length === 0) {
    return {
      message: `${reference.text} has not been rebuilt since ${facts.dropped} and gets no fixes`,
      severity: "info",
    };
  }
  return null;
}
