/**
 * Programs that well-known images do not have, as data. Only programs that are certain to be missing are named: the
 * lists hold for the official images in all their supported releases. Sources: the images' own Dockerfiles, and the
 * package lists of the minimal systems under them (Debian's minbase, Alpine's mini root file system).
 */

/** Programs asked about, with the package that brings them where it has another name. */
const byApt: { readonly [command: string]: string } = {
  curl: "curl",
  wget: "wget",
  git: "git",
  unzip: "unzip",
  jq: "jq",
  nc: "netcat-openbsd",
  ping: "iputils-ping",
  sudo: "sudo",
  make: "make",
  gcc: "gcc",
  vim: "vim",
  less: "less",
  rsync: "rsync",
  ssh: "openssh-client",
  "ssh-keyscan": "openssh-client",
  xz: "xz-utils",
  pg_isready: "postgresql-client",
  netstat: "net-tools",
  dig: "dnsutils",
  file: "file",
};

const byApk: { readonly [command: string]: string } = {
  bash: "bash",
  curl: "curl",
  git: "git",
  jq: "jq",
  sudo: "sudo",
  make: "make",
  gcc: "gcc",
  rsync: "rsync",
  ssh: "openssh-client",
  "ssh-keyscan": "openssh-client",
  useradd: "shadow",
  usermod: "shadow",
  groupadd: "shadow",
  gpg: "gnupg",
  openssl: "openssl",
  pg_isready: "postgresql-client",
  zip: "zip",
  python3: "python3",
  apt: "",
};

/** Which programs an image lacks, and how each is installed there. */
export interface Missing {
  /** `apt-get` or `apk`. */
  readonly manager: "apt-get" | "apk";
  /** By program; the value is the package. */
  readonly packages: { readonly [command: string]: string };
}

/** Full images of these repositories are made on buildpack-deps and hold most tools; their slim ones do not. */
const slimKinds: ReadonlySet<string> = new Set(["node", "python", "ruby", "php", "perl"]);

/** These bring their own exceptions: what the image has although its system lacks it. */
const exceptions: { readonly [repository: string]: readonly string[] } = {
  "alpine:ruby": ["gpg"],
  "alpine:python": ["python3"],
  "alpine:node": [],
  "alpine:golang": ["git"],
  "alpine:alpine": [],
  "apt-get:debian": [],
  "apt-get:ubuntu": [],
  "apt-get:node": [],
  "apt-get:python": [],
  "apt-get:ruby": [],
};

/**
 * What an official image of the given repository, variants and system lacks; null where that is not known for certain.
 * `family` is the distribution's family (`debian`, `ubuntu`, `alpine`).
 */
export function missingPrograms(repository: string, variants: readonly string[], family: string): Missing | null {
  const key = `${family} ${repository} ${variants.includes("slim")}`;
  let known = remembered.get(key);
  if (known === undefined) {
    known = findMissing(repository, variants, family);
    if (remembered.size > 200) remembered.clear();
    remembered.set(key, known);
  }
  return known;
}

const remembered = new Map<string, Missing | null>();

function findMissing(repository: string, variants: readonly string[], family: string): Missing | null {
  const manager = family === "alpine" ? "apk" : family === "debian" || family === "ubuntu" ? "apt-get" : null;
  if (!manager) return null;
  const isSystem = repository === "debian" || repository === "ubuntu" || repository === "alpine";
  if (manager === "apt-get" && !isSystem && !(slimKinds.has(repository) && variants.includes("slim"))) return null;
  const has = exceptions[`${manager === "apk" ? "alpine" : manager}:${repository}`];
  if (!has) return null;
  const packages = Object.fromEntries(
    Object.entries(manager === "apk" ? byApk : byApt).filter(
      ([command, name]) => name !== "" && !has.includes(command),
    ),
  );
  return { manager, packages };
}

/**
 * Packages, with those of the programs above that they bring along by what they depend on or recommend. Any package that
 * is not named here makes the answer uncertain.
 */
export const bringsAlong: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...[
    ...[
      "ca-certificates",
      "tzdata",
      "tini",
      "dumb-init",
      "libpq5",
      "libpq-dev",
      "libc6-compat",
      "gcompat",
      "libstdc++",
    ],
    ...["libgcc", "libffi", "libffi-dev", "libssl-dev", "openssl", "openssl-dev", "locales", "procps", "libpq"],
    ...["musl-dev", "linux-headers", "libxml2", "libxslt", "zlib", "zlib-dev", "zlib1g-dev", "su-exec", "gosu"],
    ...["icu-libs", "krb5-libs", "unzip", "zip", "jq", "xz-utils", "xz", "tar", "gzip", "curl", "wget", "sudo", "make"],
    ...["netcat-openbsd", "redis-tools", "bash", "rsync", "less", "nano", "vim", "libgomp1", "libxml2-dev", "shadow"],
    ...["libjpeg62-turbo", "libmagic1", "lsb-release", "dnsutils", "iputils-ping", "net-tools", "file", "nodejs"],
    ...[
      "postgresql-dev",
      "mariadb-connector-c",
      "libjpeg-turbo-dev",
      "freetype-dev",
      "apt-transport-https",
      "libc-dev",
    ],
  ].map((name): [string, readonly string[]] => [name, []]),
  ["gnupg", ["gpg"]],
  ["gnupg2", ["gpg"]],
  ["gcc", ["make"]],
  ["g++", ["gcc", "make"]],
  ["build-base", ["gcc", "make", "file"]],
  ["build-essential", ["gcc", "make", "xz"]],
  ["python3", ["python3"]],
  ["python3-dev", ["python3"]],
  ["py3-pip", ["python3"]],
  ["python3-pip", ["python3", "gcc", "make", "xz"]],
  ["postgresql-client", ["pg_isready"]],
  ["openssh-client", ["ssh", "ssh-keyscan"]],
  ["git", ["less", "ssh", "ssh-keyscan"]],
]);
