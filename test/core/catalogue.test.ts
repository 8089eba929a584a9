/** What the shipped catalogue knows. The numbered traps are places where a catalogue of images easily goes wrong. */
import { describe, expect, test } from "vitest";
import { bundledCatalogue, createCatalogue } from "../../server/src/core/catalogue/catalogue";
import { exampleCatalogue } from "../../server/src/core/catalogue/examples";
import { images } from "../../server/src/core/catalogue/images.generated";
import type { ImageFacts } from "../../server/src/core/catalogue/types";
import { type ImageReference, parseReference } from "../../server/src/core/image/reference";

const catalogue = bundledCatalogue();

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

const ends = (text: string): readonly string[] => image(text).ends.map(({ subject, end }) => `${subject}: ${end}`);
const user = (text: string): string => {
  const known = image(text).user;
  return known === null
    ? "unknown"
    : [known.runsAs, known.how, known.ready?.name, known.ready?.uid].filter((x) => x != null).join(" ");
};
const system = (text: string): string => {
  const known = image(text).distribution;
  return known === null ? "unknown" : `${known.family} ${known.version} ${known.codename} ${known.packageManager}`;
};

describe("one image", () => {
  test("a moving tag means an exact version, a line and its aliases", () => {
    const node = image("node");
    expect(node).toMatchObject({ tag: "latest", known: true, version: "26.7.0", line: "26", variants: [], lts: false });
    expect(node.aliases).toEqual(expect.arrayContaining(["26", "26.7", "26-trixie", "current", "latest"]));
    expect(node.aliases[0]).toBe("26.7.0-trixie");
    expect(node.repository).toMatchObject({ name: "node", official: true, label: "Node.js", hasLatest: true });
  });

  test("variants stand in a fixed order, without versions and systems", () => {
    expect(image("python:3.14-slim-bookworm").variants).toEqual(["slim"]);
    expect(image("eclipse-temurin:21-jre-alpine-3.24").variants).toEqual(["jre", "alpine"]);
    expect(image("nginx:stable-alpine3.24-slim").variants).toEqual(["slim", "alpine"]);
    expect(image("gradle:jdk25").variants).toEqual(["jdk25"]);
  });

  test("a dropped tag has its day, a tag nobody saw has what its parts say", () => {
    expect(image("golang:1.22")).toMatchObject({ known: true, dropped: "2025-02-12", line: "1.22", aliases: [] });
    expect(image("node:14.17.0-buster")).toMatchObject({ known: false, dropped: null, line: "14", version: "14.17.0" });
    expect(image("node:banana")).toMatchObject({ known: false, line: null, ends: [], size: null });
    expect(image("python:2")).toMatchObject({ line: "2.7" });
  });

  test.each([
    ["node:24", "debian 12 bookworm apt-get"],
    ["node:18-alpine", "alpine null null apk"],
    ["redis", "debian 13 trixie apt-get"],
    ["caddy", "alpine null null apk"],
    ["debian:oldstable", "debian 12 bookworm apt-get"],
    ["ubuntu", "ubuntu 26.04 resolute apt-get"],
    ["almalinux:9-minimal", "almalinux 9 null microdnf"],
    ["amazonlinux:2", "amazonlinux 2 null yum"],
    ["amazonlinux:2023", "amazonlinux 2023 null dnf"],
    ["centos:8", "centos 8 null dnf"],
    ["mysql", "oraclelinux 9 null dnf"],
    ["mcr.microsoft.com/dotnet/aspnet:10.0", "ubuntu 24.04 noble apt-get"],
    ["mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled", "ubuntu 24.04 noble none"],
    ["gcr.io/distroless/static-debian13", "distroless 13 trixie none"],
    ["registry.access.redhat.com/ubi9/ubi-minimal:9.6", "rhel 9 null microdnf"],
    ["redhat/ubi8", "rhel 8 null dnf"],
    ["nvidia/cuda:12.2.0-devel-ubuntu22.04", "ubuntu 22.04 jammy apt-get"],
    ["quay.io/centos/centos:stream9", "centos-stream 9 null dnf"],
    ["adminer", "unknown"],
  ])("the system of %s", (text, expected) => {
    expect(system(text)).toBe(expected);
  });

  test("bash is denied only where it was looked up", () => {
    expect(image("node:24-alpine").distribution?.hasBash).toBe(false);
    expect(image("maven:3-eclipse-temurin-21-alpine").distribution?.hasBash).toBeNull();
    expect(image("debian:13-slim").distribution?.hasBash).toBe(true);
  });

  test.each([
    ["node", "root shipped node 1000"],
    ["python:3.14-slim", "root none"],
    ["php:8.5-fpm", "root shipped www-data 33"],
    ["php:8.5-fpm-alpine", "root shipped www-data 82"],
    ["postgres:18-alpine", "root entrypoint postgres 70"],
    ["memcached", "memcache declared memcache 11211"],
    ["ubuntu:24.04", "root shipped ubuntu 1000"],
    ["ubuntu:22.04", "root none"],
    ["ubuntu:jammy", "root none"],
    ["mcr.microsoft.com/dotnet/aspnet:8.0", "root shipped app 1654"],
    ["mcr.microsoft.com/dotnet/aspnet:6.0", "root none"],
    ["mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled", "1654 declared app 1654"],
    ["mcr.microsoft.com/dotnet/aspnet:8.0-nanoserver-ltsc2022", "ContainerUser declared ContainerUser"],
    ["gcr.io/distroless/cc-debian12", "root shipped nonroot 65532"],
    ["gcr.io/distroless/cc-debian12:debug-nonroot", "nonroot declared nonroot 65532"],
    ["registry.access.redhat.com/ubi9/ubi", "root none"],
    ["registry.access.redhat.com/ubi9/nodejs-22", "1001 declared default 1001"],
    ["jenkins/jenkins:lts", "jenkins declared jenkins 1000"],
    ["prom/prometheus", "nobody declared nobody 65534"],
    ["golang:1.27-nanoserver", "unknown"],
  ])("the user of %s", (text, expected) => {
    expect(user(text)).toBe(expected);
  });

  test("the .NET user is written by its variable, distroless by number", () => {
    expect(image("mcr.microsoft.com/dotnet/sdk:10.0").user?.ready?.write).toBe("$APP_UID");
    expect(image("gcr.io/distroless/base-debian13").user?.ready?.write).toBe("65532:65532");
  });

  test("a server that needs root for its port says so", () => {
    expect(image("nginx").user?.caveat).toMatch(/port 80/);
    expect(image("php:8.5-apache").user?.caveat).toMatch(/port 80/);
    expect(image("php:8.5-fpm").user?.caveat).toBeNull();
  });
});

