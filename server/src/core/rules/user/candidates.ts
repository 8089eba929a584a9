/** Who a stage that runs as root could run as instead: the previous user, an account of the file or of the image, or a new one. */
import { isRoot, rootStage } from "../../catalogue/stage";
import type { ReadyUser } from "../../catalogue/types";
import { bareUser, createAccount, isAccountName, openShiftUser } from "../../fixes/accounts";
import { expandWord, stageState } from "../../model/scope";
import type { Instruction, Stage } from "../../model/types";
import type { OptionSpecs, RuleContext } from "../../rule";
import type { CreatedAccount } from "./accounts";
import { packagedServers, serviceAccounts } from "./programs";
import { copiesAccounts, hasTools, installs, type RootRuntime } from "./root-runtime";

/** Options of every rule that may make an account. */
export const accountOptions = {
  userName: { type: "string", default: "app", description: "Name of the account and group that a fix makes." },
  uid: { type: "number", default: 10001, description: "Number of the account and group that a fix makes." },
  numeric: {
    type: "boolean",
    default: false,
    description: "Fixes write the number of an account that the image brings before its name, as Kubernetes wants it.",
  },
  style: {
    type: "enum",
    values: ["auto", "account", "openshift"],
    default: "auto",
    description:
      "`openshift` runs as 1001 in group 0 and lets that group write; `account` makes an account; `auto` is `openshift` on Red Hat's images and `account` elsewhere.",
  },
} as const satisfies OptionSpecs;

/** What a check with these options is given. */
export type AccountContext = RuleContext<typeof accountOptions>;

/** A user that the container could run as. */
export interface Candidate {
  /** What to write behind USER. */
  readonly user: string;
  /** For a title: "USER node", "the account app". */
  readonly title: string;
  /** For chown. */
  readonly owner: string;
  readonly create: readonly string[] | null;
  /** The home that `create` makes, unless it is there already; null without `create`. */
  readonly home: string | null;
  /** True for a number that has no line in /etc/passwd, and so no home. */
  readonly isHomeless: boolean;
  /** Place in `model.instructions` of what makes its name known; -1 where it always is, or is a number. */
  readonly since: number;
}

/** The previous user of a stage that switched to root and never back, in the words of its USER; null when there is none. */
export function previousUser(runtime: RootRuntime): string | null {
  const { stage, user, image } = runtime;
  if (!user.instruction) return null;
  for (let link: Stage | null = stage; link; link = link.base.stage) {
    for (const instruction of [...link.instructions].reverse()) {
      if (instruction.keyword !== "USER" || instruction.index >= user.instruction.index) continue;
      const written = writtenUser(instruction, stage);
      // Some switch to the account of a server only to set it up.
      const isGuest = serviceAccounts.has(written ?? "") && image?.user?.ready?.name !== written;
      if (written !== null && !isGuest) return written;
    }
  }
  const declared = image?.user?.how === "declared" ? image.user : null;
  return declared ? (declared.ready?.write ?? declared.runsAs) : null;
}

/** The value of a USER, where it is not root and means the same at the end of the stage. */
function writtenUser(instruction: Instruction, stage: Stage): string | null {
  const word = instruction.parsed.words[0];
  const scope = instruction.stage?.scope;
  if (!word || !scope || instruction.parsed.words.length > 1) return null;
  const value = expandWord(word, instruction.parsed.escape, (name) => stageState(scope, name, instruction.index));
  if (value !== null && (value === "" || isRoot(value.split(":")[0] ?? ""))) return null;
  const known = word.variables.every(({ name }) => stage.scope.lookup(name, Number.POSITIVE_INFINITY) !== null);
  return known ? word.text : null;
}

/** The users a stage could run as, best first; empty where none is known. */
export function candidates(context: AccountContext, runtime: RootRuntime): readonly Candidate[] {
  const { stage, image, system, account, user, kind } = runtime;
  const { numeric, style } = context.options;
  const previous = previousUser(runtime);
  if (previous !== null) return [plain(previous)];
  if (kind === "web-server" && !isPhpFpm(runtime)) return [];
  // The entry point of these images gives its files to its user when it starts, as root.
  if (image?.user?.how === "entrypoint") return [];
  const canChown = hasTools(runtime);
  if (style === "openshift" && canChown) return [forOpenShift];
  if (account) return [ofAccount(account)];
  const packaged = packagedAccount(runtime);
  if (packaged) return [packaged];
  const owner = ownerOfFiles(stage);
  if (owner !== null && owner.split(":")[0] !== image?.user?.ready?.name && canChown)
    return [{ ...plain(owner), isHomeless: /^\d/.test(owner) }];
  if (rootStage(stage).base.scratch || system?.accounts === "none")
    return [{ ...plain(image?.user?.ready?.write ?? bareUser), isHomeless: !image?.user?.ready }];
  if (system?.family === "windows") return image?.user?.ready ? [plain(image.user.ready.name)] : [];
  if (user.image === null && image === null) return [];
  const ready = image?.user?.how === "shipped" ? image.user.ready : null;
  const isBare = image?.repository.isSystem ?? false;
  if (ready && !isBare) return image?.user?.caveat ? [] : ofReady(ready, numeric);
  const made = newAccount(context, runtime);
  const own = made ? [made] : [];
  if (ready)
    return image?.user?.caveat ? [...own, ...ofReady(ready, false).slice(-1)] : [...ofReady(ready, numeric), ...own];
  // Images for OpenShift run as a number that has no entry in /etc/passwd, in group 0.
  return style === "auto" && isOpenShift(runtime) ? [forOpenShift, ...own] : own;
}

