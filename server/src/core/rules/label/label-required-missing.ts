import { instructionsIn } from "../../model/index-of";
import { defineRule } from "../../rule";
import { labelsOf } from "./labels";

export default defineRule({
  id: "label-required-missing",
  theme: "label",
  category: "maintainability",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "A label that the project asks for is missing in the image.",
  why: "Name the labels your images must have in the option `labels`; without it the rule says nothing. Only the stage that ships is looked at, with the stages it builds on. Labels that a base image brings are not known here: every project states its own.",
  aliases: { hadolint: ["DL3049"], sonar: ["S7028"] },
  fixable: "none",
  options: {
    labels: {
      type: "strings",
      default: [],
      description: "Keys of the labels that every image must have.",
    },
  },
  examples: [
    {
      title: "No maintainer",
      options: { labels: ["maintainer", "version"] },
      code: "[|FROM|] alpine:3.24\nLABEL version=1\n",
    },
    {
      title: "The stage below brings it",
      options: { labels: ["maintainer"] },
      code: "FROM alpine:3.24 AS base\nLABEL maintainer=me\nFROM base\n",
    },
    {
      title: "A builder needs none",
      options: { labels: ["maintainer"] },
      code: "FROM golang:1.26 AS build\nFROM alpine:3.24\nLABEL maintainer=me\n",
    },
    {
      title: "A variable may make the key",
      options: { labels: ["com.example.version"] },
      code: "FROM alpine:3.24\nARG K\nLABEL com.example.$K=1\n",
    },
    { title: "Nothing asked for", code: "FROM alpine:3.24\n" },
  ],
  *check({ model, options }) {
    const { finalStage } = model;
    if (!finalStage || options.labels.length === 0) return;
    const present = new Set<string>();
    for (let stage: typeof finalStage | null = finalStage; stage; stage = stage.base.stage) {
      for (const { key } of labelsOf(stage)) present.add(key);
      const hidden = instructionsIn(stage, "LABEL").some(({ parsed }) =>
        parsed.pairs.some(({ name }) => name.includes("$")),
      );
      if (hidden) return;
    }
    const missing = options.labels.filter((key) => !present.has(key));
    if (missing.length === 0) return;
    const what = missing.length === 1 ? `The label ${missing[0]} is` : `The labels ${missing.join(", ")} are`;
    yield {
      message: `${what} missing in the image. Set ${missing.length === 1 ? "it" : "them"} by LABEL in this stage.`,
      range: finalStage.from.keywordSpan,
    };
  },
});
