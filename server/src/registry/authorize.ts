/**
 * Who asks: finds out what a registry wants to be told (distribution's token specification, and basic authentication),
 * and remembers tokens as long as they hold. Credentials go to the registry they are for, and to the token service that
 * this registry names over TLS; nowhere else, and into no message.
 */
import { parseChallenges } from "./challenge";
import { type Endpoint, type EndpointSettings, isLoopback } from "./endpoint";
import { RegistryFault } from "./faults";
import type { Credentials, HttpAnswer, RegistryPorts } from "./ports";
import { createSingleFlight } from "./single-flight";
import { within } from "./wait";

export interface Authorizer {
  /** The header `authorization` for a repository, or null where nobody has to say who they are. */
  header(endpoint: Endpoint, signal: AbortSignal): Promise<string | null>;
  /** After a refusal: the header that its challenge asks for; null where there is no other one than before. */
  renew(endpoint: Endpoint, refusal: HttpAnswer, signal: AbortSignal): Promise<string | null>;
}

/** Milliseconds that finding out who one is may take for one request. */
const patience = 10_000;
/** Bytes of a token's answer. */
const mostBytes = 1 << 20;

interface Known {
  readonly header: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export function createAuthorizer(ports: RegistryPorts, settings: EndpointSettings): Authorizer {
  const challenges = new Map<string, string | null>();
  const headers = new Map<string, Known>();
  const flight = createSingleFlight();

  const send = (
    host: string,
    url: string,
    signal: AbortSignal,
    more: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<HttpAnswer> =>
    within(
      ports,
      patience,
      signal,
      () => new RegistryFault("timeout", `${host} did not answer in time.`),
      (own) =>
        ports.http({
          method: more.body === undefined ? "GET" : "POST",
          url,
          headers: { accept: "application/json", ...more.headers },
          ...(more.body === undefined ? {} : { body: more.body }),
          mostBytes,
          signal: own,
        }),
    );

  /** What the registry says to somebody who has not said who they are; null: it lets everybody in. */
  const challengeOf = (endpoint: Endpoint, signal: AbortSignal): Promise<string | null> =>
    flight(`ping ${endpoint.origin}`, signal, async (own) => {
      const known = challenges.get(endpoint.origin);
      if (known !== undefined) return known;
      const answer = await send(endpoint.host, `${endpoint.origin}/v2/`, own);
      const challenge = answer.status === 401 ? (answer.header("www-authenticate") ?? "") : null;
      // A registry in trouble says nothing about its manners; the next question finds out.
      if (answer.status < 500 && answer.status !== 429) challenges.set(endpoint.origin, challenge);
      return challenge;
    });

  const answerTo = (
    endpoint: Endpoint,
    challenge: string,
    scope: "ours" | "theirs",
    signal: AbortSignal,
  ): Promise<string | null> =>
    flight(`token ${endpoint.origin} ${endpoint.path} ${scope} ${challenge}`, signal, async (own) => {
      const accepted = parseChallenges(challenge);
      const bearer = accepted.find(({ scheme }) => scheme === "bearer")?.parameters;
      const basic = accepted.some(({ scheme }) => scheme === "basic");
      if (!bearer && !basic) return null;
      const credentials = isSecret(endpoint) ? await ports.credentials(endpoint.host) : null;
      const made = bearer
        ? await fetchToken(endpoint, bearer, scope, credentials, own)
        : credentials?.kind === "password"
          ? { header: basicHeader(credentials), until: Number.POSITIVE_INFINITY }
          : null;
      if (made) headers.set(keyOf(endpoint), made);
      return made?.header ?? null;
    });

  const fetchToken = async (
    endpoint: Endpoint,
    parameters: ReadonlyMap<string, string>,
    whose: "ours" | "theirs",
    credentials: Credentials | null,
    signal: AbortSignal,
  ): Promise<Known> => {
    const realm = checkedRealm(endpoint, parameters.get("realm") ?? "", settings);
    const service = parameters.get("service");
    const scope = (whose === "theirs" && parameters.get("scope")) || `repository:${endpoint.path}:pull`;
    const asked = { ...(service === undefined ? {} : { service }), scope };
    let answer: HttpAnswer;
    if (credentials?.kind === "identity") {
      const form = { grant_type: "refresh_token", client_id: "plimsoll", refresh_token: credentials.token, ...asked };
      answer = await send(endpoint.host, realm.href, signal, {
        body: new URLSearchParams(form).toString(),
        headers: { "content-type": "application/x-www-form-urlencoded" },
      });
    } else {
      for (const [name, value] of Object.entries(asked)) realm.searchParams.set(name, value);
      const headers = credentials ? { authorization: basicHeader(credentials) } : {};
      answer = await send(endpoint.host, realm.href, signal, { headers });
    }
    if (answer.status === 429) throw new RegistryFault("busy", `${endpoint.host} hands out no tokens for a while.`);
    if (answer.status !== 200) throw refused(endpoint, credentials !== null);
    return readToken(endpoint, answer, ports.now());
  };

  return {
    async header(endpoint, signal) {
      const known = headers.get(keyOf(endpoint));
      if (known && known.until > ports.now()) return known.header;
      const challenge = await challengeOf(endpoint, signal);
      // Some greet with the scope of an image that nobody asked for (ghcr.io: `repository:user/image:pull`).
      return challenge === null ? null : answerTo(endpoint, challenge, "ours", signal);
    },
    async renew(endpoint, refusal, signal) {
      const before = headers.get(keyOf(endpoint))?.header ?? null;
      headers.delete(keyOf(endpoint));
      const made = await answerTo(endpoint, refusal.header("www-authenticate") ?? "", "theirs", signal);
      // The same words would be refused again.
      return made === before ? null : made;
    },
  };
}

/**
 * True where nobody on the way can read what is said. A project may list hosts that are asked without TLS, but that must
 * not be a way to get at the credentials for them.
 */
function isSecret({ origin, host }: Endpoint): boolean {
  return origin.startsWith("https:") || isLoopback(host);
}

/** A refusal as a fault. */
export function refused(endpoint: Endpoint, withCredentials: boolean): RegistryFault {
  const { host, path } = endpoint;
  if (!isSecret(endpoint)) {
    return new RegistryFault("auth", `${host} wants you to log in, but credentials are not sent without TLS.`);
  }
  const why = withCredentials ? "does not accept the credentials that Docker keeps" : "wants you to log in";
  return new RegistryFault("auth", `${host} ${why} for ${path}: \`docker login ${host}\`.`);
}

/**
 * The token service, where it may be trusted with credentials: over TLS, or at the registry's own address where that
 * needs none. A registry elsewhere must not send us to this computer's own services.
 */
function checkedRealm(endpoint: Endpoint, realm: string, { insecure }: EndpointSettings): URL {
  const fault = new RegistryFault(
    "untrusted",
    `${endpoint.host} sends for its token to an address that is not safe; it was not asked.`,
  );
  let url: URL;
  try {
    url = new URL(realm);
  } catch {
    throw fault;
  }
  const registry = new URL(endpoint.origin);
  if (url.username !== "" || url.password !== "") throw fault;
  if (url.protocol === "https:") {
    if (isLoopback(url.host) && !isLoopback(registry.host)) throw fault;
    return url;
  }
  const isOwn = url.host === registry.host || (isLoopback(url.host) && isLoopback(registry.host));
  const isListed = insecure.includes(url.host) && insecure.includes(registry.host);
  if (url.protocol === "http:" && registry.protocol === "http:" && (isOwn || isListed)) return url;
  throw fault;
}

function readToken(endpoint: Endpoint, answer: HttpAnswer, now: number): Known {
  const fault = new RegistryFault("odd", `${endpoint.host} gave a token that cannot be read.`);
  let said: { token?: unknown; access_token?: unknown; expires_in?: unknown } | null;
  try {
    said = JSON.parse(new TextDecoder().decode(answer.body));
  } catch {
    throw fault;
  }
  const token = said?.token ?? said?.access_token;
  // What stands in a header must not break out of it.
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) throw fault;
  const seconds = typeof said?.expires_in === "number" && said.expires_in > 0 ? said.expires_in : shortestLife;
  return { header: `Bearer ${token}`, until: now + Math.max(seconds - 5, 1) * 1000 };
}

/** Seconds that a token holds where nothing is said (distribution's token specification). */
const shortestLife = 60;

function basicHeader(credentials: Extract<Credentials, { kind: "password" }>): string {
  const bytes = new TextEncoder().encode(`${credentials.user}:${credentials.password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function keyOf({ origin, path }: Endpoint): string {
  return `${origin} ${path}`;
}
