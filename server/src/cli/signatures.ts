/** Signatures for the command line: facts for files under a configuration. */
import path from "node:path";
import type { ConfigFile } from "../config/types";
import { noSignaturePolicy, placePolicy, type SignaturePolicy } from "../core/image/signature-policy";
import type { Age } from "../registry/registry";
import { type AskingSignatures, createSignatureFacts } from "../registry/signatures/facts";
import { createSignatureVerifier } from "../trust/verifier";
import type { Registries } from "./registry";
import type { Terminal } from "./terminal";

export interface Signatures {
  /** The facts for files under a configuration; the same ones for the same configuration. */
  factsFor(config: ConfigFile | null): AskingSignatures;
  /** What is asked there. */
  policyFor(config: ConfigFile | null): SignaturePolicy;
  readonly all: readonly AskingSignatures[];
}

/** Makes them. `wanted`: a policy that stands in for those of the configurations; null: theirs count. */
export function createSignatures(
  terminal: Terminal,
  registries: Registries,
  age: Age,
  wanted: SignaturePolicy | null = null,
): Signatures {
  const verifier = createSignatureVerifier((file) => terminal.reader.read(file));
  const made = new Map<ConfigFile | null, AskingSignatures>();
  const policyFor = (config: ConfigFile | null): SignaturePolicy => {
    if (wanted) return wanted;
    const folder = config ? path.dirname(config.path) : terminal.cwd;
    return placePolicy(config?.signatures ?? noSignaturePolicy, (file) => path.resolve(folder, file));
  };
  return {
    policyFor,
    factsFor(config) {
      const known = made.get(config);
      if (known) return known;
      const registry = registries.registryFor(config);
      const facts = createSignatureFacts({ registry, verifier, policy: policyFor(config), age, now: Date.now });
      made.set(config, facts);
      return facts;
    },
    get all() {
      return [...made.values()];
    },
  };
}
