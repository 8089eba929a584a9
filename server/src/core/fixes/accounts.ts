/** How an account is made, as data per dialect: commands for a RUN, joined by `&&`. */
import type { Distribution } from "../catalogue/types";

/** The account that a recipe makes. The group has the same name and number. */
export interface NewAccount {
  /** A plain Unix name; see `isAccountName`. */
  readonly name: string;
  readonly id: number;
}

/** Names that every dialect takes: the portable ones of useradd(8). */
export function isAccountName(name: string): boolean {
  return /^[a-z_][a-z0-9_-]{0,31}$/.test(name);
}

/**
 * Commands that make the account with its group and home, or null where the system has no way to make one, or none that
 * is known. Each runs as root in a POSIX shell.
 */
export function createAccount(system: Distribution, account: NewAccount): readonly string[] | null {
  switch (system.accounts) {
    case "useradd":
      return withUseradd(account, debianLike.has(system.family) ? "/usr/sbin/nologin" : "/sbin/nologin");
    case "busybox":
      return withBusybox(account);
    case "files":
      return withFiles(account);
    default:
      return null;
  }
}

const debianLike: ReadonlySet<string> = new Set(["debian", "ubuntu"]);

// useradd belongs to the package passwd and is always there; adduser is gone from Debian 13 on. `--no-log-init` keeps
// the log of last logins from growing with the number. `--system` would warn: the number lies above SYS_UID_MAX.
function withUseradd({ name, id }: NewAccount, shell: string): readonly string[] {
  return [
    `groupadd --gid ${id} ${name}`,
    `useradd --uid ${id} --gid ${id} --no-log-init --create-home --home-dir /home/${name} --shell ${shell} ${name}`,
  ];
}

// Without -G, a system account of busybox would get the group nogroup.
function withBusybox({ name, id }: NewAccount): readonly string[] {
  return [
    `addgroup -g ${id} -S ${name}`,
    `adduser -u ${id} -S -D -G ${name} -h /home/${name} -s /sbin/nologin ${name}`,
  ];
}

// Small images bring a shell but no useradd; the two files are all that useradd would write.
function withFiles({ name, id }: NewAccount): readonly string[] {
  return [
    `echo '${name}:x:${id}:${id}::/home/${name}:/sbin/nologin' >> /etc/passwd`,
    `echo '${name}:x:${id}:' >> /etc/group`,
    `mkdir -p /home/${name}`,
    `chown ${id}:${id} /home/${name}`,
  ];
}

/** The number that images without accounts of their own conventionally run as: nobody else's, and not root's. */
export const bareUser = "65532:65532";

/** The number OpenShift images conventionally run as, in group 0; OpenShift replaces it by one of its own. */
export const openShiftUser = "1001";

/**
 * Folders of an image that its program writes to when it runs, so that another user has to own them. By repository.
 * Source: the images' own Dockerfiles and documentation.
 */
export const writtenFolders: Readonly<Record<string, readonly string[]>> = {
  caddy: ["/config", "/data"],
  registry: ["/var/lib/registry"],
  tomcat: ["conf", "logs", "temp", "webapps", "work"].map((folder) => `/usr/local/tomcat/${folder}`),
};
