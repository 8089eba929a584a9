/** Registries for the command line: one client for each configuration that says something about them. */
import path from "node:path";
import type { ConfigFile } from "../config/types";
import { noRegistrySettings, type RegistrySettings } from "../config/types";
import type { Asking } from "../registry/asking";
import { settingsKey } from "../registry/endpoint";
import { type AskingFacts, createRegistryFacts } from "../registry/facts";
import type { Age } from "../registry/registry";
import { createRegistry, type Registry } from "../registry/registry";
import type { Terminal } from "./terminal";

export interface Registries {
  /** The client itself, for commands that ask it. */
  registryFor(config: ConfigFile | null): Registry;
  /** The facts for files under a configuration; the same ones for the same settings. */
  factsFor(config: ConfigFile | null): AskingFacts;
  /** All facts that were handed out. */
  readonly all: readonly AskingFacts[];
}

/** Makes them. `age`: how old an answer may be, in milliseconds. Nothing is asked before somebody wants to know. */
export function createRegistries(terminal: Terminal, age: Age): Registries {
  const made = new Map<string, { readonly registry: Registry; readonly facts: AskingFacts }>();
  const open = (config: ConfigFile | null) => {
    const settings = config?.registry ?? noRegistrySettings;
    const authorities = authoritiesOf(settings, config);
    const key = settingsKey(settings, authorities);
    const known = made.get(key);
    if (known) return known;
    const ports = terminal.registry(authorities);
    const registry = createRegistry(ports, settings);
    const fresh = { registry, facts: createRegistryFacts(registry, ports.now, age) };
    made.set(key, fresh);
    return fresh;
  };
  return {
    registryFor: (config) => open(config).registry,
    factsFor: (config) => open(config).facts,
    get all() {
      return [...made.values()].map(({ facts }) => facts);
    },
  };
}

/** Asks until nothing is wanted any more; what an answer leads to is asked as well. `look` works with what is known. */
export async function learn(
  facts: readonly Asking[],
  look: () => void,
  progress: (done: number, all: number) => void = () => undefined,
): Promise<void> {
  const { signal } = new AbortController();
  // Three rounds suffice: the tags, the digest of one of them, the index behind it.
  for (let round = 0; round < 4; round++) {
    look();
    const wanting = facts.filter((one) => one.wanting);
    if (wanting.length === 0) return;
    const learnt = await Promise.all(wanting.map((one) => one.fetch(signal, progress)));
    if (!learnt.includes(true)) return;
  }
}

/** Why questions have no answer, each reason once, as sentences. */
export function troublesOf(facts: readonly Asking[]): readonly string[] {
  return [...new Set(facts.flatMap((one) => one.faults.map(({ message }) => message)))];
}

function authoritiesOf({ ca }: RegistrySettings, config: ConfigFile | null): readonly string[] {
  const folder = config ? path.dirname(config.path) : ".";
  return ca.map((file) => path.resolve(folder, file));
}
