/** The registry client in Node: the network, Docker's credentials, a cache on the disk. */
import { readFileSync } from "node:fs";
import type { ProcessRunner } from "../core/index";
import type { Http, RegistryPorts } from "../registry/ports";
import { readProxySettings } from "../registry/proxy";
import { createCredentials } from "./registry-credentials";
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
  let sender: Promise<Http> | null = null;
  return {
    async http(request) {
      // The modules for TLS take their time to load; most runs never ask anybody.
      sender ??= import("./registry-http").then(({ createHttp }) => {
        const authorities = options.authorities.flatMap(readCertificates);
        return createHttp({ proxy: readProxySettings(env, editor), authorities });
      });
      return (await sender)(request);
    },
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
