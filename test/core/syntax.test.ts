/** The structure of a Dockerfile. The first table holds every construct that a widely used parser gets wrong. */
import { describe, expect, test } from "vitest";
import { buildModel, createInstructionCache } from "../../server/src/core/model/build";
import type { Instruction, Model } from "../../server/src/core/model/types";
import { scanBlocks } from "../../server/src/core/syntax/blocks";
import { readMount } from "../../server/src/core/syntax/flags";

const texts = (model: Model): string[] =>
  model.instructions.map((instruction) => model.text.slice(instruction.span.start, instruction.span.end));
const keywords = (text: string): string[] => buildModel(text).instructions.map((instruction) => instruction.keyword);
const last = (text: string): Instruction => {
  const { instructions } = buildModel(text);
  return instructions[instructions.length - 1] as Instruction;
};
const messages = (text: string): string[] => buildModel(text).problems.map((problem) => problem.message);

describe("constructs that are easily misread", () => {
  test("a heredoc on another file descriptor", () => {
    const model = buildModel("FROM a\nRUN 3<<EOF cat /dev/fd/3\nFROM nowhere\nEOF\nUSER b\n");
    expect(model.instructions.map((i) => i.keyword)).toEqual(["FROM", "RUN", "USER"]);
    expect(model.instructions[1]?.parsed.heredocs[0]?.operator.descriptor).toBe(3);
    expect(model.problems).toEqual([]);
  });
  test("a doubled escape at the end of a line does not continue it", () => {
    expect(keywords("FROM a\nRUN echo a \\\\\nCMD b\n")).toEqual(["FROM", "RUN", "CMD"]);
  });
  test("a continuation on the last line ends there", () => {
    expect(texts(buildModel("FROM a\nRUN b \\\n"))).toEqual(["FROM a", "RUN b \\"]);
    expect(texts(buildModel("FROM a\nRUN b \\\n\n# c\n"))).toEqual(["FROM a", "RUN b \\"]);
  });
  test("a backslash at the end of a heredoc's line is the shell's", () => {
    const model = buildModel("FROM a\nRUN <<EOF\necho a \\\nEOF\nCMD b\n");
    expect(model.instructions.map((i) => i.keyword)).toEqual(["FROM", "RUN", "CMD"]);
    expect(model.instructions[1]?.parsed.heredocs[0]?.delimiterSpan).not.toBeNull();
  });
  test("blanks may stand before the name of a heredoc, not behind a hyphen nor in arithmetic", () => {
    const spaced = last("FROM a\nRUN cat >> /x << 'EOF' && b\nexport A=$B\nEOF\n");
    expect(spaced.parsed.heredocs.map(({ operator }) => operator)).toEqual([
      { name: "EOF", chomp: false, expand: false, descriptor: 0 },
    ]);
    expect(keywords("FROM a\nCOPY << EOF /x\nexport A\nEOF\nUSER b\n")).toEqual(["FROM", "COPY", "USER"]);
    expect(keywords("FROM a\nRUN cat <<- EOF\nUSER b\n")).toEqual(["FROM", "RUN", "USER"]);
    expect(keywords("FROM a\nRUN echo $((1 << 2)) $((1 << n))\nUSER b\n")).toEqual(["FROM", "RUN", "USER"]);
  });
  test("CMD takes no heredoc", () => {
    expect(keywords("FROM a\nCMD cat <<EOF\nUSER b\n")).toEqual(["FROM", "CMD", "USER"]);
    expect(last("FROM a\nCMD cat <<EOF\n").parsed.heredocs).toEqual([]);
  });
  test("a bare carriage return ends no line", () => {
    expect(keywords("FROM a\rUSER b\nCMD c\n")).toEqual(["FROM", "CMD"]);
  });
  test("a comment inside a JSON list", () => {
    const json = last('FROM a\nCMD ["b", \\\n# comment\n  "c"]\n').parsed.json;
    expect(json?.map((item) => item.value)).toEqual(["b", "c"]);
  });
  test("blanks inside JSON strings", () => {
    expect(last('FROM a\nCOPY ["a b", "c"]\n').parsed.json?.map((item) => item.value)).toEqual(["a b", "c"]);
    expect(last('FROM a\nVOLUME ["a b"]\n').parsed.json?.map((item) => item.value)).toEqual(["a b"]);
  });
  test("escapes inside JSON strings", () => {
    expect(last('FROM a\nCMD ["\\u0041\\n"]\n').parsed.json?.map((item) => item.value)).toEqual(["A\n"]);
  });
  test("text behind the bracket makes it shell form", () => {
    const { json, brokenJson } = last('FROM a\nCMD ["b"] c\n').parsed;
    expect(json).toBeNull();
    expect(brokenJson).toBe(true);
  });
  test.each([
    ["${V#x}", "#", "x"],
    ["${V##x*}", "##", "x*"],
    ["${V%x}", "%", "x"],
    ["${V%%x}", "%%", "x"],
    ["${V/x/y}", "/", "x/y"],
    ["${V//x/y}", "//", "x/y"],
    ["${V-x}", "-", "x"],
    ["${V:-x}", ":-", "x"],
    ["${V+x}", "+", "x"],
    ["${V:+x}", ":+", "x"],
    ["${V?x}", "?", "x"],
    ["${V:?x}", ":?", "x"],
  ])("the modifier of %s", (text, modifier, operand) => {
    const variable = last(`FROM a\nWORKDIR /${text}/z\n`).parsed.words[0]?.variables[0];
    expect(variable).toMatchObject({ name: "V", modifier, operand });
  });
  test("a variable within a variable", () => {
    const variables = last("FROM a\nWORKDIR ${V:-${W:-z}}\n").parsed.words[0]?.variables;
    expect(variables?.map((v) => [v.name, v.operand, v.nested])).toEqual([
      ["V", "${W:-z}", false],
      ["W", "z", true],
    ]);
  });
  test("single quotes keep a dollar sign", () => {
    const word = last("FROM a\nENV A='$V'\n").parsed.pairs[0]?.value;
    expect(word?.variables).toEqual([]);
    expect(word?.value).toBe("$V");
  });
  test("several names in one ARG", () => {
    const { pairs } = last("ARG A B=2 C\n").parsed;
    expect(pairs.map((pair) => [pair.name, pair.value?.value])).toEqual([
      ["A", undefined],
      ["B", "2"],
      ["C", undefined],
    ]);
  });
  test("quotes and pieces of a value are joined", () => {
    expect(last("FROM a\nENV A=\"a\"b'c'\n").parsed.pairs[0]?.value?.value).toBe("abc");
  });
  test("a quoted image", () => {
    expect(buildModel('FROM "node:20"\n').stages[0]?.base.reference).toMatchObject({ path: "library/node", tag: "20" });
  });
  test("flags behind ONBUILD", () => {
    const { trigger } = last("FROM a\nONBUILD COPY --chown=1:2 b c\n").parsed;
    expect(trigger?.keyword).toBe("COPY");
    expect(trigger?.flags.map((flag) => [flag.name, flag.value?.value])).toEqual([["chown", "1:2"]]);
  });
  test("a heredoc behind ONBUILD", () => {
    expect(keywords("FROM a\nONBUILD RUN <<EOF\nUSER b\nEOF\nCMD c\n")).toEqual(["FROM", "ONBUILD", "CMD"]);
  });
  test("an indented first instruction, an empty file, a file of comments", () => {
    expect(keywords("  MAINTAINER bob")).toEqual(["MAINTAINER"]);
    expect(keywords("")).toEqual([]);
    expect(keywords("# nothing\n\n# here\n")).toEqual([]);
  });
});

