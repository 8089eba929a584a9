/** Findings kept with their instruction are those that a check of the whole file gives, wherever the instruction moves. */
import { describe, expect, it } from "vitest";
import { exampleCatalogue } from "../../server/src/core/catalogue/examples";
import {
  allRules,
  applyEdits,
  type Binding,
  buildModel,
  type Config,
  type Instruction,
  lint,
  type Model,
  noFacts,
  resolveConfig,
  type Scope,
  type Stage,
} from "../../server/src/core/index";
import { optionValues } from "../../server/src/core/lint";
import { replacedNames } from "../../server/src/core/local";
import { readMarks } from "../../server/src/core/marks";
import { locate } from "../../server/src/core/model/types";
import { defineRule } from "../../server/src/core/rule";

const catalogue = exampleCatalogue();
const today = "2026-09-01";

const local = allRules.filter((rule) => rule.scope === "instruction");

it("a rule that says it looks at one instruction alone looks at nothing else", () => {
  const faults: string[] = [];
  for (const rule of local) {
    for (const example of rule.examples) {
      const model = buildModel(readMarks(example.code).text);
      const options = optionValues(rule, example.options ?? {}) as never;
      const ask = (view: Model): string[] =>
        [...rule.check({ model: view, catalogue, facts: noFacts, today, options, path: "Dockerfile" })].map(
          (finding) => {
            if (finding.cause !== undefined) throw new Error("a cause names a place in the file");
            return `${finding.range.start}-${finding.range.end} ${finding.severity} ${finding.message}`;
          },
        );
      try {
        const alone = model.instructions.flatMap((instruction) => ask(viewOf(model, instruction)));
        if (alone.sort().join("\n") !== ask(model).sort().join("\n")) throw new Error("other findings");
      } catch (error) {
        faults.push(`${rule.id}, "${example.title}": ${(error as Error).message}`);
      }
    }
  }
  expect(faults).toEqual([]);
});

/** The model as a local rule may see it: one instruction, and of its stage only what the engine knows to compare. */
function viewOf(model: Model, instruction: Instruction): Model {
  const alone = Object.create(instruction, {
    stage: { value: guarded(instruction.stage, guardedScope(instruction)) },
    scripts: { value: undefined, writable: true },
  }) as Instruction;
  return new Proxy(model, {
    get(target, key: keyof Model) {
      if (key === "instructions") return [alone];
      if (["text", "lines", "escape", "lineEnding", "templates", "frontend"].includes(key)) return target[key];
      throw new Error(`looks at model.${key}`);
    },
  });
}

function guarded(stage: Stage | null, scope: Scope | null): Stage | null {
  if (!stage) return null;
  return new Proxy(stage, {
    get(target, key: keyof Stage) {
      if (key === "ships" || key === "reachesFinal") return target[key];
      if (key === "root") return guarded(target.root, null);
      if (key === "base" && target.root === target) return target.base;
      if (key === "scope" && scope) return scope;
      throw new Error(`looks at stage.${key}`);
    },
  });
}

/** Answers only for the names that the builder replaces in the instruction, with what the engine compares. */
function guardedScope({ parsed, stage, index }: Instruction): Scope {
  const names = replacedNames(parsed);
  return new Proxy({} as Scope, {
    get(_, key: keyof Scope) {
      if (key !== "lookup") throw new Error(`looks at scope.${key}`);
      return (name: string, at: number) => {
        if (at !== index || !names.includes(name)) throw new Error(`looks at the variable ${name}`);
        const binding = stage?.scope.lookup(name, at);
        if (!binding) return null;
        const { kind, unset, value } = binding;
        return { name, kind, unset, value } as Binding;
      };
    },
  });
}

describe("the memory", () => {
  const seen: string[] = [];
  const rule = defineRule({
    id: "sample-rule",
    theme: "shell",
    category: "style",
    severity: "warning",
    recommended: true,
    since: "0.1.0",
    summary: "A sample.",
    why: "A sample.",
    aliases: {},
    scope: "instruction",
    fixable: "safe",
    examples: [],
    *check({ model }) {
      for (const instruction of model.instructions) {
        seen.push(model.text.slice(instruction.span.start, instruction.span.end));
        const span = instruction.parsed.argumentsSpan;
        if (instruction.keyword !== "RUN" || !span) continue;
        yield {
          message: `Run as ${instruction.user.kind === "set" ? instruction.user.name : "root"}.`,
          range: locate(instruction, span),
          fixes: () => [
            { title: "Replace", applicability: "safe", edits: [{ span: locate(instruction, span), newText: "true" }] },
          ],
        };
      }
    },
  });
  const look = (text: string, config: Config): { messages: string[]; seen: string[]; mended: string[] } => {
    seen.length = 0;
    const { reports } = lint({ model: buildModel(text), rules: [rule], config, catalogue, today });
    const asked = [...seen];
    const mended = reports.map((report) => applyEdits(text, report.fixes()[0]?.edits ?? []));
    return { messages: reports.map((report) => report.message), seen: asked, mended };
  };

  it("asks only about what changed, and moves what it knows", () => {
    const config = resolveConfig([rule]);
    expect(look("FROM a\nRUN b\nRUN c\n", config).seen).toEqual(["FROM a", "RUN b", "RUN c"]);
    const after = look("# new\nFROM a\nRUN b\nRUN cx\n", config);
    expect(after.seen).toEqual(["RUN cx"]);
    expect(after.mended).toEqual(["# new\nFROM a\nRUN true\nRUN cx\n", "# new\nFROM a\nRUN b\nRUN true\n"]);
  });

  it("asks again when the surroundings change", () => {
    const config = resolveConfig([rule]);
    look("FROM a\nRUN b\n", config);
    const after = look("FROM a\nUSER d\nRUN b\n", config);
    expect(after.seen).toEqual(["USER d", "RUN b"]);
    expect(after.messages).toEqual(["Run as d."]);
    expect(look("FROM x\nRUN b\n", config).seen).toEqual(["FROM x", "RUN b"]);
  });

  it("asks again when a variable has another value", () => {
    const config = resolveConfig([rule]);
    look("FROM a\nARG B=1\nWORKDIR /$B\nRUN $B\n", config);
    expect(look("FROM a\nARG B=2\nWORKDIR /$B\nRUN $B\n", config).seen).toEqual(["ARG B=2", "WORKDIR /$B", "RUN $B"]);
    // The work folder is the same, and what a shell reads is not looked at.
    look("FROM a\nARG B=1\nCOPY $B .\nRUN $B\n", config);
    expect(look("FROM a\nARG B=2\nCOPY $B .\nRUN $B\n", config).seen).toEqual(["COPY $B ."]);
  });

  it("knows one text in as many places as the file has it in", () => {
    const config = resolveConfig([rule]);
    const text = Array.from({ length: 60 }, (_, i) => `FROM a\nWORKDIR /w${i}\nRUN b\n`).join("");
    expect(look(text, config).seen).toHaveLength(180);
    expect(look(text, config).seen).toEqual([]);
    // What is gone makes room, and what is there stays.
    for (let i = 0; i < 2; i++) look(text.replaceAll("/w", `/v${i}`), config);
    expect(look(text.replaceAll("/w", "/v1"), config).seen).toEqual([]);
  });

  it("asks again under another configuration", () => {
    look("FROM a\nRUN b\n", resolveConfig([rule]));
    expect(look("FROM a\nRUN b\n", resolveConfig([rule])).seen).toEqual(["FROM a", "RUN b"]);
  });
});
