import { describe, expect, test } from "vitest";
import { parseConfig } from "../../server/src/config/read";
import { configJsonSchema } from "../../server/src/config/schema";
import { toConfig } from "../../server/src/config/to-config";
import { type ConfigFile, noRegistrySettings } from "../../server/src/config/types";
import { sampleRules } from "../cli/sample-rules";

const own = (text: string): ConfigFile => parseConfig(text, "/w/.plimsoll.yaml", sampleRules);
const faults = (text: string): string[] =>
  own(text).problems.map(({ message, range }) => `${range.start.line + 1}:${range.start.character + 1} ${message}`);

describe("a good file", () => {
  test("all that can be said", () => {
    const file = own(`
extends: [strict, hadolint]
rules:
  bad-word: off
  DL3007: { severity: error, max: 5, names: [a, b], mode: hard }
  old-word: { max: 1 }
ignore: ["a/**"]
failOn: warning
registry:
  online: true
  trusted: [ghcr.io]
  mirrors: { docker.io: m.example/hub, quay.io: [a.example, b.example] }
  insecure: ["r.example:5000"]
  ca: [ca.pem]
buildArgs: { VERSION: 1.10, NAME: x, FLAG: true }
target: prod
inlineConfig: false
`);
    expect(file).toEqual({
      path: "/w/.plimsoll.yaml",
      kind: "plimsoll",
      extends: ["strict", "hadolint"],
      rules: new Map([
        ["bad-word", { severity: "off" }],
        ["base-latest", { severity: "error", options: { max: 5, names: ["a", "b"], mode: "hard" } }],
        ["old-word", { options: { max: 1 } }],
      ]),
      ignore: ["a/**"],
      failOn: "warning",
      signatures: null,
      registry: {
        online: true,
        trusted: ["ghcr.io"],
        mirrors: new Map([
          ["docker.io", ["m.example/hub"]],
          ["quay.io", ["a.example", "b.example"]],
        ]),
        insecure: ["r.example:5000"],
        ca: ["ca.pem"],
      },
      // As it is written: a version is no number.
      buildArgs: new Map([
        ["VERSION", "1.10"],
        ["NAME", "x"],
        ["FLAG", "true"],
      ]),
      target: "prod",
      inlineConfig: false,
      problems: [],
    });
  });

  test.each(["", "\n", "# only a comment\n", "---\n", "\uFEFFextends: all\n", "extends: all\r\nrules: {}\r\n"])(
    "%j",
    (text) => {
      expect(own(text).problems).toEqual([]);
    },
  );
});