describe("blocks", () => {
  test("comments and blank lines inside an instruction belong to it", () => {
    expect(texts(buildModel("FROM a\nRUN b && \\\n  # why\n\n  c\nUSER d\n"))).toEqual([
      "FROM a",
      "RUN b && \\\n  # why\n\n  c",
      "USER d",
    ]);
  });
  test("directives end at the first other line", () => {
    const { directives, escape } = scanBlocks("# syntax=docker/dockerfile:1\n# escape=`\n\n# check=skip=all\nFROM a\n");
    expect(directives.map((d) => [d.name, d.value])).toEqual([
      ["syntax", "docker/dockerfile:1"],
      ["escape", "`"],
    ]);
    expect(escape).toBe("`");
  });
  test("an unknown directive is a comment, and the search goes on", () => {
    expect(scanBlocks("# foo=bar\n# escape=`\nFROM a\n").escape).toBe("`");
  });
  test("the backtick as escape character", () => {
    const model = buildModel("# escape=`\nFROM a\nRUN dir c:\\ `\n  && echo b\nCMD c:\\x\n");
    expect(model.instructions.map((i) => i.keyword)).toEqual(["FROM", "RUN", "CMD"]);
  });
  test("a byte order mark and CRLF", () => {
    const text = "\uFEFF# escape=`\r\nFROM a `\r\n  AS b\r\nRUN <<EOF\r\nx\r\nEOF\r\nUSER c\r\n";
    const model = buildModel(text);
    expect(model.instructions.map((i) => i.keyword)).toEqual(["FROM", "RUN", "USER"]);
    expect(model.lineEnding).toBe("\r\n");
    expect(model.stages[0]?.name).toBe("b");
    expect(model.problems).toEqual([]);
  });
  test("two heredocs on a line, one with tabs, one quoted", () => {
    const [run] = buildModel("RUN <<-A cat <<'B'\n\ta\n\tA\n$b\nB\nFROM x\n").instructions;
    expect(run?.parsed.heredocs.map((h) => [h.operator.name, h.operator.chomp, h.operator.expand])).toEqual([
      ["A", true, true],
      ["B", false, false],
    ]);
    const { text, heredocs } = run?.parsed ?? { text: "", heredocs: [] };
    expect(heredocs.map((h) => text.slice(h.bodySpan.from, h.bodySpan.to))).toEqual(["\ta\n", "$b\n"]);
  });
  test("an operator that touches a word, or stands in quotes, is none", () => {
    expect(keywords("FROM a\nRUN cat<<EOF\nUSER b\n")).toEqual(["FROM", "RUN", "USER"]);
    expect(keywords('FROM a\nRUN echo "<<EOF"\nUSER b\n')).toEqual(["FROM", "RUN", "USER"]);
    expect(keywords("FROM a\nRUN cat <<< x\nUSER b\n")).toEqual(["FROM", "RUN", "USER"]);
  });
  test("an unterminated heredoc reaches to the end of the file", () => {
    expect(texts(buildModel("FROM a\nRUN <<EOF\nb\n\n"))).toEqual(["FROM a", "RUN <<EOF\nb"]);
    expect(messages("FROM a\nRUN <<EOF\nb\n")).toEqual(["The heredoc never ends: no line holds just EOF."]);
  });
  test("UTF-16 columns", () => {
    const model = buildModel('FROM a\nLABEL x="😀" y=b\n');
    const pair = model.instructions[1]?.parsed.pairs[1];
    expect(pair && model.text.slice(7 + pair.from, 7 + pair.to)).toBe("y=b");
  });
});