describe("names", () => {
  test.each([
    "docker.io/library/node:24",
    "docker.io/node:24",
    "index.docker.io/library/node:24",
    "public.ecr.aws/docker/library/node:24",
  ])("%s is the official image", (text) => {
    expect(image(text).repository.name).toBe("node");
    expect(image(text).version).toBe("24.19.0");
  });

  test.each([
    "registry.example.com/node:24",
    "ghcr.io/library/node:24",
    "someone/node:24",
    "public.ecr.aws/someone/node",
    "nosuchimage",
  ])("%s may be anything: nothing is known", (text) => {
    expect(catalogue.image(reference(text))).toBeNull();
    expect(catalogue.repository(reference(text))).toBeNull();
    expect(catalogue.tags(reference(text))).toEqual([]);
    expect(catalogue.lines(reference(text))).toEqual([]);
  });

  test("names of other kinds of lines are no repositories", () => {
    for (const name of ["constructor", "plimsoll-catalogue"]) expect(catalogue.repository(reference(name))).toBeNull();
    expect(catalogue.repositoryNames()).toEqual(
      expect.arrayContaining(["node", "mcr.microsoft.com/dotnet/sdk", "centos"]),
    );
    for (const name of catalogue.repositoryNames()) expect(catalogue.repository(reference(name))?.name).toBe(name);
  });
});

