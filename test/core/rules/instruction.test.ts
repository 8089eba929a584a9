/** The rules about instructions beyond their examples: other line ends and escapes, one fault one finding, ONBUILD. */
import { describe, expect, it } from "vitest";
import { instructionRules } from "../../../server/src/core/rules/instruction/index";
import { benchOf } from "./setup";

const { expectMarks, fixed, mended, reports } = benchOf(instructionRules);
const ids = (text: string, rules: readonly string[]) => reports(text, rules).map((report) => report.rule.id);

describe("one fault is one finding", () => {
  const all = instructionRules.map((rule) => rule.id);

  it.each([
    ["COPY --form=a b c", "unknown-flag"],
    ["COPY --chown=1 --chown=1 b c", "duplicate-flag"],
    ["COPY --link=maybe b c", "invalid-flag-value"],
    ["COPY --chown b c", "invalid-flag-value"],
    ["COPY a", "missing-argument"],
    ["HEALTHCHECK NONE now", "extra-argument"],
    ["ENV A=b c", "key-value-syntax"],
    ["ENV A=1 # one", "trailing-comment-in-argument"],
    ["ONBUILD FROM a", "onbuild-forbidden-trigger"],
    ["ONBUILD COPPY a b", "onbuild-unknown-trigger"],
    ["COPPY a b", "unknown-instruction"],
    ["RUN <<EOF\necho", "syntax-error"],
  ])("%s: %s", (line, rule) => expect(ids(`FROM alpine:3.24\n${line}\n`, all)).toEqual([rule]));

  it("says a finer fault as a fault of syntax where the finer rule is off", () => {
    expect(ids("FROM alpine:3.24\nCOPY --form=a b c\n", ["syntax-error"])).toEqual(["syntax-error"]);
  });

  it("takes an undeclared ARG for one thing, not two", () => {
    const text = "ARG V=1\nFROM alpine:3.24\nCOPY a /opt/$V/\n";
    expect(ids(text, ["arg-out-of-scope", "undefined-variable"])).toEqual(["arg-out-of-scope"]);
    expect(ids(text, ["undefined-variable"])).toEqual(["undefined-variable"]);
  });

  it("names the peer's id for the instruction at hand", () => {
    const peers = (line: string) =>
      reports(`FROM alpine:3.24\n${line}\n`, ["unknown-flag"])[0]?.aliases["dockerfile-utils"];
    expect(peers("COPY --x=1 a b")).toEqual(["UNKNOWN_COPY_FLAG"]);
    expect(peers("ADD --x=1 a b")).toEqual(["UNKNOWN_ADD_FLAG"]);
    expect(peers("RUN --x=1 a")).toBeUndefined();
  });
});

describe("the user's line ends, escapes and indents stay", () => {
  it("in Windows files", () => {
    expect(fixed("FROM a:1\r\nRUN a \\\r\n\r\n  b\r\n", ["empty-continuation-line"])).toBe(
      "FROM a:1\r\nRUN a \\\r\n  b\r\n",
    );
    expect(fixed("FROM node:26\r\nUSER node # me\r\n", ["trailing-comment-in-argument"])).toBe(
      "FROM node:26\r\n# me\r\nUSER node\r\n",
    );
    expect(fixed("FROM alpine:3.24\r\nENV A=1 B=$A\r\n", ["env-self-reference"])).toBe(
      "FROM alpine:3.24\r\nENV A=1\r\nENV B=$A\r\n",
    );
    expect(fixed("ARG V=1\r\nFROM alpine:3.24\r\nRUN echo $V\r\n", ["arg-out-of-scope"])).toBe(
      "ARG V=1\r\nFROM alpine:3.24\r\nARG V\r\nRUN echo $V\r\n",
    );
    expect(fixed("# escape=`\r\n# escape=`\r\nFROM a:1\r\n", ["duplicate-directive"])).toBe(
      "# escape=`\r\nFROM a:1\r\n",
    );
  });

  it("with a backtick as the escape character", () => {
    expect(fixed("# escape=`\nFROM a:1\nRUN a `\n\n  b\n", ["empty-continuation-line"])).toBe(
      "# escape=`\nFROM a:1\nRUN a `\n  b\n",
    );
    expectMarks("# escape=`\nFROM alpine:3.24\nENV A=1 B=`$A\n", ["env-self-reference"]);
  });

  it("in lower case", () => {
    expect(fixed("arg V=1\nfrom alpine:3.24\nrun echo $V\n", ["arg-out-of-scope"])).toBe(
      "arg V=1\nfrom alpine:3.24\narg V\nrun echo $V\n",
    );
    expect(fixed("from alpine:3.24\n  env A=1 B=$A\n", ["env-self-reference"])).toBe(
      "from alpine:3.24\n  env A=1\n  env B=$A\n",
    );
  });

  it("at the end of a file without a line end", () => {
    expect(fixed("FROM alpine:3.24\nARG X", ["unused-arg"])).toBe("FROM alpine:3.24");
    expect(fixed("FROM alpine:3.24\nEXPOSE 80 # web", ["trailing-comment-in-argument"])).toBe(
      "FROM alpine:3.24\n# web\nEXPOSE 80",
    );
  });
});

