/** Turns an example of a rule into what the engine reads. Used by the pages and by the tests. */
import type { Catalogue, Day } from "../src/core/catalogue/types";
import { formatReference, type ImageReference } from "../src/core/image/reference";
import type { RegistryFacts, RemoteImage } from "../src/core/image/registry";
import type { LintInput } from "../src/core/lint";
import { noFacts } from "../src/core/lint";
import { buildModel } from "../src/core/model/build";
import { basesOf } from "../src/core/model/workspace-bases";
import { resolveConfig } from "../src/core/preset";
import type { AnyRule, Example, Facts } from "../src/core/rule";

/** The day on which all examples are read. */
export const exampleDay: Day = "2026-09-01";

/** What the examples of a rule are judged against. */
export interface Bench {
  /** All rules: some look at what others report, and no fix may make another one report more. */
  readonly rules: readonly AnyRule[];
  readonly catalogue: Catalogue;
  readonly today: Day;
}

/**
 * What a lint over one example of a rule reads: that rule alone, on, with the example's options and files. `text` is the
 * example's code without its marks, or that code after a fix; `facts` stand in for those of the example's files.
 */
export function exampleInput(rule: AnyRule, example: Example, text: string, bench: Bench, facts?: Facts): LintInput {
  const override = { severity: "on" as const, ...(example.options ? { options: example.options } : {}) };
  return {
    model: buildModel(text),
    rules: bench.rules,
    config: resolveConfig(bench.rules, { presets: [], overrides: [new Map([[rule.id, override]])] }),
    catalogue: bench.catalogue,
    today: bench.today,
    facts: facts ?? exampleFacts(example),
    path: example.path ?? "Dockerfile",
  };
}

/** What the world says in an example: its files, and ShellCheck's answers where it has some. */
function exampleFacts({ files, others, registry, shellcheck }: Example): Facts {
  return {
    ...factsOf(files),
    ...(others
      ? { bases: () => Object.entries(others).flatMap(([path, text]) => basesOf(buildModel(text), path)) }
      : {}),
    ...(registry ? { registry: registryOf(registry) } : {}),
    ...(shellcheck ? { shellcheck: (scripts) => scripts.map(({ text }) => shellcheck[text] ?? []) } : {}),
  };
}

/** What registries say in an example, and nothing else. */
export function registryOf(images: NonNullable<Example["registry"]>): RegistryFacts {
  const said = (reference: ImageReference) => images[formatReference({ ...reference, digest: null })];
  return {
    digest: (reference) => said(reference)?.digest,
    tags: (reference) => said(reference)?.tags,
    image(reference) {
      const image = said(reference)?.image;
      return image && { ...plainImage, digest: said(reference)?.digest ?? "", ...image };
    },
  };
}

const plainImage: Omit<RemoteImage, "digest"> = {
  platforms: ["linux/amd64"],
  manifests: [],
  platform: "linux/amd64",
  user: "",
  hasEntrypoint: false,
  size: 0,
  created: null,
};

/** Facts that know exactly the given files (paths relative to the context); without files, facts that know nothing. */
export function factsOf(files: { readonly [path: string]: string } | undefined): Facts {
  if (!files) return noFacts;
  const paths = Object.keys(files).sort();
  return {
    file: (path) => files[plainPath(path)] ?? null,
    list: (folder) => {
      const prefix = plainPath(folder) === "" ? "" : `${plainPath(folder)}/`;
      return paths.filter((path) => path.startsWith(prefix));
    },
  };
}

function plainPath(path: string): string {
  return path
    .replace(/^(\.?\/)+/, "")
    .replace(/\/+$/, "")
    .replace(/^\.$/, "");
}
