/** Names of stages, platforms and registries: line ends, escape characters, variables, long files. */
import { describe, expect, it } from "vitest";
import { buildModel } from "../../../server/src/core/model/build";
import { stageReferences } from "../../../server/src/core/model/stage-references";
import { baseImageRules } from "../../../server/src/core/rules/base-image/index";
import { stageRules } from "../../../server/src/core/rules/stage/index";
import { benchOf } from "./setup";

const stage = benchOf(stageRules);
const base = benchOf(baseImageRules);

describe("references to stages", () => {
  const namesIn = (text: string) =>
    stageReferences(buildModel(text)).map(({ kind, name, stage: meant }) => [kind, name, meant?.index ?? null]);

  it("are those of FROM, COPY, ADD and mounts", () => {
    const text =
      "FROM alpine AS a\nFROM A AS b\nCOPY --from=a /x /x\nRUN --mount=type=bind,from=b,target=/y ls\nCOPY --from=1 /z /z\n";
    expect(namesIn(text)).toEqual([
      ["from", "A", 0],
      ["copy", "a", 0],
      ["mount", "b", 1],
      ["copy", "1", 1],
    ]);
  });

  it("reach stages further down, as BuildKit reads them", () => {
    expect(namesIn("FROM alpine AS a\nCOPY --from=b /x /x\nFROM alpine AS b\n")).toEqual([["copy", "b", 1]]);
  });

  it("are left out where a variable or ONBUILD holds them", () => {
    expect(namesIn("FROM alpine AS a\nFROM alpine\nCOPY --from=$A /x /x\nONBUILD COPY --from=a /x /x\n")).toEqual([]);
  });
});

describe("renaming a stage", () => {
  it("keeps CRLF and continuations", () => {
    const text = "FROM alpine:3.24 AS Build\r\nFROM alpine:3.24\r\nCOPY \\\r\n  --from=Build \\\r\n  /a /a\r\n";
    expect(stage.fixed(text, ["stage-name-casing"])).toBe(
      "FROM alpine:3.24 AS build\r\nFROM alpine:3.24\r\nCOPY \\\r\n  --from=build \\\r\n  /a /a\r\n",
    );
  });

  it("works with a backtick as escape character", () => {
    const text = "# escape=`\nFROM alpine:3.24 AS scratch\nFROM alpine:3.24\nCOPY `\n  --from=scratch `\n  /a /a\n";
    expect(stage.fixed(text, ["reserved-stage-name"])).toContain("AS scratch-stage\nFROM");
    expect(stage.fixed(text, ["reserved-stage-name"])).toContain("--from=scratch-stage `");
  });

  it("is not offered where a name is quoted or made up by a variable", () => {
    expect(
      stage.fixed('FROM alpine AS Build\nFROM alpine\nCOPY --from="Build" /a /a\n', ["stage-name-casing"]),
    ).toBeNull();
    expect(stage.fixed("ARG S=build\nFROM alpine AS Build\nFROM $S\n", ["stage-name-casing"])).toBeNull();
  });

  it("leaves numbers alone", () => {
    expect(stage.fixed("FROM alpine AS B\nFROM alpine\nCOPY --from=0 /a /a\n", ["stage-name-casing"])).toBe(
      "FROM alpine AS b\nFROM alpine\nCOPY --from=0 /a /a\n",
    );
  });
});

describe("unreachable-stage", () => {
  it("offers no removal where later stages are named by number", () => {
    const text = "FROM node:24\nFROM golang:1.27\nFROM alpine:3.24\nCOPY --from=1 /app /app\n";
    expect(stage.fixed(text, ["unreachable-stage"])).toBeNull();
  });

  it("removes the comments above the stage with it, in CRLF too", () => {
    const text = "# tools\r\nFROM node:24\r\nRUN npm ci\r\n\r\n# the image\r\nFROM alpine:3.24\r\n";
    expect(stage.fixed(text, ["unreachable-stage"])).toBe("# the image\r\nFROM alpine:3.24\r\n");
  });

  it("counts what a stage with a name uses", () => {
    stage.expectMarks("FROM node:24\nFROM alpine AS test\nCOPY --from=0 /a /a\nFROM alpine\n", ["unreachable-stage"]);
  });
});

