/** What a Dockerfile means. */
import { describe, expect, test } from "vitest";
import { buildModel, type ModelOptions } from "../../server/src/core/model/build";
import { scriptsOf } from "../../server/src/core/model/scripts";
import type { Model } from "../../server/src/core/model/types";

const bases = (text: string, options?: ModelOptions): (string | null)[] =>
  buildModel(text, options).stages.map((stage) => stage.base.resolved);
const valueAtEnd = (text: string, name: string): string | null | undefined =>
  buildModel(text).finalStage?.scope.lookup(name, 1000)?.value;

describe("bases", () => {
  test.each([
    ["ARG V=20\nFROM node:$V\n", "node:20"],
    ["ARG V=20\nFROM node:${V}-slim\n", "node:20-slim"],
    ["FROM node:${V:-22}\n", "node:22"],
    ["ARG V\nFROM node:${V:-22}\n", "node:22"],
    ["ARG V=\nFROM node:${V:-22}\n", "node:22"],
    ["ARG V=1\nFROM node:${V:+24}\n", "node:24"],
    ["ARG A=node\nARG B=$A:20\nFROM $B\n", "node:20"],
    ["ARG REGISTRY=\nFROM ${REGISTRY}node:20\n", "node:20"],
    ["ARG V=v1.2.3\nFROM app:${V#v}\n", "app:1.2.3"],
    ["ARG V=1.2.3\nFROM app:${V%.*}\n", "app:1.2"],
    ["ARG V=1.2.3\nFROM app:${V//./-}\n", "app:1-2-3"],
    ['ARG A="x" B=y\nFROM $A:$B\n', "x:y"],
  ])("%j", (text, expected) => {
    expect(bases(text)).toEqual([expected]);
  });
  test.each([
    "ARG V\nFROM node:$V\n",
    "FROM node:$V\n",
    "FROM app:$TARGETARCH\n",
    "ARG V=$W\nFROM node:$V\n",
    "ARG V=${a:b}\nFROM node:$V\n",
  ])("%j is unknown", (text) => {
    expect(bases(text)).toEqual([null]);
  });
  test("a build argument wins over the default", () => {
    expect(bases("ARG V=20\nFROM node:$V\n", { buildArgs: new Map([["V", "24"]]) })).toEqual(["node:24"]);
    expect(bases("ARG V\nFROM node:$V\n", { buildArgs: new Map([["V", "24"]]) })).toEqual(["node:24"]);
  });
  test("a stage, in any case, also behind a variable", () => {
    const model = buildModel("ARG KIND=dev\nFROM a AS Base_dev\nFROM base_${KIND}\nFROM scratch\n");
    expect(model.stages[1]?.base.stage?.index).toBe(0);
    expect(model.stages[2]?.base.scratch).toBe(true);
  });
  test("a stage cannot stand on itself or on a later one", () => {
    const model = buildModel("FROM b AS a\nFROM x AS b\n");
    expect(model.stages[0]?.base.stage).toBeNull();
    expect(model.stages[0]?.base.reference?.path).toBe("library/b");
  });
});

describe("ARG and ENV", () => {
  test("values see what stood before their instruction", () => {
    expect(valueAtEnd("FROM a\nENV A=1\nENV A=2 B=$A\n", "B")).toBe("1");
  });
  test("ENV beats ARG in either order", () => {
    expect(valueAtEnd("FROM a\nENV A=env\nARG A=arg\n", "A")).toBe("env");
    expect(valueAtEnd("FROM a\nARG A=arg\nENV A=env\n", "A")).toBe("env");
  });
  test("a global ARG is seen where it is repeated, and only there", () => {
    expect(valueAtEnd("ARG A=1\nFROM a\nARG A\n", "A")).toBe("1");
    expect(valueAtEnd("ARG A=1\nFROM a\n", "A")).toBeUndefined();
  });
  test("names are inherited through FROM stage", () => {
    expect(valueAtEnd("FROM a AS b\nENV A=1\nFROM b\n", "A")).toBe("1");
    expect(valueAtEnd("FROM a AS b\nENV A=1\nFROM c\n", "A")).toBeUndefined();
  });
  test("doubling values stay small", () => {
    const lines = Array.from({ length: 60 }, (_, i) => `ENV A=$A$A I=${i}\n`).join("");
    expect(valueAtEnd(`FROM a\nENV A=xx\n${lines}`, "A")).toBeNull();
  });
});

