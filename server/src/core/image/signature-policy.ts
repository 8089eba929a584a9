/** Who may sign which images: what a configuration asks for. */
import { globPattern, imagePattern } from "./pattern";
import type { ImageReference } from "./reference";

/** Somebody who signs with a certificate that Sigstore gave out for an account. */
export interface SignerIdentity {
  /** Who vouches for the account, exactly: `https://token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** The account: an e-mail address, or the address of a workflow. `*` stands for any characters. */
  readonly subject: string;
}

/** What is asked of some images. One signature by one of the keys or identities is enough. */
export interface SignatureRequirement {
  /** Patterns of images; see `imagePattern`. */
  readonly images: readonly string[];
  /** Files with public keys (PEM), as the host names them. */
  readonly keys: readonly string[];
  readonly identities: readonly SignerIdentity[];
  /** The kind of statement that counts as well as a signature: `https://slsa.dev/provenance/v1`. Null: signatures alone. */
  readonly predicate: string | null;
}

/** What holds for a configuration. */
export interface SignaturePolicy {
  readonly required: readonly SignatureRequirement[];
  /** A file that stands in for the trust root that comes with the product; null: that one. */
  readonly trustRoot: string | null;
}

/** Nothing is asked. */
export const noSignaturePolicy: SignaturePolicy = { required: [], trustRoot: null };

/** What is asked of an image: the first requirement that covers it; null where none does. */
export function requirementFor(reference: ImageReference, { required }: SignaturePolicy): SignatureRequirement | null {
  return required.find(({ images }) => images.some((entry) => imagePattern(entry)(reference))) ?? null;
}

/** True where a certificate belongs to an identity. The issuer must be the very one; without it a name says nothing. */
export function isIdentity(identity: SignerIdentity, certificate: SignerIdentity): boolean {
  return identity.issuer === certificate.issuer && globPattern(identity.subject)?.test(certificate.subject) === true;
}

/** The policy with its files where they lie: `place` makes a whole path of one that is relative to the configuration. */
export function placePolicy(policy: SignaturePolicy, place: (path: string) => string): SignaturePolicy {
  return {
    trustRoot: policy.trustRoot === null ? null : place(policy.trustRoot),
    required: policy.required.map((one) => ({ ...one, keys: one.keys.map(place) })),
  };
}
