/** How big an image is: its own figure, or that of the nearest line of the same kind. */

import type { NamedSystem } from "../image/systems";
import { compareNumbers, readTag, type TagParts } from "../image/tag";
import type { RepositoryLine, SizeLine } from "./format";
import type { Group, Repository } from "./repository";
import type { ImageSize } from "./types";
import { hasVersion, variantsOf } from "./variants";

/** The size of an image; null when no figure is known for it or its kind. */
export function sizeOf(
  repository: Repository,
  tag: string,
  parts: TagParts,
  group: Group | null,
  system: NamedSystem | null,
): ImageSize | null {
  if (repository.sizes.length === 0) return null;
  const kind = kindOf(parts, group, repository.line);
  let nearest: { readonly size: SizeLine; readonly tag: string; readonly distance: readonly number[] } | null = null;
  for (const size of repository.sizes) {
    if (size.tag === undefined) continue;
    if (size.tag === tag || group?.tags.includes(size.tag)) {
      return { bytes: size.bytes, kind: size.kind, tag: size.tag };
    }
    const itsParts = readTag(size.tag);
    const itsGroup = repository.group(size.tag);
    if (kindOf(itsParts, itsGroup, repository.line) !== kind) continue;
    if (!isSameFamily(itsParts, itsGroup, system)) continue;
    const distance = distanceOf(itsParts, parts, group);
    if (nearest === null || compareNumbers(distance, nearest.distance) < 0) nearest = { size, tag: size.tag, distance };
  }
  if (nearest !== null) return { bytes: nearest.size.bytes, kind: nearest.size.kind, tag: nearest.tag };

  const guess = repository.sizes.find(
    (size) => size.tag === undefined && (size.variants == null || [...size.variants].sort().join(" ") === kind),
  );
  return guess === undefined ? null : { bytes: guess.bytes, kind: guess.kind, tag };
}

/** The variants of an image as one text. The alias that says most decides: `25` of Temurin is `25-jdk-noble`. */
function kindOf(parts: TagParts, group: Group | null, line: RepositoryLine): string {
  let best = parts;
  if (group !== null) {
    const aliases = group.tags.map(readTag);
    const versioned = aliases.filter((alias) => hasVersion(alias, line));
    const named = aliases.filter((alias) => alias.system !== null);
    for (const alias of versioned.length > 0 ? versioned : named) {
      const isMore = alias.variants.length > variantsOf(best).length || (best === parts && versioned.length > 0);
      if (isMore) best = alias;
    }
  }
  return [...variantsOf(best)].sort().join(" ");
}

function isSameFamily(parts: TagParts, group: Group | null, system: NamedSystem | null): boolean {
  if (system === null) return true;
  let family = group?.system?.family ?? parts.system?.family ?? null;
  for (const alias of group?.tags ?? []) family ??= readTag(alias).system?.family ?? null;
  return family === null || family === system.family;
}

function distanceOf(measured: TagParts, asked: TagParts, group: Group | null): readonly number[] {
  let numbers = asked.numbers;
  for (const alias of group?.tags ?? []) if (numbers.length === 0) numbers = readTag(alias).numbers;
  if (numbers.length === 0 || measured.numbers.length === 0) {
    const own = Number(asked.system?.version ?? Number.NaN);
    const its = Number(measured.system?.version ?? Number.NaN);
    return [Number.isNaN(own - its) ? 1_000_000 : Math.abs(own - its)];
  }
  return measured.numbers.slice(0, 2).map((number, index) => Math.abs(number - (numbers[index] ?? number)));
}
