import { pinOf } from "../../fixes/pin";
import type { ImageReference } from "../../image/reference";
import { locate } from "../../model/types";
import type { Facts } from "../../rule";
import { defineRule } from "../../rule";
import { labelsOf } from "./labels";

const key = "org.opencontainers.image.base.digest";
const a = `sha256:${"a".repeat(64)}`;
const b = `sha256:${"b".repeat(64)}`;

export default defineRule({
  id: "label-stale-base-digest",
  theme: "label",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The label with the base image's digest names another digest than FROM.",
  why: "Scanners and update tools read `org.opencontainers.image.base.digest` to learn whether the base has moved. When FROM was updated and the label was not, they judge by an image that is not there.",
  aliases: { tally: ["tally/labels/no-stale-base-digest"] },
  reads: ["LABEL"],
  fixable: "unsafe",
  examples: [
    {
      title: "FROM was updated",
      code: `FROM alpine:3.24@${b}\nLABEL ${key}="[|${a}|]"\n`,
      fixed: `FROM alpine:3.24@${b}\nLABEL ${key}="${b}"\n`,
    },
    {
      title: "FROM names no digest, and the registry says what its tag points to",
      code: `FROM alpine:3.24\nLABEL ${key}="[|${a}|]"\n`,
      registry: { "alpine:3.24": { digest: b, image: { manifests: [] } } },
      fixed: `FROM alpine:3.24\nLABEL ${key}="${b}"\n`,
    },
    { title: "The same", code: `FROM alpine:3.24@${a}\nLABEL ${key}=${a}\n` },
    { title: "FROM names no digest", code: `FROM alpine:3.24\nLABEL ${key}=${a}\n` },
    { title: "A variable", code: `FROM alpine:3.24@${a}\nARG DIGEST\nLABEL ${key}=$DIGEST\n` },
    { title: "Not a digest at all", code: `FROM alpine:3.24@${a}\nLABEL ${key}=unknown\n` },
  ],
  *check({ model, facts }) {
    for (const stage of model.stages) {
      const { reference } = stage.root.base;
      if (!reference) continue;
      for (const { key: name, instruction, pair } of labelsOf(stage)) {
        const value = pair.value?.value;
        if (name !== key || !pair.value || !value || !/^sha\d+:[0-9a-f]+$/i.test(value)) continue;
        const digest = reference.digest ?? presentDigest(reference, value, facts);
        if (digest === null || digest === value) continue;
        const whole = locate(instruction, pair.value);
        const inner = model.text.slice(whole.start, whole.end).indexOf(value);
        if (inner < 0) continue;
        const range = { start: whole.start + inner, end: whole.start + inner + value.length };
        yield {
          message: `FROM ${reference.digest ? "uses" : `${reference.text} is today`} ${digest.slice(0, 19)}…, but this label names another digest. Update it with FROM, or leave it to the build.`,
          range,
          ...(stage.root.base.span ? { related: [{ message: "The base image.", range: stage.root.base.span }] } : {}),
          fixes: () => [
            {
              title: "Write the digest of FROM",
              applicability: "unsafe",
              reason: "The label of the image changes.",
              edits: [{ span: range, newText: digest }],
            },
          ],
        };
      }
    }
  },
});

/** What the tag points to, where the registry says so and the label names something else; null otherwise. */
function presentDigest(reference: ImageReference, label: string, { registry }: Facts): string | null {
  const pin = registry && pinOf({ ...reference, tag: reference.tag ?? "latest", digest: label }, registry);
  return pin?.state === "stale" ? pin.digest : null;
}
