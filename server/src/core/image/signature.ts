/** What is known of the signatures of images, as far as somebody asked. The engine never checks one; its hosts do. */
import type { ImageReference } from "./reference";

/**
 * `verified`: signed by somebody whom the policy names. `refused`: a policy asks, and no signature is by those it names.
 * `unsigned`: there is no signature. `unchecked`: there are some, but no policy says who may sign, so that they say nothing.
 */
export type SignatureState = "verified" | "refused" | "unsigned" | "unchecked";

/** What came of looking at one image. */
export interface SignatureReport {
  /** What was looked at: the digest of the index or the manifest. */
  readonly digest: string;
  readonly state: SignatureState;
  /** True where a policy asks for a signature of this image. */
  readonly required: boolean;
  /** Who signed, in words of the policy or the certificate; null unless verified. */
  readonly signer: string | null;
  /** What was found, verified or not: `cosign signature`, `Notation signature`. Each once. */
  readonly found: readonly string[];
  /** Why what was found does not count: clauses, each once. */
  readonly reasons: readonly string[];
}

/** `undefined`: not known, because nobody asked yet or there was no answer. `null`: the registry has no such image. */
export interface SignatureFacts {
  signature(reference: ImageReference): SignatureReport | null | undefined;
}
