/** Reading project files that are XML. */
import { describe, expect, it } from "vitest";
import { readDotnetProject } from "../../../server/src/core/multistage/dotnet/dotnet-project";
import { readPom } from "../../../server/src/core/multistage/java/pom";
import { elementsNamed, parseXml, textAt } from "../../../server/src/core/multistage/xml";

describe("XML", () => {
  it("is read as elements, attributes and text", () => {
    const root = parseXml(
      '<?xml version="1.0"?><!DOCTYPE a><a x="1" y=\'&lt;2&gt;\'><!-- <b>no</b> --><b> one </b><b/></a>',
    );
    expect(root?.name).toBe("a");
    expect([...(root?.attributes ?? [])]).toEqual([
      ["x", "1"],
      ["y", "<2>"],
    ]);
    expect(root && elementsNamed(root, "b").map((one) => one.text)).toEqual(["one", ""]);
    expect(textAt(parseXml("<a><b><![CDATA[<c>]]>&amp;</b></a>"), "b")).toBe("<c>&");
  });

  it("is nothing where it is broken, and costs no more when it is long", () => {
    for (const text of [
      "",
      "a",
      "<",
      "<a",
      "<a>",
      "</a>",
      "<a></b>",
      "<a><!-- </a>",
      "<a><![CDATA[</a>",
      "<a>".repeat(1000),
    ]) {
      expect(parseXml(text)).toBeNull();
    }
    // A square of these would not end within the time of a test.
    parseXml(`<a ${"x".repeat(300_000)}>`);
    parseXml("<!--".repeat(100_000));
    parseXml(`<a>${"<b/>".repeat(50_000)}</a>`);
  });
});

describe("pom.xml", () => {
  const read = (inside: string) => readPom(`<project>${inside}</project>`);

  it("names the jar", () => {
    expect(read("<artifactId>a</artifactId><version>1</version>")?.stem).toBe("a-1");
    expect(read("<parent><version>2</version></parent><artifactId>a</artifactId>")?.stem).toBe("a-2");
    expect(read("<artifactId>a</artifactId><build><finalName>${project.artifactId}</finalName></build>")?.stem).toBe(
      "a",
    );
    expect(read("<artifactId>a</artifactId><version>${v}</version>")?.stem).toBe("a-");
    expect(read("<properties><v>${v}</v></properties><artifactId>a</artifactId><version>${v}</version>")?.stem).toBe(
      "a-",
    );
    expect(readPom("<other/>")).toBeNull();
  });

  it("says where libraries are", () => {
    const jar = (manifest: string) =>
      read(`<build><plugins><plugin><manifest>${manifest}</manifest></plugin></plugins></build>`);
    expect(read("")?.libraries).toBe("");
    expect(jar("<addClasspath>true</addClasspath><classpathPrefix>./lib/</classpathPrefix>")?.libraries).toBe("lib");
    expect(jar("<addClasspath>true</addClasspath>")?.libraries).toBeNull();
    expect(jar("<addClasspath>false</addClasspath>")?.libraries).toBe("");
    expect(read("<parent><groupId>io.helidon.applications</groupId></parent>")?.libraries).toBe("libs");
    expect(read("<plugin><artifactId>maven-shade-plugin</artifactId></plugin>")?.isFat).toBe(true);
  });
});

describe("a project of .NET", () => {
  it("says what it is", () => {
    const read = (sdk: string, inside = "") => readDotnetProject(`\uFEFF<Project Sdk="${sdk}">${inside}</Project>`);
    expect(read("Microsoft.NET.Sdk.Web")).toMatchObject({ kind: "web", isConsole: false });
    expect(read("Microsoft.NET.Sdk")).toMatchObject({ kind: "plain", isConsole: true, isSelfContained: false });
    expect(read("Microsoft.NET.Sdk", "<SelfContained>true</SelfContained>")).toMatchObject({ isSelfContained: true });
    expect(read("Microsoft.NET.Sdk", '<PackageReference Include="Serilog.AspNetCore" />')?.isConsole).toBe(false);
    expect(readDotnetProject("<Solution />")).toBeNull();
  });
});
