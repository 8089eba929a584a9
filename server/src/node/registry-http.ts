/**
 * HTTP for the registry client, on Node's own modules: `fetch` of Node 20 heeds neither proxies nor authorities of one's
 * own, and the package that could teach it (undici) is half a megabyte in the bundle.
 */
import http from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import tls from "node:tls";
import { RegistryFault } from "../registry/faults";
import type { Http, HttpAnswer, HttpRequest } from "../registry/ports";
import { type ProxySettings, proxyFor } from "../registry/proxy";

export interface HttpSettings {
  readonly proxy: ProxySettings;
  /** Certificates (PEM) of authorities that count beside the known ones. */
  readonly authorities: readonly string[];
}

/** Makes the sender. Connections are kept for the next request, and keep no process alive. */
export function createHttp({ proxy, authorities }: HttpSettings): Http {
  const trust = authorities.length > 0 ? { ca: [...tls.rootCertificates, ...authorities] } : {};
  const agents = {
    plain: new http.Agent({ keepAlive: true, maxSockets: 8 }),
    safe: new https.Agent({ keepAlive: true, maxSockets: 8, ...trust }),
  };
  return async (request) => {
    const url = new URL(request.url);
    const through = proxyFor(url, proxy);
    if (through === null) {
      const isSafe = url.protocol === "https:";
      return send(url, request, { agent: isSafe ? agents.safe : agents.plain });
    }
    const via = readProxy(through);
    if (url.protocol === "http:") {
      const headers = { ...request.headers, host: url.host, ...via.headers };
      const target = { ...addressOf(via.url), path: url.href };
      return send(via.url, { ...request, headers }, target);
    }
    const socket = await tunnel(url, via, request.signal);
    const safe = tls.connect({ socket, servername: url.hostname, ...trust });
    // Until the request owns the socket, its troubles would be nobody's.
    safe.on("error", () => undefined);
    return send(url, request, { createConnection: () => safe, agent: undefined });
  };
}

type Options = http.RequestOptions & { readonly createConnection?: () => Socket };

function send(url: URL, request: HttpRequest, options: Options): Promise<HttpAnswer> {
  const { method, body, signal, mostBytes } = request;
  const headers = {
    "user-agent": "plimsoll",
    ...request.headers,
    ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
  };
  return new Promise((resolve, reject) => {
    const module = url.protocol === "https:" ? https : http;
    const outgoing = module.request(url, { ...options, method, headers, signal }, (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on("data", (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > mostBytes) answer.destroy(new RegistryFault("odd", `${url.host} sends more than it should.`));
      });
      answer.on("error", (error) => reject(faultOf(url, error)));
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          header: (name) => textOf(answer.headers[name]),
          body: Buffer.concat(chunks),
        }),
      );
    });
    outgoing.on("error", (error) => reject(faultOf(url, error)));
    outgoing.end(body);
  });
}

interface Proxy {
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
}

function readProxy(text: string): Proxy {
  let url: URL | null = null;
  try {
    url = new URL(text);
  } catch {
    // Said below.
  }
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new RegistryFault("offline", "The proxy that is set is no http:// or https:// address.");
  }
  const { username, password } = url;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = username === "" ? {} : { "proxy-authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
  url.username = "";
  url.password = "";
  return { url, headers };
}

/** A connection through a proxy (RFC 9110, CONNECT). */
function tunnel(target: URL, { url, headers }: Proxy, signal: AbortSignal): Promise<Socket> {
  const path = `${target.hostname}:${target.port || 443}`;
  return new Promise((resolve, reject) => {
    const module = url.protocol === "https:" ? https : http;
    const options = { ...addressOf(url), method: "CONNECT", path, headers: { host: path, ...headers }, signal };
    const outgoing = module.request({ ...options, agent: false });
    outgoing.on("connect", (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new RegistryFault("offline", `The proxy ${url.host} refuses ${path} (HTTP ${answer.statusCode}).`));
    });
    outgoing.on("error", (error) => reject(faultOf(url, error)));
    outgoing.end();
  });
}

function addressOf(url: URL): { host: string; port: string | number } {
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port || (url.protocol === "https:" ? 443 : 80) };
}

/** A connection's trouble in words. Messages of the system may hold addresses, never headers. */
function faultOf(url: URL, error: Error & { code?: string }): Error {
  if (error instanceof RegistryFault || error.name === "AbortError") return error;
  const code = error.code ?? "";
  if (/CERT|SIGNATURE|SELF_SIGNED|ISSUER|ALTNAME|^ERR_TLS|SSL/.test(code)) {
    const remedy = "an authority of your own goes into registry.ca, or into NODE_EXTRA_CA_CERTS";
    return new RegistryFault("untrusted", `The certificate of ${url.host} is not trusted (${code}); ${remedy}.`);
  }
  const words: { readonly [code: string]: string } = {
    ENOTFOUND: "its name is not known",
    EAI_AGAIN: "its name could not be looked up",
    ECONNREFUSED: "it refuses the connection",
    ECONNRESET: "it broke the connection off",
    EHOSTUNREACH: "there is no way to it",
    ENETUNREACH: "there is no network",
    ETIMEDOUT: "it did not answer",
  };
  return new RegistryFault("offline", `${url.host} cannot be reached: ${words[code] ?? (code || "no connection")}.`);
}

function textOf(value: string | string[] | undefined): string | null {
  return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
}
