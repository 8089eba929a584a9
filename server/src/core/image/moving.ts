/** Images for which the usual advice about `latest` does not hold. */
import type { ImageReference } from "./reference";

/**
 * True for systems without releases: there is one line, `latest` is its name, and packages of today do not go with a
 * snapshot of last month. Sources: the pages of these images; archlinux.org on partial upgrades.
 */
export function isRolling({ path }: ImageReference): boolean {
  return rolling.test(path);
}

const rolling =
  /^(?:library\/)?archlinux$|^archlinux\/|^(?:linuxserver|lscr)\/baseimage-arch$|^opensuse\/tumbleweed$|^kalilinux\/kali-rolling$|^gentoo\/|void-?linux\/|^manjarolinux\/|^blackarchlinux\//;

/** True for Windows' own images, which have had no tag `latest` since 2019. Source: Microsoft's notice of that year. */
export function lacksLatest({ registry, path }: ImageReference): boolean {
  if (registry === "docker.io") return /^microsoft\/(?:windowsservercore|nanoserver)$/.test(path);
  return registry === "mcr.microsoft.com" && /^windows(?:\/(?:servercore|nanoserver|server|iotcore))?$/.test(path);
}
