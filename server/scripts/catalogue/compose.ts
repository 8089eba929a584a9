/** Writes the text of the catalogue from its sources. The format is that of `server/src/core/catalogue/format.ts`. */
import {
  type DeprecationLine,
  type FamilyLine,
  formatName,
  formatVersion,
  type OverrideLine,
  type PatternsLine,
  type ProductLine,
  type RepositoryLine,
  type SizeLine,
  type SystemsLine,
  type UserLine,
} from "../../src/core/catalogue/format";
import { systemOfWord } from "../../src/core/image/systems";
import { readTag } from "../../src/core/image/tag";
import type { Product, ReleaseCycle } from "./endoflife";
import type { DeprecationEntry, Facts, RepositoryEntry, SizeEntry, UserEntry } from "./facts";
import type { OfficialEntry } from "./official";

export interface Sources {
  readonly date: string;
  readonly official: ReadonlyMap<string, readonly OfficialEntry[]>;
  readonly products: ReadonlyMap<string, Product>;
  readonly facts: Facts;
}

/** The whole text, repositories sorted by name. `only` keeps some repositories (exact names), for the small catalogue. */
export function composeCatalogue(sources: Sources, only: ReadonlySet<string> | null = null): string {
  const repositories = composeRepositories(sources);
  const used = new Set<string>();
  const lines: string[] = [];
  for (const name of [...repositories.keys()].sort()) {
    if (only !== null && !only.has(name)) continue;
    const line = repositories.get(name);
    if (line?.product !== undefined) used.add(line.product);
    lines.push(`${name}\t${JSON.stringify(line)}`);
  }
  const patterns = composePatterns(sources.facts);
  for (const pattern of patterns.repositories) if (pattern.product !== undefined) used.add(pattern.product);
  for (const family of sources.facts.distributions.families) if (family.product !== null) used.add(family.product);

  const products = [...used].sort().map((name) => `!${name}\t${JSON.stringify(composeProduct(name, sources))}`);
  return [
    `${formatName}\t${formatVersion}\t${sources.date}`,
    `#\t${JSON.stringify(composeSystems(sources.facts))}`,
    `*\t${JSON.stringify(patterns)}`,
    ...products,
    ...lines,
    "",
  ].join("\n");
}

function composeRepositories(sources: Sources): ReadonlyMap<string, RepositoryLine> {
  const { facts, official } = sources;
  const result = new Map<string, RepositoryLine>();
  const officialNames = new Set([
    ...official.keys(),
    ...Object.keys(facts.retired),
    ...facts.deprecated.map((entry) => entry.image).filter((name) => !name.includes("/")),
  ]);
  for (const name of officialNames) result.set(name, composeOfficial(name, sources));
  for (const [name, rows] of Object.entries(facts.dotnet)) {
    const groups = rows.map((row) => `=${row}`).join("|");
    result.set(name, { label: ".NET", product: "dotnet", groups, ...extras(name, facts) });
  }
  for (const entry of facts.repositories) {
    if (hasPlaces(entry.match)) continue;
    result.set(entry.match, { ...composeEntry(entry), ...extras(entry.match, facts) });
  }
  for (const { image } of [...facts.users, ...facts.sizes, ...facts.deprecated]) {
    if (!hasPlaces(image) && !result.has(image)) throw new Error(`no repository for the facts about ${image}`);
  }
  return result;
}

function composeOfficial(name: string, { facts, official, products }: Sources): RepositoryLine {
  const product = facts.products.products[name];
  const os = facts.products.operatingSystems[name];
  const system = facts.products.defaultSystems[name];
  const title = product === undefined ? undefined : titleOf(product, products.get(product), facts);
  return {
    label: facts.products.labels[name] ?? title ?? name,
    official: true,
    ...(product !== undefined && { product }),
    ...(os !== undefined && { os }),
    ...(system !== undefined && { system }),
    groups: composeGroups(name, official.get(name) ?? [], facts),
    ...(facts.retired[name] !== undefined && { retired: facts.retired[name] }),
    ...extras(name, facts),
  };
}

