/** The fixes of the root family: which user to switch to, in which form, and what it has to own. */
import { isRoot, rootStage, userAt } from "../../catalogue/stage";
import type { ReadyUser } from "../../catalogue/types";
import { bareUser, createAccount, isAccountName, openShiftUser, writtenFolders } from "../../fixes/accounts";
import { rewriteBase } from "../../fixes/base";
import { insertBefore, keywordLike, switchUser, type UserSwitch } from "../../fixes/user";
import { parseReference } from "../../image/reference";
import { expandWord, stageState } from "../../model/scope";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import type { Fix, OptionSpecs, RuleContext } from "../../rule";
import type { Edit } from "../../text";
import { type CreatedAccount, chainOf } from "./accounts";
import { copiesAccounts, needsCare, type RootRuntime } from "./root-runtime";

/** Options of every rule that may make an account. */
export const accountOptions = {
  userName: { type: "string", default: "app", description: "Name of the account and group that a fix makes." },
  uid: { type: "number", default: 10001, description: "Number of the account and group that a fix makes." },
} as const satisfies OptionSpecs;

type AccountContext = RuleContext<typeof accountOptions>;

/** A user that the container could run as. */
interface Candidate {
  /** What to write behind USER. */
  readonly user: string;
  /** For a title: "USER node", "the account app". */
  readonly title: string;
  /** For chown. */
  readonly owner: string;
  readonly create: readonly string[] | null;
}

/** What to do, as the end of a message: the user to switch to, where one is known. */
export function adviceFor(context: AccountContext, runtime: RootRuntime): string {
  const { image, account } = runtime;
  const place = "after the last build step";
  if (isNginx(runtime)) return "Use nginxinc/nginx-unprivileged, which listens on 8080.";
  const first = candidates(context, runtime)[0];
  if (!first) {
    if (image === null) return "Switch to another user with USER.";
    const { ready = null, caveat = null } = image.user ?? {};
    if (ready && caveat && runtime.account === null)
      return `To run as ${ready.name}, prepare it first: ${/^its\b/.test(caveat) ? "" : "it "}${caveat.split(";")[0]}.`;
    if (ready && image.user?.how === "entrypoint") {
      return `The image's own entry point would have switched to ${ready.name}: call it, or switch in this one.`;
    }
    return "Make an account and switch to it with USER.";
  }
  if (first.create) return "Make an account and switch to it with USER.";
  if (previousUser(runtime) !== null) return `Switch back with USER ${first.user} ${place}.`;
  return account
    ? `Switch to ${account.written} with USER ${first.user} ${place}.`
    : `Add USER ${first.user} ${place}.`;
}

/** The fixes of a stage that runs as root, best first. Empty where none is sure to build and run. */
export function rootFixes(context: AccountContext, runtime: RootRuntime): readonly Fix[] {
  const { model } = context;
  if (needsCare(runtime, model)) return [];
  if (isNginx(runtime)) return swapNginx(model, runtime);
  return candidates(context, runtime)
    .flatMap((candidate, index) => switches(context, runtime, candidate, index === 0))
    .concat(nonrootTag(model, runtime));
}

/** True when the server of the image itself runs, whose main process cannot do without root. */
function isNginx({ image, entry }: RootRuntime): boolean {
  return image?.repository.name === "nginx" && entry.commands.every(({ name }) => name === "nginx");
}

