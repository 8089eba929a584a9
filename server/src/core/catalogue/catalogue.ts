/**
 * What is known about images without a network. See `format.ts` for how the data is written; the shipped data is made
 * by `server/scripts/catalogue.ts`. Lookups are remembered, so asking twice costs nothing.
 */

import type { ImageReference } from "../image/reference";
import { describe, type Knowledge } from "./describe";
import { findLine, type PatternsLine, type ProductLine, repositoryLineNames, type SystemsLine } from "./format";
import { images } from "./images.generated";
import { canonicalName } from "./names";
import { openRepository, parse, type Repository } from "./repository";
import type { Catalogue, ImageFacts, ReleaseLine } from "./types";

let bundled: Catalogue | null = null;

/** The catalogue that ships with Plimsoll. Made on first use. */
export function bundledCatalogue(): Catalogue {
  bundled ??= createCatalogue(images);
  return bundled;
}

/** Reads a catalogue from its text. Nothing is parsed but the header until it is asked for. */
export function createCatalogue(data: string): Catalogue {
  const date = data.slice(0, data.indexOf("\n")).split("\t")[2] ?? "";
  const repositories = new Map<string, Repository | null>();
  const products = new Map<string, readonly ReleaseLine[]>();
  const answers = new Map<string, ImageFacts>();
  let systems: SystemsLine | null = null;
  let patterns: PatternsLine | null = null;
  let names: readonly string[] | null = null;

  const knowledge: Knowledge = {
    date,
    lines: (product) => remember(products, product, () => readLines(findLine(data, `!${product}`))),
    systems: () => {
      systems ??= parse<SystemsLine>(findLine(data, "#")) ?? { families: [], overrides: [], alpineWithoutBash: [] };
      return systems;
    },
  };

  function patternsOf(): PatternsLine {
    patterns ??= parse<PatternsLine>(findLine(data, "*")) ?? {
      repositories: [],
      users: [],
      sizes: [],
      deprecations: [],
    };
    return patterns;
  }

  function repositoryOf(reference: ImageReference): Repository | null {
    const name = canonicalName(reference);
    return remember(repositories, name, () => openRepository(name, findLine(data, name), patternsOf));
  }

  return {
    date,
    repository: (reference) => repositoryOf(reference)?.facts ?? null,
    image(reference) {
      const repository = repositoryOf(reference);
      if (repository === null) return null;
      // Which variant a digest alone names, nobody can tell.
      if (reference.tag === null && reference.digest !== null) return null;
      const tag = reference.tag ?? "latest";
      return remember(answers, `${repository.facts.name}:${tag}`, () => describe(repository, tag, knowledge));
    },
    repositoryNames() {
      names ??= repositoryLineNames(data);
      return names;
    },
    tags: (reference) => repositoryOf(reference)?.tags() ?? [],
    lines(reference) {
      const product = repositoryOf(reference)?.line.product;
      return product === undefined ? [] : knowledge.lines(product);
    },
  };
}

function readLines(text: string | null): readonly ReleaseLine[] {
  const product = parse<ProductLine>(text);
  return (product?.cycles ?? []).map((cycle) => {
    const [line = "", codename = "", released = "", lts = "", end = "", securityEnd = "", name = ""] = cycle.split("|");
    // A title with the code name left out ends in empty brackets.
    const subject = name === "" ? `${product?.title ?? ""} ${line}` : name.replace(/ \(\)$/, "");
    return {
      line,
      subject: codename === "" ? subject : `${subject} (${codename})`,
      released: released === "" ? null : released,
      end: end === "" || end === "true" ? null : end,
      ended: end === "true",
      securityEnd: securityEnd === "" ? null : securityEnd,
      lts: product?.longTerm !== true ? null : lts === "1" ? true : lts === "" || lts === "0" ? false : lts,
    };
  });
}

/** Answers from a map, or makes and keeps the answer. The keys come from the user's text, so the map is kept small. */
function remember<T>(answers: Map<string, T>, key: string, make: () => T): T {
  const known = answers.get(key);
  if (known !== undefined) return known;
  if (answers.size > 5000) answers.clear();
  const made = make();
  answers.set(key, made);
  return made;
}
