/** Policies: patterns of images, what a configuration says about signatures, and what the rules make of numbers. */
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../server/src/config/read";
import { toConfig } from "../../server/src/config/to-config";
import { bundledCatalogue } from "../../server/src/core/catalogue/catalogue";
import { imagePattern } from "../../server/src/core/image/pattern";
import { parseReference } from "../../server/src/core/image/reference";
import { isIdentity, requirementFor } from "../../server/src/core/image/signature-policy";
import { lint } from "../../server/src/core/lint";
import { buildModel } from "../../server/src/core/model/build";
import { allRules } from "../../server/src/core/rules/index";

const digest = `sha256:${"a".repeat(64)}`;

describe("patterns of images", () => {
  it.each([
    ["node", ["node", "node:24", "docker.io/library/node:24", `node@${digest}`], ["team/node:24", "ghcr.io/node:1"]],
    ["node:24*", ["node:24", "node:24-slim", `node:24@${digest}`], ["node:2", "node", `node@${digest}`]],
    ["node:latest", ["node", "node:latest"], ["node:24", `node@${digest}`]],
    ["our-team/*", ["our-team/app:1"], ["others/app:1", "ghcr.io/our-team/app:1"]],
    ["ghcr.io", ["ghcr.io/a/b:1"], ["node:24", "ghcr.io.evil.com/a/b"]],
    ["ghcr.io/our-team", ["ghcr.io/our-team/app:1", "ghcr.io/our-team/a/b"], ["ghcr.io/our-team2/app:1"]],
    ["ghcr.io/our-team/base-*:1.*", ["ghcr.io/our-team/base-x:1.2"], ["ghcr.io/our-team/base-x:12"]],
    ["docker.io/node", ["node:24"], ["ghcr.io/library/node:24"]],
    ["*.corp", ["hub.corp/a:1"], ["hub.corp.com/a:1"]],
    ["hub.corp:5000", ["hub.corp:5000/a:1"], ["hub.corp/a:1"]],
    ["localhost:5000", ["localhost:5000/a:1"], ["localhost:5001/a:1"]],
    ["alpine:3.24", ["alpine:3.24"], ["alpine:3.23", "alpine:3x24"]],
    ["*", ["node:24", "ghcr.io/a/b:1"], []],
    ["", [], ["node:24"]],
    ["a*b*c*d*e*f", [], ["abcdef:1"]],
  ])("%s", (pattern, covered, others) => {
    const covers = (text: string): boolean => {
      const reference = parseReference(text);
      if (!reference) throw new Error(text);
      return imagePattern(pattern)(reference);
    };
    expect(covered.filter((text) => !covers(text))).toEqual([]);
    expect(others.filter(covers)).toEqual([]);
  });
});

describe("who may sign", () => {
  const text = `signatures:
  trustRoot: root.json
  required:
    - images: [ghcr.io/our-team]
      keys: [cosign.pub]
    - images: ["*"]
      identities:
        - issuer: https://token.actions.githubusercontent.com
          subject: https://github.com/our-team/*
      predicate: https://slsa.dev/provenance/v1
`;

  it("is read as it is written, and turns its rule on", () => {
    const file = parseConfig(text, "/p/.plimsoll.yaml", allRules);
    expect(file.problems).toEqual([]);
    const policy = file.signatures;
    expect(policy?.trustRoot).toBe("root.json");
    const asked = (image: string) => policy && requirementFor(parseReference(image) as never, policy);
    expect(asked("ghcr.io/our-team/app:1")).toMatchObject({ keys: ["cosign.pub"], identities: [], predicate: null });
    expect(asked("node:24")).toMatchObject({ keys: [], predicate: "https://slsa.dev/provenance/v1" });
    expect(toConfig(file, allRules).rules.get("unsigned-base-image")?.severity).toBe("warning");
    const off = parseConfig(`${text}rules: { unsigned-base-image: off }\n`, "/p/.plimsoll.yaml", allRules);
    expect(toConfig(off, allRules).rules.has("unsigned-base-image")).toBe(false);
    expect(toConfig(null, allRules).rules.has("unsigned-base-image")).toBe(false);
  });

  it.each([
    ["signatures: 1", ['"signatures" must be a map of names to values, not 1.']],
    [
      "signatures: { trustroot: x }",
      ['Unknown key "trustroot" in "signatures"; did you mean "trustRoot"? Valid: required, trustRoot.'],
    ],
    [
      "signatures: { required: [{ images: [a], key: [b] }] }",
      [
        'Unknown key "key" in "signatures.required"; did you mean "keys"? Valid: images, keys, identities, predicate.',
        '"signatures.required" names nobody here: list `keys`, `identities` or both.',
      ],
    ],
    [
      "signatures: { required: [{ images: [a], identities: [{ subject: x }] }] }",
      ['"signatures.required.identities.issuer" is missing.'],
    ],
    ["signatures: { required: [{ keys: [a] }] }", ['"signatures.required.images" is missing.']],
  ])("%s", (written, messages) => {
    const { problems, signatures } = parseConfig(written, "/p/.plimsoll.yaml", allRules);
    expect(problems.map(({ message }) => message).sort()).toEqual([...messages].sort());
    expect(signatures).toBeNull();
  });

  it("needs the issuer, whole, and the subject, whole", () => {
    const identity = { issuer: "https://i.example.com", subject: "https://g.example.com/team/*@refs/tags/*" };
    const is = (issuer: string, subject: string): boolean => isIdentity(identity, { issuer, subject });
    expect(is("https://i.example.com", "https://g.example.com/team/a@refs/tags/v1")).toBe(true);
    expect(is("https://i.example.com.evil", "https://g.example.com/team/a@refs/tags/v1")).toBe(false);
    expect(is("https://i.example.com", "https://g.example.com/team/a@refs/heads/main")).toBe(false);
    expect(is("https://i.example.com", "xhttps://g.example.com/team/a@refs/tags/v1")).toBe(false);
    expect(is("https://i.example.com", "https://gxexample.com/team/a@refs/tags/v1")).toBe(false);
  });
});

it("the end of a line is information for as long as the grace period, then a warning", () => {
  const said = (graceDays: number, today: string) => {
    const overrides = [new Map([["eol-base-image", { severity: "on" as const, options: { graceDays } }]])];
    const config = toConfig(null, allRules, { presets: [], overrides });
    const model = buildModel("FROM golang:1.22\n");
    return lint({
      model,
      rules: allRules,
      config,
      catalogue: bundledCatalogue(),
      today,
      path: "Dockerfile",
    }).reports.map(({ severity, message }) => `${severity} ${/on (\d{4}-\d\d-\d\d)/.exec(message)?.[1]}`);
  };
  const [, end = ""] = said(0, "2026-09-01")[0]?.split(" ") ?? [];
  const after = (days: number): string => new Date(Date.parse(end) + days * 86_400_000).toISOString().slice(0, 10);
  expect(said(0, after(1))).toEqual([`warning ${end}`]);
  expect(said(30, after(30))).toEqual([`info ${end}`]);
  expect(said(30, after(31))).toEqual([`warning ${end}`]);
});
