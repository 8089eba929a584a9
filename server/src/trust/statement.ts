/** What a signature is about: the digests that a signed document names. */
import { parseJson, part } from "../registry/json";

/** The type of an in-toto statement in a DSSE envelope. */
export const statementType = "application/vnd.in-toto+json";
/** The statement by which cosign signs an image since it writes bundles. */
export const signPredicate = "https://sigstore.dev/cosign/sign/v1";

/**
 * Why a document of cosign's older form (Red Hat's simple signing) is not about an image, as a clause; null where it is.
 */
export function payloadFault(payload: Uint8Array, digest: string): string | null {
  const critical = part(parse(payload), "critical");
  if (part(critical, "type") !== "cosign container image signature") return "it signs something else than an image";
  const named = part(part(critical, "image"), "docker-manifest-digest");
  return named === digest ? null : "it is about another image";
}

/** The same for an in-toto statement. `predicate`: a kind that counts as well as a signature. */
export function statementFault(payload: Uint8Array, digest: string, predicate: string | null): string | null {
  const statement = parse(payload);
  const kind = part(statement, "predicateType");
  if (kind !== signPredicate && (predicate === null || kind !== predicate)) {
    return `it is a statement of another kind (${typeof kind === "string" ? kind.slice(0, 100) : "unknown"})`;
  }
  const subjects = part(statement, "subject");
  const [algorithm = "", hex] = digest.split(":");
  const isNamed = Array.isArray(subjects) && subjects.some((one) => part(part(one, "digest"), algorithm) === hex);
  return isNamed ? null : "it is about another image";
}

/** What DSSE signs (Pre-Authentication Encoding of its specification, version 1). */
export function preAuthentication(type: string, payload: Uint8Array): Uint8Array {
  const typeBytes = Buffer.from(type);
  const head = `DSSEv1 ${typeBytes.length} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

function parse(bytes: Uint8Array): unknown {
  return parseJson(Buffer.from(bytes).toString("utf8"));
}
