/** A digest without a tag: exact, and mute. The tag that fits today only the registry knows. Off by default. */
import { isSupported } from "../../catalogue/lines";
import type { Catalogue, Day } from "../../catalogue/types";
import { type ImagePlace, imagePlaces, withDigest } from "../../fixes/image-places";
import { fixByRegistry } from "../../fixes/registry-fix";
import type { RegistryFacts } from "../../image/registry";
import { defineRule } from "../../rule";
import type { Edit } from "../../text";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

export default defineRule({
  id: "base-image-digest-only",
  theme: "base-image",
  category: "maintainability",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A base image is pinned by its digest alone, so readers and update tools cannot see which release it is.",
  why: "A digest says nothing to a reader, and update tools know no newer one for it: the image stays as old as it is. With the tag in front, `node:24@sha256:…`, both can be read and moved. The fix asks the registry which tag has this digest today, and writes none where it finds none.",
  aliases: { sonar: ["S6497"] },
  fixable: "unsafe",
  examples: [
    {
      title: "The registry knows which release it is",
      code: `FROM [|node@${digest}|]\n`,
      registry: { "node:26": { digest } },
      fixed: `FROM node:26@${digest}\n`,
    },
    { title: "While nobody may ask the registry", code: `FROM [|ghcr.io/team/base@${digest}|]\n` },
    { title: "With its tag", code: `FROM node:24@${digest}\n` },
    { title: "A tag alone", code: "FROM node:24\n" },
  ],
  *check({ model, catalogue, facts, today }) {
    for (const place of imagePlaces(model, catalogue)) {
      const { reference, span } = place;
      if (place.kind !== "from" || reference.digest === null || reference.tag !== null) continue;
      const tags = likelyTags(place, catalogue, today);
      yield {
        message: `Nobody can see which release of ${reference.repository} this digest is, and update tools cannot move it. Write its tag in front.`,
        range: span,
        subject: "base",
        fixes: () =>
          fixByRegistry(facts, (registry) => nameEdits(place, tags, registry), {
            title: "Write the tag that has this digest today",
            reason: "The image stays the same; update tools will begin to move it.",
          }),
      };
    }
  },
});

/** Tags that are asked about at most: each is a request. */
const mostTags = 6;

function likelyTags({ reference }: ImagePlace, catalogue: Catalogue, today: Day): readonly string[] {
  const lines = catalogue.lines(reference).filter((line) => isSupported(line, today));
  return [...lines.map(({ line }) => line), "latest"].slice(0, mostTags);
}

function nameEdits(
  place: ImagePlace,
  tags: readonly string[],
  registry: RegistryFacts,
): readonly Edit[] | null | undefined {
  const { reference } = place;
  // All are asked about at once, so that they can be answered at once.
  const digests = tags.map((tag) => registry.digest({ ...reference, tag, digest: null }));
  const found = tags.find((_, index) => digests[index] === reference.digest);
  if (found !== undefined && reference.digest)
    return place.rewrite(withDigest({ ...reference, tag: found }, reference.digest));
  return digests.includes(undefined) ? undefined : null;
}