describe("arg-out-of-scope", () => {
  it("reads heredocs and the files of COPY", () => {
    expectMarks("ARG V=1\nFROM alpine:3.24\nRUN <<EOF\necho [|$V|]\nEOF\n", ["arg-out-of-scope"]);
    expectMarks("ARG V=1\nFROM alpine:3.24\nCOPY <<EOF /a\nv=[|$V|]\nEOF\n", ["arg-out-of-scope"]);
    expectMarks("ARG V=1\nFROM alpine:3.24\nCOPY <<'EOF' /a\nv=$V\nEOF\n", ["arg-out-of-scope"]);
  });

  it("leaves other shells, ONBUILD and secrets alone", () => {
    expectMarks('ARG V=1\nFROM alpine:3.24\nSHELL ["pwsh", "-c"]\nRUN echo $V\n', ["arg-out-of-scope"]);
    expectMarks("ARG V=1\nFROM alpine:3.24\nONBUILD RUN echo $V\n", ["arg-out-of-scope"]);
    expectMarks("ARG V=1\nFROM alpine:3.24\nRUN --mount=type=secret,id=v,env=V echo $V\n", ["arg-out-of-scope"]);
  });

  it("takes loops and functions for the script's own names", () => {
    expectMarks("ARG V=1\nFROM alpine:3.24\nRUN for V in 1 2; do echo $V; done\n", ["arg-out-of-scope"]);
    expectMarks("ARG V=1\nFROM alpine:3.24\nRUN read V && echo $V\n", ["arg-out-of-scope"]);
  });

  it("declares above the comments of an instruction", () => {
    expect(fixed("ARG V=1\nFROM alpine:3.24\n# why\nRUN echo $V\n", ["arg-out-of-scope"])).toBe(
      "ARG V=1\nFROM alpine:3.24\nARG V\n# why\nRUN echo $V\n",
    );
  });
});

describe("undefined-variable", () => {
  it("trusts only a single slip where the base may bring any name", () => {
    const base = "FROM registry.example.com/base:1\nARG APP_HOME=/a\n";
    expect(reports(`${base}WORKDIR $APP_HOEM\n`, ["undefined-variable"])).toHaveLength(1);
    expect(reports(`${base}WORKDIR $APP_NAME\n`, ["undefined-variable"])).toHaveLength(0);
    expect(reports(`${base}WORKDIR $APP_HOME2\n`, ["undefined-variable"])).toHaveLength(0);
  });

  it("says it once for each stage and name", () => {
    expectMarks("FROM alpine:3.24\nENV A=[|$X|] B=$X\nEXPOSE $X\nFROM alpine:3.24\nEXPOSE [|$X|]\n", [
      "undefined-variable",
    ]);
  });

  it("does not expand --from", () => {
    expectMarks("FROM alpine:3.24\nCOPY --from=$X --chown=[|$Y|] a /b\n", ["undefined-variable"]);
  });
});

describe("unused-arg", () => {
  it("lets be what any RUN of the stage or of a child may read", () => {
    expectMarks("FROM alpine:3.24 AS a\nARG X\nFROM a AS b\nFROM b\nRUN make\n", ["unused-arg"]);
    expectMarks("FROM alpine:3.24 AS a\nARG [|X|]\nFROM a AS b\nFROM alpine:3.24\nRUN make\n", ["unused-arg"]);
  });

  it("sees Windows forms of a variable", () => {
    expectMarks("FROM alpine:3.24\nARG X\nCMD echo %X%\n", ["unused-arg"]);
    expectMarks("FROM alpine:3.24\nARG X\nCMD pwsh -c $env:X\n", ["unused-arg"]);
  });

  it("deletes several at once", () => {
    expect(mended("ARG A=1\nARG B=2\nARG C=3.24\nFROM alpine:$C\n", ["unused-arg"])).toBe(
      "ARG C=3.24\nFROM alpine:$C\n",
    );
  });
});

describe("trailing-comment-in-argument", () => {
  it.each([
    "LABEL a=b c=#d\n",
    "ENV MSG see issue #1\n",
    "WORKDIR /a#b\n",
    "ENTRYPOINT run # it\n",
    'USER "a # b"\n',
    "COPY a #b /c\n",
    "ONBUILD USER a # b\n",
  ])("is silent on %j", (line) => {
    expectMarks(`FROM alpine:3.24\n${line}`, ["trailing-comment-in-argument"]);
  });
});

it("costs no more than the file is long", () => {
  const lines = Array.from({ length: 4000 }, (_, at) => `ARG A${at}=1\nENV B${at}=$A${at} C${at}=$B${at}`);
  const text = `FROM alpine:3.24\n${lines.join("\n")}\n`;
  const start = performance.now();
  expect(
    reports(
      text,
      instructionRules.map((rule) => rule.id),
    ).length,
  ).toBe(4000);
  expect(performance.now() - start).toBeLessThan(5000);
});
