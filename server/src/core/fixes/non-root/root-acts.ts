/** What the commands that a container starts with need of root: things only root may do, and places only root writes. */
import { isWithin, parentOf, resolvePath } from "../../multistage/paths";
import type { ShellWord } from "../../shell/ast";
import { type EffectiveCommand, hasFlag, operands } from "../../shell/commands";

/** What was found. */
export interface RootActs {
  /** The first thing that another user could not do and no folder mends, as people say it (`chown`); or null. */
  readonly obstacle: string | null;
  /** Absolute folders that have to belong to whoever runs: commands make files or folders right in them. */
  readonly folders: readonly string[];
}

/** Where the commands run. */
export interface StartPlace {
  /** The folder they start in, or null when not known. */
  readonly workdir: string | null;
  /** Value of a variable of the image, or null. */
  readonly variable: (name: string) => string | null;
  /** Folders that are handed over anyway: volumes. Everything in them may be written. */
  readonly given: readonly string[];
}

/**
 * Reads commands in their order. A word whose value nobody knows is passed over, as is everything in folders that all
 * may write to. Linear in the commands.
 */
export function rootActs(commands: readonly EffectiveCommand[], place: StartPlace): RootActs {
  const folders = new Set<string>();
  let folder = place.workdir;
  let obstacle: string | null = null;
  for (const command of commands) {
    const { name } = command;
    if (name === "cd") folder = pathOf(command.words[1], folder, place);
    obstacle ??= obstacleOf(command, folder, place);
    const home = homeOf(command);
    if (home !== null && !place.given.some((given) => isWithin(home, given))) {
      // A home among the files of the program is written to wherever it likes.
      const isShared = folder !== null && (isWithin(home, folder) || isWithin(folder, home));
      if (isShared || closed.test(home)) obstacle ??= `HOME=${home}`;
      else folders.add(home);
    }
    if (name === null || !makers.has(name)) continue;
    for (const word of operands(command, ["-m", "--mode"])) {
      const whole = pathOf(word, folder, place);
      const path = whole ?? knownFolder(word, folder, place);
      if (path === null || isOpen(path, place)) continue;
      const needed = name === "mkdir" || whole === null ? path : parentOf(path);
      if (closed.test(needed)) obstacle ??= `${name} ${path}`;
      else folders.add(needed);
    }
  }
  return { obstacle, folders: [...folders] };
}

/** Programs that only root may use, or whose work only root may do. */
const rootOnly: ReadonlySet<string> = new Set([
  ...["chown", "chgrp", "service", "rc-service", "systemctl", "invoke-rc.d", "update-rc.d"],
  ...["useradd", "adduser", "usermod", "userdel", "deluser", "groupadd", "addgroup", "groupmod", "passwd", "chpasswd"],
  ...["apt", "apt-get", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "dpkg", "rpm", "dpkg-reconfigure"],
  ...["mount", "umount", "sysctl", "modprobe", "insmod", "setcap", "ldconfig", "mknod", "chroot", "unshare", "nsenter"],
  ...["update-ca-certificates", "update-ca-trust", "update-alternatives", "locale-gen", "hostname", "crontab"],
  ...["certbot", "ip", "ifconfig", "route", "tc", "brctl", "ethtool", "a2enmod", "a2ensite", "a2dissite", "a2enconf"],
]);

const makers: ReadonlySet<string> = new Set(["mkdir", "touch", "mkfifo", "ln"]);

/** Programs that change files in place, or put files where some may lie already. */
const changers: ReadonlySet<string> = new Set([
  "cp",
  "mv",
  "tee",
  "install",
  "chmod",
  "truncate",
  "rsync",
  "zip",
  "rm",
]);

// What a package or the builder made; nobody else is to own it.
const closed =
  /^\/(?:(?:home|media|mnt|opt|srv|usr|var|var\/(?:lib|log|cache|spool))?$|(?:bin|boot|dev|etc|lib\w*|proc|root|run|sbin|sys|var\/run|var\/lock)(?:\/|$)|usr\/(?!(?:local\/)?(?:app|src)\/))/;

const openToAll = /^\/(?:tmp|var\/tmp|dev\/(?:null|std\w+|fd|shm|tty|tcp|udp)|proc\/self\/fd)(?:\/|$)|^\/home\/[^/]+\//;

