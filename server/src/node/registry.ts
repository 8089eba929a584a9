/** The registry client in Node: the network, Docker's credentials, a cache on the disk. */
import { readFileSync } from "node:fs";
import type { ProcessRunner } from "../core/index";
import type { RegistryPorts } from "../registry/ports";
import { readProxySettings } from "../registry/proxy";
import { createCredentials } from "./registry-credentials";
import { createHttp } from "./registry-http";
import { cacheFolder, createStore } from "./registry-store";

/** What is said beside the environment. */
export interface NodeRegistryOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly processes: ProcessRunner;
  /** Files with certificates (PEM) of authorities; those that cannot be read are left out. */
  readonly authorities: readonly string[];
  readonly proxy?: string | null;
  readonly noProxy?: readonly string[];
}

/** Makes the ports. Nothing is read from the network before the first question. */
export function createRegistryPorts(options: NodeRegistryOptions): RegistryPorts {
  const { env, processes, proxy, noProxy } = options;
  const editor = { ...(proxy ? { proxy } : {}), ...(noProxy ? { noProxy } : {}) };
  return {
    http: createHttp({
      proxy: readProxySettings(env, editor),
      authorities: options.authorities.flatMap(readCertificates),
    }),
    credentials: createCredentials(env, processes),
    store: createStore(cacheFolder(env)),
    now: Date.now,
    after(pause, run) {
      const timer = setTimeout(run, pause);
      return () => clearTimeout(timer);
    },
  };
}

function readCertificates(file: string): readonly string[] {
  try {
    return [readFileSync(file, "utf8")];
  } catch {
    return [];
  }
}
