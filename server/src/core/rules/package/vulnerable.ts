/** A few versions whose holes are common knowledge. Source of each: the advisory that `id` names. */
import type { PackageFamily } from "../../shell/managers";

/** One hole: versions from `from` on, below `fixed`. */
export interface Vulnerability {
  readonly family: PackageFamily;
  /** Lower case. */
  readonly name: string;
  readonly from: string;
  /** The first version without it. */
  readonly fixed: string;
  readonly id: string;
}

/** All that are known here. */
export const vulnerabilities: readonly Vulnerability[] = [
  ...["openssl", "openssl3", "openssl-dev", "libssl3", "libcrypto3"].map(
    (name): Vulnerability => ({ family: "apk", name, from: "3.0.0", fixed: "3.0.7", id: "CVE-2022-3602" }),
  ),
  { family: "node", name: "event-stream", from: "3.3.6", fixed: "4.0.0", id: "GHSA-mh6f-8j2x-4483" },
  { family: "node", name: "ua-parser-js", from: "0.7.29", fixed: "0.7.30", id: "GHSA-pjwm-rvh2-c87w" },
  { family: "node", name: "ua-parser-js", from: "0.8.0", fixed: "0.8.1", id: "GHSA-pjwm-rvh2-c87w" },
  { family: "node", name: "ua-parser-js", from: "1.0.0", fixed: "1.0.1", id: "GHSA-pjwm-rvh2-c87w" },
  { family: "python", name: "pyyaml", from: "5.1", fixed: "5.4", id: "CVE-2020-14343" },
];

/** True when a version lies between `from` and `fixed`; versions that cannot be compared do not. */
export function isKnownBad(hole: Vulnerability, version: string): boolean {
  const given = partsOf(version);
  const from = partsOf(hole.from);
  const fixed = partsOf(hole.fixed);
  return given !== null && from !== null && fixed !== null && compare(given, from) >= 0 && compare(given, fixed) < 0;
}

/** The numbers of a version; a revision of the distribution (`-r1`) does not count, anything else is not known. */
function partsOf(version: string): readonly number[] | null {
  const plain = version.replace(/-r\d+$/, "");
  return /^\d+(?:\.\d+)*$/.test(plain) ? plain.split(".").map(Number) : null;
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (let i = 0; i < Math.max(one.length, other.length); i++) {
    const difference = (one[i] ?? 0) - (other[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
