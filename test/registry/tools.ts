/** What tests of the registry client share. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { type ImageReference, parseReference } from "../../server/src/core/image/reference";
import type { ProcessRunner } from "../../server/src/core/index";
import { createRegistryPorts } from "../../server/src/node/registry";
import { type EndpointSettings, plainEndpoints } from "../../server/src/registry/endpoint";
import { asFault } from "../../server/src/registry/faults";
import type { RegistryPorts } from "../../server/src/registry/ports";
import { createRegistry, type Registry } from "../../server/src/registry/registry";

/** Nobody who can lose interest. */
export const always: AbortSignal = new AbortController().signal;

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-registry-"));
  folders.push(folder);
  return folder;
}

/** Docker's configuration in a folder of its own, as the variable DOCKER_CONFIG names it. */
export function dockerFolder(config: unknown): string {
  const folder = newFolder();
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  return folder;
}

/** `user:password` as Docker stores it. */
export function auth(pair: string): { auth: string } {
  return { auth: Buffer.from(pair).toString("base64") };
}

export const noProcesses: ProcessRunner = {
  run: async () => ({ kind: "absent" }),
  runNow: () => ({ kind: "absent" }),
};

export interface Setup {
  readonly docker?: unknown;
  readonly cache?: string;
  readonly processes?: ProcessRunner;
  readonly settings?: Partial<EndpointSettings>;
  readonly ports?: Partial<RegistryPorts>;
  readonly env?: { readonly [name: string]: string };
  readonly authorities?: readonly string[];
}

/** The real ports of Node, in folders that are thrown away. */
export function portsFor(setup: Setup = {}): RegistryPorts {
  const env = {
    DOCKER_CONFIG: dockerFolder(setup.docker ?? {}),
    PLIMSOLL_CACHE: setup.cache ?? newFolder(),
    ...setup.env,
  };
  const processes = setup.processes ?? noProcesses;
  return { ...createRegistryPorts({ env, processes, authorities: setup.authorities ?? [] }), ...setup.ports };
}

export function registryFor(setup: Setup = {}): Registry {
  return createRegistry(portsFor(setup), { ...plainEndpoints, ...setup.settings });
}

/** A reference that a test knows to be good. */
export function ref(text: string): ImageReference {
  const reference = parseReference(text);
  if (!reference) throw new Error(`${text} is no reference`);
  return reference;
}

/** Pauses take no time. */
export const hurried: Partial<RegistryPorts> = {
  after(pause, run) {
    // Patience is left as it is: only what waits for a registry to recover is shortened.
    const timer = setTimeout(run, pause < 6000 ? 0 : pause);
    return () => clearTimeout(timer);
  },
};

/** The kind and the words of a rejection. */
export async function faultOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "none";
  } catch (error) {
    const fault = asFault(error);
    return `${fault.kind}: ${fault.message}`;
  }
}
