/** What other extensions for Dockerfiles do, as far as one has to know it to live with them. Knows nothing of VS Code. */
/** Extensions that report on Dockerfiles themselves. Without one of them there is nothing to compare with. */
export declare const reportingPeers: readonly [
  "docker.docker",
  "exiasr.hadolint",
  "ms-azuretools.vscode-containers",
  "ms-azuretools.vscode-docker",
];
/** Extensions that lay Dockerfiles out. */
export declare const formattingPeers: readonly [
  "docker.docker",
  "ms-azuretools.vscode-containers",
  "ms-azuretools.vscode-docker",
];
/** A finding of whomever, as far as it is compared. Lines count from 0; both are part of it. */
export interface Said {
  readonly source: string | undefined;
  readonly code: string | number;
  readonly lines: {
    readonly first: number;
    readonly last: number;
  };
}
/**
 * True when somebody else says the same on the same lines: for every rule of a finding there must be one that is known
 * under an id the rule answers to. `ids` has the ids by rule.
 */
export declare function isRepeated(
  rules: readonly string[],
  lines: Said["lines"],
  others: readonly Said[],
  ids: {
    readonly [rule: string]: readonly string[];
  },
): boolean;
/** The id of a finding. The validator behind Container Tools and Docker DX numbers its own. */
export declare function idOf(source: string | undefined, code: string | number): string;
/**
 * Whether to offer ourselves as a formatter. Two formatters without a choice make VS Code ask the user at every save; so
 * where another extension formats we stay out of it, unless the user chose us. `chosen` is `editor.defaultFormatter` for
 * Dockerfiles, `own` our extension's id.
 */
export declare function formats(
  chosen: string | null,
  own: string,
  isInstalled: (extension: string) => boolean,
): boolean;