/** The account that the package of the started server has made for it, where no other may read its settings; else null. */
function packagedAccount({ stage, system, entry }: RootRuntime): Candidate | null {
  if (system?.family !== "debian" && system?.family !== "ubuntu") return null;
  const server = packagedServers.find(
    ({ program, package: name }) =>
      entry.commands.some((command) => program.test(command.name ?? "")) && installs(stage, name) !== null,
  );
  return server ? plain(server.account) : null;
}

/** Whom the copies of a stage are given to, where it is one account beside root and none of a server; else null. */
function ownerOfFiles({ instructions }: Stage): string | null {
  const owners = new Set<string>();
  for (const { keyword, parsed } of instructions) {
    if (keyword !== "COPY" && keyword !== "ADD") continue;
    const owner = parsed.flags.find(({ name }) => name === "chown")?.value;
    if (!owner || isRoot(owner.text.split(":")[0] ?? "")) continue;
    owners.add(owner.value ?? "$");
  }
  const [owner] = owners;
  if (owners.size !== 1 || !owner || !/^[\w.-]+(?::[\w.-]+)?$/.test(owner)) return null;
  const [name = ""] = owner.split(":");
  // A group behind the name would be the only one that counts.
  return serviceAccounts.has(name) ? null : /^\d/.test(owner) ? owner : name;
}

const forOpenShift: Candidate = {
  ...plain(openShiftUser),
  owner: `${openShiftUser}:0`,
  isHomeless: true,
};

function plain(user: string): Candidate {
  return { user, title: `USER ${user}`, owner: user, create: null, home: null, isHomeless: false, since: -1 };
}

/** The name first, as people write it, and the numbers, which Kubernetes can tell from root; `numeric` turns them round. */
function ofReady(ready: ReadyUser, numeric: boolean): readonly Candidate[] {
  const { name, uid, gid, write } = ready;
  const named: Candidate = { ...plain(write ?? name), owner: gid !== null && gid === uid ? `${name}:${name}` : name };
  if (uid === null || gid === null || write !== null) return [named];
  const numbered = plain(`${uid}:${gid}`);
  return numeric ? [numbered, named] : [named, { ...numbered, owner: named.owner }];
}

function ofAccount({ written, uid, gid, hasMoreGroups, instruction }: CreatedAccount): Candidate {
  const since = instruction.index;
  if (uid === null || uid === 0) return { ...plain(written), since };
  // A number alone keeps the account's groups; with a group behind it, only that one counts.
  const user = gid === null || hasMoreGroups ? String(uid) : `${uid}:${gid}`;
  return {
    ...plain(user),
    title: `USER ${user} for ${written}`,
    owner: gid === null ? written : `${uid}:${gid}`,
    since,
  };
}

function newAccount({ options }: AccountContext, { stage, system }: RootRuntime): Candidate | null {
  if (!system || copiesAccounts(stage)) return null;
  const name = isAccountName(options.userName) ? options.userName : accountOptions.userName.default;
  const id = Number.isInteger(options.uid) && options.uid > 0 ? options.uid : accountOptions.uid.default;
  const create = createAccount(system, { name, id });
  return (
    create && {
      user: `${id}:${id}`,
      title: `the account ${name}`,
      owner: `${id}:${id}`,
      create,
      home: `/home/${name}`,
      isHomeless: false,
      since: -1,
    }
  );
}

function isPhpFpm({ image, entry }: RootRuntime): boolean {
  return (
    image?.repository.name === "php" &&
    entry.commands.every(({ name }) => name === null || !/^(?:apache|httpd|nginx)/.test(name))
  );
}

function isOpenShift({ image }: RootRuntime): boolean {
  return /^(?:registry\.(?:access\.)?redhat\.(?:com|io)\/|redhat\/)ubi/.test(image?.repository.name ?? "");
}
