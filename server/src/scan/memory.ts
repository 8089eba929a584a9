/** What scanners said in this run, for the engine. */
import type { ImageReference } from "../core/image/reference";
import type { ScanFacts, ScanReport } from "../core/image/vulnerability";

export interface ScanMemory extends ScanFacts {
  keep(reference: ImageReference, report: ScanReport): void;
}

export function createScanMemory(): ScanMemory {
  const reports = new Map<string, ScanReport>();
  return {
    scan: (reference) => reports.get(keyOf(reference)),
    keep: (reference, report) => void reports.set(keyOf(reference), report),
  };
}

/** A digest decides by itself; the tag beside it is only a note. */
function keyOf({ registry, path, tag, digest }: ImageReference): string {
  return `${registry}/${path} ${digest ?? tag ?? "latest"}`;
}