describe("user, shell and working folder", () => {
  const final = (text: string) => buildModel(text).finalStage;
  test("the user comes down the chain of stages", () => {
    expect(final("FROM a AS b\nUSER c:d\nFROM b\n")?.userAtEnd).toMatchObject({ kind: "set", name: "c", group: "d" });
    expect(final("FROM a\nARG U=7\nUSER $U\n")?.userAtEnd).toMatchObject({ kind: "set", name: "7", group: null });
    expect(final("FROM a\nARG U\nUSER $U\n")?.userAtEnd.kind).toBe("unknown");
    expect(final("FROM a\n")?.userAtEnd.kind).toBe("base");
    expect(final("FROM a\nUSER node # app\n")?.userAtEnd).toMatchObject({ name: "node # app" });
  });
  test("the working folder", () => {
    expect(final("FROM a\nWORKDIR /a/b\nWORKDIR ../c\n")?.workdirAtEnd).toBe("/a/c");
    expect(final("FROM a\nWORKDIR b\n")?.workdirAtEnd).toBeNull();
    expect(final("FROM scratch\nWORKDIR b\n")?.workdirAtEnd).toBe("/b");
  });
  test.each([
    ['FROM a\nSHELL ["/bin/bash", "-c"]\n', "posix"],
    ['FROM a\nSHELL ["pwsh", "-Command"]\n', "powershell"],
    ["FROM mcr.microsoft.com/windows/servercore:ltsc2022\n", "cmd"],
    ["FROM python:3.13-windowsservercore\n", "cmd"],
    ["# hadolint shell=powershell\nFROM a\n", "powershell"],
    ['FROM a AS b\nSHELL ["cmd", "/S"]\nFROM b\n', "cmd"],
  ])("the shell of %j", (text, kind) => {
    expect(final(text)?.shellAtEnd.kind).toBe(kind);
  });
});

describe("what ships", () => {
  const flags = (model: Model): [boolean, boolean][] => model.stages.map((s) => [s.reachesFinal, s.ships]);
  const text =
    "FROM a AS one\nFROM b AS two\nCOPY --from=one /x /x\nFROM c AS dead\nFROM two\nRUN --mount=from=0,target=/m x\n";
  test("the last stage, its parents, and what they copy from", () => {
    expect(flags(buildModel(text))).toEqual([
      [true, false],
      [true, true],
      [false, false],
      [true, true],
    ]);
  });
  test("another target", () => {
    expect(flags(buildModel(text, { target: "ONE" }))).toEqual([
      [true, true],
      [false, false],
      [false, false],
      [false, false],
    ]);
    expect(buildModel(text, { target: "nowhere" }).finalStage?.index).toBe(3);
  });
  test("copying from an image", () => {
    const use = buildModel("FROM a\nCOPY --from=ghcr.io/o/uv:1 /uv /bin/\n").finalStage?.copiesFrom[0];
    expect(use?.stage).toBeNull();
    expect(use?.reference?.registry).toBe("ghcr.io");
  });
});

