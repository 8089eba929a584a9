/** Reads the hand-kept fact files of `server/facts`. Their shapes, and nothing else. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface UserEntry {
  readonly image: string;
  readonly system?: string;
  readonly words?: readonly string[];
  readonly minLine?: string;
  readonly maxLine?: string;
  readonly runsAs: string;
  readonly how: string;
  readonly name?: string;
  readonly uid?: number | null;
  readonly gid?: number | null;
  readonly write?: string;
  readonly home?: string;
  readonly caveat?: string;
  readonly verified: boolean;
}

export interface SizeEntry {
  readonly image: string;
  readonly tag?: string;
  readonly variants?: readonly string[] | null;
  readonly bytes: number;
  readonly kind: string;
}

export interface DeprecationEntry {
  readonly image: string;
  readonly kind: string;
  readonly since: string | null;
  readonly reason: string;
  readonly successors: readonly string[];
}

export interface RepositoryEntry {
  readonly match: string;
  readonly label: string;
  readonly product?: string;
  readonly line?: string;
  readonly family?: string;
  readonly version?: string;
  readonly prefix?: string;
  readonly os?: boolean;
  readonly tags?: readonly string[];
}

export interface FamilyEntry {
  readonly family: string;
  readonly label: string;
  readonly product: string | null;
  readonly packageManager: string | null;
  readonly libc: string | null;
  readonly shell: string | null;
  readonly hasBash: boolean | null;
  readonly accounts: string | null;
}

export interface ProductFacts {
  readonly products: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly operatingSystems: Readonly<Record<string, string>>;
  readonly defaultSystems: Readonly<Record<string, string>>;
  /** Products whose extended support (`eoes`) is free and therefore counts as their end. */
  readonly freeExtendedEnds: readonly string[];
  /** Products whose `lts` means something else than a line to prefer. */
  readonly noLongTerm: readonly string[];
  readonly titles: Readonly<Record<string, string>>;
  /** Names that tags use for a line and the product's list does not: the name, and the line it stands for. */
  readonly extraCycles: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface DistributionFacts {
  readonly families: readonly FamilyEntry[];
  readonly overrides: readonly Record<string, unknown>[];
  readonly debianSuites: Readonly<Record<string, string>>;
  readonly alpineWithoutBash: readonly string[];
}

export interface Facts {
  readonly users: readonly UserEntry[];
  readonly sizes: readonly SizeEntry[];
  readonly deprecated: readonly DeprecationEntry[];
  readonly repositories: readonly RepositoryEntry[];
  readonly products: ProductFacts;
  readonly distributions: DistributionFacts;
  /** Repository → lines of `system tag tag …`. */
  readonly dotnet: Readonly<Record<string, readonly string[]>>;
  /** Repository → its dropped tags, packed. */
  readonly retired: Readonly<Record<string, { readonly tails: string; readonly days: string }>>;
}

/** Reads all fact files of a folder. Throws when one is missing or no JSON. */
export function readFacts(folder: string): Facts {
  const read = (name: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(folder, name), "utf8")) as Record<string, unknown>;
  const sizes = read("sizes.json");
  const dotnet = read("dotnet-tags.json");
  return {
    users: read("users.json").entries as readonly UserEntry[],
    sizes: [...(sizes.entries as readonly SizeEntry[]), ...(sizes.estimates as readonly SizeEntry[])],
    deprecated: read("deprecated.json").entries as readonly DeprecationEntry[],
    repositories: read("repositories.json").entries as readonly RepositoryEntry[],
    products: read("products.json") as unknown as ProductFacts,
    distributions: read("distributions.json") as unknown as DistributionFacts,
    dotnet: Object.fromEntries(Object.entries(dotnet).filter(([, value]) => Array.isArray(value))) as Readonly<
      Record<string, readonly string[]>
    >,
    retired: read("retired-tags.json").repositories as Facts["retired"],
  };
}
