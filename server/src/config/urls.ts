/** Every address that the product shows is built here, from one constant. */

/** The repository's page, as package.json names it. */
export const repositoryUrl = "https://github.com/plimsoll-dev/plimsoll";

/** The page of a rule. */
export function ruleUrl(id: string): string {
  return `${repositoryUrl}/blob/main/docs/rules/${encodeURIComponent(id)}.md`;
}
