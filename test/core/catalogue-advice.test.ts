/** Which tags are proposed, and which are not. Texts here are `repository:tag`, in order. */
import { describe, expect, test } from "vitest";
import { endOfLife, pins, smaller, successors } from "../../server/src/core/catalogue/advice";
import { bundledCatalogue } from "../../server/src/core/catalogue/catalogue";
import { exampleCatalogue } from "../../server/src/core/catalogue/examples";
import type { ImageFacts, TagAdvice } from "../../server/src/core/catalogue/types";
import { type ImageReference, parseReference } from "../../server/src/core/image/reference";

const catalogue = bundledCatalogue();
const today = "2026-08-22";

function reference(text: string): ImageReference {
  const parsed = parseReference(text);
  if (parsed === null) throw new Error(`${text} is no reference`);
  return parsed;
}

function image(text: string): ImageFacts {
  const facts = catalogue.image(reference(text));
  if (facts === null) throw new Error(`${text} is not known`);
  return facts;
}

const texts = (advice: readonly TagAdvice[]): string =>
  advice.map(({ repository, tag }) => `${repository}:${tag}`).join(" ");

describe("pins", () => {
  test.each([
    ["node", "node:26 node:24 node:26-slim"],
    ["node:latest", "node:26 node:24 node:26-slim"],
    ["node:lts-alpine", "node:24-alpine"],
    ["node:slim", "node:26-slim node:24-slim"],
    ["docker.io/library/python", "docker.io/library/python:3.14 docker.io/library/python:3.14-slim"],
    ["alpine", "alpine:3.24"],
    ["ubuntu", "ubuntu:26.04"],
    ["debian", "debian:13 debian:13-slim"],
    ["debian:stable-slim", "debian:13-slim"],
    ["golang", "golang:1.27"],
    ["golang:alpine", "golang:1.27-alpine"],
    ["postgres", "postgres:18"],
    ["mysql", "mysql:26.7 mysql:9.7"],
    ["nginx:stable", "nginx:1.30"],
    ["gradle:jdk25", "gradle:9-jdk25"],
    ["eclipse-temurin", "eclipse-temurin:25 eclipse-temurin:25-jre"],
    ["mongo", "mongo:8.3"],
    ["elasticsearch", "elasticsearch:9.5.2"],
    ["buildpack-deps:stable", "buildpack-deps:trixie"],
    ["mcr.microsoft.com/dotnet/sdk", "mcr.microsoft.com/dotnet/sdk:10.0"],
  ])("%s", (text, expected) => {
    expect(texts(pins(catalogue, reference(text), today))).toBe(expected);
  });

  test.each([
    "node:24",
    "node:26.7.0-trixie",
    "debian:bookworm",
    "debian:trixie-slim",
    "buildpack-deps:jammy",
    "clojure:temurin-21-tools-deps-1.12.5.1664-noble",
    "quay.io/centos/centos:stream9",
    "openjdk",
    "example.com/node",
    "grafana/grafana",
    `node@sha256:${"a".repeat(64)}`,
  ])("nothing for %s", (text) => {
    expect(pins(catalogue, reference(text), today)).toEqual([]);
  });

  test("a line becomes long-term on its day", () => {
    expect(texts(pins(catalogue, reference("node"), "2026-10-28"))).toBe("node:26 node:26-slim");
  });

  test("the frozen catalogue of the examples says the same", () => {
    expect(texts(pins(exampleCatalogue(), reference("node"), today))).toBe("node:26 node:24 node:26-slim");
  });
});

