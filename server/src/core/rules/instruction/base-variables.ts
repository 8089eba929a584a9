/**
 * Environment variables that base images bring. Source: the ENV instructions of the images' own Dockerfiles. Families of
 * names are given by their beginning, since the exact ones change from version to version.
 */

import { rootStage } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import type { Stage } from "../../model/types";

/** The variables that a base image sets. */
export interface BaseVariables {
  /** True when the image sets the name, or may in one of its versions. */
  has(name: string): boolean;
}

/** What the image under a stage sets; null when not known, for then it may be any name. */
export function baseVariables(stage: Stage, catalogue: Catalogue): BaseVariables | null {
  const { base } = rootStage(stage);
  if (base.scratch) return variablesOf(null);
  if (!base.reference) return null;
  const name = catalogue.repository(base.reference)?.name;
  return name !== undefined && Object.hasOwn(variables, name) ? variablesOf(variables[name] as RegExp | null) : null;
}

function variablesOf(pattern: RegExp | null): BaseVariables {
  // BuildKit gives every image a PATH; HOME and the like are the shell's.
  return { has: (name) => name === "PATH" || (pattern?.test(name) ?? false) };
}

const none = null;

/** By repository, as the catalogue names it. Null: nothing but PATH. */
const variables: { readonly [repository: string]: RegExp | null } = {
  alpine: none,
  busybox: none,
  debian: none,
  ubuntu: none,
  "buildpack-deps": none,
  node: /^(?:NODE_|YARN_)/,
  python: /^(?:LANG$|GPG_KEY|PYTHON_)/,
  golang: /^(?:GOLANG_|GOTOOLCHAIN$|GOPATH$|GOROOT$|GOARCH$|GOOS$)/,
  ruby: /^(?:LANG$|RUBY|GEM_HOME$|BUNDLE_|BUNDLER_)/,
  rust: /^(?:RUST|CARGO_)/,
  php: /^(?:PHP|GPG_KEYS$|APACHE_)/,
  nginx: /^(?:NGINX_|NJS_|PKG_|ACME_|DYNPKG_)/,
};
