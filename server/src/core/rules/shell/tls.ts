/** Switches that turn certificate checks off, as data. Sources: the manual pages and documentation of the programs. */

/** Variables that switch certificate checks off, by upper-case name, with the values that do so. */
export const insecureVariables: ReadonlyMap<string, InsecureVariable> = new Map<string, InsecureVariable>([
  ["NODE_TLS_REJECT_UNAUTHORIZED", { off: /^0$/, who: "Node.js", checkov: "CKV2_DOCKER_6" }],
  ["PYTHONHTTPSVERIFY", { off: /^0$/, who: "Python", checkov: "CKV2_DOCKER_5" }],
  ["GIT_SSL_NO_VERIFY", { off: /^(?:1|true|yes|on)$/i, who: "git", checkov: "CKV2_DOCKER_14" }],
  ["NPM_CONFIG_STRICT_SSL", { off: /^(?:false|0)$/i, who: "npm", checkov: "CKV2_DOCKER_12", anyCase: true }],
  ["YARN_STRICT_SSL", { off: /^(?:false|0)$/i, who: "yarn", checkov: null }],
  ["YARN_ENABLE_STRICT_SSL", { off: /^(?:false|0)$/i, who: "yarn", checkov: null }],
  ["PIP_TRUSTED_HOST", { off: /./, who: "pip", checkov: "CKV2_DOCKER_16" }],
  ["PERL_LWP_SSL_VERIFY_HOSTNAME", { off: /^0$/, who: "Perl's LWP", checkov: null }],
  ["GOINSECURE", { off: /./, who: "go", checkov: null }],
  ["BUNDLE_SSL_VERIFY_MODE", { off: /^0$/, who: "bundler", checkov: null }],
]);

/** One variable. */
export interface InsecureVariable {
  /** Values that switch the check off. */
  readonly off: RegExp;
  /** Whose check it is. */
  readonly who: string;
  readonly checkov: string | null;
  /** True where the program reads the name in any case. */
  readonly anyCase?: true;
}

/** The entry for a variable's name, or undefined. */
export function insecureVariable(name: string): InsecureVariable | undefined {
  const exact = insecureVariables.get(name);
  if (exact) return exact;
  const folded = insecureVariables.get(name.toUpperCase());
  return folded?.anyCase ? folded : undefined;
}
