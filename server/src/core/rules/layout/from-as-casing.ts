import { hasTemplate } from "../../fixes/mount";
import { instructionsNamed } from "../../model/index-of";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "from-as-casing",
  theme: "layout",
  category: "style",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "AS and FROM are not written in the same case.",
  why: "The builder takes either, but `FROM image as name` hides the word that makes a stage. BuildKit's own check asks for one case per line.",
  aliases: { buildkit: ["FromAsCasing"], tally: ["buildkit/FromAsCasing"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    { title: "as behind FROM", code: "FROM alpine:3.24 [|as|] base\n", fixed: "FROM alpine:3.24 AS base\n" },
    { title: "AS behind from", code: "from alpine:3.24 [|AS|] base\n", fixed: "from alpine:3.24 as base\n" },
    { title: "The same case", code: "FROM alpine:3.24 AS a\nFROM alpine:3.24\n" },
    { title: "All lower case", code: "from alpine:3.24 as a\n" },
  ],
  *check({ model }) {
    for (const from of instructionsNamed(model, "FROM")) {
      const { parsed } = from;
      const as = parsed.words[1];
      if (!as || !/^as$/i.test(as.text) || parsed.words.length !== 3) continue;
      const keyword = parsed.text.slice(parsed.keywordSpan.from, parsed.keywordSpan.to);
      const wanted = keyword === keyword.toLowerCase() ? "as" : keyword === keyword.toUpperCase() ? "AS" : null;
      const range = locate(from, as);
      if (wanted === null || as.text === wanted || hasTemplate(model, range)) continue;
      yield {
        message: `\`${as.text}\` is written in another case than \`${keyword}\`. Write \`${wanted}\`.`,
        range,
        fixes: () => [{ title: `Write ${wanted}`, applicability: "safe", edits: [{ span: range, newText: wanted }] }],
      };
    }
  },
});
