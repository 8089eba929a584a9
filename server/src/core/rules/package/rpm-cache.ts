/** The cache of yum, dnf and their kin. */
import type { PackageOperation } from "../../shell/packages";
import type { Cache } from "./leftovers";

/** The cache that calls of the given managers fill. Any of the kin may clean it: they are often links to each other. */
export function rpmCache(managers: readonly string[]): Cache {
  return {
    managers: new Set(managers),
    folders: ["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5", "/var/cache/tdnf"],
    what: "package lists and its cache",
    cleans: ({ tool, action, command }) =>
      tool.family === "rpm" &&
      action === "clean" &&
      command.words.some((word) => /^(?:all|metadata)$/.test(word.value ?? "")),
    command: ({ command }) => `${command.name ?? "dnf"} clean all`,
    needs: usesOnlyCache,
  };
}

/** `dnf -C install` reads nothing but the cache. */
function usesOnlyCache({ tool, flags }: PackageOperation): boolean {
  return tool.family === "rpm" && flags.some((word) => /^(?:-C|--cacheonly)$/.test(word.value ?? ""));
}