describe("smaller", () => {
  test.each([
    ["node:24", "node:24-slim node:24-alpine"],
    ["node:24-bookworm", "node:24-bookworm-slim node:24-alpine3.24"],
    ["python:3.14", "python:3.14-slim python:3.14-alpine"],
    ["golang:1.27", "golang:1.27-alpine"],
    ["rust:1", "rust:1-slim"],
    ["debian:bookworm", "debian:bookworm-slim"],
    ["debian:trixie-20260803", "debian:trixie-20260803-slim"],
    ["almalinux:9", "almalinux:9-minimal"],
    ["nginx:1.31", "nginx:1.31-alpine"],
    ["nginx:1.31-alpine", "nginx:1.31-alpine-slim"],
    ["eclipse-temurin:25", "eclipse-temurin:25-jre eclipse-temurin:25-jre-alpine"],
    ["eclipse-temurin:21-jdk-jammy", "eclipse-temurin:21-jre-jammy eclipse-temurin:21-jre-alpine-3.24"],
    [
      "mcr.microsoft.com/dotnet/aspnet:10.0",
      "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled mcr.microsoft.com/dotnet/aspnet:10.0-alpine",
    ],
  ])("%s", (text, expected) => {
    expect(texts(smaller(catalogue, reference(text)))).toBe(expected);
  });

  test.each([
    ["alpine is bigger", "rust:1-slim"],
    ["nothing smaller is known", "redis:8"],
    ["the tag is not live", "node:18"],
    ["no version was chosen yet", "node"],
    ["there is nothing to leave out", "alpine:3.24"],
    ["nothing is known", "example.com/node:24"],
    ["it is pinned by digest", `node:24@sha256:${"a".repeat(64)}`],
  ])("nothing where %s: %s", (_, text) => {
    expect(smaller(catalogue, reference(text))).toEqual([]);
  });

  test("warns of musl where the library changes, and only there", () => {
    const [slim, alpine] = smaller(catalogue, reference("node:24"));
    expect(slim?.consequence).not.toMatch(/musl/);
    expect(alpine?.consequence).toMatch(/musl/);
    expect(slim?.saves).toBe(408949206 - 80451137);
    expect(smaller(catalogue, reference("nginx:1.31-alpine"))[0]?.consequence).not.toMatch(/musl/);
  });
});

describe("successors", () => {
  test.each([
    ["node:18", "node:24"],
    ["node:18-alpine", "node:24-alpine"],
    ["node:18-bullseye-slim", "node:24-bookworm-slim"],
    ["node:14.17.0-buster", "node:24.19.0-bookworm"],
    ["golang:1.22", "golang:1.26 golang:1.27"],
    ["golang:1.22-alpine3.19", "golang:1.26-alpine3.23 golang:1.27-alpine3.23"],
    ["ubuntu:18.04", "ubuntu:24.04 ubuntu:26.04"],
    ["ubuntu:bionic", "ubuntu:noble ubuntu:resolute"],
    ["alpine:3.12", "alpine:3.23 alpine:3.24"],
    ["php:7.4-apache", "php:8.3-apache php:8.5-apache"],
    ["mysql:5.7", "mysql:8.4 mysql:9.7"],
    ["debian:9-slim", "debian:12-slim debian:13-slim"],
    ["maven:3.6-jdk-8", "maven:3.9-eclipse-temurin-8"],
    ["maven:3.8-openjdk-11-slim", "maven:3.9-eclipse-temurin-11"],
    ["tomcat:9-jdk11-openjdk", "tomcat:9.0-jdk11-temurin"],
    ["quay.io/centos/centos:stream8", "quay.io/centos/centos:stream10"],
    [
      "mcr.microsoft.com/dotnet/aspnet:8.0-windowsservercore-ltsc2022",
      "mcr.microsoft.com/dotnet/aspnet:10.0-windowsservercore-ltsc2022",
    ],
    ["mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled", "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled"],
    ["public.ecr.aws/docker/library/node:18", "public.ecr.aws/docker/library/node:24"],
  ])("%s", (text, expected) => {
    expect(texts(successors(catalogue, reference(text), today))).toBe(expected);
  });

  test("only the system ended: the version stays", () => {
    expect(texts(successors(catalogue, reference("python:3.11-slim-buster"), today))).toBe("python:3.11-slim-bookworm");
    expect(texts(successors(catalogue, reference("eclipse-temurin:17-jre-focal"), today))).toBe(
      "eclipse-temurin:17-jre-noble",
    );
  });

  test("a deprecated repository: the same line and variant of its successors", () => {
    const of = (text: string): string => texts(successors(catalogue, reference(text), today));
    expect(of("openjdk:11-jre-slim")).toBe("eclipse-temurin:11-jre amazoncorretto:11");
    expect(of("openjdk:8-jdk-alpine")).toMatch(/^eclipse-temurin:8-jdk-alpine amazoncorretto:8-alpine/);
    expect(of("openjdk:16")).toMatch(/^eclipse-temurin:17 /);
    expect(of("openjdk")).toMatch(/^eclipse-temurin:25 /);
    expect(of("rockylinux:9")).toBe("rockylinux/rockylinux:9");
    expect(of("jenkins")).toBe("jenkins/jenkins:lts");
    expect(of("mcr.microsoft.com/dotnet/core/sdk:3.1")).toBe("mcr.microsoft.com/dotnet/sdk:10.0");
    expect(of("gcr.io/distroless/java17-debian11:debug")).toBe("gcr.io/distroless/java17-debian13:debug");
  });

  test("nothing for what is supported, unknown, or moves by itself", () => {
    for (const text of [
      "node:24",
      "node",
      "example.com/node:18",
      "redis:7-alpine",
      "nextcloud",
      "swift:6.0-amazonlinux2",
    ]) {
      expect(successors(catalogue, reference(text), today)).toEqual([]);
    }
  });
});

