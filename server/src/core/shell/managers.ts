/**
 * Package managers as data: what their subcommands do, which flags take a value, where their caches lie. Source: the
 * programs' own manuals and `--help`; the cache folders are those of the official images for root.
 */

/** What a call of a package manager does. `other`: nothing of these, or not known. */
export type PackageAction =
  | "install"
  | "update"
  | "upgrade"
  | "remove"
  | "clean"
  | "download"
  | "build"
  | "run"
  | "config"
  | "key"
  | "other";

/** How a package and its version are written as one word. */
export type PackageStyle = "apt" | "apk" | "rpm" | "compare" | "pip" | "at" | "colon" | "dash" | "plain";

/** Managers of one family share caches and habits. */
export type PackageFamily =
  | "apt"
  | "apk"
  | "rpm"
  | "pacman"
  | "opkg"
  | "python"
  | "conda"
  | "node"
  | "ruby"
  | "php"
  | "rust"
  | "go"
  | "java"
  | "dotnet"
  | "perl";

/** One package manager. */
export interface PackageManager {
  /** The name that operations carry: `pip` also for `pip3.12` and `python -m pip`. */
  readonly name: string;
  readonly family: PackageFamily;
  /** Other names of the same program. */
  readonly aliases: readonly string[];
  /**
   * `subcommand`: the first operand decides (or the first two: `pip install` of uv). `goals`: every operand is a task.
   * `flag`: the operation is a flag (`pacman -S`).
   */
  readonly syntax: "subcommand" | "goals" | "flag";
  readonly actions: Readonly<Record<string, PackageAction>>;
  /** What a call without subcommand does. */
  readonly bare: PackageAction;
  /** Subcommands whose operands are no packages, though their action is one that takes some. */
  readonly withoutPackages: readonly string[];
  /** Flags that take the next word as their value. */
  readonly valueFlags: readonly string[];
  /** Flags with which nobody is asked. Empty where nobody ever is. */
  readonly yesFlags: readonly string[];
  /** Flags with which nothing stays in the cache. */
  readonly noCacheFlags: readonly string[];
  /** Flags with which development dependencies are left out; `--only main` also stands for `--only=main`. */
  readonly productionFlags: readonly string[];
  /** Flags with which the lock file is obeyed or the call fails. */
  readonly frozenFlags: readonly string[];
  /** Flags that give the version of all packages named. */
  readonly versionFlags: readonly string[];
  /** Folders that keep what was downloaded. */
  readonly cachePaths: readonly string[];
  readonly style: PackageStyle;
}

