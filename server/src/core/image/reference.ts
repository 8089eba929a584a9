/** The grammar of image references (distribution/reference). */

/** A parsed reference such as `ghcr.io/o/app:1.2@sha256:…`. */
export interface ImageReference {
  /** The text that was parsed. */
  readonly text: string;
  /** `docker.io` when none is written. */
  readonly registry: string;
  /** Full path in the registry: `library/node`, `o/app`. */
  readonly path: string;
  /** Repository exactly as written, without tag and digest: `node`, `docker.io/library/node`. */
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string | null;
}
