/** The image with a .NET runtime that fits an image with the SDK. */
import type { Catalogue, Distribution, ImageFacts } from "../../catalogue/types";
import { parseReference } from "../../image/reference";
import { readTag } from "../../image/tag";
import { isLive } from "../runtime-base";

/** `aspnet` holds `runtime`, and that holds `runtime-deps`: what a program carries itself decides. */
export type DotnetRuntime = "aspnet" | "runtime" | "runtime-deps";

/** An image to run .NET programs in. */
export interface DotnetBase {
  readonly reference: string;
  readonly system: Distribution;
  /** Major release: 8, 10. */
  readonly major: number;
  /** What stands behind USER for the account that the image brings; null where it brings none. */
  readonly account: string | null;
}

/** The runtime image of the same release on the same system; null when none is known to be alive. */
export function dotnetBase(catalogue: Catalogue, image: ImageFacts, runtime: DotnetRuntime): DotnetBase | null {
  const release = /^\d+/.exec(image.line ?? "")?.[0];
  if (release === undefined) return null;
  // The SDK counts its versions another way than the runtime, so only the release and the system can be kept.
  const { system } = readTag(image.tag);
  const words = system === null ? [] : readTag(image.tag).suffixes.slice(system.from);
  const wanted = words.join("-");
  const isAlpine = image.distribution?.family === "alpine" || wanted.startsWith("alpine");
  const tags = [
    wanted === "" ? `${release}.0` : `${release}.0-${wanted}`,
    ...(isAlpine ? [`${release}.0-alpine`] : []),
  ];
  for (const tag of tags) {
    const reference = `mcr.microsoft.com/dotnet/${runtime}:${tag}`;
    const facts = isLive(catalogue, reference) ? imageOf(catalogue, reference) : null;
    if (!facts?.distribution || facts.windows) continue;
    if (image.distribution && image.distribution.family !== facts.distribution.family) continue;
    const account = facts.user?.ready?.write ?? null;
    return { reference, system: facts.distribution, major: Number(release), account };
  }
  return null;
}

/**
 * The image without a shell, with time zones and languages, running as app (1654). Only for programs that run on glibc.
 * Null when none is known to be alive.
 */
export function bareDotnetBase(catalogue: Catalogue, base: DotnetBase, runtime: DotnetRuntime): string | null {
  const found = ["noble", "jammy"]
    .map((codename) => `mcr.microsoft.com/dotnet/${runtime}:${base.major}.0-${codename}-chiseled-extra`)
    .find((reference) => isLive(catalogue, reference));
  return found ?? null;
}

function imageOf(catalogue: Catalogue, text: string): ImageFacts | null {
  const reference = parseReference(text);
  return reference && catalogue.image(reference);
}
