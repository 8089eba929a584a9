/** Which proxy a request goes through, by the variables and settings that everybody else heeds too. */
import { isLoopback } from "./endpoint";

/** What is said about proxies. Empty texts count as nothing. */
export interface ProxySettings {
  /** `HTTPS_PROXY`, or the editor's `http.proxy`. */
  readonly https: string | null;
  /** `HTTP_PROXY`. */
  readonly http: string | null;
  /** Hosts that are reached without one: `NO_PROXY`, `http.noProxy`. `*`: all. */
  readonly except: readonly string[];
}

/** Reads the environment; lower case wins, as it does for curl. What an editor says wins over both. */
export function readProxySettings(
  env: { readonly [name: string]: string | undefined },
  editor: { readonly proxy?: string | null; readonly noProxy?: readonly string[] } = {},
): ProxySettings {
  const read = (name: string): string | null => env[name.toLowerCase()] || env[name] || null;
  const all = read("ALL_PROXY");
  const noProxy = editor.noProxy?.length ? editor.noProxy : (read("NO_PROXY") ?? "").split(/[\s,]+/);
  return {
    https: editor.proxy || read("HTTPS_PROXY") || all,
    http: editor.proxy || read("HTTP_PROXY") || all,
    except: noProxy.filter((host) => host !== ""),
  };
}

/** The proxy for an address, or null. This computer is always reached directly. */
export function proxyFor(url: URL, settings: ProxySettings): string | null {
  const proxy = url.protocol === "https:" ? settings.https : settings.http;
  if (!proxy || isLoopback(url.host) || settings.except.some((rule) => isExcepted(url, rule))) return null;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

/** `example.com` covers itself and what is below it, `.example.com` and `*.example.com` the same; a port may follow. */
function isExcepted(url: URL, rule: string): boolean {
  if (rule === "*") return true;
  const [, name = "", port] = /^(.*?)(?::(\d+))?$/.exec(rule.toLowerCase()) ?? [];
  const ownPort = url.port || (url.protocol === "https:" ? "443" : "80");
  if (port !== undefined && port !== ownPort) return false;
  const suffix = name.replace(/^\*?\./, "");
  const host = url.hostname.toLowerCase();
  return suffix !== "" && (host === suffix || host.endsWith(`.${suffix}`));
}
