import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinLines, toSource, toSourceEnd, toSourceSpan } from "../../server/src/core/shell/body";
import { runs } from "../property/runs";

function join(source: string, from = 0, mark: "\\" | "`" = "\\"): string {
  return joinLines(source, from, source.length, mark).text;
}

describe("joinLines", () => {
  it.each([
    ["one line", "a b\nRUN c", "a b"],
    ["a continuation", "a \\\n  b\nc", "a   b"],
    ["in the middle of a word", "foo\\\nbar", "foobar"],
    ["blanks after the mark", "a \\ \t\n b", "a  b"],
    ["CRLF", "a \\\r\n b\r\n", "a  b"],
    ["carriage return at the end of the file", "a\r", "a"],
    ["a lone carriage return is no line end", "a\rb \\\nc", "a\rb c"],
    ["comment lines", "a \\\n # no \\\n#neither\n && b", "a  && b"],
    ["empty lines", "a \\\n\n \t\n && b", "a  && b"],
    ["a line that is only the mark", "a \\\n\\\nb", "a b"],
    ["a doubled mark does not continue", "a \\\\\nb", "a \\\\"],
    ["nor does a tripled one", "a \\\\\\\nb", "a \\\\\\"],
    ["a hash inside a line is text", "a \\\n b # c \\\n d", "a  b # c  d"],
    ["a mark at the end of the file", "a \\", "a "],
    ["nothing", "", ""],
  ])("%s", (_, source, expected) => {
    expect(join(source)).toBe(expected);
  });

  it("knows the other escape character", () => {
    expect(join("a `\n b\\\nc", 0, "`")).toBe("a  b\\");
  });

  it("stops at the given end", () => {
    expect(joinLines("a \\\nbcd", 0, 6, "\\").text).toBe("a bc");
  });

  it("drops a comment only below the first line", () => {
    expect(join("RUN # a \\\n b", 4)).toBe("# a  b");
  });
});

describe("the way back", () => {
  const source = "RUN foo \\\n # no\n\n  bar\\\nbaz";
  const logical = joinLines(source, 4, source.length, "\\");

  it("maps a word that crosses lines", () => {
    expect(logical.text).toBe("foo   barbaz");
    const span = toSourceSpan(logical, 6, 12);
    expect(source.slice(span.from, span.to)).toBe("bar\\\nbaz");
  });

  it("ends a piece before the continuation and begins one behind it", () => {
    expect(toSourceEnd(logical, 4)).toBe(8);
    expect(toSource(logical, 4)).toBe(17);
    expect(toSourceSpan(logical, 9, 9)).toEqual({ from: 22, to: 22 });
    expect(toSource(logical, logical.text.length)).toBe(source.length);
  });

  it("leads every character to itself, whatever is dropped between", () => {
    const end = fc.constantFrom("\n", "\r\n", " \n", "\t\r\n");
    const line = fc.string({ unit: fc.constantFrom("a", " ", "\\", "#", "`", "é", "🚢", "\t", '"'), maxLength: 8 });
    const noise = fc.constantFrom("", "\n", "# c\n", "  # c \\\r\n", "\r\n");
    const source = fc
      .array(fc.tuple(line, end, noise), { minLength: 1, maxLength: 6 })
      .map((lines) => lines.map(([text, eol, dropped]) => `${text}\\${eol}${dropped}`).join(""));
    fc.assert(
      fc.property(source, fc.constantFrom("\\" as const, "`" as const), (text, mark) => {
        const joined = joinLines(text, 0, text.length, mark);
        for (let at = 0; at < joined.text.length; at++) {
          expect(text[toSource(joined, at)]).toBe(joined.text[at]);
          expect(toSourceEnd(joined, at + 1)).toBe(toSource(joined, at) + 1);
        }
      }),
      runs(200),
    );
  });

  it("agrees with the builder's own pattern", () => {
    const text = fc.string({ unit: fc.constantFrom("a", " ", "\\", "#", "\n", "\r", "\t"), maxLength: 30 });
    fc.assert(
      fc.property(text, (source) => {
        expect(join(source)).toBe(buildkit(source));
      }),
      runs(200),
    );
  });
});

/** The joining as the builder writes it: line by line, with its regular expression. */
function buildkit(source: string): string {
  const lines = source.split("\n").map((line) => line.replace(/\r+$/, ""));
  let text = "";
  for (const [index, line] of lines.entries()) {
    if (index > 0 && /^\s*(#|$)/.test(line)) continue;
    const joined = line.replace(/([^\\])\\[ \t]*$|^\\[ \t]*$/, "$1");
    text += joined;
    if (joined === line) break;
  }
  return text;
}