/** Images with Linux first, so that a tag that both share is found as the Linux one. */
function composeGroups(name: string, entries: readonly OfficialEntry[], facts: Facts): string {
  const isWindows = (entry: OfficialEntry): boolean => entry.architectures.every((arch) => arch.startsWith("windows"));
  const ordered = [...entries.filter((entry) => !isWindows(entry)), ...entries.filter(isWindows)];
  return ordered
    .map((entry) => {
      const system = isWindows(entry) ? windowsOf(entry) : systemBesides(name, entry, facts);
      return [...(system === null ? [] : [`=${system}`]), ...entry.tags].join(" ");
    })
    .join("|");
}

function windowsOf(entry: OfficialEntry): string {
  const named = entry.tags.map((tag) => readTag(tag).system).find((system) => system?.version != null);
  return named?.family === "windows" && named.version !== null ? `windows:${named.version}` : "windows";
}

/** The system of an image where none of its tags says it: from the suite, or from the folder of its Dockerfile. */
function systemBesides(name: string, entry: OfficialEntry, facts: Facts): string | null {
  const suite = facts.distributions.debianSuites[entry.tags[0]?.replace(/-.*$/, "") ?? ""];
  if (suite !== undefined && facts.products.operatingSystems[name] === "debian") return `debian:${suite}`;
  if (facts.products.operatingSystems[name] !== undefined) return null;
  const named = entry.tags.map((tag) => readTag(tag).system).filter((system) => system !== null);
  if (named.some((system) => system.version !== null)) return null;
  const byFolder = systemOfFolder(entry.directory);
  if (byFolder === null || (named[0] !== undefined && named[0].family !== byFolder.split(":")[0])) return null;
  return named[0] !== undefined && !byFolder.includes(":") ? null : byFolder;
}

function systemOfFolder(folder: string): string | null {
  const words = folder.split(/[/-]/);
  for (let index = words.length - 1; index >= 0; index--) {
    const word = words[index] ?? "";
    const named = systemOfWord(word);
    if (named === null) continue;
    const next = (words[index + 1] ?? "").replace("_", ".");
    const version = named.version ?? (/^\d+(?:\.\d+)?$/.test(next) && !/oracle/.test(word) ? next : null);
    return version === null ? named.family : `${named.family}:${version}`;
  }
  return null;
}

function composeEntry(entry: RepositoryEntry): RepositoryLine {
  const { label, product, line, family, version, prefix, os, tags } = entry;
  const system = family === undefined ? undefined : version === undefined ? family : `${family}:${version}`;
  return {
    label,
    ...(product !== undefined && { product }),
    ...(line !== undefined && { line }),
    ...(os === true && family !== undefined && { os: family }),
    ...(os !== true && system !== undefined && { system }),
    ...(prefix !== undefined && { prefix }),
    ...(tags !== undefined && { groups: tags.join("|") }),
  };
}

function extras(name: string, facts: Facts): Pick<RepositoryLine, "sizes" | "users" | "deprecation"> {
  const sizes = facts.sizes.filter((entry) => entry.image === name).map(composeSize);
  const users = facts.users.filter((entry) => entry.image === name).map(composeUser);
  const deprecation = facts.deprecated.find((entry) => entry.image === name);
  return {
    ...(sizes.length > 0 && { sizes }),
    ...(users.length > 0 && { users }),
    ...(deprecation !== undefined && { deprecation: composeDeprecation(deprecation) }),
  };
}

function composePatterns(facts: Facts): PatternsLine {
  const withPlaces = <T extends { readonly image: string }>(list: readonly T[]): readonly T[] =>
    list.filter((entry) => hasPlaces(entry.image));
  return {
    repositories: facts.repositories
      .filter((entry) => hasPlaces(entry.match))
      .map((entry) => ({ match: entry.match, ...composeEntry(entry) })),
    users: withPlaces(facts.users).map((entry) => ({ match: entry.image, ...composeUser(entry) })),
    sizes: withPlaces(facts.sizes).map((entry) => ({ match: entry.image, ...composeSize(entry) })),
    deprecations: withPlaces(facts.deprecated).map((entry) => ({ match: entry.image, ...composeDeprecation(entry) })),
  };
}

