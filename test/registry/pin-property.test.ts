/** Pinning holds for every text there is: it parses no worse, moves no image, and a second run changes nothing. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { bundledCatalogue } from "../../server/src/core/catalogue/catalogue";
import { withRegistry } from "../../server/src/core/catalogue/online";
import { planPins } from "../../server/src/core/fixes/pin-file";
import type { RegistryFacts } from "../../server/src/core/image/registry";
import {
  allRules,
  applyEdits,
  applyFixes,
  buildModel,
  lint,
  noFacts,
  resolveConfig,
} from "../../server/src/core/index";
import { anyText, dockerfile, mutated } from "../property/dockerfiles";
import { runs } from "../property/runs";

const digest = `sha256:${"a".repeat(64)}`;

/** Knows an answer to everything. */
const registry: RegistryFacts = {
  digest: () => digest,
  tags: ({ tag }) => (tag === null ? [] : [tag, tag.replace(/\d+(?=\D*$)/, "99")]),
  image: () => ({
    ...{ digest, manifests: [], platforms: ["linux/amd64"], platform: "linux/amd64" },
    ...{ user: "1000", hasEntrypoint: false, size: 1_000_000, created: "2026-08-21" },
  }),
};

it.each([
  ["sound", dockerfile],
  ["mutated", mutated],
  ["any", anyText],
])("%s texts", (_name, texts) => {
  fc.assert(
    fc.property(texts, fc.boolean(), (text, newest) => {
      const model = buildModel(text);
      const wish = { update: true, newest };
      const { edits, items } = planPins(model, bundledCatalogue(), registry, wish);
      const after = buildModel(applyEdits(text, edits));
      expect(after.problems.length).toBeLessThanOrEqual(model.problems.length);
      const again = planPins(after, bundledCatalogue(), registry, { update: true, newest: false });
      expect(again.edits).toEqual([]);
      expect(again.items.map(({ place }) => place.reference.repository)).toEqual(
        items.map(({ place }) => place.reference.repository),
      );
    }),
    runs(150),
  );
});

it("rules that ask never throw, and their fixes come to an end", () => {
  const ids = ["base-image-", "stale-digest", "label-stale"];
  const own = allRules.filter(({ id }) => ids.some((start) => id.startsWith(start)));
  const config = resolveConfig(own, { presets: ["all"] });
  fc.assert(
    fc.property(fc.oneof(dockerfile, mutated), (text) => {
      const input = {
        ...{ model: buildModel(text), rules: own, config, today: "2026-09-01" },
        catalogue: withRegistry(bundledCatalogue(), registry),
        facts: { ...noFacts, registry },
      };
      expect(lint(input).failures).toEqual([]);
      expect(applyFixes(input, { unsafe: true }).converged).toBe(true);
    }),
    runs(80),
  );
});