describe("comments that silence", () => {
  const read = (text: string): unknown[] =>
    buildModel(text).suppressions.map((s) => [s.dialect, s.ids.map((id) => id.text), s.reach, s.reason]);
  test.each([
    ["# plimsoll ignore=a-b,c-d -- why not\nFROM a\n", ["plimsoll", ["a-b", "c-d"], "instruction", "why not"]],
    ["FROM a\n# plimsoll ignore-file=a-b\n", ["plimsoll", ["a-b"], "file", null]],
    ["# hadolint ignore=DL3006,DL3007\nFROM a\n", ["hadolint", ["DL3006", "DL3007"], "instruction", null]],
    ["# hadolint global ignore=DL3006\nFROM a\n", ["hadolint", ["DL3006"], "file", null]],
    ["# hadolint stage ignore=DL3006\nFROM a\n", ["hadolint", ["DL3006"], "stage", null]],
    ["# check=skip=A,B;error=true\nFROM a\n", ["buildkit", ["A", "B"], "file", null]],
    ["FROM a\n# check=skip=A // because\nRUN b\n", ["buildkit", ["A"], "instruction", "because"]],
    ["#trivy:ignore:DS-0001\nFROM a\n", ["trivy", ["DS-0001"], "instruction", null]],
    ["FROM a\n#checkov:skip=CKV_DOCKER_3: no\n", ["checkov", ["CKV_DOCKER_3"], "file", "no"]],
    ["FROM a\n# kics-scan ignore-line\nRUN b\n", ["kics", ["all"], "instruction", null]],
    ["# kics-scan disable=x,y\nFROM a\n", ["kics", ["x", "y"], "file", null]],
    ["# tally ignore=hadolint/DL3006;reason=old\nFROM a\n", ["tally", ["hadolint/DL3006"], "instruction", "old"]],
    ["# tally global ignore=a\nFROM a\n", ["tally", ["a"], "file", null]],
    ["# dockerfile-utils: ignore\nFROM a\n", ["dockerfile-utils", ["all"], "instruction", null]],
  ])("%j", (text, expected) => {
    expect(read(text)).toEqual([expected]);
  });
  test("ids have exact places, also next to a word that looks like them", () => {
    const model = buildModel("# hadolint ignore=ignore,DL3006\nFROM a\n");
    const ids = model.suppressions[0]?.ids ?? [];
    expect(ids.map((id) => model.text.slice(id.span.start, id.span.end))).toEqual(["ignore", "DL3006"]);
    expect(ids[1]?.span.start).toBe(25);
  });
  test("blank lines may follow, and a comment may stand inside", () => {
    const covers = (text: string): string[] => {
      const model = buildModel(text);
      return model.suppressions.map((s) => model.text.slice(s.covers.start, s.covers.end));
    };
    expect(covers("FROM a\n# plimsoll ignore=x-y\n\n# more\nRUN b\n")).toEqual(["RUN b"]);
    expect(covers("FROM a\nRUN b \\\n  # plimsoll ignore=x-y\n  c\n")).toEqual([
      "RUN b \\\n  # plimsoll ignore=x-y\n  c",
    ]);
    expect(covers("FROM a\n# plimsoll ignore=x-y\n")).toEqual([]);
  });
});

describe("scripts", () => {
  const commands = (text: string): (string | null)[][] => {
    const model = buildModel(text);
    return model.instructions.flatMap(scriptsOf).map((script) =>
      script.commands.map((command) => {
        const [first] = command.words;
        const span = first && script.locate(first.from, first.to);
        return span ? model.text.slice(span.start, span.end) : null;
      }),
    );
  };
  test.each([
    ["FROM a\nRUN --mount=type=cache,target=/x apk add a \\\n # c\n && make\n", [["apk", "make"]]],
    ["FROM a\nRUN <<EOF\nmake\n  ninja\nEOF\n", [["make", "ninja"]]],
    ["FROM a\nRUN <<-EOF\n\tmake\n\tEOF\n", [["make"]]],
    ["FROM a\r\nRUN <<EOF\r\nmake\r\nninja\r\nEOF\r\n", [["make", "ninja"]]],
    ["FROM a\nRUN bash -e <<EOF\nmake\nEOF\n", [["bash"], ["make"]]],
    ["FROM a\nRUN python3 <<EOF\nimport os\nEOF\n", [["python3"]]],
    ["FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nimport os\nEOF\n", []],
    ['FROM a\nRUN ["make"]\n', []],
    ["FROM a\nHEALTHCHECK --interval=1s CMD curl x || exit 1\n", [["curl", "exit"]]],
    ['FROM a\nSHELL ["pwsh"]\nRUN Get-Item x\n', []],
    ["FROM a\nCMD node server.js\n", [["node"]]],
  ])("%j", (text, expected) => {
    expect(commands(text)).toEqual(expected);
  });
});

describe("templates", () => {
  test.each([
    ["FROM {{ base }}\nRUN x\n", true],
    ["{% if x %}\nFROM a\n{% endif %}\n", true],
    ["{{\n  let x\n}}\nFROM a\n", true],
    ["FROM a\nRUN echo {{ \\\n  b\nRUN echo }}\n", false],
    ["FROM @BASE@\n", true],
    ["FROM a\nRUN docker ps --format '{{.ID}}'\n", false],
    ["FROM a\nMAINTAINER a@b.example\n", false],
  ])("%j", (text, expected) => {
    expect(buildModel(text).isTemplate).toBe(expected);
  });
});
