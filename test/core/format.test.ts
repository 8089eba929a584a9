/** The formatter: text in, text out. */
import { describe, expect, it } from "vitest";
import {
  defaultFormat,
  type FormatOptions,
  formatDocument,
  formatRange,
  readEditorConfig,
} from "../../server/src/core/format/format";
import { buildModel } from "../../server/src/core/model/build";
import { applyEdits } from "../../server/src/core/text";

/** The text as the formatter lays it out; null when it refuses. Formatting twice changes nothing. */
function format(text: string, options: Partial<FormatOptions> = {}): string | null {
  const all = { ...defaultFormat, ...options };
  const edits = formatDocument(buildModel(text), all);
  if (edits === null) return null;
  const result = applyEdits(text, edits);
  expect(formatDocument(buildModel(result), all)).toEqual([]);
  return result;
}

describe("lines", () => {
  it("takes blanks from the ends of lines and from between words", () => {
    expect(format("FROM  alpine   AS  base  \nCOPY a   b   /c/\nENV A=1   B='x  y'\n")).toBe(
      "FROM alpine AS base\nCOPY a b /c/\nENV A=1 B='x  y'\n",
    );
  });
  it("keeps blanks that are part of a value", () => {
    const text = 'FROM alpine\nENV A  b   c\nWORKDIR /my   folder\nCOPY a\\  b /c\nCMD ["a",  "b  c"]\n';
    expect(format(text)).toBe(text);
  });
  it("keeps at most one blank line, none at the top, and ends with a line end", () => {
    expect(format("\n\nFROM alpine\n\n \n\nRUN a\nRUN b")).toBe("FROM alpine\n\nRUN a\nRUN b\n");
    expect(format("FROM alpine\n\n\n\nRUN a\n\n\n", { blankLines: 2 })).toBe("FROM alpine\n\n\nRUN a\n");
    expect(format("FROM alpine\n\nRUN a\n", { blankLines: 0 })).toBe("FROM alpine\nRUN a\n");
  });
  it("keeps carriage returns", () => {
    expect(format("FROM  alpine\r\nRUN a \\\r\n  b  \r\n\r\n\r\n\r\nCMD c")).toBe(
      "FROM alpine\r\nRUN a \\\r\n  b\r\n\r\nCMD c\r\n",
    );
  });
  it("keeps the mark of the byte order", () => {
    expect(format("\ufeffFROM  alpine\n")).toBe("\ufeffFROM alpine\n");
  });
  it("has nothing to say of an empty file", () => {
    expect(format("")).toBe("");
    expect(format("# only\n")).toBe("# only\n");
  });
});

describe("continued lines", () => {
  it("indents them as most of the file does, and keeps what is deeper", () => {
    const text = "FROM alpine\nRUN a \\\n\tb\nRUN c \\\n\td\nRUN apk add \\\n  curl \\\n      git\n";
    expect(format(text)).toBe("FROM alpine\nRUN a \\\n\tb\nRUN c \\\n\td\nRUN apk add \\\n\tcurl \\\n\t\tgit\n");
  });
  it("takes the indentation that is asked for", () => {
    expect(format("FROM a\nRUN b \\\n\tc \\\n\t\td\n", { indent: "  " })).toBe("FROM a\nRUN b \\\n  c \\\n    d\n");
  });
  it("writes one blank before the mark, and drops empty lines within", () => {
    expect(format("FROM a\nRUN b     \\\n\n    c\\\n    d\n")).toBe("FROM a\nRUN b \\\n    c \\\n    d\n");
  });
  it("keeps comments within, indented like the code", () => {
    expect(format("FROM a\nRUN b \\\n# why\n    && c \\\n      # deeper\n      d\n")).toBe(
      "FROM a\nRUN b \\\n    # why\n    && c \\\n      # deeper\n      d\n",
    );
  });
  it("does not tear a word apart that goes on in the next line", () => {
    const text = "FROM a\nENV B=c\\\nd\nRUN curl https://example.org/\\\npath\n";
    expect(format(text)).toBe(text);
  });
  it("keeps the blanks within quotes that span lines", () => {
    const text = "FROM a\nRUN echo 'x   \\\n      y' \\\n  && z\n";
    expect(format(text, { indent: "    " })).toBe("FROM a\nRUN echo 'x   \\\n      y' \\\n    && z\n");
  });
  it("obeys the file's escape character", () => {
    expect(format("# escape=`\nFROM a\nRUN b    `\n c\n", { indent: "    " })).toBe(
      "# escape=`\nFROM a\nRUN b `\n    c\n",
    );
  });
});

