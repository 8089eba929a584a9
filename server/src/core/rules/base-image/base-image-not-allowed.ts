/** A base that the project's policy does not allow, or forbids. */
import { imagePlaces } from "../../fixes/image-places";
import { imagePattern } from "../../image/pattern";
import { defineRule } from "../../rule";

export default defineRule({
  id: "base-image-not-allowed",
  theme: "base-image",
  category: "security",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "A stage stands on an image that the project does not allow as a base.",
  why: "A team that patches, scans and signs a few bases wants its images to stand on those, and not on whatever a search brings up. List what is allowed, what is forbidden, or both; what is forbidden stays so even where another entry allows it. Without a list the rule says nothing.",
  aliases: {},
  options: {
    allowed: {
      type: "strings",
      default: [],
      description:
        "Images that may be bases, written as an image is: node, node:24*, gcr.io/distroless, ghcr.io/our-team/base-*. Without a tag an entry covers all of them; * stands for any characters.",
    },
    forbidden: {
      type: "strings",
      default: [],
      description: "Images that may not, written in the same way. They count before those that may.",
    },
  },
  fixable: "none",
  examples: [
    {
      title: "Not on the list",
      code: "FROM [|centos:7|]\n",
      options: { allowed: ["node:24*", "gcr.io/distroless"] },
    },
    {
      title: "A tag that is not on the list",
      code: "FROM [|node:18|]\n",
      options: { allowed: ["node:24*"] },
    },
    {
      title: "Forbidden, although its registry is allowed",
      code: "FROM [|ghcr.io/our-team/old:1|]\n",
      options: { allowed: ["ghcr.io/our-team"], forbidden: ["ghcr.io/our-team/old"] },
    },
    {
      title: "On the list",
      code: "FROM node:24-slim AS build\nFROM gcr.io/distroless/nodejs24-debian13:nonroot\nFROM build\nFROM scratch\n",
      options: { allowed: ["node:24*", "gcr.io/distroless"] },
    },
    { title: "No list", code: "FROM centos:7\n" },
    {
      title: "What nobody can know",
      code: "ARG BASE\nFROM $BASE\n",
      options: { allowed: ["node"] },
    },
  ],
  *check({ model, catalogue, options }) {
    if (options.allowed.length + options.forbidden.length === 0) return;
    const [allowed, forbidden] = [options.allowed, options.forbidden].map((list) =>
      list.map((entry) => ({ entry, covers: imagePattern(entry) })),
    );
    for (const { kind, reference, span } of imagePlaces(model, catalogue)) {
      if (kind !== "from") continue;
      const against = forbidden?.find(({ covers }) => covers(reference));
      if (against) {
        const message = `${reference.text} may not be a base in this project: its configuration forbids ${against.entry}. Take another image.`;
        yield { message, range: span, subject: "base" };
      } else if (allowed && allowed.length > 0 && !allowed.some(({ covers }) => covers(reference))) {
        const message = `${reference.text} is none of the bases that this project allows. Take one of ${listed(options.allowed)}.`;
        yield { message, range: span, subject: "base" };
      }
    }
  },
});

function listed(entries: readonly string[]): string {
  return entries.length > 6 ? `${entries.slice(0, 6).join(", ")} and ${entries.length - 6} more` : entries.join(", ");
}
