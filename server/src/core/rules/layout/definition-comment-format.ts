import { wantsExperimental } from "../../model/check-directive";
import type { Comment, Instruction, Model } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "definition-comment-format",
  theme: "layout",
  category: "style",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A comment right above a FROM or ARG does not follow the description format.",
  why: "`docker build --call=outline` shows the comment above an ARG or a named stage as its description, when it begins with the name: `# VERSION of the tool`. Another comment in that place is not shown; a blank line between says that it is not meant to be. Off by default, as in BuildKit: most comments are for readers only.",
  aliases: { buildkit: ["InvalidDefinitionDescription"], tally: ["buildkit/InvalidDefinitionDescription"] },
  options: {
    mode: {
      type: "enum",
      values: ["on", "buildkit"],
      default: "on",
      description:
        "`buildkit`: only in files that ask for it with `# check=experimental=InvalidDefinitionDescription`.",
    },
  },
  fixable: "safe",
  examples: [
    {
      title: "An ARG",
      code: "# [|the version of the tool|]\nARG VERSION=1.2\nFROM alpine:3.24\n",
      fixed: "# VERSION the version of the tool\nARG VERSION=1.2\nFROM alpine:3.24\n",
    },
    {
      title: "A stage",
      code: "# [|compiles everything|]\nFROM golang:1.26 AS build\n",
      fixed: "# build compiles everything\nFROM golang:1.26 AS build\n",
    },
    {
      title: "It begins with the name",
      code: "# VERSION of the tool\nARG VERSION=1.2\n# base is what all stages share\nFROM alpine:3.24 AS base\n",
    },
    {
      title: "Experimental in BuildKit",
      options: { mode: "buildkit" },
      code: "# check=experimental=InvalidDefinitionDescription;skip=StageNameCasing\n\n# [|compiles everything|]\nFROM golang:1.26 AS build\n",
      fixed:
        "# check=experimental=InvalidDefinitionDescription;skip=StageNameCasing\n\n# build compiles everything\nFROM golang:1.26 AS build\n",
    },
    {
      title: "Nobody asks BuildKit for it",
      options: { mode: "buildkit" },
      code: "# compiles everything\nFROM golang:1.26 AS build\n",
    },
    { title: "A blank line between", code: "# The build\n\nFROM golang:1.26 AS build\n" },
    { title: "A lone # between", code: "# The build\n# of everything\n#\nFROM golang:1.26 AS build\n" },
    {
      title: "Below a lone #",
      code: "# build is not described here\n#\n# [|compiles everything|]\nFROM golang:1.26 AS build\n",
      fixed: "# build is not described here\n#\n# build compiles everything\nFROM golang:1.26 AS build\n",
    },
    { title: "A stage without a name", code: "# The image\nFROM alpine:3.24\n" },
    { title: "A comment for a linter", code: "# hadolint ignore=DL3006\nFROM alpine AS base\n" },
  ],
  *check({ model, options }) {
    if (options.mode === "buildkit" && !wantsExperimental(model, "InvalidDefinitionDescription")) return;
    for (const [instruction, comments] of commentsAbove(model)) {
      const name = definedName(instruction);
      if (name === null || comments.some(({ text }) => text === name || text.startsWith(`${name} `))) continue;
      const [first] = comments;
      if (!first) continue;
      const end = first.span.end;
      const start = end - first.text.length;
      yield {
        message: `This comment is not shown as the description of ${name}, because it does not begin with that name. Begin it with ${name}, or leave a blank line below.`,
        range: { start, end },
        fixes: () => [
          {
            title: `Begin the comment with ${name}`,
            applicability: "safe",
            edits: [{ span: { start, end: start }, newText: `${name} ` }],
          },
          {
            title: "Leave a blank line below the comment",
            applicability: "safe",
            edits: [blankLine(model, instruction)],
          },
        ],
      };
    }
  },
});

function blankLine(model: Model, instruction: Instruction) {
  const at = model.lines.lineStart(model.lines.positionAt(instruction.span.start).line);
  return { span: { start: at, end: at }, newText: model.lineEnding };
}

/** The name that a description would have to begin with; null where the builder shows none. */
function definedName({ keyword, stage, parsed }: Instruction): string | null {
  if (keyword === "FROM") return parsed.words.length === 3 ? (parsed.words[2]?.text ?? null) : null;
  return keyword === "ARG" && parsed.pairs.length === 1 && stage !== undefined ? (parsed.pairs[0]?.name ?? null) : null;
}

/** Comments for tools are no descriptions. */
const forTools =
  /^(?:hadolint|check=|plimsoll|trivy:|checkov:|kics-scan|tally|dockerfile-utils|syntax=|escape=|renovate|spell|cspell)/i;

/** FROM and ARG with the comment lines that stand right above them, no blank line between. */
function commentsAbove(model: Model): ReadonlyMap<Instruction, readonly Comment[]> {
  const found = new Map<Instruction, Comment[]>();
  const lineOf = (offset: number) => model.lines.positionAt(offset).line;
  for (let i = model.comments.length - 1; i >= 0; i--) {
    const comment = model.comments[i] as Comment;
    const { above } = comment;
    if (!above || (above.keyword !== "FROM" && above.keyword !== "ARG")) continue;
    const below = found.get(above)?.[0];
    const next = below ? lineOf(below.span.start) : lineOf(above.span.start);
    if (lineOf(comment.span.start) !== next - 1) continue;
    const list = found.get(above);
    if (list) list.unshift(comment);
    else found.set(above, [comment]);
  }
  for (const [instruction, comments] of found) {
    // A lone # parts what stands above it from the instruction, as a blank line does (BuildKit, parser.go).
    const own = comments.slice(comments.map(({ text }) => text).lastIndexOf("") + 1);
    if (own.length === 0 || own.some(({ text }) => forTools.test(text))) found.delete(instruction);
    else found.set(instruction, own);
  }
  return found;
}
