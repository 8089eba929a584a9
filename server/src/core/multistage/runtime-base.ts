/** Images to run in: always ones that the catalogue knows to be alive. */
import type { Catalogue, ImageFacts } from "../catalogue/types";
import { parseReference } from "../image/reference";

/** Certificates as Debian, Ubuntu and Alpine keep them. */
export const certificates = "/etc/ssl/certs/ca-certificates.crt";

/** True when the catalogue knows the reference as a tag that is still built. */
export function isLive(catalogue: Catalogue, text: string): boolean {
  const image = facts(catalogue, text);
  return image?.known === true && image.dropped === null && image.aliases.length > 0;
}

/** A slim Debian or an Alpine to run what was built in an image; `same` says whether it is the very same release. */
export interface SystemBase {
  readonly reference: string;
  readonly same: boolean;
}

/**
 * The small image with the system that `builder` stands on. Where that release is no longer built, the present one: both C
 * libraries run programs that were linked against an older one. Null when the builder's system is not known.
 */
export function systemBase(catalogue: Catalogue, builder: ImageFacts): SystemBase | null {
  const system = builder.distribution;
  // A tag that nobody has seen may stand on anything, also on something newer than what we would offer.
  const isOld = (builder.known && builder.dropped !== null) || isOfKnownLine(catalogue, builder);
  if (system?.family === "debian") {
    const same = system.codename && `debian:${system.codename}-slim`;
    if (same && isLive(catalogue, same)) return { reference: same, same: true };
    const current = facts(catalogue, "debian:latest")?.distribution?.codename;
    const present = current && `debian:${current}-slim`;
    return (isOld || system.codename) && present && isLive(catalogue, present)
      ? { reference: present, same: false }
      : null;
  }
  if (system?.family === "alpine") {
    const same = system.version && `alpine:${system.version}`;
    if (same && isLive(catalogue, same)) return { reference: same, same: true };
    const version = facts(catalogue, "alpine:latest")?.line;
    const present = version && `alpine:${version}`;
    return (isOld || system.version) && present && isLive(catalogue, present)
      ? { reference: present, same: false }
      : null;
  }
  return null;
}

/** True for `1.24.2-alpine` where the catalogue knows `1.24-alpine`: of single versions it knows but the present ones. */
function isOfKnownLine(catalogue: Catalogue, { known, repository, tag }: ImageFacts): boolean {
  const found = /^(\d+\.\d+)\.\d+((?:-[a-z]+)*)$/.exec(tag);
  return !known && found !== null && facts(catalogue, `${repository.name}:${found[1]}${found[2]}`)?.known === true;
}

/** The image for programs without any C library, running as nonroot (65532): certificates, time zones, no shell. */
export function staticBase(catalogue: Catalogue): string | null {
  return (
    ["13", "12"]
      .map((debian) => `gcr.io/distroless/static-debian${debian}:nonroot`)
      .find((reference) => isLive(catalogue, reference)) ?? null
  );
}

/** What the images for programs with the C library have beside it. Source: the lists of packages in distroless itself. */
const glibcImages = {
  base: ["libssl3", "libssl3t64"],
  cc: ["libssl3", "libssl3t64", "libstdc++6", "libgcc-s1", "libgomp1"],
} as const;

/** An image without a shell that runs as nonroot; `has` names packages that it brings beside certificates and time zones. */
export interface BareBase {
  readonly kind: "bare";
  readonly reference: string;
  readonly has: readonly string[];
}

/**
 * The bare image with the C library of a Debian release: `base` with libc and OpenSSL, `cc` with the libraries of C++ and
 * Rust as well. Null for releases that it does not follow.
 */
export function glibcBase(catalogue: Catalogue, codename: string | null, kind: "base" | "cc"): BareBase | null {
  const version = codename === "bookworm" ? "12" : codename === "trixie" ? "13" : null;
  const reference = `gcr.io/distroless/${kind}-debian${version}:nonroot`;
  return version !== null && isLive(catalogue, reference) ? { kind: "bare", reference, has: glibcImages[kind] } : null;
}

/** The line that nginx calls stable, as `1.30-alpine`; null when the catalogue does not know it. */
export function stableNginx(catalogue: Catalogue): string | null {
  const image = facts(catalogue, "nginx:stable-alpine");
  return image?.aliases.find((alias) => /^\d+\.\d+-alpine$/.test(alias)) ?? null;
}

function facts(catalogue: Catalogue, text: string): ImageFacts | null {
  const reference = parseReference(text);
  return reference && catalogue.image(reference);
}