function hasPlaces(name: string): boolean {
  return name.includes("{");
}

function composeUser(entry: UserEntry): UserLine {
  const { system, words, minLine, maxLine, runsAs, how, name, uid, gid, write, home, caveat, verified } = entry;
  return {
    ...(system !== undefined && { system }),
    ...(words !== undefined && { words }),
    ...(minLine !== undefined && { minLine }),
    ...(maxLine !== undefined && { maxLine }),
    runsAs,
    how: how as UserLine["how"],
    ...(name !== undefined && { name }),
    ...(uid != null && { uid }),
    ...(gid != null && { gid }),
    ...(write !== undefined && { write }),
    ...(home !== undefined && { home }),
    ...(caveat !== undefined && { caveat }),
    ...(verified && { verified }),
  };
}

function composeSize({ tag, variants, bytes, kind }: SizeEntry): SizeLine {
  return {
    ...(tag !== undefined && { tag }),
    ...(variants !== undefined && { variants }),
    bytes,
    kind: kind as SizeLine["kind"],
  };
}

function composeDeprecation({ kind, since, reason, successors }: DeprecationEntry): DeprecationLine {
  return { kind: kind as DeprecationLine["kind"], ...(since !== null && { since }), reason, successors };
}

function composeSystems(facts: Facts): SystemsLine {
  const { families, overrides, alpineWithoutBash } = facts.distributions;
  return {
    families: families.map(
      ({ family, label, product, packageManager, libc, shell, hasBash, accounts }) =>
        ({ family, label, product, packageManager, libc, shell, hasBash, accounts }) as FamilyLine,
    ),
    overrides: overrides.map(({ provenance, ...entry }) => entry as unknown as OverrideLine),
    alpineWithoutBash,
  };
}

function composeProduct(name: string, { products, facts }: Sources): ProductLine {
  const product = products.get(name);
  if (product === undefined) throw new Error(`no product file for ${name}`);
  const title = titleOf(name, product, facts);
  const free = facts.products.freeExtendedEnds.includes(name);
  const longTerm = !facts.products.noLongTerm.includes(name) && product.cycles.some((cycle) => isLongTerm(cycle.lts));
  const extra = Object.entries(facts.products.extraCycles[name] ?? {}).flatMap(([cycle, like]) =>
    product.cycles.filter((known) => known.cycle === like).map((known) => ({ ...known, cycle, label: null })),
  );
  return { title, longTerm, cycles: [...product.cycles, ...extra].map((cycle) => composeCycle(cycle, title, free)) };
}

function composeCycle(cycle: ReleaseCycle, title: string, free: boolean): string {
  const eol = cycle.eol === "false" ? "" : (cycle.eol ?? "");
  const end = free && cycle.eoes !== null && /^\d/.test(cycle.eoes) ? cycle.eoes : eol;
  const name = cycle.label === null ? "" : nameOf(cycle.label, cycle.cycle, title);
  const fields = [
    cycle.cycle,
    cycle.codename === null ? "" : (cycle.codename.split(" ")[0] ?? "").toLowerCase(),
    cycle.released ?? "",
    cycle.lts === "true" ? "1" : cycle.lts === "false" ? "0" : (cycle.lts ?? ""),
    end,
    end === eol ? "" : eol,
    name,
  ];
  return fields.join("|").replace(/\|+$/, "");
}

/** A label such as `Core __RELEASE_CYCLE__` names the line after the title; the rest of its markup is left out. */
function nameOf(label: string, cycle: string, title: string): string {
  const text = label
    .replace(/__RELEASE_CYCLE__/g, cycle)
    .replace(/__[A-Z_]+__|<[^>]*>/g, "")
    .replace(/\s+/g, " ")
    .trim();
  if (text === cycle || text === "" || /[|\t]/.test(text)) return "";
  return text.startsWith(title) ? text : `${title} ${text}`;
}

function isLongTerm(lts: string | null): boolean {
  return lts !== null && lts !== "false";
}

function titleOf(name: string, product: Product | undefined, facts: Facts): string {
  return facts.products.titles[name] ?? product?.title ?? name;
}