describe("stage-cycle", () => {
  it("is told once for a knot of stages", () => {
    const text =
      "FROM alpine AS a\nCOPY [|--from=b|] /x /x\nCOPY --from=c /x /x\nFROM alpine AS b\nCOPY --from=c /x /x\nFROM alpine AS c\nCOPY --from=a /x /x\n";
    stage.expectMarks(text, ["stage-cycle"]);
  });

  it("bears a very long chain", () => {
    const count = 5_000;
    const lines = Array.from(
      { length: count },
      (_, at) => `FROM alpine AS s${at}\nCOPY --from=s${(at + 1) % count} /a /a`,
    );
    expect(stage.reports(lines.join("\n"), ["stage-cycle"])).toHaveLength(1);
  });
});

describe("run-in-scratch", () => {
  it("is silent for Windows shells and ONBUILD", () => {
    stage.expectMarks('FROM scratch\nSHELL ["cmd", "/S", "/C"]\nRUN dir\n', ["run-in-scratch"]);
    stage.expectMarks("FROM scratch\nONBUILD RUN ls\n", ["run-in-scratch"]);
  });

  it("is silent behind a folder copied to the root", () => {
    stage.expectMarks("FROM scratch\nCOPY rootfs /\nRUN ls\n", ["run-in-scratch"]);
    stage.expectMarks('FROM scratch\nCOPY ["busybox", "/bin/sh"]\nRUN ls\n', ["run-in-scratch"]);
  });
});

describe("libc-mismatch-across-stages", () => {
  const id = ["libc-mismatch-across-stages"];
  const rust = (build: string, run: string, more = "") =>
    `FROM ${build} AS build\nWORKDIR /src\n${more}RUN cargo build --release\nFROM ${run}\nCOPY --from=build /src/target/release/app /app\n`;

  it("is silent where the file may link statically", () => {
    expect(stage.reports(rust("rust:1", "alpine:3.24"), id)).toHaveLength(1);
    expect(stage.reports(rust("rust:1-alpine", "debian:13"), id)).toEqual([]);
    expect(stage.reports(rust("rust:1", "alpine:3.24", "ENV RUSTFLAGS=-Ctarget-feature=+crt-static\n"), id)).toEqual(
      [],
    );
    expect(stage.reports(rust("rust:1", "alpine:3.24", "COPY .cargo .cargo\n"), id)).toEqual([]);
    expect(stage.reports(rust("rust:1", "alpine:3.24", "RUN . /root/.cargo/env\n"), id)).toHaveLength(1);
    const files = { ".cargo/config.toml": '[build]\ntarget = "x86_64-unknown-linux-musl"\n' };
    expect(stage.reports(rust("rust:1", "alpine:3.24"), id, { files })).toEqual([]);
  });

  it("is silent for images that nobody knows", () => {
    expect(stage.reports(rust("example.com/rust:1", "alpine:3.24"), id)).toEqual([]);
    expect(stage.reports(rust("rust:1", "example.com/run:1"), id)).toEqual([]);
  });

  it("offers no other base where the stage runs commands of its own", () => {
    const text = `${rust("rust:1", "alpine:3.24")}RUN apk add curl\n`;
    expect(stage.fixed(text, id)).toBeNull();
  });

  it("is silent where Go compiles for another machine", () => {
    const go = (build: string) =>
      `FROM golang:1.27 AS build\nARG TARGETARCH\nRUN ${build}\nFROM alpine:3.24\nCOPY --from=build /app /app\nEXPOSE 80\n`;
    expect(stage.reports(go("go build -o /app ."), id)).toHaveLength(1);
    expect(stage.reports(go("GOARCH=$TARGETARCH go build -o /app ."), id)).toEqual([]);
    expect(stage.reports(go("GOOS=windows go build -o /app ."), id)).toEqual([]);
    expect(stage.reports(go("export CGO_ENABLED=0 && go build -o /app ."), id)).toEqual([]);
  });
});

