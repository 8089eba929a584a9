import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { labelsOf } from "./labels";

export default defineRule({
  id: "maintainer-deprecated",
  theme: "label",
  category: "style",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "MAINTAINER is deprecated.",
  why: "MAINTAINER sets a field of the image that nothing reads any more, and the builder warns of it. A label can be read by `docker inspect` and by registries, and more than one author fits in.",
  aliases: {
    hadolint: ["DL4000"],
    buildkit: ["MaintainerDeprecated"],
    trivy: ["DS-0022"],
    checkov: ["CKV_DOCKER_6"],
    kics: ["MAINTAINER Instruction Being Used"],
    semgrep: ["maintainer-is-deprecated"],
    sonar: ["S6586"],
    "dockerfile-utils": ["DEPRECATED_MAINTAINER"],
    tally: ["hadolint/DL4000", "buildkit/MaintainerDeprecated"],
  },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "A name and an address",
      code: "FROM alpine:3.24\n[|MAINTAINER|] Jane Doe <jane@example.com>\n",
      fixed: 'FROM alpine:3.24\nLABEL org.opencontainers.image.authors="Jane Doe <jane@example.com>"\n',
    },
    {
      title: "In quotes",
      code: 'FROM alpine:3.24\n[|maintainer|] "Jane \\"JD\\" Doe"\n',
      fixed: 'FROM alpine:3.24\nlabel org.opencontainers.image.authors="Jane \\"JD\\" Doe"\n',
    },
    {
      title: "Signs with a meaning",
      code: 'FROM alpine:3.24\n[|MAINTAINER|] $team "ops"\n',
      fixed: 'FROM alpine:3.24\nLABEL org.opencontainers.image.authors="\\$team \\"ops\\""\n',
    },
    {
      title: "The label is there already",
      code: "FROM alpine:3.24\nLABEL org.opencontainers.image.authors=me\n[|MAINTAINER|] me\n",
    },
    { title: "A label", code: "FROM alpine:3.24\nLABEL maintainer=me\n" },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      if (instruction.keyword !== "MAINTAINER") continue;
      yield {
        message: "MAINTAINER is deprecated. Write LABEL org.opencontainers.image.authors=… instead.",
        range: instruction.keywordSpan,
        tags: ["deprecated"],
        fixes: () => asLabel(model, instruction),
      };
    }
  },
});

const key = "org.opencontainers.image.authors";

function asLabel(model: Model, instruction: Instruction): readonly Fix[] {
  const { parsed, stage } = instruction;
  const word = parsed.words[0];
  if (!word || !stage || word.to - word.from !== word.text.length || word.text.includes("\n")) return [];
  if (stage.instructions.filter(({ keyword }) => keyword === "MAINTAINER").length > 1) return [];
  if (labelsOf(stage).some((label) => label.key === key)) return [];
  const { start } = instruction.keywordSpan;
  const written = model.text.slice(start, instruction.keywordSpan.end);
  const keyword = written === written.toLowerCase() ? "label" : "LABEL";
  const { end } = locate(instruction, word);
  return [
    {
      title: `Write LABEL ${key}`,
      applicability: "safe",
      edits: [{ span: { start, end }, newText: `${keyword} ${key}="${quoted(word.text, model.escape)}"` }],
    },
  ];
}

/** The author for use between double quotes; quotes around the whole are taken for the user's own. */
function quoted(text: string, escape: string): string {
  const own = /^"((?:[^"\\`]|[\\`].)*)"$/.exec(text)?.[1] ?? /^'([^'"\\`]*)'$/.exec(text)?.[1];
  if (own !== undefined) return own.replace(/(?<![\\`])\$/g, `${escape}$`);
  return text.replace(/["$]|\\|`/g, (sign) =>
    (sign === "\\" || sign === "`") && sign !== escape ? sign : `${escape}${sign}`,
  );
}