describe("traps", () => {
  test("1: Debian ends with its free LTS; the end of the security team is only a mention", () => {
    expect(image("debian:bookworm").ends).toEqual([
      { subject: "Debian 12 (bookworm)", of: "product", end: "2028-06-30", securityEnd: "2026-07-11" },
    ]);
    expect(image("debian:bullseye").ends[0]?.end).toBe("2026-08-31");
    // Extended support of Ubuntu and Red Hat is paid for.
    expect(ends("ubuntu:24.04")).toEqual(["Ubuntu 24.04 (noble): 2029-05-31"]);
    expect(ends("redhat/ubi9")).toEqual(["Red Hat Enterprise Linux 9: 2032-05-31"]);
  });

  test("2: Alpine is not always smaller", () => {
    expect(image("rust:1-alpine").size?.bytes).toBeGreaterThan(image("rust:1-slim").size?.bytes ?? Infinity);
  });

  test("3: latest moves to lines that the list of lives does not know", () => {
    expect(image("ubuntu").line).toBe("26.04");
    expect(image("mysql")).toMatchObject({ version: "26.7.0", line: null });
    expect(image("node").lts).toBe(false);
  });

  test("4: a supported product can have a frozen tag, and some images have no latest", () => {
    for (const tag of ["latest", "8", "8.2"]) expect(image(`mongo:${tag}`).dropped).toBe("2026-08-03");
    expect(image("mongo:8.0").dropped).toBeNull();
    for (const name of [
      "mongo",
      "elasticsearch",
      "kibana",
      "logstash",
      "openjdk",
      "oraclelinux",
      "percona",
      "rockylinux",
    ]) {
      expect(catalogue.repository(reference(name))?.hasLatest).toBe(false);
    }
  });

  test("5: nextcloud is not deprecated", () => {
    expect(catalogue.repository(reference("nextcloud"))?.deprecation).toBeNull();
    expect(catalogue.repository(reference("openjdk"))?.deprecation?.kind).toBe("deprecated");
  });

  test("6: openjdk has no life of its own, and Temurin's versions are read", () => {
    expect(ends("openjdk:17")).toEqual([]);
    expect(image("eclipse-temurin:25")).toMatchObject({ version: "25.0.4_7", line: "25", lts: true });
    expect(image("eclipse-temurin:8")).toMatchObject({ version: "8u502-b07", line: "8" });
  });

  test("7: the data has a date", () => {
    expect(catalogue.date).toBe("2026-08-22");
    expect(exampleCatalogue().date).toBe("2026-08-22");
  });

  test("8: an entrypoint that drops root is no root image", () => {
    for (const name of ["postgres", "mysql", "redis", "mongo", "rabbitmq", "ghost", "mariadb"]) {
      expect(image(name).user?.how).toBe("entrypoint");
    }
  });

  test("9: a tag that Linux and Windows share means the Linux image", () => {
    expect(image("golang").windows).toBe(false);
    expect(image("golang").aliases).toContain("1.27-trixie");
    expect(image("golang:1.27-windowsservercore").windows).toBe(true);
    expect(image("mongo:8.0")).toMatchObject({ windows: false, distribution: { codename: "noble" } });
  });
});

describe("sizes", () => {
  test("are measured, or stand for another line of the same variant", () => {
    expect(image("node:24").size).toEqual({ bytes: 408949206, kind: "measured", tag: "24" });
    expect(image("node:24.19.0-bookworm").size?.tag).toBe("24");
    expect(image("node:20-slim").size).toEqual({ bytes: 80451137, kind: "measured", tag: "24-slim" });
    expect(image("node:16").size?.tag).toBe("16");
    expect(image("eclipse-temurin:25").size?.tag).toBe("25-jdk-noble");
    expect(image("php:8.5").size?.kind).toBe("estimate");
  });

  test("say when they are of unpacked images, and are unknown for Windows", () => {
    expect(image("mcr.microsoft.com/dotnet/aspnet:10.0").size?.kind).toBe("on-disk");
    expect(image("golang:1.27-nanoserver").size).toBeNull();
    expect(image("adminer").size).toBeNull();
  });
});

describe("tags and lines", () => {
  test("newest first, each once", () => {
    const tags = catalogue.tags(reference("python"));
    expect(new Set(tags).size).toBe(tags.length);
    expect(tags.indexOf("3.14")).toBeLessThan(tags.indexOf("3.13"));
    expect(tags.indexOf("3.10")).toBeGreaterThan(tags.indexOf("3.11"));
    expect(catalogue.lines(reference("node"))[0]).toMatchObject({
      line: "26",
      subject: "Node.js 26",
      lts: "2026-10-28",
    });
    expect(catalogue.lines(reference("alpine"))[0]?.lts).toBeNull();
  });

  test("labels of lines keep their names", () => {
    expect(ends("mcr.microsoft.com/dotnet/core/sdk:3.1")).toEqual([".NET Core 3.1: 2022-12-13"]);
    expect(ends("almalinux:9")).toEqual(["AlmaLinux OS 9: 2032-05-31"]);
  });
});

describe("the text of the data", () => {
  test("is parsed line by line, when asked", () => {
    const poisoned = images.replace("\nnode\t{", "\nnode\t<<not JSON>>");
    const other = createCatalogue(poisoned);
    expect(other.image(reference("python"))?.line).toBe("3.14");
    expect(() => other.image(reference("node"))).toThrow();
  });

  test("asking twice gives the same object", () => {
    expect(catalogue.image(reference("node:24"))).toBe(catalogue.image(reference("docker.io/library/node:24")));
  });
});