function obstacleOf(command: EffectiveCommand, folder: string | null, place: StartPlace): string | null {
  const { name, words, redirections } = command;
  for (const { operator, target } of redirections) {
    if (!operator.includes(">") || operator.includes("&")) continue;
    const path = target && (pathOf(target, folder, place) ?? knownFolder(target, folder, place));
    if (path && !isOpen(path, place)) return `writing to ${path}`;
  }
  if (name === null) return null;
  if (words[0]?.value?.startsWith("/etc/init.d/")) return words[0].value;
  if (/(?:-server|ctl|d|\.sh)$/.test(name) && words.length === 2 && words[1]?.value === "start") return `${name} start`;
  if (rootOnly.has(name)) return isQuestion(command) ? null : name;
  const changed = name === "sed" ? editedBySed(command) : changers.has(name) ? targetsOf(command) : [];
  for (const word of changed) {
    const path = pathOf(word, folder, place) ?? knownFolder(word, folder, place);
    if (path !== null && !isOpen(path, place)) return `${words[0]?.value ?? name} ${path}`;
  }
  if (name === "rsync" && hasFlag(command, ["--daemon"])) return "rsync --daemon";
  // A program that is told to be root says that it has to be.
  const asked = words.findIndex((word) => /^--?(?:user|uid)$/.test(word.value ?? ""));
  if (words.some((word) => /^--(?:user|uid)=(?:root|0)$/.test(word.value ?? ""))) return `${name} as root`;
  return asked > 0 && /^(?:root|0)$/.test(words[asked + 1]?.value ?? "") ? `${name} as root` : null;
}

/** The files that `sed -i` changes; without one of the flags, its first operand is the script. */
function editedBySed(command: EffectiveCommand): readonly ShellWord[] {
  if (!hasFlag(command, ["-i", "--in-place"])) return [];
  const flags = ["-e", "-f", "--expression", "--file"];
  return operands(command, flags).slice(hasFlag(command, flags) ? 0 : 1);
}

/** A home that the start itself sets, plainly to have one that can be written to. */
function homeOf({ name, words, assignments }: EffectiveCommand): string | null {
  const own = assignments.find((assignment) => assignment.name === "HOME")?.value?.value;
  const exported = name === "export" ? words.find((word) => word.value?.startsWith("HOME="))?.value?.slice(5) : null;
  const home = own ?? exported ?? null;
  return home?.startsWith("/") && home !== "/tmp" ? home.replace(/(.)\/+$/, "$1") : null;
}

/** `service --status-all`, `ip addr`, `hostname` only ask. */
function isQuestion({ name, words }: EffectiveCommand): boolean {
  const rest = words.slice(1).map((word) => word.value ?? "");
  if (name === "hostname" || name === "mount") return rest.every((word) => word.startsWith("-"));
  if (name === "ip") return !rest.some((word) => /^(?:add|del|delete|set|replace|change|flush)$/.test(word));
  if (name === "dpkg") return rest.some((word) => /^(?:-[lLsS]|--(?:list|print-architecture|status))/.test(word));
  if (name === "rpm") return rest.some((word) => /^-q/.test(word));
  return rest.some((word) => /^--(?:version|help)$/.test(word));
}

/** What a command changes: its last operand for `cp` and its kin, else all of them. */
function targetsOf(command: EffectiveCommand): readonly ShellWord[] {
  const words = operands(command, ["-m", "-o", "-g", "-t"]);
  if (command.name === "cp" || command.name === "install" || command.name === "rsync") return words.slice(-1);
  if (command.name === "zip") return words.slice(0, 1);
  // `rm -f` is mostly about what is not there.
  if (command.name === "rm" && hasFlag(command, ["-f", "--force"])) return [];
  return command.name === "chmod" ? words.slice(1) : words;
}

function isOpen(path: string, { given }: StartPlace): boolean {
  return openToAll.test(path) || given.some((folder) => isWithin(path, folder));
}

/** The absolute path of a word, variables of the image replaced; null when it is not known. */
function pathOf(word: ShellWord | undefined, folder: string | null, { variable }: StartPlace): string | null {
  if (!word) return null;
  const text = word.value ?? expand(word.text, variable);
  if (text === null || /[*?[\]{}$`]/.test(text)) return null;
  return resolvePath(text, folder);
}

/** The folder of a path whose end a pattern or a variable decides: `/app/x` for `/app/x/*.json`, `/app` for `/app/$NAME`. */
function knownFolder(word: ShellWord, folder: string | null, place: StartPlace): string | null {
  const text = (word.value ?? word.text).replace(/^"|"$/g, "");
  const end = text.search(/[*?[\]{}$`"']/);
  const before = text.slice(0, text.lastIndexOf("/", end) + 1);
  // A variable at the start may hold a whole path.
  if (end < 0 || (before === "" && word.value === null)) return null;
  return pathOf({ ...word, value: before === "" ? "." : before }, folder, place);
}

function expand(text: string, variable: StartPlace["variable"]): string | null {
  const match = /^"?\$(?:\{(\w+)(?::?-([^}$]*))?\}|(\w+))([^"$`]*)"?$/.exec(text);
  const name = match?.[1] ?? match?.[3];
  if (!match || name === undefined) return null;
  const value = variable(name) ?? match[2] ?? null;
  return value === null || value === "" ? null : `${value}${match[4] ?? ""}`;
}
