/** Packages that serve to build programs, by what they are. Names as Debian, Ubuntu, Alpine and the RPM family write them. */

/**
 * `compiler`: makes programs (compilers, linkers, build systems). `headers`: what programs are compiled against.
 * `helper`: fetches or unpacks what is built (git, unzip); often wanted at run time too.
 */
export type BuildRole = "compiler" | "headers" | "helper";

/** What a package is for, or null when it is not known as a build package. */
export function buildRole(name: string): BuildRole | null {
  const plain = name.replace(/:(?:amd64|arm64|i386|native|any)$/, "").toLowerCase();
  if (compilers.has(plain) || compilerPatterns.test(plain)) return "compiler";
  if (neutral.has(plain)) return null;
  if (headers.has(plain) || /(?:-dev|-devel|-static|-headers)$/.test(plain) || /-dev-\d|^linux-headers-/.test(plain)) {
    return "headers";
  }
  return helpers.has(plain) ? "helper" : null;
}

/**
 * True for headers of the C library, the kernel, an interpreter or a compiler: nothing is loaded from them when a program
 * runs.
 */
export function isPureHeaders(name: string): boolean {
  return /^(?:musl-dev|libc-dev|libc6-dev|glibc-devel|glibc-headers|linux-headers.*|linux-libc-dev|kernel-headers|kernel-devel|(?:lib)?python[\d.]*-dev(?:el)?|python[\d.]*-devel|ruby[\d.]*-dev(?:el)?|php[\d.]*-dev(?:el)?|(?:lib)?(?:clang|llvm)(?:-?\d+)?-dev|clang-devel|llvm-devel|.*-static)$/.test(
    name,
  );
}

const compilers: ReadonlySet<string> = new Set([
  ...[
    "build-essential",
    "build-base",
    "alpine-sdk",
    "base-devel",
    "gcc",
    "g++",
    "gcc-c++",
    "gcc-multilib",
    "g++-multilib",
  ],
  ...["cpp", "clang", "llvm", "lld", "gfortran", "gcc-gfortran", "gcc-fortran", "binutils", "tcc"],
  ...["make", "cmake", "ninja", "ninja-build", "meson", "autoconf", "automake", "autogen", "autotools-dev", "libtool"],
  ...[
    "pkg-config",
    "pkgconf",
    "pkgconfig",
    "pkgconf-pkg-config",
    "bison",
    "flex",
    "m4",
    "re2c",
    "nasm",
    "yasm",
    "swig",
  ],
  ...[
    "patchelf",
    "ccache",
    "bazel",
    "scons",
    "gperf",
    "intltool",
    "checkinstall",
    "debhelper",
    "devscripts",
    "dpkg-dev",
  ],
  ...["dpkg-dev", "fakeroot", "rpm-build", "rpmdevtools", "redhat-rpm-config", "abuild", "crossbuild-essential-arm64"],
  ...[
    "golang",
    "golang-go",
    "golang-bin",
    "go",
    "rust",
    "rustc",
    "cargo",
    "maven",
    "gradle",
    "ant",
    "sbt",
    "leiningen",
  ],
  ...[
    "protobuf-compiler",
    "protobuf-devel",
    "protoc",
    "ghc",
    "cabal-install",
    "ocaml",
    "opam",
    "nim",
    "zig",
    "swiftlang",
  ],
  ...["node-gyp", "cython", "cython3", "python3-cython", "valac", "gnat", "texinfo", "help2man", "vala"],
  ...["musl-tools", "mold", "libtool-bin", "autopoint", "gdb", "valgrind", "cppcheck", "clang-tidy", "clang-format"],
  // Alpine's and the php image's name for all that building an extension takes.
  ...["$phpize_deps", "phpize_deps"],
]);

const compilerPatterns =
  /^(?:gcc|g\+\+|cpp|clang|llvm|gfortran|golang|rustc|ghc|automake|autoconf)-?\d+(?:\.\d+)*(?:-go|-dev)?$|^(?:gcc|g\+\+|binutils)-[a-z0-9_]+-linux-gnu$|^gcc-toolset-\d+.*|^devtoolset-\d+.*/;

const headers: ReadonlySet<string> = new Set(["linux-headers", "kernel-headers", "glibc-headers", "gnupg-dev"]);

/** They end like headers and are none, or they are of use at run time. */
const neutral: ReadonlySet<string> = new Set([
  ...["gir1.2-dev", "busybox-static", "qemu-user-static", "bash-static", "ca-certificates-dev", "android-sdk-dev"],
]);

const helpers: ReadonlySet<string> = new Set([
  ...[
    "git",
    "git-core",
    "git-lfs",
    "mercurial",
    "subversion",
    "bzr",
    "cvs",
    "openssh-client",
    "openssh",
    "upx",
    "upx-ucl",
  ],
  ...[
    "unzip",
    "zip",
    "xz",
    "xz-utils",
    "bzip2",
    "tar",
    "gzip",
    "patch",
    "file",
    "rsync",
    "wget",
    "curl",
    "gnupg",
    "gpg",
  ],
]);