describe("flags and mounts", () => {
  test("flags over several lines, with comments between them", () => {
    const { parsed } = last("FROM a\nRUN --network=none \\\n # why\n --mount=type=cache,target=/x \\\n make\n");
    expect(parsed.flags.map((flag) => flag.name)).toEqual(["network", "mount"]);
    expect(parsed.body.text.slice(parsed.argumentsFrom)).toBe("make");
  });
  test("a lone pair of dashes ends the flags", () => {
    const { parsed } = last("FROM a\nRUN --network=none -- --mount=x\n");
    expect(parsed.flags.map((flag) => flag.name)).toEqual(["network"]);
  });
  test("fields of a mount, one of them quoted", () => {
    const flag = last('FROM a\nRUN --mount=type=secret,id=a,"target=/x,y",required make\n').parsed.flags[0];
    const mount = flag ? readMount(flag) : null;
    expect(mount?.type).toBe("secret");
    expect(mount?.get("dst", "target")).toBe("/x,y");
    expect(mount?.get("required")).toBe("true");
    expect(mount?.get("uid")).toBeNull();
  });
  test("a flag without a value, a flag that comes twice, a flag that is not there", () => {
    expect(messages("FROM a\nCOPY --from b c\n")).toEqual(["--from needs a value: --from=…."]);
    expect(messages("FROM a\nCOPY --from=x --from=y b c\n")).toEqual(["COPY takes --from only once."]);
    expect(messages("FROM a\nUSER --x b\n")).toEqual(["USER has no flag --x. It takes no flags."]);
    expect(messages("FROM a\nCOPY --link b c\n")).toEqual([]);
  });
});

describe("what the builder refuses", () => {
  test.each([
    ["FROM a\nENV A\n", "ENV A has no value: write A=…."],
    ["FROM a\nENV A=b c\n", '"c" has no equals sign: ENV takes name=value, and a value with blanks needs quotes.'],
    ["FROM a b\n", "FROM takes an image, or an image, AS and a name."],
    ["FROM a AS 1x\n", '"1x" cannot name a stage: use letters, digits, "-", "_" and ".", a letter first.'],
    ["FROM a\nCOPY b\n", "COPY needs a source and a destination."],
    ["FROM a\nSHELL bash\n", 'SHELL takes a JSON list, such as SHELL ["/bin/bash", "-c"].'],
    ["FROM a\nHEALTHCHECK curl x\n", "HEALTHCHECK takes CMD and a command, or NONE."],
    ["FROM a\nONBUILD FROM b\n", "ONBUILD cannot hold FROM."],
    ["FROM a\nUSER\n", "USER needs an argument."],
    ["RUN x\nFROM a\n", "RUN stands before the first FROM, where only ARG may stand."],
    ["# escape=x\nFROM a\n", "The escape directive takes a backslash or a backtick."],
  ])("%j", (text, message) => {
    expect(messages(text)).toContain(message);
  });
  test.each([
    "FROM a\nENV A b c\n",
    "FROM a\nENTRYPOINT []\n",
    "FROM a\nRUN [\n",
    "FROM a\nVOLUME /x /y\n",
    "from a as b\n",
  ])("%j is fine", (text) => {
    expect(messages(text)).toEqual([]);
  });
});

test("only the block that changed is parsed", () => {
  const cache = createInstructionCache();
  const text = `FROM a\n${Array.from({ length: 50 }, (_, i) => `RUN echo ${i}\n`).join("")}`;
  buildModel(text, { cache });
  expect(cache.parsed).toBe(51);
  buildModel(text.replace("echo 7\n", "echo 7x\n"), { cache });
  expect(cache.parsed).toBe(52);
  buildModel(`# note\n\n${text}`, { cache });
  expect(cache.parsed).toBe(52);
});
