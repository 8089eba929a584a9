/** Turns an example of a rule into what the engine reads. Used by the pages and by the tests. */
import type { Catalogue, Day } from "../src/core/catalogue/types";
import { formatReference, type ImageReference } from "../src/core/image/reference";
import type { RegistryFacts, RemoteImage } from "../src/core/image/registry";
import type { SignatureFacts, SignatureReport } from "../src/core/image/signature";
import type { ScanFacts } from "../src/core/image/vulnerability";
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
function exampleFacts({ files, others, registry, signatures, scans, shellcheck }: Example): Facts {
  return {
    ...factsOf(files),
    ...(others
      ? { bases: () => Object.entries(others).flatMap(([path, text]) => basesOf(buildModel(text), path)) }
      : {}),
    ...(registry ? { registry: registryOf(registry) } : {}),
    ...(signatures ? { signatures: signaturesOf(signatures) } : {}),
    ...(scans ? { scans: scansOf(scans) } : {}),
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

/** What came of checking signatures in an example. */
function signaturesOf(reports: NonNullable<Example["signatures"]>): SignatureFacts {
  return {
    signature(reference) {
      const said = reports[formatReference({ ...reference, digest: null })];
      return said && { ...plainSignature, ...said };
    },
  };
}

const plainSignature: SignatureReport = {
  digest: `sha256:${"0".repeat(64)}`,
  state: "unsigned",
  required: true,
  signer: null,
  found: [],
  reasons: [],
};

/** What a scanner said in an example. */
function scansOf(scans: NonNullable<Example["scans"]>): ScanFacts {
  return {
    scan(reference) {
      const image = formatReference({ ...reference, digest: null });
      const vulnerabilities = scans[image];
      return vulnerabilities && { image, scanner: "trivy", day: exampleDay, vulnerabilities };
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