/** All package managers that are known. */
export const packageManagers: readonly PackageManager[] = [
  ...["apt-get", "apt", "aptitude"].map((name) =>
    manager({
      name,
      family: "apt",
      style: "apt",
      actions: {
        ...actions("install", "install reinstall build-dep satisfy"),
        ...actions("update", "update"),
        ...actions("upgrade", "upgrade dist-upgrade full-upgrade safe-upgrade dselect-upgrade"),
        ...actions("remove", "remove purge autoremove auto-remove autopurge"),
        ...actions("clean", "clean autoclean auto-clean distclean dist-clean"),
        ...actions("download", "download source"),
      },
      withoutPackages: ["build-dep", "satisfy"],
      valueFlags: words("-t --target-release --default-release -o --option -c --config-file -a --host-architecture"),
      yesFlags: ["-y", "--yes", "--assume-yes", "-qq", "-q=2"],
      cachePaths: ["/var/lib/apt/lists", "/var/cache/apt"],
    }),
  ),
  manager({
    name: "apt-key",
    family: "apt",
    actions: actions("key", "add adv del delete update net-update"),
    valueFlags: words("--keyring --keyserver --recv-keys --recv --recv-key --fetch-keys"),
  }),
  manager({
    name: "add-apt-repository",
    aliases: ["apt-add-repository"],
    family: "apt",
    syntax: "goals",
    bare: "config",
    actions: {},
    yesFlags: ["-y", "--yes"],
  }),
  manager({
    name: "dpkg",
    family: "apt",
    syntax: "flag",
    actions: {
      ...actions("install", "-i --install --unpack"),
      ...actions("remove", "-r --remove -P --purge"),
    },
    valueFlags: words("--root --admindir --instdir --add-architecture"),
  }),
  manager({
    name: "apk",
    family: "apk",
    style: "apk",
    actions: {
      ...actions("install", "add"),
      ...actions("update", "update"),
      ...actions("upgrade", "upgrade"),
      ...actions("remove", "del"),
      "cache clean": "clean",
      "cache purge": "clean",
      "cache download": "download",
      ...actions("download", "fetch"),
    },
    valueFlags: words(
      "-t --virtual -X --repository -p --root --arch --keys-dir --repositories-file --cache-dir --cache-max-age --wait -o --output --progress-fd",
    ),
    noCacheFlags: ["--no-cache"],
    cachePaths: ["/var/cache/apk"],
  }),
  ...["dnf", "yum", "microdnf", "tdnf"].map((name) =>
    manager({
      name,
      aliases: name === "dnf" ? ["dnf5", "dnf-3", "dnf4"] : [],
      family: "rpm",
      style: "rpm",
      actions: {
        ...actions("install", "install localinstall reinstall in groupinstall builddep"),
        "group install": "install",
        "module install": "install",
        ...actions("update", "makecache"),
        ...actions("upgrade", "update upgrade up distro-sync update-minimal upgrade-minimal"),
        ...actions("remove", "remove erase autoremove rm"),
        ...actions("clean", "clean"),
        ...actions("download", "download"),
        ...actions("config", "config-manager module copr"),
      },
      withoutPackages: ["groupinstall", "builddep", "group install", "module install"],
      valueFlags: words(
        "-x --exclude --excludepkgs --enablerepo --disablerepo --repo --repoid --releasever --installroot --forcearch --setopt --comment -c --config -d --debuglevel -e --errorlevel -R --randomwait --advisory --downloaddir --destdir --repofrompath",
      ),
      yesFlags: ["-y", "--assumeyes"],
      cachePaths:
        name === "dnf"
          ? ["/var/cache/dnf", "/var/cache/libdnf5"]
          : [name === "microdnf" ? "/var/cache/yum" : `/var/cache/${name}`],
    }),
  ),
  manager({
    name: "rpm",
    family: "rpm",
    style: "rpm",
    syntax: "flag",
    actions: {
      ...actions("install", "-i --install -U --upgrade -F --freshen"),
      ...actions("remove", "-e --erase"),
      ...actions("key", "--import"),
    },
    valueFlags: words("--root --dbpath --prefix --relocate --define -D --nodigest"),
  }),
  manager({
    name: "zypper",
    family: "rpm",
    style: "compare",
    actions: {
      ...actions("install", "install in source-install si install-new-recommends inr"),
      ...actions("update", "refresh ref"),
      ...actions("upgrade", "update up dist-upgrade dup patch"),
      ...actions("remove", "remove rm"),
      ...actions("clean", "clean cc"),
      ...actions("download", "download"),
      ...actions("config", "addrepo ar removerepo rr modifyrepo mr"),
    },
    withoutPackages: ["source-install", "si", "install-new-recommends", "inr"],
    valueFlags: words(
      "-t --type -r --repo --from --root -R --plus-repo -p --plus-content --installroot -c --config --capability",
    ),
    yesFlags: ["-y", "--no-confirm", "-n", "--non-interactive"],
    cachePaths: ["/var/cache/zypp"],
  }),
  manager({
    name: "pacman",
    family: "pacman",
    syntax: "flag",
    style: "plain",
    actions: {},
    valueFlags: words(
      "-b --dbpath -r --root --arch --cachedir --color --config --gpgdir --hookdir --logfile --ignore --ignoregroup --overwrite --assume-installed",
    ),
    yesFlags: ["--noconfirm"],
    cachePaths: ["/var/cache/pacman/pkg"],
  }),
  manager({
    name: "opkg",
    family: "opkg",
    actions: {
      ...actions("install", "install"),
      ...actions("update", "update"),
      ...actions("upgrade", "upgrade"),
      ...actions("remove", "remove"),
      ...actions("download", "download"),
    },
    cachePaths: ["/var/opkg-lists"],
  }),
  manager({
    name: "pip",
    family: "python",
    style: "pip",
    actions: {
      ...actions("install", "install"),
      ...actions("download", "download"),
      ...actions("build", "wheel"),
      ...actions("remove", "uninstall"),
      "cache purge": "clean",
      ...actions("config", "config"),
    },
    valueFlags: pipValueFlags(),
    // pip takes the beginning of a flag for the whole one.
    noCacheFlags: ["--no-cache-dir", "--no-cache"],
    cachePaths: ["/root/.cache/pip"],
  }),
  manager({
    name: "uv",
    family: "python",
    style: "pip",
    actions: {
      "pip install": "install",
      "pip sync": "install",
      "pip uninstall": "remove",
      "tool install": "install",
      ...actions("install", "sync add"),
      ...actions("remove", "remove"),
      ...actions("build", "build"),
      "cache clean": "clean",
      "cache prune": "clean",
      ...actions("run", "run"),
    },
    withoutPackages: ["sync", "pip sync"],
    valueFlags: [
      ...pipValueFlags(),
      ...words(
        "-p --extra --package --project --directory --with --with-requirements --index --default-index --prerelease --resolution --color --config-file --python-preference --link-mode --exclude-newer --from --override -m --module --no-group --only-group --no-extra --no-install-package",
      ),
    ],
    noCacheFlags: ["--no-cache", "--no-cache-dir", "-n"],
    productionFlags: ["--no-dev", "--no-default-groups"],
    frozenFlags: ["--frozen", "--locked"],
    cachePaths: ["/root/.cache/uv"],
  }),
  manager({
    name: "pipx",
    family: "python",
    style: "pip",
    actions: {
      ...actions("install", "install inject"),
      ...actions("upgrade", "upgrade upgrade-all"),
      ...actions("remove", "uninstall"),
      ...actions("run", "run"),
    },
    valueFlags: words("--spec --python --index-url -i --suffix --pip-args --backend"),
    cachePaths: ["/root/.cache/pip"],
  }),
  manager({
    name: "poetry",
    family: "python",
    style: "pip",
    actions: {
      ...actions("install", "install sync add"),
      "self add": "install",
      ...actions("upgrade", "update"),
      ...actions("remove", "remove"),
      ...actions("build", "build"),
      "cache clear": "clean",
      ...actions("run", "run"),
      ...actions("config", "config"),
    },
    withoutPackages: ["install", "sync"],
    valueFlags: words("--with --without --only -E --extras -C --directory -P --project -G --group --source --python"),
    yesFlags: ["-n", "--no-interaction"],
    noCacheFlags: ["--no-cache"],
    productionFlags: ["--no-dev", "--only=main", "--without=dev"],
    cachePaths: ["/root/.cache/pypoetry"],
  }),
  manager({
    name: "pipenv",
    family: "python",
    style: "pip",
    actions: {
      ...actions("install", "install sync"),
      ...actions("upgrade", "update upgrade"),
      ...actions("remove", "uninstall"),
      ...actions("run", "run"),
    },
    withoutPackages: ["sync"],
    valueFlags: words("--python -r --requirements -e --editable -i --index --categories --pypi-mirror"),
    frozenFlags: ["--deploy", "--ignore-pipfile"],
    cachePaths: ["/root/.cache/pipenv", "/root/.cache/pip"],
  }),
  ...["conda", "mamba", "micromamba"].map((name) =>
    manager({
      name,
      family: "conda",
      style: "compare",
      actions: {
        ...actions("install", "install create"),
        "env create": "install",
        "env update": "install",
        ...actions("upgrade", "update upgrade"),
        ...actions("remove", "remove uninstall"),
        ...actions("clean", "clean"),
        ...actions("run", "run"),
        ...actions("config", "config"),
      },
      withoutPackages: ["env create", "env update"],
      valueFlags: words("-n --name -c --channel -p --prefix -f --file --solver --platform --subdir --root-prefix -r"),
      yesFlags: ["-y", "--yes"],
      cachePaths: ["/opt/conda/pkgs"],
    }),
  ),
  manager({
    name: "npm",
    family: "node",
    style: "at",
    actions: {
      ...actions("install", "install i in ins inst insta add ci clean-install install-clean ic"),
      ...actions("upgrade", "update up upgrade udpate"),
      ...actions("remove", "uninstall unlink remove rm r un prune"),
      "cache clean": "clean",
      "cache clear": "clean",
      "run build": "build",
      "run-script build": "build",
      ...actions("run", "run run-script rum urn start test t tst exec x"),
      ...actions("config", "config set"),
    },
    withoutPackages: ["ci", "clean-install", "install-clean", "ic"],
    valueFlags: words(
      "--prefix -C --registry -w --workspace --cache --loglevel --omit --include --only --userconfig --globalconfig --tag --install-strategy --before --fetch-timeout --fetch-retries --fetch-retry-mintimeout --fetch-retry-maxtimeout --script-shell --cpu --os --libc --otp --maxsockets",
    ),
    productionFlags: words("--omit=dev --production --only=production --only=prod --prod --also=production"),
    cachePaths: ["/root/.npm"],
  }),
  manager({
    name: "yarn",
    aliases: ["yarnpkg"],
    family: "node",
    style: "at",
    bare: "install",
    actions: {
      ...actions("install", "install add"),
      "global add": "install",
      "workspaces focus": "install",
      ...actions("upgrade", "upgrade up"),
      "global upgrade": "upgrade",
      ...actions("remove", "remove"),
      "global remove": "remove",
      "cache clean": "clean",
      "run build": "build",
      ...actions("build", "build"),
      ...actions("run", "run start test exec dlx"),
      ...actions("config", "config set"),
    },
    withoutPackages: ["install", "workspaces focus"],
    valueFlags: words(
      "--cwd --cache-folder --modules-folder --global-folder --prefix --network-timeout --network-concurrency --registry --mutex --use-yarnrc --mode --preferred-cache-folder --link-folder",
    ),
    productionFlags: ["--production", "--prod"],
    frozenFlags: ["--frozen-lockfile", "--immutable"],
    cachePaths: ["/usr/local/share/.cache/yarn"],
  }),
  manager({
    name: "pnpm",
    family: "node",
    style: "at",
    actions: {
      ...actions("install", "install i add"),
      ...actions("upgrade", "update up upgrade"),
      ...actions("remove", "remove rm uninstall un prune"),
      "store prune": "clean",
      "run build": "build",
      ...actions("build", "build"),
      ...actions("download", "fetch"),
      ...actions("run", "run start test exec dlx"),
      ...actions("config", "config set"),
    },
    valueFlags: words(
      "-C --dir -F --filter --store-dir --virtual-store-dir --registry --reporter --loglevel --modules-dir --lockfile-dir --network-concurrency --child-concurrency --workspace-concurrency --fetch-timeout --global-dir",
    ),
    productionFlags: ["--prod", "-P", "--production"],
    frozenFlags: ["--frozen-lockfile"],
    cachePaths: ["/root/.local/share/pnpm/store"],
  }),
  manager({
    name: "bun",
    family: "node",
    style: "at",
    actions: {
      ...actions("install", "install i add a"),
      ...actions("upgrade", "update"),
      ...actions("remove", "remove rm"),
      "run build": "build",
      ...actions("build", "build"),
      ...actions("run", "run x test"),
    },
    valueFlags: words(
      "--cwd -c --config --registry --cache-dir --backend --filter --omit --linker --outdir --outfile --target",
    ),
    noCacheFlags: ["--no-cache"],
    productionFlags: ["-p", "--production", "--omit=dev"],
    frozenFlags: ["--frozen-lockfile"],
    cachePaths: ["/root/.bun/install/cache"],
  }),
  manager({
    name: "gem",
    family: "ruby",
    style: "colon",
    actions: {
      ...actions("install", "install i"),
      ...actions("upgrade", "update"),
      ...actions("remove", "uninstall"),
      ...actions("clean", "cleanup"),
      ...actions("download", "fetch"),
      ...actions("build", "build"),
      ...actions("config", "sources"),
    },
    valueFlags: words(
      "-v --version -i --install-dir -n --bindir -s --source --platform -P --trust-policy -p --http-proxy -B --bulk-threshold --document -g --file",
    ),
    versionFlags: ["-v", "--version"],
    cachePaths: ["/usr/local/bundle/cache", "/root/.gem"],
  }),
  manager({
    name: "bundle",
    aliases: ["bundler"],
    family: "ruby",
    style: "plain",
    bare: "install",
    actions: {
      ...actions("install", "install add"),
      ...actions("upgrade", "update"),
      ...actions("remove", "remove"),
      ...actions("clean", "clean"),
      ...actions("download", "package cache pack"),
      ...actions("run", "exec"),
      ...actions("config", "config"),
    },
    withoutPackages: ["install"],
    valueFlags: words(
      "--path --gemfile --without --with -j --jobs --retry --binstubs -r --shebang --system-path --trust-policy -P -v --version --target-rbconfig --group",
    ),
    productionFlags: ["--without=development", "--deployment"],
    frozenFlags: ["--frozen", "--deployment"],
    versionFlags: ["-v", "--version"],
    cachePaths: ["/usr/local/bundle/cache"],
  }),
  manager({
    name: "composer",
    aliases: ["composer.phar"],
    family: "php",
    style: "colon",
    actions: {
      ...actions("install", "install i require r create-project"),
      "global require": "install",
      "global install": "install",
      ...actions("upgrade", "update u upgrade"),
      ...actions("remove", "remove rm uninstall"),
      ...actions("clean", "clear-cache clearcache cc"),
      ...actions("run", "run-script run exec"),
      ...actions("config", "config"),
    },
    withoutPackages: ["install", "i", "global install", "create-project"],
    valueFlags: words(
      "-d --working-dir --prefer-install --apcu-autoloader-prefix --ignore-platform-req --repository -s --stability --format",
    ),
    yesFlags: ["-n", "--no-interaction"],
    noCacheFlags: ["--no-cache"],
    productionFlags: ["--no-dev"],
    cachePaths: ["/tmp/cache", "/root/.composer/cache", "/root/.cache/composer"],
  }),
  ...["pecl", "pear"].map((name) =>
    manager({
      name,
      family: "php",
      style: "dash",
      actions: {
        ...actions("install", "install"),
        ...actions("upgrade", "upgrade upgrade-all"),
        ...actions("remove", "uninstall"),
        ...actions("clean", "clear-cache"),
        ...actions("update", "channel-update update-channels"),
        ...actions("download", "download"),
      },
      valueFlags: words("-D --configureoptions -R --installroot -P --packagingroot -d"),
      cachePaths: ["/tmp/pear"],
    }),
  ),
  manager({
    name: "cargo",
    family: "rust",
    style: "at",
    actions: {
      ...actions("install", "install binstall add"),
      ...actions("build", "build b rustc chef"),
      ...actions("download", "fetch vendor"),
      ...actions("upgrade", "update"),
      ...actions("remove", "uninstall remove"),
      ...actions("clean", "clean"),
      ...actions("run", "run r test t"),
    },
    valueFlags: words(
      "--version --vers --git --branch --tag --rev --path --root --bin --target --target-dir --manifest-path --features -F -p --package --profile -j --jobs --registry --index --example --config -Z --color --message-format --exclude --recipe-path",
    ),
    frozenFlags: ["--locked", "--frozen"],
    versionFlags: ["--version", "--vers"],
    cachePaths: ["/usr/local/cargo/registry", "/usr/local/cargo/git/db"],
  }),
  manager({
    name: "go",
    family: "go",
    style: "at",
    actions: {
      ...actions("install", "install get"),
      ...actions("build", "build"),
      "mod download": "download",
      "mod vendor": "download",
      ...actions("clean", "clean"),
      ...actions("run", "run test generate vet tool"),
      ...actions("config", "env"),
    },
    valueFlags: words(
      "-o -C -p -ldflags -tags -gcflags -asmflags -gccgoflags -mod -modfile -overlay -pkgdir -toolexec -buildmode -buildvcs -compiler -installsuffix -covermode -coverpkg",
    ),
    cachePaths: ["/go/pkg/mod", "/root/.cache/go-build"],
  }),
  manager({
    name: "mvn",
    aliases: ["mvnw", "mvnd"],
    family: "java",
    syntax: "goals",
    actions: {
      ...actions("build", "package install verify compile deploy spring-boot:build-image"),
      ...actions(
        "download",
        "dependency:go-offline dependency:resolve dependency:resolve-plugins dependency:copy-dependencies dependency:get",
      ),
      ...actions("run", "test exec:java spring-boot:run"),
      ...actions("clean", "clean dependency:purge-local-repository"),
    },
    valueFlags: words(
      "-f --file -pl --projects -P --activate-profiles -s --settings -gs --global-settings -T --threads -l --log-file -rf --resume-from -t --toolchains -gt -b --builder -D",
    ),
    yesFlags: ["-B", "--batch-mode", "-ntp"],
    cachePaths: ["/root/.m2"],
  }),
  manager({
    name: "gradle",
    aliases: ["gradlew"],
    family: "java",
    syntax: "goals",
    actions: {
      ...actions(
        "build",
        "build assemble bootJar bootWar shadowJar fatJar jar war installDist distTar distZip nativeCompile compileJava compileKotlin classes",
      ),
      ...actions("download", "dependencies resolveDependencies downloadDependencies"),
      ...actions("run", "run bootRun test check"),
      ...actions("clean", "clean"),
    },
    valueFlags: words(
      "-p --project-dir -b --build-file -c --settings-file -g --gradle-user-home -x --exclude-task -I --init-script --console --include-build --max-workers --project-cache-dir -D -P --warning-mode",
    ),
    cachePaths: ["/root/.gradle"],
  }),
  manager({
    name: "dotnet",
    family: "dotnet",
    style: "plain",
    actions: {
      ...actions("download", "restore"),
      ...actions("build", "build publish pack msbuild"),
      "tool install": "install",
      "workload install": "install",
      "tool restore": "download",
      ...actions("clean", "clean"),
      ...actions("run", "run test exec"),
    },
    withoutPackages: ["restore", "tool restore"],
    valueFlags: words(
      "-c --configuration -o --output -r --runtime -f --framework -v --verbosity -s --source --add-source --version --configfile --tool-path --packages --os --arch -a",
    ),
    versionFlags: ["--version"],
    cachePaths: ["/root/.nuget/packages"],
  }),
  manager({
    name: "cpanm",
    family: "perl",
    style: "at",
    syntax: "goals",
    bare: "install",
    actions: {},
    valueFlags: words(
      "-l --local-lib -L --local-lib-contained --mirror --cpanfile --installdeps-with --save-dists --configure-timeout",
    ),
    cachePaths: ["/root/.cpanm"],
  }),
];

