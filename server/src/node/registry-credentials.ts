/** Credentials that Docker or Podman keep for the user: read from their files, asked of their helpers, never kept. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { ProcessRunner } from "../core/index";
import { type CredentialPlace, credentialPlaces, readHelperAnswer } from "../registry/docker-config";
import type { CredentialSource, Credentials } from "../registry/ports";

/** Milliseconds that a helper may take; some ask the user for a key. */
const patience = 10_000;

/** Looks where `docker login` and `podman login` put things. Helpers run without a shell, found on the PATH alone. */
export function createCredentials(env: NodeJS.ProcessEnv, processes: ProcessRunner): CredentialSource {
  return async (host) => {
    for (const file of configFiles(env)) {
      const text = await readFile(file, "utf8").catch(() => null);
      for (const place of text === null ? [] : credentialPlaces(text, host)) {
        const found = await open(place, processes);
        if (found) return found;
      }
    }
    return null;
  };
}

async function open(place: CredentialPlace, processes: ProcessRunner): Promise<Credentials | null> {
  if (place.kind === "plain") return place.credentials;
  const outcome = await processes.run({
    program: `docker-credential-${place.name}`,
    args: ["get"],
    input: place.server,
    limit: patience,
  });
  // A helper that knows nothing says so with an exit code; that is no fault.
  return outcome.kind === "done" && outcome.code === 0 ? readHelperAnswer(outcome.out) : null;
}

function configFiles(env: NodeJS.ProcessEnv): readonly string[] {
  const docker = env.DOCKER_CONFIG ?? path.join(homedir(), ".docker");
  const files = [path.join(docker, "config.json")];
  if (env.REGISTRY_AUTH_FILE) files.unshift(env.REGISTRY_AUTH_FILE);
  if (env.XDG_RUNTIME_DIR) files.push(path.join(env.XDG_RUNTIME_DIR, "containers", "auth.json"));
  return files;
}
