/** The small frozen catalogue that the examples of the rules are written against. It is not renewed with the data. */
import { createCatalogue } from "./catalogue";
import { examples } from "./examples.generated";
import type { Catalogue } from "./types";

let made: Catalogue | null = null;

/** A few dozen repositories as they were on 2026-08-22, so that `node:latest` is Node.js 26 in every test. */
export function exampleCatalogue(): Catalogue {
  made ??= createCatalogue(examples);
  return made;
}
