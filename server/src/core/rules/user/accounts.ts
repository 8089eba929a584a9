/** Accounts that the RUNs of a stage and of the stages it builds on make. */
import { expandText, stageState } from "../../model/scope";
import { type Script, scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import type { ShellScript, ShellWord } from "../../shell/ast";
import { type EffectiveCommand, flagValue, hasFlag, operands } from "../../shell/commands";
import type { Span } from "../../text";

/** One account. */
export interface CreatedAccount {
  /** Null when a variable without a known value names it. */
  readonly name: string | null;
  /** How USER can name it: the name, or the variable that holds it. */
  readonly written: string;
  /** Null when not given, or when a variable decides it. */
  readonly uid: number | null;
  readonly gid: number | null;
  /** True when it was given groups beside its own; a USER that names a group drops them. */
  readonly hasMoreGroups: boolean;
  /** The RUN that makes it. */
  readonly instruction: Instruction;
  /** Where the RUN names it. */
  readonly span: Span;
  /** True when sudo or doas makes it, so that the RUN itself need not run as root. */
  readonly bySudo: boolean;
}

/** The FROM chain of a stage, the stage at its root first. */
export function chainOf(stage: Stage): readonly Stage[] {
  const chain: Stage[] = [];
  for (let link: Stage | null = stage; link; link = link.base.stage) chain.push(link);
  return chain.reverse();
}

/** Accounts made on the way to the end of a stage and not deleted again, in the order of the file. */
export function createdAccounts(stage: Stage, model: Model): readonly CreatedAccount[] {
  const accounts = new Map<string, Draft>();
  const groups = new Map<string, number>();
  for (const link of chainOf(stage)) {
    for (const instruction of link.instructions) {
      if (instruction.keyword !== "RUN" || !mayTouchAccounts.test(instruction.parsed.text)) continue;
      for (const script of scriptsOf(instruction)) {
        for (const command of script.commands) apply({ command, script, instruction, model, accounts, groups });
      }
    }
  }
  return [...accounts.values()].map(({ group, gid, ...account }) => ({
    ...account,
    gid: gid ?? (group === null ? null : (groups.get(group) ?? null)),
  }));
}

const mayTouchAccounts = /user(?:add|mod|del)|(?:add|del)(?:user|group)|groupadd|\/etc\/passwd/;

interface Draft extends CreatedAccount {
  /** Name of its first group, where that is what the command gives. */
  readonly group: string | null;
}

interface Step {
  readonly command: EffectiveCommand;
  readonly script: Script;
  readonly instruction: Instruction;
  readonly model: Model;
  readonly accounts: Map<string, Draft>;
  readonly groups: Map<string, number>;
}

// Flags that take the next word, from the manual pages of shadow's useradd, Debian's adduser and busybox.
const useraddFlags = [
  ...["-b", "-c", "-d", "-e", "-f", "-g", "-G", "-k", "-K", "-p", "-s", "-u", "-Z", "-R", "-P", "-F"],
  ...["--base-dir", "--comment", "--home-dir", "--expiredate", "--inactive", "--gid", "--groups", "--skel", "--key"],
  ...["--password", "--shell", "--uid", "--selinux-user", "--root", "--prefix", "--home"],
];
const adduserFlags = [
  ...["-h", "-g", "-s", "-G", "-u", "-k", "--home", "--shell", "--uid", "--firstuid", "--lastuid", "--ingroup"],
  ...["--gid", "--gecos", "--comment", "--conf", "--firstgid", "--lastgid"],
];
const groupFlags = [
  "-g",
  "--gid",
  "-K",
  "--key",
  "-p",
  "--password",
  "-R",
  "--root",
  "-P",
  "--prefix",
  "-U",
  "--users",
];
const usermodFlags = [
  ...["-c", "-d", "-e", "-f", "-g", "-G", "-l", "-p", "-s", "-u", "-Z", "-R", "-P"],
  ...["--comment", "--home", "--expiredate", "--inactive", "--gid", "--groups", "--login", "--password", "--shell"],
  ...["--uid", "--selinux-user", "--root", "--prefix"],
];

function apply(step: Step): void {
  switch (step.command.name) {
    case "useradd":
      useradd(step);
      break;
    case "adduser":
      adduser(step);
      break;
    case "groupadd":
    case "addgroup":
      addgroup(step);
      break;
    case "usermod":
      usermod(step);
      break;
    case "userdel":
    case "deluser":
      deluser(step);
      break;
    case "echo":
    case "printf":
      createByFile(step);
      break;
  }
}

function useradd(step: Step): void {
  const { command } = step;
  // In another root (`-R /mnt`) the account is none of this image.
  if (hasFlag(command, ["-R", "--root", "-P", "--prefix", "-D", "--defaults"], useraddFlags)) return;
  create(step, operands(command, useraddFlags), useraddFlags);
}

/** `adduser name` makes an account, `adduser name group` adds a member. */
function adduser(step: Step): void {
  const words = operands(step.command, adduserFlags);
  const [user] = words;
  if (words.length === 2 && user) change(step, user, { hasMoreGroups: true });
  else create(step, words, adduserFlags);
}

function addgroup(step: Step): void {
  const words = operands(step.command, groupFlags);
  const [first] = words;
  if (!first) return;
  if (words.length === 2) change(step, first, { hasMoreGroups: true });
  const gid = numberOf(flagValue(step.command, ["-g", "--gid"])?.value ?? null);
  if (words.length === 1 && first.value !== null && gid !== null) step.groups.set(first.value, gid);
}

function usermod(step: Step): void {
  const { command } = step;
  const [user] = operands(command, usermodFlags);
  if (!user) return;
  if (hasFlag(command, ["-G", "--groups"], usermodFlags)) change(step, user, { hasMoreGroups: true });
  const uid = flagValue(command, ["-u", "--uid"]);
  if (uid) change(step, user, { uid: numberOf(uid.value) });
  const group = flagValue(command, ["-g", "--gid"]);
  if (group) change(step, user, { gid: numberOf(group.value), group: group.value });
}

function deluser(step: Step): void {
  const words = operands(step.command);
  const key = words.length === 1 && words[0] ? keyOf(step, words[0]) : null;
  if (key !== null) step.accounts.delete(key);
}

function create(step: Step, words: readonly ShellWord[], flags: readonly string[]): void {
  const { command, accounts } = step;
  const word = words[words.length - 1];
  if (words.length !== 1 || !word) return;
  const named = nameOf(step, word);
  if (!named || named.name === "root") return;
  const busybox = command.name === "adduser" && hasFlag(command, ["-D", "-S", "-H"], flags);
  const group = flagValue(command, groupFlagsOf(command.name, busybox))?.value ?? null;
  const draft: Draft = {
    ...named,
    uid: numberOf(flagValue(command, ["-u", "--uid"])?.value ?? null),
    gid: numberOf(group),
    group,
    hasMoreGroups: command.name === "useradd" && hasFlag(command, ["-G", "--groups"], flags),
    instruction: step.instruction,
    span: step.script.locate(word.from, word.to),
    bySudo: command.wrappers.some((wrapper) => wrapper === "sudo" || wrapper === "doas"),
  };
  accounts.set(named.name ?? named.written, draft);
}

// `-g` is the group for useradd, but the comment for busybox's adduser, whose group is `-G`.
function groupFlagsOf(name: string | null, busybox: boolean): readonly string[] {
  if (name === "useradd") return ["-g", "--gid"];
  return busybox ? ["-G", "--ingroup"] : ["--ingroup", "--gid", "-G"];
}

/** `echo 'app:x:10001:10001::/home/app:/sbin/nologin' >> /etc/passwd` */
function createByFile(step: Step): void {
  const { command, accounts } = step;
  if (!command.redirections.some(({ target }) => target?.value === "/etc/passwd")) return;
  for (const word of operands(command)) {
    const match = /^([a-z_][\w.-]*):[^:]*:(\d+):(\d+):/.exec(word.value ?? "");
    if (!match?.[1] || match[1] === "root") continue;
    accounts.set(match[1], {
      name: match[1],
      written: match[1],
      uid: Number(match[2]),
      gid: Number(match[3]),
      group: null,
      hasMoreGroups: false,
      instruction: step.instruction,
      span: step.script.locate(word.from, word.to),
      bySudo: false,
    });
  }
}

function change(step: Step, user: ShellWord, part: Partial<Draft>): void {
  const key = keyOf(step, user);
  const known = key === null ? undefined : step.accounts.get(key);
  if (key !== null && known) step.accounts.set(key, { ...known, ...part });
}

function keyOf(step: Step, word: ShellWord): string | null {
  const named = nameOf(step, word);
  return named && (named.name ?? named.written);
}

/** The account that a word names; null when it is made of more than one variable, or of one that the script sets. */
function nameOf(
  { script, instruction, model }: Step,
  word: ShellWord,
): { name: string | null; written: string } | null {
  if (word.value !== null) {
    return /^[A-Za-z_][\w.-]*$/.test(word.value) ? { name: word.value, written: word.value } : null;
  }
  const match = /^"?(\$\{?([A-Za-z_]\w*)\}?)"?$/.exec(word.text);
  const variable = match?.[2];
  const scope = instruction.stage?.scope;
  if (!match?.[1] || variable === undefined || !scope?.lookup(variable, instruction.index)) return null;
  if (namesSetBy(script.script).has(variable)) return null;
  const value = expandText(match[1], model.escape, (name) => stageState(scope, name, instruction.index));
  return value === "" ? null : { name: value, written: match[1] };
}

const namesSet = new WeakMap<ShellScript, ReadonlySet<string>>();

function namesSetBy(script: ShellScript): ReadonlySet<string> {
  const known = namesSet.get(script) ?? new Set(script.definitions.map(({ name }) => name));
  namesSet.set(script, known);
  return known;
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : null;
}
