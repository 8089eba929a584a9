/** A digest that is no longer what its tag points to. Silent unless registries may be asked. */
import { imagePlaces } from "../../fixes/image-places";
import { pinOf, updateEdits } from "../../fixes/pin";
import { fixByRegistry } from "../../fixes/registry-fix";
import { defineRule } from "../../rule";

const old = `sha256:${"0123456789abcdef".repeat(4)}`;
const fresh = `sha256:${"fedcba9876543210".repeat(4)}`;

export default defineRule({
  id: "stale-digest",
  theme: "base-image",
  category: "security",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "The pinned digest is no longer the one that the written tag points to.",
  why: "A pinned image gets no fixes by itself: the tag was pushed again, mostly with repaired packages, and the digest still names the image before that. Only the registry knows, so the rule is silent unless `registry.online` is true. A digest of one platform's image counts as fresh while the tag's index lists it.",
  aliases: {},
  fixable: "unsafe",
  examples: [
    {
      title: "The tag has moved on",
      code: `FROM [|node:24@${old}|]\n`,
      registry: { "node:24": { digest: fresh, image: { manifests: [] } } },
      fixed: `FROM node:24@${fresh}\n`,
    },
    {
      title: "The digest lives in an ARG",
      code: `ARG DIGEST=${old}\nFROM [|node:24@\${DIGEST}|]\n`,
      registry: { "node:24": { digest: fresh, image: { manifests: [] } } },
      fixed: `ARG DIGEST=${fresh}\nFROM node:24@\${DIGEST}\n`,
    },
    { title: "Fresh", code: `FROM node:24@${fresh}\n`, registry: { "node:24": { digest: fresh } } },
    {
      title: "The image of one platform",
      code: `FROM node:24@${old}\n`,
      registry: { "node:24": { digest: fresh, image: { manifests: [old] } } },
    },
    { title: "While nobody may ask the registry", code: `FROM node:24@${old}\n` },
    { title: "No answer", code: `FROM node:24@${old}\n`, registry: {} },
  ],
  *check({ model, catalogue, facts }) {
    const { registry } = facts;
    if (!registry) return;
    for (const place of imagePlaces(model, catalogue)) {
      const { reference, kind, span } = place;
      const pin = reference.digest === null ? undefined : pinOf(reference, registry);
      if (pin?.state !== "stale" || !pin.digest) continue;
      yield {
        message: `${reference.repository}:${reference.tag} points to ${pin.digest.slice(0, 19)}… by now, not to the digest written here. Update the digest to get what was repaired since.`,
        range: span,
        cause: `digest:${span.start}`,
        ...(kind === "from" ? { subject: "base" as const } : {}),
        fixes: () =>
          fixByRegistry(facts, (answers) => updateEdits(place, answers), {
            title: `Update the digest of ${reference.repository}:${reference.tag}`,
            reason: "The build then stands on the image that the tag points to today.",
          }),
      };
    }
  },
});
