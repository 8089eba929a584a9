/** The formats of a report. */
import type { Reporter } from "../result";
import type { Product } from "../terminal";
import type { TextOptions } from "./text";

/** All formats, in the order they are listed to users. */
export const formats = ["text", "json", "sarif", "github", "gitlab", "checkstyle", "junit"] as const;
export type Format = (typeof formats)[number];

/** Makes the reporter of a format. `cwd` is absolute. */
export async function createReporter(
  format: Format,
  product: Product,
  cwd: string,
  text: TextOptions,
): Promise<Reporter> {
  switch (format) {
    case "text":
      return (await import("./text")).createTextReporter(text);
    case "json":
      return (await import("./json")).createJsonReporter(product.version, product.catalogue().date);
    case "sarif":
      return (await import("./sarif")).createSarifReporter(product.version, product.rules, cwd);
    case "github":
      return (await import("./github")).createGithubReporter();
    case "gitlab":
      return (await import("./gitlab")).createGitlabReporter();
    case "checkstyle":
      return (await import("./checkstyle")).createCheckstyleReporter();
    case "junit":
      return (await import("./junit")).createJunitReporter();
  }
}
