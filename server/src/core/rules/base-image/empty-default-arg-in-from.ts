import { pins } from "../../catalogue/advice";
import type { Catalogue, Day } from "../../catalogue/types";
import { hasTemplate } from "../../fixes/mount";
import { parseReference } from "../../image/reference";
import { expandWord, globalState } from "../../model/scope";
import type { Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule, type Fix } from "../../rule";

export default defineRule({
  id: "empty-default-arg-in-from",
  theme: "base-image",
  category: "correctness",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "A FROM depends on an ARG without a default, so a build without that argument has no valid image.",
  why: "`docker build .` alone stops at such a FROM; whoever builds has to know which argument to give. A default makes the file build as it stands. Off by default: an ARG without a default is often left so on purpose, to force a choice, and BuildKit says it at every build anyway.",
  aliases: { buildkit: ["InvalidDefaultArgInFrom"], tally: ["buildkit/InvalidDefaultArgInFrom"] },
  fixable: "unsafe",
  examples: [
    {
      title: "The tag has no default",
      code: "ARG TAG\nFROM [|alpine:${TAG}|]\n",
      fixed: "ARG TAG=3.24\nFROM alpine:${TAG}\n",
    },
    { title: "The whole image has none", code: "ARG BASE\nFROM [|$BASE|]\n" },
    { title: "The default is empty", code: "ARG REGISTRY=\nFROM [|$REGISTRY/app:1|]\n" },
    { title: "Valid without it", code: "ARG VARIANT\nFROM alpine:3.24$VARIANT\n" },
    { title: "The variable brings a default of its own", code: "ARG TAG\nFROM alpine:${TAG:-3.24}\n" },
    { title: "A default", code: "ARG TAG=3.24\nFROM alpine:${TAG}\n" },
    { title: "The builder brings it", code: "FROM base-$TARGETARCH\n" },
    { title: "Declared nowhere, which is another rule's", code: "FROM alpine:$TAG\n" },
  ],
  *check({ model, catalogue, today }) {
    for (const stage of model.stages) {
      const { word, span } = stage.base;
      if (!word || !span || word.variables.length === 0 || hasTemplate(model, span)) continue;
      const missing = emptyNames(model, stage);
      if (missing.length === 0) continue;
      const text = withoutDefaults(model, stage);
      if (text === null || isValid(model, stage, text)) continue;
      const names = missing.join(" and ");
      yield {
        message: `Without a build argument ${names} is empty, and ${text === "" ? "no image is left" : `${text} is no valid image`}. Give the ARG a default.`,
        range: span,
        fixes: () => giveDefault(model, stage, missing, catalogue, today),
      };
    }
  },
});

/** The declared ARGs of a FROM that hold nothing; none where another name of it is declared nowhere. */
function emptyNames(model: Model, { base, from }: Stage): readonly string[] {
  const names: string[] = [];
  for (const { name, nested } of base.word?.variables ?? []) {
    const binding = model.globals.lookup(name, from.index);
    if (!binding) return [];
    const isEmpty = binding.kind === "arg" && (binding.unset || binding.value === "");
    if (isEmpty && !nested && !names.includes(name)) names.push(name);
  }
  return names;
}

/** The word with every unset ARG taken as empty, as BuildKit does for this check. */
function withoutDefaults(model: Model, { base, from }: Stage): string | null {
  return (
    base.word &&
    expandWord(base.word, model.escape, (name) => {
      const state = globalState(model.globals, name, from.index);
      return state.kind === "unset" ? { kind: "value", value: "" } : state;
    })
  );
}

function isValid(model: Model, stage: Stage, text: string): boolean {
  if (text === "scratch" || parseReference(text) !== null) return true;
  return model.stages.some((other) => other.index < stage.index && other.name === text.toLowerCase());
}

/** A default for the tag of a known image; what another name should hold, nobody can say. */
function giveDefault(
  model: Model,
  stage: Stage,
  missing: readonly string[],
  catalogue: Catalogue,
  today: Day,
): readonly Fix[] {
  const text = stage.base.word?.text ?? "";
  const [name] = missing;
  const match = /^([\w./-]+):(?:\$\{(\w+)\}|\$(\w+))$/.exec(text);
  const binding = name === undefined ? null : model.globals.lookup(name, stage.from.index);
  const { pair, instruction } = binding ?? {};
  if (!match?.[1] || (match[2] ?? match[3]) !== name || !pair || !instruction || pair.value) return [];
  const reference = parseReference(match[1]);
  const best = reference && pins(catalogue, reference, today)[0];
  if (!best) return [];
  const { end } = locate(instruction, pair);
  return [
    {
      title: `Give ${name} the default ${best.tag}`,
      applicability: "unsafe",
      reason: "A build that forgets the argument then uses this image.",
      edits: [{ span: { start: end, end }, newText: `=${best.tag}` }],
    },
  ];
}
