/** Signatures by a key that the user named. */
import { createPublicKey, type KeyObject, verify } from "node:crypto";

/** A public key with its name for the user. */
export interface NamedKey {
  readonly name: string;
  readonly key: KeyObject;
}

/** Reads a public key in PEM. Null for what is none, a private key included: a policy has no business with one. */
export function readPublicKey(pem: string): KeyObject | null {
  if (/PRIVATE KEY/.test(pem)) return null;
  try {
    return createPublicKey(pem);
  } catch {
    return null;
  }
}

/**
 * True where the signature over the data is by the key. ECDSA and RSA (PKCS #1 v1.5) with SHA-256, on larger curves
 * also with their own hash; Ed25519 over the data itself: the forms that cosign writes (Sigstore's algorithm registry).
 */
export function isSignedBy(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  return hashesOf(key).some((hash) => {
    try {
      return verify(hash, data, key, signature);
    } catch {
      return false;
    }
  });
}

function hashesOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly (string | null)[] {
  switch (asymmetricKeyType) {
    case "ed25519":
      return [null];
    case "rsa":
      // Shorter keys have been broken.
      return (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048 ? ["sha256"] : [];
    case "ec":
      if (asymmetricKeyDetails?.namedCurve === "prime256v1") return ["sha256"];
      if (asymmetricKeyDetails?.namedCurve === "secp384r1") return ["sha384", "sha256"];
      if (asymmetricKeyDetails?.namedCurve === "secp521r1") return ["sha512", "sha256"];
      return [];
    default:
      return [];
  }
}