describe("which end to report", () => {
  const end = (text: string, day = today): string | null => {
    const found = endOfLife(image(text), day);
    return found && `${found.kind}: ${found.end.subject}`;
  };

  test("the product's before the system's, what has passed before what is near", () => {
    expect(end("python:3.8-slim-buster")).toBe("ended: Python 3.8");
    expect(end("python:3.11-slim-buster")).toBe("ended: Debian 10 (buster)");
    expect(end("node:26-bullseye")).toBe("soon: Debian 11 (bullseye)");
    expect(end("debian:bullseye-slim")).toBe("soon: Debian 11 (bullseye)");
    expect(end("debian:bookworm")).toBeNull();
    expect(end("node:24")).toBeNull();
  });

  test("the last day is still supported", () => {
    expect(end("debian:bullseye", "2026-08-31")).toBe("soon: Debian 11 (bullseye)");
    expect(end("debian:bullseye", "2026-09-01")).toBe("ended: Debian 11 (bullseye)");
    expect(end("node:24", "2028-01-30")).toBeNull();
    expect(end("node:24", "2028-01-31")).toBe("soon: Node.js 24");
  });

  test("a system that the next rebuild replaces is not worth a word before its end", () => {
    expect(end("redis:7-alpine")).toBeNull();
    expect(end("redis:7-alpine3.21")).toBe("soon: Alpine 3.21");
    expect(end("redis:7-alpine", "2026-11-02")).toBe("ended: Alpine 3.21");
  });
});