describe("stage-version-skew", () => {
  const id = ["stage-version-skew"];
  it("moves the ARG where the version lives there", () => {
    const text =
      "ARG BUILDER=python:3.13\nFROM $BUILDER AS b\nRUN pip install --prefix=/install x\nFROM python:3.14-slim\nCOPY --from=b /install /usr/local\n";
    expect(stage.fixed(text, id)).toContain("ARG BUILDER=python:3.14\n");
  });

  it("is silent for stages that the image does not need", () => {
    const text =
      "FROM python:3.13 AS b\nFROM python:3.14 AS test\nCOPY --from=b /install /usr/local\nFROM alpine:3.24\n";
    expect(stage.reports(text, id)).toEqual([]);
  });
});

describe("platforms of FROM", () => {
  it("are taken out with CRLF and other flags kept", () => {
    expect(base.fixed("FROM --platform=$TARGETPLATFORM   alpine:3.24\r\n", ["redundant-target-platform"])).toBe(
      "FROM alpine:3.24\r\n",
    );
  });

  it("are left where a continuation stands behind them", () => {
    expect(base.fixed("FROM --platform=$TARGETPLATFORM \\\n  alpine:3.24\n", ["redundant-target-platform"])).toBeNull();
  });
});

describe("empty-default-arg-in-from", () => {
  const id = ["empty-default-arg-in-from"];
  it("heeds names that are valid when empty, nested defaults and digests", () => {
    base.expectMarks("ARG A\nFROM ${A:+x/}alpine:3.24\n", id);
    base.expectMarks("ARG A\nARG B\nFROM ${A:-${B:-alpine}}:3.24\n", id);
    base.expectMarks("ARG IMAGE\nARG DIGEST\nFROM [|${IMAGE}@${DIGEST}|]\n", id);
  });

  it("takes a stage's name for valid", () => {
    base.expectMarks("ARG KIND\nFROM alpine AS base-\nFROM base-$KIND\n", id);
  });
});

describe("repeated-base-version", () => {
  const id = ["repeated-base-version"];
  it("puts the ARG below directives and above comments, in the file's line ends", () => {
    const text = "# syntax=docker/dockerfile:1\r\n\r\n# build\r\nFROM node:24 AS a\r\nFROM node:24\r\n";
    expect(base.fixed(text, id)).toBe(
      "# syntax=docker/dockerfile:1\r\n\r\nARG NODE_VERSION=24\r\n# build\r\nFROM node:${NODE_VERSION} AS a\r\nFROM node:${NODE_VERSION}\r\n",
    );
  });

  it("offers nothing where the name is taken, and keeps a v before the number", () => {
    expect(base.fixed("FROM node:24 AS a\nENV NODE_VERSION=1\nFROM node:24\n", id)).toBeNull();
    expect(base.fixed("FROM x/traefik:v3.1 AS a\nFROM x/traefik:v3.1\n", id)).toContain(
      "traefik:v${TRAEFIK_VERSION}\n",
    );
  });
});

describe("untrusted-registry", () => {
  const id = ["untrusted-registry"];
  const told = (from: string, ...allowed: string[]) =>
    base.reports(`FROM ${from}\n`, id, { options: { allowed } }).length === 1;

  it("knows the names of Docker Hub", () => {
    expect(told("alpine", "docker.io")).toBe(false);
    expect(told("alpine", "hub.docker.com")).toBe(false);
    expect(told("docker.io/library/alpine", "docker.io/library")).toBe(false);
    expect(told("team/app", "docker.io/library")).toBe(true);
  });

  it("compares whole names", () => {
    expect(told("evil-ghcr.io/a/b", "ghcr.io")).toBe(true);
    expect(told("ghcr.io/team2/b", "ghcr.io/team")).toBe(true);
    expect(told("ghcr.io/team/b", "ghcr.io/team")).toBe(false);
    expect(told("a.example.com/b", "*.example.com")).toBe(false);
    expect(told("example.com/b", "*")).toBe(false);
  });

  it("says nothing of a registry that a variable holds", () => {
    base.expectMarks("ARG R\nFROM $R/app\n", id, { options: { allowed: ["docker.io"] } });
  });
});
