/** Reads product files of endoflife-date/endoflife.date: their front matter, as `products/*.md` or as plain `*.yml`. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** One release line, dates as `YYYY-MM-DD`; `true` and `false` where no date is given. */
export interface ReleaseCycle {
  readonly cycle: string;
  /** How the line is called where that is not `<title> <cycle>`; `__RELEASE_CYCLE__` stands for the cycle. */
  readonly label: string | null;
  readonly codename: string | null;
  readonly released: string | null;
  readonly lts: string | null;
  readonly eol: string | null;
  readonly eoes: string | null;
}

export interface Product {
  readonly title: string;
  readonly cycles: readonly ReleaseCycle[];
}

/** Reads all products of a folder, by file name without its ending. */
export function readProducts(folder: string): ReadonlyMap<string, Product> {
  const products = existsSync(join(folder, "products")) ? join(folder, "products") : folder;
  const result = new Map<string, Product>();
  for (const file of readdirSync(products).sort()) {
    if (/\.(?:md|ya?ml)$/.test(file)) {
      const name = file.replace(/\.[a-z]+$/, "");
      result.set(name, asContainers(name, readProduct(readFileSync(join(products, file), "utf8"))));
    }
  }
  return result;
}

/**
 * As a container image, Windows 1809 is the long-term release of 2019 (the base images' life cycle page of Microsoft); the
 * product files list under 1809 the semi-annual server of that number, which ended long before.
 */
function asContainers(name: string, product: Product): Product {
  const longTerm = product.cycles.find((cycle) => cycle.cycle === "2019");
  if (!name.startsWith("windows-") || !longTerm) return product;
  return {
    ...product,
    cycles: product.cycles.map((cycle) => (cycle.cycle === "1809" ? { ...longTerm, cycle: "1809" } : cycle)),
  };
}

/** Reads one product. Everything is read as text: `3.10` is a name, not a number. */
export function readProduct(text: string): Product {
  const frontMatter = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? text;
  const data: unknown = parse(frontMatter, { schema: "failsafe" });
  if (!isRecord(data)) throw new Error("a product file without front matter");
  const releases = Array.isArray(data.releases) ? data.releases : [];
  return {
    title: textOf(data.title) ?? "",
    cycles: releases.filter(isRecord).map((release) => ({
      cycle: textOf(release.releaseCycle) ?? "",
      label: textOf(release.releaseLabel),
      codename: textOf(release.codename),
      released: textOf(release.releaseDate),
      lts: textOf(release.lts),
      eol: textOf(release.eol),
      eoes: textOf(release.eoes),
    })),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" && value !== "null" ? value : null;
}
