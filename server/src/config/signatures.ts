/** The part `signatures` of `.plimsoll.yaml`: who may sign the images that a build stands on. */
import * as v from "valibot";
import type { SignaturePolicy } from "../core/image/signature-policy";

const text = v.pipe(v.string(), v.nonEmpty());

const identitySchema = v.strictObject({
  issuer: v.pipe(
    text,
    v.description("Who vouches for the account, exactly: `https://token.actions.githubusercontent.com`."),
  ),
  subject: v.pipe(
    text,
    v.description("The account: an e-mail address, or the address of a workflow; `*` stands for any characters."),
  ),
});

const requirementSchema = v.strictObject({
  images: v.pipe(
    v.array(text),
    v.description("Images that must be signed: `ghcr.io/our-team`, `node:24*`, `*.example.com`. `*` means all."),
  ),
  keys: v.optional(
    v.pipe(v.array(text), v.description("Files with public keys (PEM), relative to the folder of this file.")),
  ),
  identities: v.optional(
    v.pipe(v.array(identitySchema), v.description("Accounts that sign without a key of their own.")),
  ),
  predicate: v.optional(
    v.pipe(
      text,
      v.description("A kind of statement that counts as well as a signature: `https://slsa.dev/provenance/v1`."),
    ),
  ),
});

/** The shape. */
export const signaturesSchema = v.pipe(
  v.strictObject({
    required: v.optional(
      v.pipe(
        v.array(requirementSchema),
        v.description("What is asked of which images. The first entry that covers an image counts."),
      ),
    ),
    trustRoot: v.optional(
      v.pipe(
        text,
        v.description("A trust root (JSON) in place of Sigstore's public one, relative to the folder of this file."),
      ),
    ),
  }),
  v.description(
    "Who may sign the images that a build stands on. Checked by `plimsoll verify`, and where `registry.online` is true.",
  ),
);

/** The keys of each level, outermost first, and where they stand. */
export const signatureKeys = {
  top: Object.keys(signaturesSchema.pipe[0].entries),
  requirement: Object.keys(requirementSchema.entries),
  identity: Object.keys(identitySchema.entries),
} as const;

type Written = v.InferOutput<typeof signaturesSchema>;

/** The policy behind a value that has the shape. Paths stay as they are written. */
export function readSignatures(value: unknown): SignaturePolicy {
  const { required, trustRoot } = value as Written;
  return {
    trustRoot: trustRoot ?? null,
    required: (required ?? []).map(({ images, keys, identities, predicate }) => ({
      images,
      keys: keys ?? [],
      identities: identities ?? [],
      predicate: predicate ?? null,
    })),
  };
}
