/**
 * The registry client in a browser: `fetch`, without credentials and without helpers. Most registries do not let pages of
 * other origins ask them; what cannot be asked is not known, as always.
 */
import { RegistryFault } from "../registry/faults";
import type { Http, RegistryPorts } from "../registry/ports";

/** Asks without cookies and without anybody's name. Browsers follow redirects themselves, or not at all. */
const http: Http = async ({ method, url, headers, body, mostBytes, signal }) => {
  const { host } = new URL(url);
  const answer = await fetch(url, {
    method,
    headers,
    signal,
    credentials: "omit",
    referrerPolicy: "no-referrer",
    ...(body === undefined ? {} : { body }),
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new RegistryFault("offline", `${host} cannot be asked from a browser.`);
  });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.length > mostBytes) throw new RegistryFault("odd", `${host} sends more than it should.`);
  return { status: answer.status, header: (name) => answer.headers.get(name), body: bytes };
};

/** The ports of a browser. */
export const browserRegistryPorts: RegistryPorts = {
  http,
  credentials: async () => null,
  store: null,
  now: Date.now,
  after(pause, run) {
    const timer = setTimeout(run, pause);
    return () => clearTimeout(timer);
  },
};
