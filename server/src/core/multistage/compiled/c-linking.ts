/** What a program in C or C++ is linked to, as far as the commands and files of its build say. */
import { type EffectiveCommand, flagValue } from "../../shell/commands";
import { type LibraryRelease, runtimeLibraries } from "../runtime-libraries";

/** What is known of how a program is linked. */
export interface Linking {
  readonly language: "c" | "c++" | "unknown";
  /** True when nothing is loaded when the program starts. */
  readonly isStatic: boolean;
  /** Names behind `-l`; null when some are not known. */
  readonly libraries: readonly string[] | null;
  readonly usesOpenMp: boolean;
}

/** Names of compilers. */
export const compilers = /^(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(?:-\d+)?$/;

/** True for a command that makes a shared library, or links to one of the project's own. */
export function loadsOwn({ name, words }: EffectiveCommand): boolean {
  if (!compilers.test(name ?? "")) return false;
  return words.some(({ value }, at) => {
    if (value === null) return false;
    if (value === "-shared" || /\.so(?:\.\d+)*$/.test(value)) return true;
    const folder = value === "-L" ? words[at + 1]?.value : /^-L(.+)$/.exec(value)?.[1];
    return typeof folder === "string" && !/^\/(?:usr\/)?lib(?:\/|$)/.test(folder);
  });
}

/** Reads a command of a compiler that links. */
export function linkingOf(command: EffectiveCommand): Linking {
  const words = command.words.map((word) => word.value);
  const has = (...flags: readonly string[]) => words.some((word) => word !== null && flags.includes(word));
  const isPlusPlus =
    /\+\+/.test(command.name ?? "") || words.some((word) => /\.(?:cpp|cc|cxx|C|c\+\+)$/.test(word ?? ""));
  const names = words.flatMap((word) => /^-l(.+)$/.exec(word ?? "")?.[1] ?? []);
  return {
    language: isPlusPlus ? "c++" : "c",
    isStatic: has("-static", "-static-pie", "--static"),
    libraries: words.includes(null) || has("-l") ? null : names,
    usesOpenMp: has("-fopenmp"),
  };
}

/** Reads a Makefile or CMakeLists.txt; null where it builds shared libraries of its own, which would have to come along. */
export function linkingOfFile(text: string): Linking | null {
  const plain = text.replace(/^[ \t]*#.*$/gm, "");
  if (/\bSHARED\b|BUILD_SHARED_LIBS|(?:^|\s)-shared\b|\.so\b/m.test(plain)) return null;
  const names = [...plain.matchAll(/(?:^|[\s"'=])-l([\w+.-]+)/g)].map((found) => found[1] ?? "");
  const isUnknown = /pkg-config|pkg_check_modules|find_library|find_package\s*\(\s*(?!Threads)/i.test(plain);
  const isPlusPlus = /\bCXX\b|g\+\+|clang\+\+|\.(?:cpp|cc|cxx)\b/.test(plain);
  const isC = /\.c\b/.test(plain) && !isPlusPlus;
  return {
    language: isPlusPlus ? "c++" : isC ? "c" : "unknown",
    isStatic: /(?:^|[\s"'=])-static(?:\s|["']|$)/m.test(plain),
    libraries: isUnknown ? null : names,
    usesOpenMp: /-fopenmp|OpenMP/.test(plain),
  };
}

/** The prefix that `make install` and its kin write below; null where it is not known. Source: their manuals. */
export function installPrefix(commands: readonly EffectiveCommand[]): string | null {
  let prefix: string | null = "/usr/local";
  for (const command of commands) {
    const words = command.words.map((word) => word.value);
    if (words.some((word) => word?.startsWith("DESTDIR="))) return null;
    const flag = flagValue(command, ["--prefix", "--install-prefix", "-prefix"]);
    const defined = words
      .flatMap((word) => /^-DCMAKE_INSTALL_PREFIX(?::\w+)?=(.*)$/.exec(word ?? "")?.[1] ?? [])
      .at(-1);
    const assigned = words.flatMap((word) => /^(?:PREFIX|prefix)=(.*)$/.exec(word ?? "")?.[1] ?? []).at(-1);
    if (flag) prefix = flag.value;
    else if (defined ?? assigned) prefix = defined ?? assigned ?? null;
  }
  return prefix?.startsWith("/") ? prefix.replace(/\/+$/, "") : null;
}

/** Packages for libraries by the names that the linker knows; null where one is not known. */
export function librariesOf(names: readonly string[], release: LibraryRelease): readonly string[] | null {
  const packages = new Set<string>();
  for (const name of names) {
    if (ofTheSystem.has(name)) continue;
    const headers = Object.hasOwn(headersOf, name) ? headersOf[name] : undefined;
    const found = headers === undefined ? null : runtimeLibraries(headers, release);
    if (!found) return null;
    for (const one of found) packages.add(one);
    if (name === "ssl" || name === "curl") packages.add("ca-certificates");
  }
  return [...packages];
}

/** Part of the C library, or of the compiler and linked statically. */
const ofTheSystem: ReadonlySet<string> = new Set([
  "c",
  "m",
  "pthread",
  "dl",
  "rt",
  "util",
  "resolv",
  "stdc++fs",
  "gcc",
]);

/** Debian's packages of headers by the names that the linker knows. */
const headersOf: Readonly<Record<string, string>> = {
  ssl: "libssl-dev",
  crypto: "libssl-dev",
  z: "zlib1g-dev",
  curl: "libcurl4-openssl-dev",
  pq: "libpq-dev",
  sqlite3: "libsqlite3-dev",
  ncurses: "libncurses-dev",
  ncursesw: "libncurses-dev",
  readline: "libreadline-dev",
  xml2: "libxml2-dev",
  sodium: "libsodium-dev",
  uuid: "uuid-dev",
  gmp: "libgmp-dev",
  mpfr: "libmpfr-dev",
  jansson: "libjansson-dev",
  png: "libpng-dev",
  zmq: "libzmq3-dev",
  yaml: "libyaml-dev",
  expat: "libexpat1-dev",
  lzma: "liblzma-dev",
  bz2: "libbz2-dev",
  zstd: "libzstd-dev",
  lz4: "liblz4-dev",
};
