import { defaultFormat, formatDocument } from "../../format/format";
import { type Aliases, defineRule } from "../../rule";
import type { Span } from "../../text";

export default defineRule({
  id: "formatting",
  theme: "layout",
  category: "style",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "The formatter would change this file.",
  why: "One layout for all files makes changes easy to read. The formatter changes indentation of continued lines, blanks, blank lines and the end of the file, splits a RUN on one long line at its `&&`, and can move `&&` to the beginning or the end of lines. It keeps comments, heredocs, quoted texts and the nesting of lists, and leaves alone what would not mean the same afterwards. Off by default: a matter of taste.",
  aliases: {
    sonar: ["S7020"],
    tally: [
      "tally/newline-per-chained-call",
      "tally/consistent-indentation",
      "tally/eol-last",
      "tally/no-trailing-spaces",
      "tally/no-multi-spaces",
      "tally/no-multiple-empty-lines",
      "tally/newline-between-instructions",
      "tally/prefer-formatted-heredocs",
    ],
  },
  options: {
    indent: {
      type: "string",
      default: "auto",
      description: "Indentation of continued lines: `auto` (the file's own), `tab`, or a number of blanks.",
    },
    operators: {
      type: "enum",
      values: ["keep", "leading", "trailing"],
      default: "keep",
      description: "Where `&&` and `||` stand in a continued RUN.",
    },
    lineWidth: {
      type: "number",
      default: 120,
      description: "A RUN on one longer line is split at `&&`; 0 never splits.",
    },
    blankLines: { type: "number", default: 1, description: "Most blank lines in a row." },
  },
  fixable: "safe",
  examples: [
    {
      title: "Indentation, blanks and the end of the file",
      code: '[|FROM   alpine:3.24|]\nRUN apk add --no-cache \\\n  curl   \\\n      git\n\n\n\nCMD  ["sh"]',
      fixed: 'FROM alpine:3.24\nRUN apk add --no-cache \\\n  curl \\\n      git\n\nCMD ["sh"]\n',
    },
    {
      title: "Operators at the beginning of lines",
      options: { operators: "leading" },
      code: "FROM alpine:3.24\n[|RUN a && \\\n    # then\n    b|]\n",
      fixed: "FROM alpine:3.24\nRUN a \\\n    # then\n    && b\n",
    },
    {
      title: "A long line",
      options: { lineWidth: 40, indent: "2" },
      code: "FROM alpine:3.24\n[|RUN apk add --no-cache curl && curl --version && rm -rf /x|]\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache curl \\\n  && curl --version \\\n  && rm -rf /x\n",
    },
    {
      title: "Quoted texts and heredocs are nobody's business",
      code: "FROM alpine:3.24\nRUN echo 'a \\\n  b   c'\nCOPY <<EOF /x\n  a   \n\n\n\n  b\nEOF\n",
    },
    {
      title: "Laid out",
      code: 'FROM alpine:3.24\n\n# Tools\nRUN apk add --no-cache \\\n    curl \\\n    git\nCMD ["sh"]\n',
    },
    { title: "A template", code: "FROM alpine:3.24\n{% if x %}\nRUN   a\n{% endif %}\n" },
  ],
  *check({ model, options }) {
    const edits = formatDocument(model, {
      ...defaultFormat,
      indent: indentOf(options.indent),
      operators: options.operators === "leading" ? "leading" : options.operators === "trailing" ? "trailing" : "keep",
      lineWidth: options.lineWidth,
      blankLines: options.blankLines,
    });
    const [first] = edits ?? [];
    if (!edits || !first) return;
    const more = edits.length - 1;
    yield {
      message: `The formatter would lay this out anew${more > 0 ? `, and ${more} other ${more === 1 ? "place" : "places"} of this file` : ""}. Format the file.`,
      range: first.span,
      aliases: answered(edits.some(({ span }) => isLongLine(model.text, span, options.lineWidth))),
      fixes: () => [{ title: "Format the file", applicability: "safe", edits }],
    };
  },
});

/** The peers' rules that one finding answers to: those about heredocs and lines between instructions are not among them. */
function answered(isLong: boolean): Aliases {
  const tally = [
    "tally/consistent-indentation",
    "tally/eol-last",
    "tally/no-trailing-spaces",
    "tally/no-multi-spaces",
    "tally/no-multiple-empty-lines",
  ];
  return isLong ? { sonar: ["S7020"], tally: ["tally/newline-per-chained-call", ...tally] } : { tally };
}

function isLongLine(text: string, { start, end }: Span, width: number): boolean {
  return width > 0 && end - start > width && !text.slice(start, end).includes("\n");
}

function indentOf(option: string): string | null {
  if (option === "tab") return "\t";
  const width = Number(option);
  return Number.isInteger(width) && width > 0 && width <= 16 ? " ".repeat(width) : null;
}
