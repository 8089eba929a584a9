/** A base that was built longer ago than the project allows. Silent unless registries may be asked. */
import { daysBetween } from "../../catalogue/days";
import { imagePlaces } from "../../fixes/image-places";
import { defineRule } from "../../rule";

export default defineRule({
  id: "base-image-too-old",
  theme: "base-image",
  category: "security",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "The base image was built longer ago than the project allows.",
  why: "An image gets no fixes after it was built; one of last year lacks those of this one, whatever its tag says. Only the registry knows when an image was built, so the rule is silent unless `registry.online` is true. Images that are built reproducibly often carry a made-up date, such as 1970; of those nothing is said. Without a number the rule says nothing.",
  aliases: {},
  options: {
    days: { type: "number", default: 0, description: "How many days ago the base may have been built; 0: no limit." },
  },
  fixable: "none",
  examples: [
    {
      title: "Built more than half a year ago",
      options: { days: 180 },
      code: "FROM [|ghcr.io/team/base:1|]\n",
      registry: { "ghcr.io/team/base:1": { image: { created: "2025-12-01" } } },
    },
    {
      title: "The project wants newer ones",
      code: "FROM [|node:24|]\n",
      options: { days: 30 },
      registry: { "node:24": { image: { created: "2026-07-01" } } },
    },
    {
      title: "New enough",
      options: { days: 180 },
      code: "FROM ghcr.io/team/base:1\n",
      registry: { "ghcr.io/team/base:1": { image: { created: "2026-08-01" } } },
    },
    {
      title: "A made-up date",
      options: { days: 180 },
      code: "FROM gcr.io/distroless/static-debian13:nonroot\n",
      registry: { "gcr.io/distroless/static-debian13:nonroot": { image: { created: "1970-01-01" } } },
    },
    {
      title: "No limit",
      code: "FROM ghcr.io/team/base:1\n",
      registry: { "ghcr.io/team/base:1": { image: { created: "2020-01-01" } } },
    },
    { title: "While nobody may ask the registry", options: { days: 180 }, code: "FROM ghcr.io/team/base:1\n" },
  ],
  *check({ model, catalogue, facts, today, options }) {
    if (options.days <= 0) return;
    for (const { kind, reference, span } of imagePlaces(model, catalogue)) {
      if (kind !== "from") continue;
      const created = facts.registry?.image(reference)?.created;
      // Docker did not exist before 2013: an earlier day was made up.
      if (!created || created < "2013-01-01") continue;
      const age = daysBetween(created, today);
      if (age <= options.days) continue;
      const way = reference.digest === null ? "Move to a newer tag" : "Update the digest, or move to a newer tag";
      yield {
        message: `${reference.text} was built on ${created}, ${age} days ago; this project allows ${options.days}. ${way}.`,
        range: span,
        subject: "base",
      };
    }
  },
});
