/**
 * Packages with the libraries behind packages of headers, for Alpine, Debian and Ubuntu. Only entries that are known for
 * sure: a library too few and the program does not start. Sources: the packages' own dependencies on what they are built
 * with (`apt-cache show`), and the names that Debian 13 and Ubuntu 24.04 gave libraries for their 64-bit time (`…t64`).
 */

/** A release of a system, as far as package names depend on it. */
export interface LibraryRelease {
  /** `alpine`, `debian`, `ubuntu` …; null when not known. */
  readonly family: string | null;
  /** `bookworm`, `noble`; null when not known, and for Alpine. */
  readonly codename: string | null;
}

/**
 * The packages that a program needs where it runs when it was built against a package of headers; none for libraries
 * that are headers alone. Null when they are not known for that release.
 */
export function runtimeLibraries(headers: string, { family, codename }: LibraryRelease): readonly string[] | null {
  if (family === "alpine") return ownEntry(alpine, headers)?.split(" ") ?? null;
  if (family !== "debian" && family !== "ubuntu") return null;
  if (onlyHeaders.has(headers)) return [];
  const stable = ownEntry(alike, headers);
  if (stable !== undefined && codename !== null && releases.has(codename)) return stable.split(" ");
  const timed = ownEntry(timeChanged, headers);
  if (timed !== undefined) {
    if (codename === "bookworm" || codename === "jammy") return [timed];
    if (codename === "trixie" || codename === "noble") return [`${timed}t64`];
  }
  const own = Object.hasOwn(byRelease, headers) ? byRelease[headers] : undefined;
  const packages = codename !== null && own ? ownEntry(own, codename) : undefined;
  return packages?.split(" ") ?? null;
}

