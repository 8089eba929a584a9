/** One question to one address: authorization, redirects, patience, and coming back when a registry is busy. */
import type { Authorizer } from "./authorize";
import { refused } from "./authorize";
import { type Endpoint, isLoopback } from "./endpoint";
import { RegistryFault } from "./faults";
import type { HttpAnswer, RegistryPorts } from "./ports";
import { pause, within } from "./wait";

/** What is asked. */
export interface Question {
  readonly method: "GET" | "HEAD";
  /** Behind the repository's address: `manifests/24`; or a whole address that the registry gave. */
  readonly what: string;
  readonly accept: string;
  readonly mostBytes: number;
}

/** Milliseconds for one request. */
const patience = 10_000;
/** How often a busy or failing registry is asked again. */
const mostRetries = 2;
/** Milliseconds to wait at most before asking again; who wants more time has no answer for now. */
const longestPause = 5_000;
const mostRedirects = 5;

/** Asks; rejects with a `RegistryFault` for every status but 2xx. */
export async function ask(
  ports: RegistryPorts,
  authorizer: Authorizer,
  endpoint: Endpoint,
  question: Question,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const url = addressOf(endpoint, question.what);
  let header = await authorizer.header(endpoint, signal);
  let isRenewed = false;
  for (let retries = 0; ; ) {
    const { answer, isOwn } = await sendOn(ports, endpoint, url, question, header, signal);
    if (answer.status >= 200 && answer.status < 300) return answer;
    // What another place says about who may enter is no reason to show it our credentials.
    if (answer.status === 401 && isOwn && !isRenewed) {
      isRenewed = true;
      const before = header;
      header = await authorizer.renew(endpoint, answer, signal);
      if (header === null) throw refused(endpoint, before !== null);
      continue;
    }
    const rest = restOf(answer, retries);
    if (rest === null || retries === mostRetries) throw faultOf(endpoint, answer, header !== null, question);
    retries++;
    await pause(ports, rest, signal);
  }
}

function addressOf(endpoint: Endpoint, what: string): URL {
  const own = `${endpoint.origin}/v2/${endpoint.path}/`;
  return new URL(what, own);
}

/** Sends, and follows redirects. The header goes to the registry's own address only. */
async function sendOn(
  ports: RegistryPorts,
  endpoint: Endpoint,
  start: URL,
  { method, accept, mostBytes }: Question,
  header: string | null,
  signal: AbortSignal,
): Promise<{
  readonly answer: HttpAnswer /** False when it came from where we were sent to. */;
  readonly isOwn: boolean;
}> {
  const late = (): RegistryFault =>
    new RegistryFault("timeout", `${endpoint.host} did not answer within ${patience / 1000} seconds.`);
  return within(ports, patience, signal, late, async (own) => {
    let url = start;
    for (let hops = 0; hops <= mostRedirects; hops++) {
      const isOwn = url.origin === endpoint.origin;
      const headers = { accept, ...(isOwn && header !== null ? { authorization: header } : {}) };
      const answer = await ports.http({ method, url: url.href, headers, mostBytes, signal: own });
      if (![301, 302, 303, 307, 308].includes(answer.status)) return { answer, isOwn };
      url = nextAddress(endpoint, url, answer.header("location"));
    }
    throw new RegistryFault("odd", `${endpoint.host} sends us round in circles.`);
  });
}

function nextAddress(endpoint: Endpoint, from: URL, location: string | null): URL {
  let to: URL | null = null;
  try {
    to = location === null ? null : new URL(location, from);
  } catch {
    // Said below.
  }
  const isSafe =
    to?.protocol === "https:" ? !isLoopback(to.host) || isLoopback(from.host) : to !== null && isSamePlain(from, to);
  if (to && isSafe) return to;
  throw new RegistryFault("untrusted", `${endpoint.host} sends us to an address that is not safe.`);
}

/** Where plain HTTP is in use already it may stay so, at the same host or on this computer. */
function isSamePlain(from: URL, to: URL): boolean {
  if (from.protocol !== "http:" || to.protocol !== "http:") return false;
  return to.host === from.host || (isLoopback(from.host) && isLoopback(to.host));
}

/** Milliseconds after which to ask again; null where that makes no sense. */
function restOf(answer: HttpAnswer, retries: number): number | null {
  if (answer.status !== 429 && answer.status < 500) return null;
  const after = answer.header("retry-after");
  const seconds = after === null ? Number.NaN : Number(after);
  // A date, or nothing: the usual growing pause.
  const wanted = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : 250 * 2 ** retries;
  return wanted > longestPause ? null : wanted;
}

function faultOf(endpoint: Endpoint, answer: HttpAnswer, withCredentials: boolean, question: Question): RegistryFault {
  const { host, path } = endpoint;
  const { status } = answer;
  if (status === 404) return new RegistryFault("missing", `${host} has no ${path} (${question.what}).`);
  if (status === 401 || status === 403) return refused(endpoint, withCredentials);
  if (status === 429) {
    const seconds = Number(answer.header("retry-after"));
    const when = seconds > 0 ? ` for ${seconds} seconds` : "";
    return new RegistryFault("busy", `${host} takes no more questions${when} (HTTP 429).`);
  }
  return new RegistryFault(status >= 500 ? "busy" : "odd", `${host} answered with HTTP ${status}.`);
}
