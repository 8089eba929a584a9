/** The generated files, and the scripts that make them. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { composeCatalogue, type Sources } from "../../server/scripts/catalogue/compose";
import { readProduct } from "../../server/scripts/catalogue/endoflife";
import { readFacts } from "../../server/scripts/catalogue/facts";
import { type OfficialEntry, readLibraryFile } from "../../server/scripts/catalogue/official";
import { isFloating, pack, packTags, renewRetired } from "../../server/scripts/catalogue/retired";
import { bundledCatalogue, createCatalogue } from "../../server/src/core/catalogue/catalogue";
import { examples } from "../../server/src/core/catalogue/examples.generated";
import { findLine, repositoryLineNames, type SystemsLine, unpackRetired } from "../../server/src/core/catalogue/format";
import { images } from "../../server/src/core/catalogue/images.generated";
import { parseReference } from "../../server/src/core/image/reference";
import { codenameOf } from "../../server/src/core/image/systems";

const facts = readFacts(`${import.meta.dirname}/../../server/facts`);

describe("the shipped data", () => {
  test("is small: 600 kB, 150 kB packed", () => {
    expect(images.length).toBeLessThan(600_000);
    expect(gzipSync(images, { level: 9 }).length).toBeLessThan(150_000);
    expect(examples.length).toBeLessThan(300_000);
  });

  test("every line can be parsed, and every name is one", () => {
    for (const data of [images, examples]) {
      const names = repositoryLineNames(data);
      expect(names).toEqual([...names].sort());
      for (const name of names) {
        expect(parseReference(name)?.repository).toBe(name);
        expect(() => JSON.parse(findLine(data, name) ?? "")).not.toThrow();
      }
    }
  });

  test("every tag of a group is found again, and every family is described", () => {
    const catalogue = bundledCatalogue();
    const systems = JSON.parse(findLine(images, "#") ?? "") as SystemsLine;
    const families = new Set(systems.families.map(({ family }) => family));
    for (const name of catalogue.repositoryNames()) {
      const repository = parseReference(name);
      if (repository === null) continue;
      for (const tag of catalogue.tags(repository)) {
        const image = catalogue.image({ ...repository, tag });
        if (!image?.known || !image.aliases.includes(tag)) throw new Error(`${name}:${tag} is not found again`);
        const family = image.distribution?.family;
        if (family !== undefined && !families.has(family)) throw new Error(`${name}:${tag}: nothing about ${family}`);
      }
    }
  });

  test("knows the code names that tags are read by", () => {
    const catalogue = bundledCatalogue();
    for (const [name, since] of [
      ["debian", 8],
      ["ubuntu", 18],
    ] as const) {
      const repository = parseReference(name);
      for (const { line, subject } of repository === null ? [] : catalogue.lines(repository)) {
        if (Number(line) < since) continue;
        expect(subject).toContain(`(${codenameOf(name, line)})`);
      }
    }
  });

  test("facts have a source, and no source is empty", async () => {
    const { readFileSync } = await import("node:fs");
    for (const file of ["users", "deprecated", "repositories", "sizes"]) {
      const text = readFileSync(`${import.meta.dirname}/../../server/facts/${file}.json`, "utf8");
      const { entries } = JSON.parse(text) as { entries: readonly { provenance?: string; source?: string }[] };
      for (const entry of entries) expect(entry.provenance ?? entry.source).toMatch(/\w{3}/);
      expect(text).not.toMatch(/\bmemory\b/i);
    }
  });
});

describe("reading the sources", () => {
  test("a library file: defaults, comments, folded lines, shared tags", () => {
    const text = [
      "# made by a script",
      "Maintainers: A <a@example.com> (@a),",
      "             B <b@example.com> (@b)",
      "Architectures: amd64, arm64v8",
      "",
      "Tags: 1.2.3, 1.2,",
      "      1-trixie",
      "SharedTags: 1, latest",
      "# a note",
      "Directory: 1.2/trixie",
      "",
      "Tags: 1.2.3-nanoserver",
      "Architectures: windows-amd64",
      "windows-amd64-Directory: 1.2/nano",
      "",
    ].join("\n");
    expect(readLibraryFile(text)).toEqual([
      {
        tags: ["1.2.3", "1.2", "1-trixie", "1", "latest"],
        architectures: ["amd64", "arm64v8"],
        directory: "1.2/trixie",
      },
      { tags: ["1.2.3-nanoserver"], architectures: ["windows-amd64"], directory: "1.2/nano" },
    ]);
    expect(readLibraryFile("Tags: a\nGitCommit: 1\n")).toEqual([
      { tags: ["a"], architectures: ["amd64"], directory: "" },
    ]);
    expect(readLibraryFile("Maintainers: nobody\n")).toEqual([]);
  });

  test("a product: front matter or plain, names stay text", () => {
    const release =
      'title: Python\nreleases:\n- releaseCycle: "3.10"\n  releaseDate: 2021-10-04\n  eol: 2026-10-31\n  lts: false\n';
    const expected = {
      title: "Python",
      cycles: [expect.objectContaining({ cycle: "3.10", eol: "2026-10-31", lts: "false", eoes: null })],
    };
    expect(readProduct(release)).toEqual(expected);
    expect(readProduct(`---\n${release}---\n\n> text: with: colons\n`)).toEqual(expected);
  });

  test("which dropped tags are worth keeping", () => {
    for (const tag of [
      "20",
      "20.5",
      "3.8-slim-buster",
      "8-jdk-alpine3.9",
      "bullseye",
      "latest",
      "lts",
      "11.0-jre-slim",
    ]) {
      expect([tag, isFloating(tag)]).toEqual([tag, true]);
    }
    for (const tag of [
      "20.5.1",
      "8u212-jdk",
      "8u212-b03-jdk",
      "12-ea-3-jdk",
      "3.13-rc",
      "3.13-rc-slim",
      "bullseye-20230101",
      "3.8-windowsservercore",
      "1-nanoserver-1809",
      "temurin-11-lein-2.9.8",
    ]) {
      expect([tag, isFloating(tag)]).toEqual([tag, false]);
    }
  });

  test("packing loses nothing", () => {
    const days = {
      "2020-01-01": ["1", "1-alpine", "2", "2-alpine", "buster"],
      "2021-01-01": ["1.5-slim", "1.6-slim", "latest"],
    };
    const { tails, days: packed } = packTags(days);
    const unpacked = unpackRetired({ tails: tails.join("|"), days: packed.join(";") });
    expect(Object.fromEntries(unpacked)).toEqual(
      Object.fromEntries(Object.entries(days).flatMap(([day, tags]) => tags.map((tag) => [tag, day]))),
    );
    // Two versions that lost the same tags share one entry.
    expect(packed[0]).toBe("2020-01-01 0:1,2 1:");
  });
});

test("renewing the data records what was dropped, and forgets what came back", () => {
  const retired = { node: pack({ "2020-01-01": ["8", "9"] }), gone: pack({ "2019-01-01": ["1"] }) };
  const before = new Map([["node", ["20", "20.1.5", "22"]]]);
  const now = new Map([["node", ["22", "9"]]]);
  const renewed = renewRetired(retired, before, now, "2026-09-01");
  const days = renewed.node === undefined ? null : Object.fromEntries(unpackRetired(renewed.node));
  expect(days).toEqual({ "8": "2020-01-01", "20": "2026-09-01" });
  expect(renewed.gone).toEqual(retired.gone);
});

describe("writing the data", () => {
  const sources: Sources = {
    date: "2030-01-02",
    official: new Map([
      // Facts are about official images: each of them has to be there, with or without tags.
      ...[...facts.users, ...facts.sizes].flatMap(({ image }): [string, readonly OfficialEntry[]][] => [[image, []]]),
      [
        "node",
        [
          { tags: ["9-nanoserver", "9"], architectures: ["windows-amd64"], directory: "9/nano" },
          { tags: ["9-forky", "9", "latest"], architectures: ["amd64"], directory: "9/forky" },
          { tags: ["8"], architectures: ["amd64"], directory: "8/alpine/3.30" },
        ],
      ],
    ]),
    products: new Map(
      [
        ...new Set([
          ...Object.values(facts.products.products),
          ...facts.repositories.flatMap(({ product }) => product ?? []),
          ...facts.distributions.families.flatMap(({ product }) => product ?? []),
          "dotnet",
        ]),
      ].map((name) => [
        name,
        {
          title: name,
          cycles: [
            {
              cycle: "9",
              label: null,
              codename: null,
              released: "2029-01-01",
              lts: "true",
              eol: "2031-01-01",
              eoes: null,
            },
          ],
        },
      ]),
    ),
    facts,
  };

  test("Linux comes before Windows, folders tell the system, the same sources give the same bytes", () => {
    const text = composeCatalogue(sources);
    expect(text).toBe(composeCatalogue(sources));
    const catalogue = createCatalogue(text);
    const node = parseReference("node:9");
    expect(catalogue.date).toBe("2030-01-02");
    expect(node && catalogue.image(node)).toMatchObject({ windows: false, aliases: ["9-forky", "9", "latest"] });
    expect(node && catalogue.image({ ...node, tag: "8" })?.distribution).toMatchObject({
      family: "alpine",
      version: "3.30",
    });
  });

  test("facts about an image that nothing else knows stop the script", () => {
    const lost = { image: "nosuchimage", runsAs: "root", how: "none", verified: false };
    expect(() => composeCatalogue({ ...sources, facts: { ...facts, users: [lost] } })).toThrow(/nosuchimage/);
  });
});
