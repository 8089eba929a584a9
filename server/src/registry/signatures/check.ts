/** One image, from its name to what its signatures are worth. */
import type { ImageReference } from "../../core/image/reference";
import type { SignatureReport } from "../../core/image/signature";
import { requirementFor, type SignaturePolicy, type SignatureRequirement } from "../../core/image/signature-policy";
import { asFault, type RegistryFault } from "../faults";
import type { Age, Answer, Registry } from "../registry";
import { type FoundSignature, findSignatures } from "./find";

/** Checks signatures; only hosts with cryptography of their own have one. */
export interface SignatureVerifier {
  /** Why a signature does not count, as a clause, or who made it. Never rejects. */
  verify(
    found: FoundSignature,
    digest: string,
    requirement: SignatureRequirement,
    trustRoot: string | null,
  ): Promise<SignatureVerdict>;
}

export type SignatureVerdict =
  | { readonly ok: true; readonly signer: string }
  | { readonly ok: false; readonly reason: string };

/** What checking needs. */
export interface SignatureCheck {
  readonly registry: Registry;
  readonly verifier: SignatureVerifier;
  readonly policy: SignaturePolicy;
  /** How old what the registry said of a tag may be. */
  readonly age: Age;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Looks at an image. Null as a value: the registry has no such image. Never rejects. */
export async function checkSignatures(
  { registry, verifier, policy, age, now }: SignatureCheck,
  reference: ImageReference,
  signal: AbortSignal,
): Promise<Answer<SignatureReport>> {
  const digest = await digestOf(registry, reference, age, signal);
  if (!digest.ok || digest.value === null) return digest as Answer<SignatureReport>;
  let found: readonly FoundSignature[];
  try {
    found = await findSignatures(registry.client, reference, digest.value, signal);
  } catch (error) {
    const fault: RegistryFault = asFault(error);
    return { ok: false, fault };
  }
  const requirement = requirementFor(reference, policy);
  const report = await judge(found, digest.value, requirement, (one) =>
    requirement
      ? verifier.verify(one, digest.value ?? "", requirement, policy.trustRoot)
      : Promise.resolve({ ok: false, reason: "no policy says who may sign" }),
  );
  return { ok: true, value: report, at: now() };
}

async function digestOf(
  registry: Registry,
  reference: ImageReference,
  age: Age,
  signal: AbortSignal,
): Promise<Answer<string>> {
  if (reference.digest !== null) return { ok: true, value: reference.digest, at: 0 };
  return registry.digest(reference, reference.tag ?? "latest", age, signal);
}

async function judge(
  found: readonly FoundSignature[],
  digest: string,
  requirement: SignatureRequirement | null,
  verify: (found: FoundSignature) => Promise<SignatureVerdict>,
): Promise<SignatureReport> {
  const base = { digest, required: requirement !== null, found: [...new Set(found.map(nameOf))] };
  const none = { ...base, signer: null, reasons: [] };
  if (found.length === 0) return { ...none, state: "unsigned" };
  if (!requirement) return { ...none, state: "unchecked" };
  const reasons = new Set<string>();
  for (const one of found) {
    const verdict = await verify(one);
    if (verdict.ok) return { ...base, state: "verified", signer: verdict.signer, reasons: [] };
    reasons.add(verdict.reason);
  }
  return { ...base, state: "refused", signer: null, reasons: [...reasons].slice(0, mostReasons) };
}

/** Reasons that are told; the rest repeats them. */
const mostReasons = 5;

function nameOf({ kind }: FoundSignature): string {
  if (kind === "notation") return "Notation signature";
  return kind === "payload" ? "cosign signature" : "Sigstore bundle";
}
