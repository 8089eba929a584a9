/** What came of checking signatures as facts for the engine. */
import type { ImageReference } from "../../core/image/reference";
import type { SignatureFacts } from "../../core/image/signature";
import { type Asking, createNotebook } from "../asking";
import { nameOf } from "../facts";
import { checkSignatures, type SignatureCheck } from "./check";

export interface AskingSignatures extends SignatureFacts, Asking {}

/** Facts that look at an image when somebody wants to know. */
export function createSignatureFacts(check: SignatureCheck): AskingSignatures {
  const notes = createNotebook(check.now, check.age);
  return Object.assign(notes, {
    signature(reference: ImageReference) {
      const which = reference.digest ?? reference.tag ?? "latest";
      // A tag and its digest are looked at once each: what a policy asks may depend on the tag.
      const key = `${nameOf(reference)}:${reference.tag ?? ""} ${which}`;
      return notes.look(key, (signal) => checkSignatures(check, reference, signal));
    },
  });
}
