/** Tag and digest together: the digest decides, the tag may say something else. Off by default. */
import { type ImagePlace, imagePlaces } from "../../fixes/image-places";
import { pinOf, updateEdits } from "../../fixes/pin";
import { fixByRegistry } from "../../fixes/registry-fix";
import type { Facts, Fix } from "../../rule";
import { defineRule } from "../../rule";

const old = `sha256:${"0123456789abcdef".repeat(4)}`;
const fresh = `sha256:${"fedcba9876543210".repeat(4)}`;

export default defineRule({
  id: "base-image-tag-and-digest",
  theme: "base-image",
  category: "maintainability",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A base image carries both a tag and a digest, and the tag can drift from the digest.",
  why: "Where both are written the digest decides and the tag is a comment that nobody checks: it may name a release that the image never was. We recommend both, with the pair checked now and then; this rule is for those who want one half only. Where registries may be asked, a pair that they confirm is left alone.",
  aliases: { sonar: ["S8431"] },
  fixable: "unsafe",
  examples: [
    {
      title: "Nobody knows whether they belong together",
      code: `FROM [|node:24@${old}|]\n`,
      fixed: `FROM node@${old}\n`,
    },
    {
      title: "They do not",
      code: `FROM [|node:24@${old}|]\n`,
      registry: { "node:24": { digest: fresh, image: { manifests: [] } } },
      fixed: `FROM node:24@${fresh}\n`,
    },
    { title: "They do", code: `FROM node:24@${fresh}\n`, registry: { "node:24": { digest: fresh } } },
    { title: "A tag alone", code: "FROM node:24\n" },
    { title: "A digest alone", code: `FROM node@${old}\n` },
  ],
  *check({ model, catalogue, facts }) {
    for (const place of imagePlaces(model, catalogue)) {
      const { reference, span } = place;
      if (place.kind !== "from" || reference.tag === null || reference.digest === null) continue;
      const state = facts.registry && pinOf(reference, facts.registry)?.state;
      if (state === "current") continue;
      const drift = state === "stale" ? "points elsewhere by now" : "may point elsewhere";
      yield {
        message: `The digest decides here; the tag ${reference.tag} ${drift}. Check the pair, or write one of them.`,
        range: span,
        subject: "base",
        cause: `digest:${span.start}`,
        fixes: () =>
          state === "stale" ? [...check(place, facts), ...halves(place)] : [...halves(place), ...check(place, facts)],
      };
    }
  },
});

function check(place: ImagePlace, facts: Facts): readonly Fix[] {
  return fixByRegistry(facts, (registry) => updateEdits(place, registry), {
    title: `Check the pair, and update the digest of ${place.reference.repository}:${place.reference.tag}`,
    reason: "The build then stands on the image that the tag points to today.",
  });
}

function halves(place: ImagePlace): readonly Fix[] {
  const { repository, tag, digest } = place.reference;
  const write = (title: string, reason: string, wanted: string): readonly Fix[] => {
    const edits = place.rewrite(wanted);
    return edits ? [{ title, applicability: "unsafe", reason, edits }] : [];
  };
  return [
    ...write("Keep the digest alone", "Readers and update tools no longer see the release.", `${repository}@${digest}`),
    ...write("Keep the tag alone", "Each build takes whatever the tag points to then.", `${repository}:${tag}`),
  ];
}