describe("worked cases", () => {
  test("node:latest", () => {
    expect(image("node:latest")).toMatchObject({ version: "26.7.0", distribution: { codename: "trixie" }, lts: false });
    for (const pin of ["24.19.0-bookworm-slim", "26.7.0-trixie-slim"])
      expect(image(`node:${pin}`).aliases).toContain(pin);
    expect(catalogue.lines(reference("node")).find(({ line }) => line === "24")?.end).toBe("2028-04-30");
  });

  test("python:3.8-slim-buster", () => {
    const facts = image("python:3.8-slim-buster");
    expect(facts.ends.map(({ end }) => end)).toEqual(["2024-10-07", "2024-06-30"]);
    expect(facts.dropped).toBe("2023-06-14");
    expect(facts.size?.bytes).toBe(44382349);
    for (const pin of ["3.14.7-slim-trixie", "3.13.15-slim-trixie"])
      expect(image(`python:${pin}`).aliases).toContain(pin);
    expect(texts(successors(catalogue, reference("python:3.8-slim-buster"), today))).toBe(
      "python:3.11-slim-bookworm python:3.14-slim-bookworm",
    );
  });

  test("golang:1.22", () => {
    expect(image("golang:1.22")).toMatchObject({ dropped: "2025-02-12", ends: [{ end: "2025-02-11" }] });
    for (const pin of ["1.27.0-trixie", "1.26.7-alpine3.24"]) expect(image(`golang:${pin}`).aliases).toContain(pin);
  });

  test("centos:7", () => {
    expect(image("centos:7")).toMatchObject({
      dropped: "2024-07-01",
      ends: [{ end: "2024-06-30" }],
      size: { bytes: 76097157 },
    });
    expect(image("centos:7").distribution?.packageManager).toBe("yum");
    expect(texts(successors(catalogue, reference("centos:7"), today))).toBe(
      "almalinux:9 rockylinux/rockylinux:9 quay.io/centos/centos:stream9",
    );
    for (const pin of ["9.8-minimal", "9.8"]) expect(image(`almalinux:${pin}`).aliases).toContain(pin);
  });

  test("mcr.microsoft.com/dotnet/sdk:6.0", () => {
    expect(image("mcr.microsoft.com/dotnet/sdk:6.0")).toMatchObject({
      known: false,
      ends: [{ subject: ".NET 6", end: "2024-11-12" }],
    });
    expect(texts(successors(catalogue, reference("mcr.microsoft.com/dotnet/sdk:6.0"), today))).toBe(
      "mcr.microsoft.com/dotnet/sdk:10.0",
    );
    for (const tag of ["8.0", "9.0"]) {
      expect(endOfLife(image(`mcr.microsoft.com/dotnet/sdk:${tag}`), today)).toMatchObject({
        kind: "soon",
        end: { end: "2026-11-10" },
      });
    }
    expect(image("mcr.microsoft.com/dotnet/sdk:10.0.400-noble").aliases).toContain("10.0");
  });

  test("debian:stretch and debian:bullseye-slim", () => {
    expect(image("debian:stretch")).toMatchObject({
      dropped: "2022-07-11",
      ends: [{ end: "2022-07-01", securityEnd: "2020-07-18" }],
    });
    expect(texts(successors(catalogue, reference("debian:stretch"), today))).toBe("debian:bookworm debian:trixie");
    expect(texts(successors(catalogue, reference("debian:bullseye-slim"), today))).toBe(
      "debian:bookworm-slim debian:trixie-slim",
    );
  });

  test("mongo:8", () => {
    expect(image("mongo:8")).toMatchObject({ dropped: "2026-08-03", ends: [], user: { how: "entrypoint" } });
    expect(texts(successors(catalogue, reference("mongo:8"), today))).toBe("mongo:8.0 mongo:8.3");
    // The rapid releases 5.1 to 5.3 never had the tag 5.
    expect(image("mongo:5")).toMatchObject({ line: "5.0", ends: [{ subject: "MongoDB 5.0", end: "2024-10-31" }] });
    expect(image("mongo:8.0").version).toBe("8.0.29");
    expect(image("mongo:8.3.8-noble").aliases).toContain("8.3");
  });

  test("gcr.io/distroless/nodejs20-debian12", () => {
    expect(image("gcr.io/distroless/nodejs20-debian12")).toMatchObject({
      repository: { deprecation: { kind: "deprecated" } },
      ends: [{ subject: "Node.js 20", end: "2026-04-30" }],
    });
    expect(texts(successors(catalogue, reference("gcr.io/distroless/nodejs20-debian12"), today))).toMatch(
      /^gcr\.io\/distroless\/nodejs24-debian13:nonroot /,
    );
    expect(image("gcr.io/distroless/nodejs24-debian13:nonroot").user?.how).toBe("declared");
  });

  test("amazonlinux:2", () => {
    expect(image("amazonlinux:2")).toMatchObject({
      dropped: null,
      ends: [{ end: "2026-06-30" }],
      distribution: { packageManager: "yum" },
    });
    expect(texts(successors(catalogue, reference("amazonlinux:2"), today))).toBe("amazonlinux:2023");
    expect(image("amazonlinux:2023.12.20260817.0").aliases).toContain("2023");
  });

  test("a tag and a digest together: nothing to say", () => {
    const pinned = reference(`node:24.19.0-bookworm-slim@sha256:${"a".repeat(64)}`);
    expect(pins(catalogue, pinned, today)).toEqual([]);
    expect(endOfLife(image("node:24.19.0-bookworm-slim"), today)).toBeNull();
  });
});

test("every proposed tag is live and worth the move, for every tag of every repository, today and years later", () => {
  for (const name of catalogue.repositoryNames()) {
    for (const tag of catalogue.tags(reference(name))) {
      const asked = reference(`${name}:${tag}`);
      const lighter = smaller(catalogue, asked);
      const advice = [
        ...pins(catalogue, asked, today),
        ...lighter,
        ...successors(catalogue, asked, today),
        ...successors(catalogue, asked, "2029-01-01"),
      ];
      for (const one of advice) {
        const its = catalogue.image(reference(`${one.repository}:${one.tag}`));
        if (!its?.aliases.includes(one.tag))
          throw new Error(`${name}:${tag} → ${one.repository}:${one.tag} is not live`);
        if (one.repository === name && one.tag === tag) throw new Error(`${name}:${tag} → itself`);
      }
      for (const { saves } of lighter) {
        const least = Math.max(10_000_000, (image(`${name}:${tag}`).size?.bytes ?? 0) * 0.15);
        if ((saves ?? 0) < least) throw new Error(`${name}:${tag} saves ${saves} only`);
      }
    }
  }
}, 30_000);
