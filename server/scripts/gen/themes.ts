/** What readers call the folders of rules, in the order in which pages list them. */
import type { Theme } from "../../src/core/rule";

/** Every theme with its title. */
export const themeTitles: { readonly [theme in Theme]: string } = {
  "base-image": "Base images",
  user: "Users and privileges",
  secret: "Secrets",
  stage: "Build stages",
  package: "Packages",
  shell: "Shell",
  copy: "Copying files",
  instruction: "Instructions",
  label: "Labels",
  layout: "Layout",
  runtime: "Running the container",
  gpu: "GPU images",
  ruby: "Ruby",
  php: "PHP",
  suppression: "Suppressions",
  windows: "Windows",
};

/** True for a name of a theme. */
export function isTheme(name: string): name is Theme {
  return Object.hasOwn(themeTitles, name);
}
