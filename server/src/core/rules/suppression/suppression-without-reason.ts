import type { Suppression } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "suppression-without-reason",
  theme: "suppression",
  category: "maintainability",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A comment that silences findings does not say why.",
  why: "Whoever reads `ignore=DL3008` a year later cannot tell whether it still has to be there. A few words behind it can. Off by default: it is for projects that ask for reasons. Dialects that have no place for one (Trivy's, KICS's) are left alone.",
  aliases: { tally: ["tally/missing-directive-reason"] },
  fixable: "unsafe",
  examples: [
    {
      title: "No reason",
      code: "[|# plimsoll ignore=base-image-untagged|]\nFROM alpine\n",
      fixed: "# plimsoll ignore=base-image-untagged -- TODO: say why\nFROM alpine\n",
    },
    {
      title: "In hadolint's words",
      code: "[|# hadolint ignore=DL3006|]\nFROM alpine\n",
      fixed: "# hadolint ignore=DL3006 -- TODO: say why\nFROM alpine\n",
    },
    {
      title: "In BuildKit's",
      code: "FROM alpine:3.24\n[|# check=skip=JSONArgsRecommended|]\nCMD echo\n",
      fixed: "FROM alpine:3.24\n# check=skip=JSONArgsRecommended // TODO: say why\nCMD echo\n",
    },
    {
      title: "In tally's",
      code: "FROM alpine:3.24\n[|# tally ignore=max-lines|]\nCMD echo\n",
      fixed: "FROM alpine:3.24\n# tally ignore=max-lines;reason=TODO: say why\nCMD echo\n",
    },
    { title: "A reason", code: "# plimsoll ignore=base-image-untagged -- the newest is wanted\nFROM alpine\n" },
    { title: "A reason for hadolint", code: "# hadolint ignore=DL3006 the newest is wanted\nFROM alpine\n" },
    { title: "A dialect without a place for one", code: "#trivy:ignore:DS-0001\nFROM alpine\n" },
  ],
  *check({ model }) {
    for (const suppression of model.suppressions) {
      const { span, reason, dialect, ids } = suppression;
      const opening = openings[dialect];
      if (reason !== null || !opening) continue;
      const shown = ids.map((id) => id.text).join(", ");
      yield {
        message: `Nothing says why ${shown} is silenced. Put the reason behind it.`,
        range: span,
        fixes: () => {
          const end = span.start + model.text.slice(span.start, span.end).trimEnd().length;
          return [
            {
              title: "Add a place for the reason",
              applicability: "unsafe",
              reason: "The reason itself is for you to fill in.",
              edits: [{ span: { start: end, end }, newText: `${opening}TODO: say why` }],
            },
          ];
        },
      };
    }
  },
});

/** What stands before the reason in each dialect that has one. */
const openings: Readonly<Partial<Record<Suppression["dialect"], string>>> = {
  plimsoll: " -- ",
  hadolint: " -- ",
  buildkit: " // ",
  checkov: ":",
  tally: ";reason=",
};
