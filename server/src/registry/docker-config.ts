/**
 * Credentials in Docker's configuration (`~/.docker/config.json`; Podman's `auth.json` has the same shape). Source: the
 * cli's configfile and the docker-credential-helpers protocol.
 */
import type { Credentials } from "./ports";

/** Where the credentials of a host are. */
export type CredentialPlace =
  | { readonly kind: "plain"; readonly credentials: Credentials }
  /** `docker-credential-<name> get`, with `server` on its standard input. */
  | { readonly kind: "helper"; readonly name: string; readonly server: string };

/** The places to look for the credentials of a host (with its port), best first. Empty where the text says nothing. */
export function credentialPlaces(text: string, host: string): readonly CredentialPlace[] {
  const config = parse(text);
  const places: CredentialPlace[] = [];
  const auths = isObject(config.auths) ? Object.entries(config.auths) : [];
  const own = auths.filter(([key]) => namesHost(key, host));
  const server = own[0]?.[0] ?? (isDockerHub(host) ? "https://index.docker.io/v1/" : host);
  const helpers = isObject(config.credHelpers) ? Object.entries(config.credHelpers) : [];
  for (const [key, name] of helpers) {
    if (namesHost(key, host) && isHelperName(name)) places.push({ kind: "helper", name, server: key });
  }
  if (isHelperName(config.credsStore)) places.push({ kind: "helper", name: config.credsStore, server });
  for (const [, auth] of own) {
    const credentials = readAuth(auth);
    if (credentials) places.push({ kind: "plain", credentials });
  }
  return places;
}

/** What a helper wrote to its standard output; null where that is nothing. */
export function readHelperAnswer(text: string): Credentials | null {
  const said = parse(text);
  if (typeof said.Username !== "string" || typeof said.Secret !== "string" || said.Secret === "") return null;
  // Helpers mark identity tokens by this name.
  if (said.Username === "<token>") return { kind: "identity", token: said.Secret };
  return { kind: "password", user: said.Username, password: said.Secret };
}

function readAuth(value: unknown): Credentials | null {
  if (!isObject(value)) return null;
  if (typeof value.identitytoken === "string" && value.identitytoken !== "") {
    return { kind: "identity", token: value.identitytoken };
  }
  if (typeof value.auth === "string" && value.auth !== "") return readPair(value.auth);
  if (typeof value.username !== "string" || typeof value.password !== "string" || value.username === "") return null;
  return { kind: "password", user: value.username, password: value.password };
}

/** `user:password` in Base64; passwords may hold colons and any letters. */
function readPair(text: string): Credentials | null {
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const pair = new TextDecoder().decode(bytes).replace(/\0+$/, "");
    const colon = pair.indexOf(":");
    return colon <= 0 ? null : { kind: "password", user: pair.slice(0, colon), password: pair.slice(colon + 1) };
  } catch {
    return null;
  }
}

/** Keys are hosts, mostly; older ones are addresses: `https://index.docker.io/v1/`. */
function namesHost(key: string, host: string): boolean {
  const named = key
    .replace(/^https?:\/\//, "")
    .replace(/\/.*$/, "")
    .toLowerCase();
  return named === host.toLowerCase() || (isDockerHub(named) && isDockerHub(host));
}

function isDockerHub(host: string): boolean {
  return ["docker.io", "index.docker.io", "registry-1.docker.io"].includes(host.toLowerCase());
}

/** The name becomes part of a program's name: nothing that could lead elsewhere. */
function isHelperName(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(value);
}

function parse(text: string): { readonly [key: string]: unknown } {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