function ownEntry(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Debian 12 and 13, Ubuntu 22.04 and 24.04. */
const releases: ReadonlySet<string> = new Set(["bookworm", "trixie", "jammy", "noble"]);

const onlyHeaders: ReadonlySet<string> = new Set([
  ...["nlohmann-json3-dev", "rapidjson-dev", "libeigen3-dev", "libasio-dev", "libgtest-dev", "libgmock-dev"],
  ...["uthash-dev", "libcxxopts-dev", "libtclap-dev", "libcli11-dev"],
]);

/** The same name in all of `releases`. */
const alike: Readonly<Record<string, string>> = {
  "libpq-dev": "libpq5",
  "libsqlite3-dev": "libsqlite3-0",
  "zlib1g-dev": "zlib1g",
  "libxml2-dev": "libxml2",
  "libxslt1-dev": "libxslt1.1",
  "libxslt-dev": "libxslt1.1",
  "libffi-dev": "libffi8",
  "libfreetype6-dev": "libfreetype6",
  "libfreetype-dev": "libfreetype6",
  "libyaml-dev": "libyaml-0-2",
  "libonig-dev": "libonig5",
  "libgmp-dev": "libgmp10",
  "libmpfr-dev": "libmpfr6",
  "libopus-dev": "libopus0",
  "libsodium-dev": "libsodium23",
  "liblzma-dev": "liblzma5",
  "libbz2-dev": "libbz2-1.0",
  "libzstd-dev": "libzstd1",
  "liblz4-dev": "liblz4-1",
  "libncurses-dev": "libncurses6 libncursesw6",
  "libncurses5-dev": "libncurses6 libncursesw6",
  "libncursesw5-dev": "libncurses6 libncursesw6",
  "libusb-1.0-0-dev": "libusb-1.0-0",
  "libudev-dev": "libudev1",
  "libdbus-1-dev": "libdbus-1-3",
  "libjansson-dev": "libjansson4",
  "libjson-c-dev": "libjson-c5",
  "libexpat1-dev": "libexpat1",
  "libexpat-dev": "libexpat1",
  "uuid-dev": "libuuid1",
  "librdkafka-dev": "librdkafka1 librdkafka++1",
  "libgd-dev": "libgd3",
  "libwebp-dev": "libwebp7 libwebpmux3 libwebpdemux2",
  "libsnappy-dev": "libsnappy1v5",
  "libseccomp-dev": "libseccomp2",
  "libcap-dev": "libcap2",
  "libzmq3-dev": "libzmq5",
  "libmosquitto-dev": "libmosquitto1",
  "libnuma-dev": "libnuma1",
  "libkrb5-dev": "libgssapi-krb5-2 libkrb5-3",
  "libsasl2-dev": "libsasl2-2",
  "unixodbc-dev": "unixodbc",
};

/** Renamed with the 64-bit time: the name before it, which Debian 13 and Ubuntu 24.04 end with `t64`. */
const timeChanged: Readonly<Record<string, string>> = {
  "libssl-dev": "libssl3",
  "libcurl4-openssl-dev": "libcurl4",
  "libpng-dev": "libpng16-16",
  "libreadline-dev": "libreadline8",
  "libasound2-dev": "libasound2",
  "libuv1-dev": "libuv1",
  "libpcap-dev": "libpcap0.8",
  "libpcap0.8-dev": "libpcap0.8",
  "libelf-dev": "libelf1",
  "libev-dev": "libev4",
  "libmagic-dev": "libmagic1",
  "libssh2-1-dev": "libssh2-1",
  "libmicrohttpd-dev": "libmicrohttpd12",
};

/** Names that differ from release to release. */
const byRelease: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "libssl-dev": { bullseye: "libssl1.1", focal: "libssl1.1" },
  "libcurl4-gnutls-dev": {
    ...{ bookworm: "libcurl3-gnutls", trixie: "libcurl3t64-gnutls" },
    ...{ jammy: "libcurl3-gnutls", noble: "libcurl3t64-gnutls" },
  },
  "libmariadb-dev": { bookworm: "libmariadb3", trixie: "libmariadb3", jammy: "libmariadb3", noble: "libmariadb3" },
  "default-libmysqlclient-dev": {
    ...{ bookworm: "libmariadb3", trixie: "libmariadb3", jammy: "libmysqlclient21", noble: "libmysqlclient21" },
  },
  "libmysqlclient-dev": { jammy: "libmysqlclient21", noble: "libmysqlclient21" },
  "libjpeg-dev": {
    ...{ bookworm: "libjpeg62-turbo", trixie: "libjpeg62-turbo", jammy: "libjpeg-turbo8", noble: "libjpeg-turbo8" },
  },
  "libjpeg62-turbo-dev": { bookworm: "libjpeg62-turbo", trixie: "libjpeg62-turbo" },
  "libicu-dev": { bookworm: "libicu72", trixie: "libicu76", jammy: "libicu70", noble: "libicu74" },
  "libzip-dev": { bookworm: "libzip4", trixie: "libzip5", jammy: "libzip4", noble: "libzip4t64" },
  "libtiff-dev": { bookworm: "libtiff6", trixie: "libtiff6", jammy: "libtiff5", noble: "libtiff6" },
  "libhiredis-dev": { bookworm: "libhiredis0.14", jammy: "libhiredis0.14", noble: "libhiredis1.1.0" },
  "libpcre2-dev": { bookworm: "libpcre2-8-0", trixie: "libpcre2-8-0", jammy: "libpcre2-8-0", noble: "libpcre2-8-0" },
};

/** Alpine names libraries alike in all its releases that are still built. */
const alpine: Readonly<Record<string, string>> = {
  "postgresql-dev": "libpq",
  "libpq-dev": "libpq",
  "mariadb-dev": "mariadb-connector-c",
  "mariadb-connector-c-dev": "mariadb-connector-c",
  "libffi-dev": "libffi",
  "zlib-dev": "zlib",
  "openssl-dev": "libssl3 libcrypto3",
  "curl-dev": "libcurl",
  "libxml2-dev": "libxml2",
  "libxslt-dev": "libxslt",
  "sqlite-dev": "sqlite-libs",
  "libjpeg-turbo-dev": "libjpeg-turbo",
  "jpeg-dev": "libjpeg-turbo",
  "libpng-dev": "libpng",
  "freetype-dev": "freetype",
  "yaml-dev": "yaml",
  "icu-dev": "icu-libs",
  "libzip-dev": "libzip",
  "oniguruma-dev": "oniguruma",
  "libgit2-dev": "libgit2",
  "librdkafka-dev": "librdkafka",
  "vips-dev": "vips",
  "gmp-dev": "gmp",
  "libsodium-dev": "libsodium",
  "libuv-dev": "libuv",
  "ncurses-dev": "ncurses-libs",
  "readline-dev": "readline",
  "libpcap-dev": "libpcap",
};