const byName = new Map(
  packageManagers.flatMap((one) => [one.name, ...one.aliases].map((name) => [name, one] as const)),
);

/** The package manager behind the base name of a program, or null. Knows `pip3.12`. */
export function findManager(name: string): PackageManager | null {
  return byName.get(name) ?? (/^pip\d[\d.]*$/.test(name) ? (byName.get("pip") ?? null) : null);
}

type Given = Pick<PackageManager, "name" | "family" | "actions"> & Partial<PackageManager>;

function manager(given: Given): PackageManager {
  return {
    aliases: [],
    syntax: "subcommand",
    bare: "other",
    withoutPackages: [],
    valueFlags: [],
    yesFlags: [],
    noCacheFlags: [],
    productionFlags: [],
    frozenFlags: [],
    versionFlags: [],
    cachePaths: [],
    style: "plain",
    ...given,
  };
}

function actions(action: PackageAction, subcommands: string): Record<string, PackageAction> {
  return Object.fromEntries(words(subcommands).map((name) => [name, action]));
}

function words(text: string): string[] {
  return text.split(" ");
}

function pipValueFlags(): string[] {
  return words(
    "-r --requirement -c --constraint -e --editable -i --index-url --extra-index-url -f --find-links -t --target --prefix --root --platform --python-version --implementation --abi --progress-bar --timeout --retries --trusted-host --proxy --cert --client-cert --cache-dir --log --exists-action --no-binary --only-binary --global-option --config-settings -C --build-option --install-option --src --upgrade-strategy --use-feature --use-deprecated --keyring-provider --report --root-user-action --group --python -d --dest -w --wheel-dir",
  );
}
