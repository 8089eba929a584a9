/** Checks signatures of images in Node: by the keys and the identities that a policy names. */

import { isIdentity, type SignatureRequirement, type SignerIdentity } from "../core/image/signature-policy";
import { part } from "../registry/json";
import type { SignatureVerdict, SignatureVerifier } from "../registry/signatures/check";
import type { FoundSignature } from "../registry/signatures/find";
import type { IdentityCheck, IdentitySignature } from "./by-identity";
import { isSignedBy, type NamedKey, readPublicKey } from "./by-key";
import { bundleOfAnnotations, signatureAnnotation } from "./legacy-bundle";
import { sigstoreRoot } from "./sigstore-root";
import { payloadFault, preAuthentication, statementFault, statementType } from "./statement";

/** Reads a file that a policy names; null where it cannot be read. */
export type ReadText = (path: string) => Promise<string | null>;

/** A verifier that reads keys and trust roots once. */
export function createSignatureVerifier(read: ReadText): SignatureVerifier {
  const texts = new Map<string, Promise<string | null>>();
  const readOnce = (path: string): Promise<string | null> => {
    const known = texts.get(path) ?? read(path).catch(() => null);
    texts.set(path, known);
    return known;
  };
  const checks = new Map<string | null, Promise<IdentityCheck | string>>();
  const checkFor = (trustRoot: string | null): Promise<IdentityCheck | string> => {
    const known = checks.get(trustRoot) ?? openCheck(trustRoot, readOnce);
    checks.set(trustRoot, known);
    return known;
  };
  return {
    async verify(found, digest, requirement, trustRoot) {
      if (found.kind === "notation") return no("Plimsoll cannot check Notation signatures");
      const faults: string[] = [];
      const byKey = await verifyByKeys(found, digest, requirement, readOnce, faults);
      if (byKey) return byKey;
      if (requirement.identities.length === 0)
        return no(faults[0] ?? "it is by none of the keys that the policy names");
      const check = await checkFor(trustRoot);
      if (typeof check === "string") return no(check);
      const verdict = verifyByIdentity(found, digest, requirement, check);
      return verdict.ok || faults.length === 0 ? verdict : no(`${faults[0]}; ${verdict.reason}`);
    },
  };
}

async function openCheck(trustRoot: string | null, read: ReadText): Promise<IdentityCheck | string> {
  // Its library is large, and most runs never need it.
  const { createIdentityCheck } = await import("./by-identity");
  if (trustRoot === null) return createIdentityCheck(sigstoreRoot.root);
  const text = await read(trustRoot);
  if (text === null) return `the trust root ${trustRoot} cannot be read`;
  try {
    return createIdentityCheck(JSON.parse(text));
  } catch {
    return `${trustRoot} is no trust root`;
  }
}

async function verifyByKeys(
  found: FoundSignature,
  digest: string,
  requirement: SignatureRequirement,
  read: ReadText,
  faults: string[],
): Promise<SignatureVerdict | null> {
  const keys = await readKeys(requirement.keys, read, faults);
  const signed = keys.length > 0 ? signedData(found) : null;
  if (!signed) return null;
  for (const { name, key } of keys) {
    if (!signed.signatures.some((signature) => isSignedBy(key, signed.data, signature))) continue;
    const fault = aboutFault(signed, digest, requirement);
    return fault === null ? { ok: true, signer: `the key ${name}` } : no(fault);
  }
  return null;
}

async function readKeys(paths: readonly string[], read: ReadText, faults: string[]): Promise<readonly NamedKey[]> {
  const keys: NamedKey[] = [];
  for (const path of paths) {
    const name = path.split(/[\\/]/).pop() ?? path;
    const text = await read(path);
    const key = text === null ? null : readPublicKey(text);
    if (key) keys.push({ name, key });
    else faults.push(text === null ? `the key ${name} cannot be read` : `${name} is no public key`);
  }
  return keys;
}

interface Signed {
  readonly data: Uint8Array;
  readonly signatures: readonly Uint8Array[];
  readonly payload: Uint8Array;
  /** Of an envelope; null for cosign's older form. */
  readonly payloadType: string | null;
}

/** What a key must have signed; null where there is nothing of that kind. */
function signedData(found: FoundSignature): Signed | null {
  if (found.kind === "payload") {
    const signature = found.annotations[signatureAnnotation];
    const { payload } = found;
    return signature === undefined
      ? null
      : { data: payload, signatures: [decode(signature)], payload, payloadType: null };
  }
  if (found.kind !== "bundle") return null;
  const envelope = part(found.bundle, "dsseEnvelope");
  const [text, type, list] = ["payload", "payloadType", "signatures"].map((key) => part(envelope, key));
  if (typeof text !== "string" || typeof type !== "string" || !Array.isArray(list)) return null;
  const payload = decode(text);
  const signatures = list.slice(0, 10).flatMap((one) => {
    const signature = part(one, "sig");
    return typeof signature === "string" ? [decode(signature)] : [];
  });
  return { data: preAuthentication(type, payload), signatures, payload, payloadType: type };
}

function verifyByIdentity(
  found: FoundSignature,
  digest: string,
  requirement: SignatureRequirement,
  check: IdentityCheck,
): SignatureVerdict {
  const artifact = found.kind === "payload" ? found.payload : null;
  const bundle =
    found.kind === "payload"
      ? bundleOfAnnotations(found.payload, found.annotations)
      : found.kind === "bundle"
        ? found.bundle
        : null;
  if (bundle === null) return no("it has no certificate, and is by none of the keys that the policy names");
  const checked = check(bundle, artifact);
  if (typeof checked === "string") return no(checked);
  const fault = aboutFault(signedByIdentity(checked, artifact), digest, requirement);
  if (fault !== null) return no(fault);
  const { signer } = checked;
  if (requirement.identities.some((identity) => isIdentity(identity, signer))) {
    return { ok: true, signer: identityText(signer) };
  }
  return no(`it is signed by ${identityText(signer)}, whom the policy does not name`);
}

function signedByIdentity(
  { payload, payloadType }: IdentitySignature,
  artifact: Uint8Array | null,
): Pick<Signed, "payload" | "payloadType"> {
  return payload === null ? { payload: artifact ?? new Uint8Array(), payloadType: null } : { payload, payloadType };
}

/** Whether what was signed is about this image. */
function aboutFault(
  { payload, payloadType }: Pick<Signed, "payload" | "payloadType">,
  digest: string,
  { predicate }: SignatureRequirement,
): string | null {
  if (payloadType === null) return payloadFault(payload, digest);
  return payloadType === statementType
    ? statementFault(payload, digest, predicate)
    : "it signs something else than an image";
}

function identityText({ subject, issuer }: SignerIdentity): string {
  return `${subject} (${issuer})`;
}

function decode(text: string): Uint8Array {
  return Buffer.from(text, "base64");
}

function no(reason: string): SignatureVerdict {
  return { ok: false, reason };
}
