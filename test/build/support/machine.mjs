// What this machine is, and where it gets Debian's packages from. Nothing about a mirror or a proxy is written down here:
// both are read from the machine's own settings each time.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** Why images cannot be built here, in words for the reader of a report; null when they can. */
export function whyNotHere() {
  if (process.platform !== "linux" || !existsSync("/etc/debian_version")) return "needs Debian as root";
  if (process.getuid?.() !== 0) return "needs Debian as root";
  for (const program of ["apt-get", "unshare", "nsenter", "tar"]) {
    if (spawnSync("which", [program], { stdio: "ignore" }).status !== 0) return `needs Debian as root, with ${program}`;
  }
  return null;
}

/** The address of the first Debian mirror in the sources of apt, in either of its two notations. */
export function debianMirror() {
  for (const file of sourceFiles()) {
    for (const line of readFileSync(file, "utf8").split("\n")) {
      const address = /^\s*(?:deb\s+(?:\[[^\]]*\]\s+)?|URIs:\s*)(https?:\S+)/.exec(line)?.[1];
      if (address !== undefined && /\/debian\/?$/.test(address)) return address.replace(/\/$/, "");
    }
  }
  return "http://deb.debian.org/debian";
}

/** How apt reaches its mirror here (proxies, time limits …), as a file for /etc/apt/apt.conf.d. */
export function aptSettings() {
  return spawnSync("apt-config", ["dump", "Acquire"], { encoding: "utf8" }).stdout ?? "";
}

/** The proxy variables of this machine; builds need them too. */
export function proxySettings() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(https?|ftp|no)_proxy$/i.test(name)));
}

function sourceFiles() {
  const folder = "/etc/apt/sources.list.d";
  const parts = existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
  return ["/etc/apt/sources.list", ...parts].filter((file) => existsSync(file) && /\.(list|sources)$/.test(file));
}