describe("heredocs", () => {
  it("keeps bodies byte for byte", () => {
    const body = "  a   \n\n\n\n\tb\n";
    expect(format(`FROM a\nRUN   <<EOF  \n${body}EOF\n\n\n\nCMD b\n`)).toBe(`FROM a\nRUN <<EOF\n${body}EOF\n\nCMD b\n`);
  });
  it("leaves a heredoc that never ends, with all that follows", () => {
    const text = "FROM a\nRUN <<EOF\n  b   \n\n\n\n";
    expect(format(text)).toBe(text);
  });
});

describe("operators", () => {
  const trailing = "FROM a\nRUN b && \\\n    # why\n    c || \\\n    d\n";
  const leading = "FROM a\nRUN b \\\n    # why\n    && c \\\n    || d\n";
  it("moves them to the beginning or the end of lines", () => {
    expect(format(trailing, { operators: "leading" })).toBe(leading);
    expect(format(leading, { operators: "trailing" })).toBe(trailing);
    expect(format(trailing)).toBe(trailing);
  });
  it("leaves signs within quotes", () => {
    const text = "FROM a\nRUN echo 'b && \\\n    c'\n";
    expect(format(text, { operators: "leading" })).toBe(text);
  });
  it("leaves other shells alone", () => {
    const text = "# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nRUN a && `\n    b\n";
    expect(format(text, { operators: "leading" })).toBe(text);
  });
});

describe("long lines", () => {
  it("splits a RUN at the operators of its outermost list", () => {
    expect(format("FROM a\nRUN --mount=type=cache,target=/c b 'x && y' && (c && d) && e\n", { lineWidth: 20 })).toBe(
      "FROM a\nRUN --mount=type=cache,target=/c b 'x && y' \\\n    && (c && d) \\\n    && e\n",
    );
  });
  it("does not split where failures are dealt with", () => {
    const text = "FROM a\nRUN aaaaaaaaaaaaaaa && bbbbbbbbbbbbbbbb || cccccccccccc\n";
    expect(format(text, { lineWidth: 20 })).toBe(text);
  });
});

describe("refusing", () => {
  it("refuses templates", () => {
    expect(format("FROM a\n{% if b %}\nRUN   c\n{% endif %}\n")).toBeNull();
  });
  it("leaves an instruction whose quotes it cannot follow", () => {
    const text = 'FROM a\nSHELL ["/bin/bash", "-c"]\nRUN echo $\'b\\\'    \\\n        c\'\n';
    expect(format(`${text}RUN   d\n`)).toBe(`${text}RUN d\n`);
  });
  it("refuses where a comment would become a directive", () => {
    expect(format("\n# escape=`\nFROM a\nRUN b `\n")).toBeNull();
  });
});

describe("a range", () => {
  it("touches only what lies in it", () => {
    const text = "FROM  a\nRUN  b\nRUN  c\n";
    const at = text.indexOf("RUN  b");
    const edits = formatRange(buildModel(text), defaultFormat, { start: at, end: at + 3 });
    expect(applyEdits(text, edits ?? [])).toBe("FROM  a\nRUN b\nRUN  c\n");
  });
});

describe(".editorconfig", () => {
  const text =
    "root = true\n[*]\nindent_style = space\nindent_size = 2\n[{Dockerfile,*.dockerfile}]\nindent_size = 4\nmax_line_length = 100\n[web/**]\nindent_style = tab\n";
  it.each([
    ["Dockerfile", { indent: "    ", lineWidth: 100 }],
    ["a/b.dockerfile", { indent: "    ", lineWidth: 100 }],
    ["a/Containerfile", { indent: "  " }],
    ["web/Dockerfile", { indent: "\t", lineWidth: 100 }],
  ])("settings of %s", (path, settings) => {
    expect(readEditorConfig(text, path)).toEqual(settings);
  });
  it("survives what it cannot read", () => {
    expect(readEditorConfig("[[[\n=\n[*{]\nindent_size=x\n", "Dockerfile")).toEqual({});
  });
});
