/** What can go wrong between us and a registry, in words for the user. Never holds a credential or a token. */

/**
 * `offline`: no connection. `timeout`: no answer in time. `cancelled`: the asker lost interest. `auth`: not allowed, or
 * credentials are missing. `busy`: it asks to come back later. `missing`: it has no such thing. `untrusted`: what it sent
 * or wants must not be trusted (another digest, a token from a foreign place, a certificate nobody knows). `odd`: an
 * answer that no registry should give.
 */
export type FaultKind = "offline" | "timeout" | "cancelled" | "auth" | "busy" | "missing" | "untrusted" | "odd";

/** A question to a registry that has no answer. The message is a sentence for the user. */
export class RegistryFault extends Error {
  constructor(
    readonly kind: FaultKind,
    message: string,
  ) {
    super(message);
    this.name = "RegistryFault";
  }
}

/** Any thrown thing as a fault, so that whoever asks need not expect others. */
export function asFault(error: unknown): RegistryFault {
  if (error instanceof RegistryFault) return error;
  return new RegistryFault("odd", `The registry could not be asked (${error instanceof Error ? error.name : "?"}).`);
}
