/** A newer patch of the very line and variant that is written: from the registry where it may be asked, else the catalogue. */
import { newestPatch } from "../../catalogue/newest";
import { imagePlaces } from "../../fixes/image-places";
import { moveEdits } from "../../fixes/pin";
import { fixByRegistry } from "../../fixes/registry-fix";
import { defineRule } from "../../rule";

const digest = `sha256:${"fedcba9876543210".repeat(4)}`;
const old = `sha256:${"0123456789abcdef".repeat(4)}`;

export default defineRule({
  id: "base-image-newer-recommended",
  theme: "base-image",
  category: "security",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "There is a newer patch of the very line and variant of the base image.",
  why: "An exact tag such as `24.18.0-slim` gets no fixes: they come as `24.19.0-slim`. Only the last numbers of the tag move; the release line, the variant and the system under it stay. What exists is read from the catalogue that ships with Plimsoll, and from the registry where `registry.online` is true.",
  aliases: { "docker-language-server": ["recommended_tag"] },
  fixable: "unsafe",
  examples: [
    {
      title: "A patch behind",
      code: "FROM [|ghcr.io/team/base:1.4.2-slim|]\n",
      registry: { "ghcr.io/team/base:1.4.2-slim": { tags: ["1.4.2-slim", "1.4.10-slim", "1.4.11", "1.5.0-slim"] } },
      fixed: "FROM ghcr.io/team/base:1.4.10-slim\n",
    },
    {
      title: "The digest moves along",
      code: `FROM [|ghcr.io/team/base:1.4.2@${old}|]\n`,
      registry: {
        "ghcr.io/team/base:1.4.2": { tags: ["1.4.2", "1.4.3"] },
        "ghcr.io/team/base:1.4.3": { digest, tags: ["1.4.2", "1.4.3"] },
      },
      fixed: `FROM ghcr.io/team/base:1.4.3@${digest}\n`,
    },
    { title: "From the catalogue", code: "FROM [|node:24.18.0|]\n", fixed: "FROM node:24.19.0\n" },
    { title: "A line gets its fixes by itself", code: "FROM node:24\n" },
    {
      title: "Which of two numbers is a patch is not known",
      code: "FROM ghcr.io/team/base:1.4\n",
      registry: { "ghcr.io/team/base:1.4": { tags: ["1.4", "1.5"] } },
    },
    { title: "An image that nobody knows", code: "FROM ghcr.io/team/base:1.4.2\n" },
  ],
  *check({ model, catalogue, facts }) {
    for (const place of imagePlaces(model, catalogue)) {
      const { reference, span } = place;
      if (place.kind !== "from" || reference.tag === null) continue;
      const tags = facts.registry?.tags(reference) ?? catalogue.tags(reference);
      const newer = newestPatch(catalogue, reference, tags);
      if (newer === null) continue;
      const wanted = `${reference.repository}:${newer}`;
      yield {
        message: `${wanted} is out, a later patch of the same line and variant as ${reference.tag}. Move to it.`,
        range: span,
        subject: "base",
        fixes: () =>
          fixByRegistry(facts, (registry) => moveEdits(place, newer, registry), {
            title: `Move to ${wanted}`,
            reason: "The image then brings newer programs of the same line.",
          }),
      };
    }
  },
});