/** The previous user of a stage that switched to root and never back, in the words of its USER; null when there is none. */
export function previousUser(runtime: RootRuntime): string | null {
  const { stage, user, image } = runtime;
  if (!user.instruction) return null;
  for (let link: Stage | null = stage; link; link = link.base.stage) {
    for (const instruction of [...link.instructions].reverse()) {
      if (instruction.keyword !== "USER" || instruction.index >= user.instruction.index) continue;
      const written = writtenUser(instruction, stage);
      if (written !== null) return written;
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

function candidates(context: AccountContext, runtime: RootRuntime): readonly Candidate[] {
  const { stage, image, system, account, user, kind } = runtime;
  const previous = previousUser(runtime);
  if (previous !== null) return [plain(previous)];
  if (kind === "web-server" && !isPhpFpm(runtime)) return [];
  // The entry point of these images gives its files to its user when it starts, as root.
  if (image?.user?.how === "entrypoint") return [];
  if (account) return [ofAccount(account)];
  if (rootStage(stage).base.scratch || system?.accounts === "none")
    return [plain(image?.user?.ready?.write ?? bareUser)];
  if (system?.family === "windows") return image?.user?.ready ? [plain(image.user.ready.name)] : [];
  if (user.image === null && image === null) return [];
  const ready = image?.user?.how === "shipped" ? image.user.ready : null;
  const isBare = image?.repository.isSystem ?? false;
  if (ready && !isBare) return image?.user?.caveat ? [] : ofReady(ready);
  const made = newAccount(context, runtime);
  const own = made ? [made] : [];
  if (ready) return image?.user?.caveat ? [...own, ...ofReady(ready).slice(-1)] : [...ofReady(ready), ...own];
  // Images for OpenShift run as a number that has no entry in /etc/passwd, in group 0.
  return isOpenShift(runtime) ? [{ ...plain(openShiftUser), owner: `${openShiftUser}:0` }, ...own] : own;
}

function plain(user: string): Candidate {
  return { user, title: `USER ${user}`, owner: user, create: null };
}

/** The name first, as people write it; then the numbers, which Kubernetes can tell from root. */
function ofReady(ready: ReadyUser): readonly Candidate[] {
  const { name, uid, gid, write } = ready;
  const named: Candidate = { ...plain(write ?? name), owner: gid !== null && gid === uid ? `${name}:${name}` : name };
  return uid === null || gid === null || write !== null ? [named] : [named, { ...named, ...plain(`${uid}:${gid}`) }];
}

function ofAccount({ written, uid, gid, hasMoreGroups }: CreatedAccount): Candidate {
  if (uid === null || uid === 0) return plain(written);
  // A number alone keeps the account's groups; with a group behind it, only that one counts.
  const user = gid === null || hasMoreGroups ? String(uid) : `${uid}:${gid}`;
  return { ...plain(user), title: `USER ${user} for ${written}`, owner: gid === null ? written : `${uid}:${gid}` };
}

function newAccount({ options }: AccountContext, { stage, system }: RootRuntime): Candidate | null {
  if (!system || copiesAccounts(stage)) return null;
  const name = isAccountName(options.userName) ? options.userName : accountOptions.userName.default;
  const id = Number.isInteger(options.uid) && options.uid > 0 ? options.uid : accountOptions.uid.default;
  const create = createAccount(system, { name, id });
  return create && { user: `${id}:${id}`, title: `the account ${name}`, owner: `${id}:${id}`, create };
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

function switches(
  { model, catalogue }: AccountContext,
  runtime: RootRuntime,
  candidate: Candidate,
  isFirst: boolean,
): readonly Fix[] {
  const { stage, user, image, system } = runtime;
  const isRootAt = (instruction: Instruction) =>
    userAt(instruction, catalogue).kind === "root" || user.kind === "unknown";
  const hasTools = system === null ? false : system.accounts !== "none" && system.family !== "windows";
  const volumes = hasTools ? volumesOf(stage, model) : [];
  const needed = hasTools ? (writtenFolders[image?.repository.name ?? ""] ?? []) : [];
  const base: UserSwitch = {
    user: candidate.user,
    ...(candidate.create ? { create: candidate.create } : {}),
    ...(volumes.length > 0 ? { ownVolumes: owning(volumes, candidate.owner, true) } : {}),
    ...(needed.length > 0 ? { own: [`chown -R ${candidate.owner} ${needed.join(" ")}`] } : {}),
  };
  const given = [...volumes, ...needed];
  const fixes: Fix[] = [];
  const add = (wanted: UserSwitch, gifts: readonly string[]) => {
    const edits = switchUser(model, stage, wanted, isRootAt);
    const title = titleOf(runtime, candidate, gifts);
    if (edits) fixes.push({ title, applicability: "unsafe", reason: reasonOf(runtime, gifts), edits });
  };
  add(base, given);
  const folder = stage.workdirAtEnd;
  if (isFirst && hasTools && folder && isOwnFolder(folder) && !given.includes(folder)) {
    add({ ...base, own: [...owning([folder], candidate.owner, false), ...(base.own ?? [])] }, [...given, folder]);
  }
  return fixes;
}

function titleOf(runtime: RootRuntime, candidate: Candidate, given: readonly string[]): string {
  const gift = given.length > 0 ? ` and give it ${listed(given)}` : "";
  if (candidate.create) return `Create ${candidate.title}${gift === "" ? " and run as it" : `, run as it${gift}`}`;
  const what =
    previousUser(runtime) === null ? `Add ${candidate.title}` : `Switch back to ${candidate.title} at the end`;
  return `${what}${gift}`;
}

function reasonOf({ stage }: RootRuntime, given: readonly string[]): string {
  const folder = stage.workdirAtEnd;
  const places =
    given.length > 0
      ? `Outside ${listed(given)} it cannot write to root's folders`
      : `It cannot write to root's folders${folder && isOwnFolder(folder) ? `, such as ${folder}` : ""}`;
  const ports = lowPorts(stage).length > 0 ? `; some hosts keep port ${lowPorts(stage)[0]} from it` : "";
  return `${places}${ports}.`;
}

function lowPorts(stage: Stage): readonly number[] {
  return chainOf(stage)
    .flatMap((link) => link.instructions.filter(({ keyword }) => keyword === "EXPOSE"))
    .flatMap(({ parsed }) => parsed.words.map(({ value }) => Number.parseInt(value ?? "", 10)))
    .filter((port) => port > 0 && port < 1024);
}

function listed(paths: readonly string[]): string {
  const shown = [...new Set(paths)];
  const last = shown[shown.length - 1] ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}

/** Only the folder of the program is handed over, since the files in it are read; of a volume all is written. */
function owning(paths: readonly string[], owner: string, isVolume: boolean): readonly string[] {
  const list = `${isVolume ? "-R " : ""}${owner.endsWith(":0") ? "0" : owner} ${paths.join(" ")}`;
  const own = owner.endsWith(":0") ? [`chgrp ${list}`, `chmod ${list.replace("0 ", "g=u ")}`] : [`chown ${list}`];
  return isVolume ? [`mkdir -p ${paths.join(" ")}`, ...own] : own;
}

/** Folders that the file itself makes for the program; those of the system belong to root. */
function isOwnFolder(path: string): boolean {
  return isVolume(path) && !/^\/(?:etc|usr\/(?:local\/)?(?:etc|s?bin|lib|share))(?:\/|$)/.test(path);
}

/** What VOLUME names is meant to be written to, unless it is a folder of the whole system. */
function isVolume(path: string): boolean {
  return /^\/[\w./-]+$/.test(path) && !ofTheSystem.test(path);
}

const ofTheSystem =
  /^\/(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|s?bin|srv|sys|tmp|usr|var)\/?$|^\/(?:dev|proc|sys|tmp|run|root|s?bin)\//;

function volumesOf(stage: Stage, model: Model): readonly string[] {
  const paths = new Set<string>();
  for (const { instructions, scope } of chainOf(stage)) {
    for (const { keyword, parsed, index } of instructions) {
      if (keyword !== "VOLUME") continue;
      const values =
        parsed.json?.map(({ value }) => value) ??
        parsed.words.map((word) => expandWord(word, model.escape, (name) => stageState(scope, name, index)));
      for (const value of values) paths.add(value?.replace(/(.)\/+$/, "$1") ?? "");
    }
  }
  return [...paths].filter(isVolume);
}

/** nginx made for a plain user listens on 8080; build steps of the stage still need root. */
function swapNginx(model: Model, { stage, image }: RootRuntime): readonly Fix[] {
  const { reference, word } = stage.base;
  if (!reference || !image?.known || image.dropped !== null || reference.digest !== null) return [];
  if (!word || word.variables.length > 0 || stage.instructions.some(({ keyword }) => keyword === "USER")) return [];
  const wanted = `nginxinc/nginx-unprivileged${reference.tag === null ? "" : `:${reference.tag}`}`;
  const swap = rewriteBase(model, stage, wanted);
  if (!swap) return [];
  const run = stage.instructions.find(({ keyword }) => keyword === "RUN");
  const back = run ? switchUser(model, stage, { user: "101" }, () => true) : [];
  if (!back) return [];
  const edits: Edit[] = [
    ...swap,
    ...(run ? [insertBefore(model, run, `${keywordLike(stage, "USER")} root`)] : []),
    ...exposeEdits(stage),
    ...back,
  ];
  const note =
    "Change `listen 80` to `listen 8080` in the configuration you copy, and the port in compose files and Kubernetes.";
  const reason = "It listens on port 8080 instead of 80, and runs as user 101.";
  return [{ title: `Use ${wanted}`, applicability: "unsafe", reason, edits, note }];
}

function exposeEdits(stage: Stage): readonly Edit[] {
  const edits: Edit[] = [];
  for (const instruction of stage.instructions) {
    if (instruction.keyword !== "EXPOSE") continue;
    for (const word of instruction.parsed.words) {
      if (!/^80(?:\/tcp)?$/i.test(word.text)) continue;
      const { start } = locate(instruction, word);
      edits.push({ span: { start, end: start + 2 }, newText: "8080" });
    }
  }
  return edits;
}

/** Distroless images have a tag that declares the user. */
function nonrootTag(model: Model, { stage, image }: RootRuntime): readonly Fix[] {
  if (image?.distribution?.family !== "distroless" || image.user?.how !== "shipped") return [];
  const root = rootStage(stage);
  const reference = root.base.resolved === null ? null : parseReference(root.base.resolved);
  const tag = reference?.tag ?? "latest";
  if (!reference || reference.digest !== null || root.base.word?.variables.length !== 0) return [];
  if (!/^(?:latest|debug)$/.test(tag) || stage.userAtEnd.kind !== "base") return [];
  // Nothing but COPY may follow: RUN would run as the new user.
  if (chainOf(stage).some((link) => link.instructions.some(({ keyword }) => keyword === "RUN"))) return [];
  const wanted = `${reference.repository}:${tag === "debug" ? "debug-nonroot" : "nonroot"}`;
  const edits = rewriteBase(model, root, wanted);
  const reason = "It runs as 65532 and cannot write to root's folders.";
  return edits ? [{ title: `Use ${wanted}`, applicability: "unsafe", reason, edits }] : [];
}
