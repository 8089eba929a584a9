/** Libraries that a Rust program loads, from the crates in Cargo.lock. */
import { type LibraryRelease, runtimeLibraries } from "../runtime-libraries";

/** What crates say about libraries of the system. */
export interface CrateLibraries {
  /** Packages to install where the program runs. */
  readonly packages: readonly string[];
  /** True when every crate that binds to C is known. */
  readonly complete: boolean;
  /** True when nothing is linked that Debian always has and a bare image has not, such as zlib. */
  readonly plain: boolean;
}

/** Reads the crates of a Cargo.lock; `release` is the system that they were built on. */
export function crateLibraries(lock: string, release: LibraryRelease): CrateLibraries {
  const crates = readCrates(lock);
  const packages = new Set<string>();
  let complete = true;
  for (const [name, dependencies] of crates) {
    const linked = Object.hasOwn(linkedCrates, name) ? linkedCrates[name] : undefined;
    if (linked === undefined) {
      if (/[-_]sys$/.test(name) && !bundling.has(name.replaceAll("_", "-"))) complete = false;
      continue;
    }
    if (linked.unless.some((one) => dependencies.has(one))) continue;
    const libraries = runtimeLibraries(linked.headers, release);
    if (libraries === null) complete = false;
    else for (const library of libraries) packages.add(library);
  }
  const plain = ![...crates.keys()].some((name) => alwaysInDebian.has(name));
  return { packages: [...packages].sort(), complete, plain };
}

/** The crates of a lock file with the names of those that each depends on. */
function readCrates(lock: string): ReadonlyMap<string, ReadonlySet<string>> {
  const crates = new Map<string, Set<string>>();
  for (const block of lock.split(/^\[\[package\]\]\s*$/m).slice(1)) {
    const name = /^name = "([^"]+)"/m.exec(block)?.[1];
    if (name === undefined) continue;
    const known = crates.get(name) ?? new Set();
    const list = /^dependencies = \[([^\]]*)\]/m.exec(block)?.[1] ?? "";
    for (const [, dependency] of list.matchAll(/"([^" ]+)/g)) if (dependency) known.add(dependency);
    crates.set(name, known);
  }
  return crates;
}

interface LinkedCrate {
  /** Debian's package with the headers that the crate is built against. */
  readonly headers: string;
  /** Dependencies that the crate has only when it builds its own copy of the library. */
  readonly unless: readonly string[];
}

/** Crates that link to a library of the system where it is found. Source: their build scripts and manifests. */
const linkedCrates: Readonly<Record<string, LinkedCrate>> = {
  "openssl-sys": { headers: "libssl-dev", unless: ["openssl-src"] },
  "pq-sys": { headers: "libpq-dev", unless: ["pq-src"] },
  "mysqlclient-sys": { headers: "default-libmysqlclient-dev", unless: ["mysqlclient-src"] },
  "libsqlite3-sys": { headers: "libsqlite3-dev", unless: ["cc"] },
  "curl-sys": { headers: "libcurl4-openssl-dev", unless: [] },
  "libssh2-sys": { headers: "libssh2-1-dev", unless: [] },
};

/** Crates that link to the copy that dpkg of Debian needs, where its headers are there. */
const alwaysInDebian: ReadonlySet<string> = new Set([
  "libz-sys",
  "bzip2-sys",
  "lzma-sys",
  "liblzma-sys",
  "rdkafka-sys",
]);

/** Crates whose name says that they bind to something, and that build it themselves or need nothing of Debian's. */
const bundling: ReadonlySet<string> = new Set([
  ...["windows-sys", "js-sys", "web-sys", "linux-raw-sys", "core-foundation-sys", "security-framework-sys"],
  ...["zstd-sys", "bzip2-sys", "lzma-sys", "libz-sys", "libz-ng-sys", "liblzma-sys", "lz4-sys", "lzo-sys"],
  ...["jemalloc-sys", "tikv-jemalloc-sys", "libmimalloc-sys", "snmalloc-sys", "aws-lc-sys", "aws-lc-fips-sys"],
  ...["librocksdb-sys", "rdkafka-sys", "inotify-sys", "fsevent-sys", "kqueue-sys", "io-uring-sys", "brotli-sys"],
  ...["libgit2-sys", "secp256k1-sys", "clang-sys", "redox-sys", "winapi-sys", "system-configuration-sys"],
  ...["mach2-sys", "ntapi-sys", "libsodium-sys", "ring-sys", "hermit-sys", "tree-sitter-sys", "dirs-sys"],
  ...["dirs-sys-next", "android-sys", "ndk-sys", "jni-sys", "objc-sys", "cocoa-sys", "coreaudio-sys", "iokit-sys"],
]);