describe("faults, each with its place, the valid words and the nearest one", () => {
  test.each([
    [
      "rulez: {}",
      [
        '1:1 Unknown key "rulez"; did you mean "rules"? Valid: extends, rules, ignore, failOn, registry, signatures, buildArgs, target, inlineConfig.',
      ],
    ],
    [
      "xyzzy: 1\nqwert: 2",
      [
        expect.stringMatching(/^1:1 Unknown key "xyzzy"\. Valid:/),
        expect.stringMatching(/^2:1 Unknown key "qwert"\. Valid:/),
      ],
    ],
    [
      "extends: recomended",
      [
        '1:10 "recomended" is not valid for "extends"; did you mean "recommended"? Valid: recommended, strict, all, hadolint, buildkit.',
      ],
    ],
    [
      "extends:\n  - strict\n  - nope",
      ['3:5 "nope" is not valid for "extends". Valid: recommended, strict, all, hadolint, buildkit.'],
    ],
    [
      "failOn: warn",
      ['1:9 "warn" is not valid for "failOn"; did you mean "warning"? Valid: error, warning, info, hint, never.'],
    ],
    ["ignore: a", ['1:9 "ignore" must be a list, not "a".']],
    ["ignore: [1]", ['1:10 "ignore" must be a text, not 1; put it in quotes.']],
    ["target: 3", ['1:9 "target" must be a text, not 3; put it in quotes.']],
    ["target: ''", ['1:9 "target" must not be empty.']],
    ["inlineConfig: no", ['1:15 "inlineConfig" must be true or false, not "no".']],
    [
      "registry: { onlin: true }",
      ['1:13 Unknown key "onlin" in "registry"; did you mean "online"? Valid: online, trusted, mirrors, insecure, ca.'],
    ],
    [
      "registry: { mirrors: { docker.io: 1 } }",
      ['1:35 "registry.mirrors.docker.io" must be a text or a list of texts, not 1.'],
    ],
    ["registry: yes", ['1:11 "registry" must be a map of names to values, not "yes".']],
    ["buildArgs: { A: [] }", ['1:17 "buildArgs.A" must be a text, a number, true or false, not a list.']],
    ["rules: off", ['1:8 "rules" must be a map of names to values, not "off".']],
    ["rules: { bad-wrod: off }", ['1:10 Unknown rule "bad-wrod"; did you mean "bad-word"?']],
    ["rules: { DL3008: off }", ['1:10 Unknown rule "DL3008"; did you mean "DL3007"?']],
    ["rules: { zzzzzzzzzzzz: off }", ['1:10 Unknown rule "zzzzzzzzzzzz". `plimsoll rules` lists them all.']],
    [
      "rules: { bad-word: false }",
      ['1:20 false is not valid for rule "bad-word"; did you mean "off"? Valid: error, warning, info, hint, on, off.'],
    ],
    [
      "rules: { bad-word: 2 }",
      ['1:20 2 is not valid for rule "bad-word". Valid: error, warning, info, hint, on, off.'],
    ],
    ["rules:\n  bad-word:\n", ['2:12 Rule "bad-word" needs a value: error, warning, info, hint, on, off.']],
    [
      "rules: { bad-word: { maxx: 1 } }",
      ['1:22 Unknown key "maxx" in rule "bad-word"; did you mean "max"? Valid: severity, max, names, mode.'],
    ],
    ["rules: { bad-word: { max: many } }", ['1:27 "max" of rule "bad-word" must be a number, not "many".']],
    [
      "rules: { bad-word: { mode: har } }",
      ['1:28 "har" is not valid for "mode" of rule "bad-word"; did you mean "hard"? Valid: soft, hard.'],
    ],
    [
      "rules: { bad-word: { names: [1] } }",
      ['1:30 "names" of rule "bad-word" must be a text, not 1; put it in quotes.'],
    ],
    [
      "rules: { bad-word: { severity: warn } }",
      [
        '1:32 "warn" is not valid for "severity" of rule "bad-word"; did you mean "warning"? Valid: error, warning, info, hint, on, off.',
      ],
    ],
    ["target: a\ntarget: b", ['2:1 Key "target" stands here a second time; keep one of them.']],
    [
      "rules:\n  bad-word: off\n  bad-word: error\n",
      ['3:3 Key "bad-word" stands here a second time; keep one of them.'],
    ],
    ["- a", [expect.stringMatching(/^1:1 The file must be a map of settings/)]],
    ["just text", [expect.stringMatching(/^1:1 The file must be a map of settings/)]],
    ["rules: {", [expect.stringMatching(/^1:9 /)]],
    ["a: b: c", [expect.stringMatching(/^1:4 /)]],
    ["a: *b", [expect.stringMatching(/^1:/)]],
  ])("%j", (text, expected) => {
    expect(faults(text)).toEqual(expected);
  });

  test("the rest of the file still counts", () => {
    expect(own("failOn: nope\ntarget: a\nrules: { nope: off, bad-word: off }\n")).toMatchObject({
      failOn: null,
      target: "a",
      rules: new Map([["bad-word", { severity: "off" }]]),
    });
  });

  test("hostile files give a problem, not an exception", () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from(
      { length: 12 },
      (_, i) =>
        `b${i}: &b${i} [${Array(9)
          .fill(i === 0 ? "*a" : `*b${i - 1}`)
          .join(",")}]`,
    ).join("\n")}\n`;
    expect(own(bomb).problems.length).toBeGreaterThan(0);
    expect(own("[".repeat(20_000)).problems.length).toBeGreaterThan(0);
    expect(own("\0\x01\x02").problems.length).toBeGreaterThan(0);
    expect(own("__proto__: {}\nconstructor: 1\n").problems.length).toBeGreaterThan(0);
  });
});

describe("hadolint's file", () => {
  const theirs = (text: string): ConfigFile => parseConfig(text, "/w/.hadolint.yaml", sampleRules);

  test("what it says becomes ours", () => {
    const file = theirs(`
failure-threshold: style
ignored: [DL3007, DL9999]
override:
  warning: [DL3026]
trustedRegistries: [docker.io, "*.example.com"]
disable-ignore-pragma: true
no-color: true
`);
    expect(file).toMatchObject({
      kind: "hadolint",
      failOn: "hint",
      inlineConfig: false,
      registry: { ...noRegistrySettings, trusted: ["docker.io", "*.example.com"] },
      rules: new Map<string, unknown>([
        ["untrusted", { severity: "warning", options: { names: ["docker.io", "*.example.com"] } }],
        ["base-latest", { severity: "off" }],
      ]),
    });
    expect(file.problems.map((problem) => problem.severity)).toEqual(["info"]);
  });

  test.each([
    ["error", "error"],
    ["warning", "warning"],
    ["info", "info"],
    ["style", "hint"],
    ["ignore", "hint"],
    ["none", "hint"],
  ])("failure-threshold: %s", (threshold, ours) => {
    expect(theirs(`failure-threshold: ${threshold}\n`).failOn).toBe(ours);
  });

  test("no-fail stands above the threshold", () => {
    expect(theirs("failure-threshold: error\nno-fail: true\n").failOn).toBe("never");
  });

  test("its unknown keys are no errors", () => {
    expect(theirs("ignord: [DL3007]\n").problems).toMatchObject([
      { severity: "info", message: 'Unknown key "ignord"; did you mean "ignored"?' },
    ]);
  });
});

describe("what is in force", () => {
  const severityOf = (file: ConfigFile | null, id: string, extra = {}): string =>
    toConfig(file, sampleRules, extra).rules.get(id)?.severity ?? "off";

  test("preset, file, command line, in this order", () => {
    expect(severityOf(null, "bad-word")).toBe("error");
    expect(severityOf(null, "untrusted")).toBe("off");
    expect(severityOf(own("extends: all\n"), "untrusted")).toBe("error");
    expect(severityOf(own("extends: all\n"), "untrusted", { presets: ["recommended"] })).toBe("off");
    expect(severityOf(own("rules: { untrusted: on }\n"), "untrusted", { presets: ["recommended"] })).toBe("error");
    const overrides = [new Map([["bad-word", { severity: "hint" as const }]])];
    expect(severityOf(own("rules: { bad-word: off }\n"), "bad-word", { overrides })).toBe("hint");
  });

  test("trusted registries turn their rule on and reach it", () => {
    const config = toConfig(own("registry: { trusted: [ghcr.io] }\n"), sampleRules);
    expect(config.rules.get("untrusted")).toEqual({ severity: "error", options: { names: ["ghcr.io"] } });
  });

  test("build arguments are joined by name, the target of the command line wins", () => {
    const file = own("buildArgs: { A: 1, B: 2 }\ntarget: x\n");
    const config = toConfig(file, sampleRules, { buildArgs: new Map([["B", "3"]]), target: "y" });
    expect([...config.buildArgs]).toEqual([
      ["A", "1"],
      ["B", "3"],
    ]);
    expect(config.target).toBe("y");
  });
});

describe("the schema for editors", () => {
  const schema = configJsonSchema(sampleRules) as unknown as {
    additionalProperties: boolean;
    properties: { rules: { properties: { [id: string]: { anyOf: unknown[] } }; patternProperties: object } };
  };
  test("knows rules, options and ids of peers, and nothing else", () => {
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties.rules.properties)).toEqual(sampleRules.map((rule) => rule.id));
    expect(schema.properties.rules.properties["bad-word"]?.anyOf).toMatchObject([
      { enum: ["error", "warning", "info", "hint", "on", "off"] },
      {
        type: "object",
        properties: { max: { type: "number" }, names: { type: "array" }, mode: { enum: ["soft", "hard"] } },
        additionalProperties: false,
      },
    ]);
    const [pattern] = Object.keys(schema.properties.rules.patternProperties);
    expect("DL3007").toMatch(new RegExp(pattern ?? ""));
    expect("DL3008").not.toMatch(new RegExp(pattern ?? ""));
  });
});
