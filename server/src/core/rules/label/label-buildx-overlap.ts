import { defineRule } from "../../rule";
import { keySpan, labelsOf, removeLabel } from "./labels";

export default defineRule({
  id: "label-buildx-overlap",
  theme: "label",
  category: "maintainability",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A label says what Buildx writes from git.",
  why: "With `BUILDX_GIT_LABELS` set, Buildx writes these labels itself and wins over the file. Two sources for one fact drift apart. Off by default, since the file cannot tell how it is built.",
  aliases: { tally: ["tally/labels/no-buildx-git-overlap"] },
  fixable: "unsafe",
  examples: [
    {
      title: "The commit by hand",
      code: "FROM alpine:3.24\nARG COMMIT\nLABEL [|org.opencontainers.image.revision|]=$COMMIT \\\n      org.opencontainers.image.title=app\n",
      fixed: "FROM alpine:3.24\nARG COMMIT\nLABEL org.opencontainers.image.title=app\n",
    },
    { title: "Other labels", code: "FROM alpine:3.24\nLABEL org.opencontainers.image.title=app\n" },
    {
      title: "In a stage that does not ship",
      code: "FROM alpine:3.24 AS a\nLABEL org.opencontainers.image.source=x\nFROM alpine:3.24\n",
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (!stage.ships) continue;
      for (const label of labelsOf(stage)) {
        if (!written.has(label.key)) continue;
        yield {
          message: `Buildx writes ${label.key} from git itself when BUILDX_GIT_LABELS is set. Leave it to one of the two.`,
          range: keySpan(label),
          fixes: () => [
            {
              title: `Delete the label ${label.key}`,
              applicability: "unsafe",
              reason: "The image has the label only when it is built with BUILDX_GIT_LABELS.",
              edits: removeLabel(model, label),
            },
          ],
        };
      }
    }
  },
});

// Source: Buildx, build/git.go.
const written: ReadonlySet<string> = new Set([
  "com.docker.image.source.entrypoint",
  "org.opencontainers.image.revision",
  "org.opencontainers.image.source",
]);
