/** The scanners that can be run, with the very arguments. None passes through a shell. */
import type { ProcessCall } from "../core/index";
import { type ReadReport, readGrype, readOsv, readTrivy } from "./read";

export const scannerNames = ["trivy", "grype", "osv-scanner"] as const;
export type ScannerName = (typeof scannerNames)[number];

export interface Scanner {
  readonly name: ScannerName;
  /** How it is run for an image, for a platform where one is written. */
  call(image: string, platform: string | null): Pick<ProcessCall, "program" | "args" | "set">;
  /** Exit codes of a run that came to an end. */
  readonly good: readonly number[];
  readonly read: ReadReport;
}

/** In the order in which they are tried. */
export const scanners: readonly Scanner[] = [
  {
    name: "trivy",
    // From the registry, not from a daemon; vulnerabilities alone, for it would look for secrets as well.
    call: (image, platform) => ({
      program: "trivy",
      args: [
        ...["image", "--format", "json", "--quiet", "--scanners", "vuln", "--image-src", "remote", "--timeout", "10m"],
        ...(platform === null ? [] : ["--platform", platform]),
        image,
      ],
      // As variables, since older versions stop at options that they do not know.
      set: { TRIVY_SKIP_VERSION_CHECK: "true", TRIVY_DISABLE_TELEMETRY: "true" },
    }),
    good: [0],
    read: readTrivy,
  },
  {
    name: "grype",
    call: (image, platform) => ({
      program: "grype",
      args: [`registry:${image}`, "--output", "json", ...(platform === null ? [] : ["--platform", platform])],
      set: { GRYPE_CHECK_FOR_APP_UPDATE: "false" },
    }),
    good: [0],
    read: readGrype,
  },
  {
    name: "osv-scanner",
    // It knows no platforms, and takes the image from Docker.
    call: (image) => ({ program: "osv-scanner", args: ["scan", "image", "--format", "json", image] }),
    // 1: it found some.
    good: [0, 1],
    read: readOsv,
  },
];
