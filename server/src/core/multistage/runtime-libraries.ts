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
  "liblcms2-dev": "liblcms2-2",
  "libopenjp2-7-dev": "libopenjp2-7",
  "libxpm-dev": "libxpm4",
  "libharfbuzz-dev": "libharfbuzz0b",
  "libfribidi-dev": "libfribidi0",
  "libcairo2-dev": "libcairo2",
  "libpango1.0-dev": "libpango-1.0-0 libpangocairo-1.0-0 libpangoft2-1.0-0",
  "libfontconfig1-dev": "libfontconfig1",
  "libfontconfig-dev": "libfontconfig1",
  "libgraphite2-dev": "libgraphite2-3",
  "libsndfile1-dev": "libsndfile1",
  "portaudio19-dev": "libportaudio2",
  "libjemalloc-dev": "libjemalloc2",
  "librabbitmq-dev": "librabbitmq4",
  "libenchant-2-dev": "libenchant-2-2",
  "libaspell-dev": "libaspell15",
  "libmaxminddb-dev": "libmaxminddb0",
  "libopenblas-dev": "libopenblas0",
  "liblapack-dev": "liblapack3",
  "libblas-dev": "libblas3",
  "freetds-dev": "libct4 libsybdb5",
  "libmcrypt-dev": "libmcrypt4",
  "libltdl-dev": "libltdl7",
  "libxcb1-dev": "libxcb1",
  "libx11-dev": "libx11-6",
  "libxext-dev": "libxext6",
  "libxrender-dev": "libxrender1",
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
  "libevent-dev": "libevent-2.1-7",
  "libglib2.0-dev": "libglib2.0-0",
  "libvips-dev": "libvips42",
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
  "libtiff5-dev": { bookworm: "libtiff6", jammy: "libtiff5" },
  "libmariadb-dev-compat": { bookworm: "libmariadb3", trixie: "libmariadb3" },
  "libmagickwand-dev": {
    bookworm: "libmagickwand-6.q16-6 libmagickcore-6.q16-6-extra",
    trixie: "libmagickwand-7.q16-10 libmagickcore-7.q16-10-extra",
  },
  "libldap2-dev": { bookworm: "libldap-2.5-0", trixie: "libldap2", jammy: "libldap-2.5-0", noble: "libldap2" },
  "libldap-dev": { bookworm: "libldap-2.5-0", trixie: "libldap2", jammy: "libldap-2.5-0", noble: "libldap2" },
  "libc-client-dev": { bookworm: "libc-client2007e" },
  "libtidy-dev": { bookworm: "libtidy5deb1" },
  "libgearman-dev": { bookworm: "libgearman8" },
  "libmemcached-dev": {
    ...{ bookworm: "libmemcached11 libmemcachedutil2", jammy: "libmemcached11 libmemcachedutil2" },
    ...{ trixie: "libmemcached11t64 libmemcachedutil2t64", noble: "libmemcached11t64 libmemcachedutil2t64" },
  },
  "libpcre3-dev": { bookworm: "libpcre3" },
  "libgdal-dev": { bookworm: "libgdal32", trixie: "libgdal36" },
  "libgeos-dev": { bookworm: "libgeos-c1v5", trixie: "libgeos-c1t64" },
  "libxmlsec1-dev": { bookworm: "libxmlsec1 libxmlsec1-openssl" },
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
  "libwebp-dev": "libwebp",
  "tiff-dev": "tiff",
  "lcms2-dev": "lcms2",
  "openjpeg-dev": "openjpeg",
  "harfbuzz-dev": "harfbuzz",
  "fribidi-dev": "fribidi",
  "libxpm-dev": "libxpm",
  "bzip2-dev": "libbz2",
  "xz-dev": "xz-libs",
  "zstd-dev": "zstd-libs",
  "lz4-dev": "lz4-libs",
  "libevent-dev": "libevent",
  "libmemcached-dev": "libmemcached-libs",
  "rabbitmq-c-dev": "rabbitmq-c",
  "openldap-dev": "libldap",
  "krb5-dev": "krb5-libs",
  "gettext-dev": "libintl",
  "unixodbc-dev": "unixodbc",
  "cairo-dev": "cairo",
  "pango-dev": "pango",
  "geos-dev": "geos",
  "proj-dev": "proj",
  "gdal-dev": "gdal",
  "tidyhtml-dev": "tidyhtml-libs",
  "imagemagick-dev": "imagemagick",
};
