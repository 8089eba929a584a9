/** The fixes of the root family: which user to switch to, in which form, and what it has to own. */
import { userAt } from "../../catalogue/stage";
import { ownCopies } from "../../fixes/non-root/copy-owner";
import { sourcesWrite } from "../../fixes/non-root/source-writes";
import { switchUser, type UserSwitch } from "../../fixes/user";
import type { Instruction, Stage } from "../../model/types";
import type { Fix } from "../../rule";
import type { Edit } from "../../text";
import { chainOf } from "./accounts";
import { type AccountContext, type Candidate, candidates, previousUser } from "./candidates";
import { hiddenScript } from "./entry";
import { isOwnFolder, listed, owning } from "./folders";
import { givenFolders } from "./given-folders";
import { type Needs, needsOf } from "./needs";
import { isNginx, nginxAdvice, swapNginx } from "./nginx-twin";
import { nonrootTag } from "./nonroot-tag";
import { hasTools, type RootRuntime } from "./root-runtime";

/** What to do, as the end of a message: the user to switch to, where one is known. */
export function adviceFor(context: AccountContext, runtime: RootRuntime): string {
  const { image, account } = runtime;
  const place = "after the last build step";
  if (isNginx(runtime)) return nginxAdvice(context, runtime);
  const first = candidates(context, runtime)[0];
  if (!first) {
    if (image === null) return "Switch to another user with USER.";
    if (runtime.kind === "web-server" && (image.repository.isSystem || !image.user?.caveat)) return webServerAdvice;
    const { ready = null, caveat = null } = image.user ?? {};
    if (ready && caveat && runtime.account === null)
      return `To run as ${ready.name}, prepare it first: ${/^its\b/.test(caveat) ? "" : "it "}${caveat.split(";")[0]}.`;
    if (ready && image.user?.how === "entrypoint") {
      return `The image's own entry point would have switched to ${ready.name}: call it, or switch in this one.`;
    }
    return "Make an account and switch to it with USER.";
  }
  const needs = needsOf(context, runtime);
  if (typeof needs === "string") return needs;
  if (first.create) return "Make an account and switch to it with USER.";
  if (previousUser(runtime) !== null) return `Switch back with USER ${first.user} ${place}.`;
  return account
    ? `Switch to ${account.written} with USER ${first.user} ${place}.`
    : `Add USER ${first.user} ${place}.`;
}

const webServerAdvice =
  "Its web server opens its port and its logs as root. Give it a port above 1024 and folders of its own, then switch with USER.";

/** The fixes of a stage that runs as root, best first. Empty where none is sure to build and run. */
export function rootFixes(context: AccountContext, runtime: RootRuntime): readonly Fix[] {
  const { model } = context;
  const needs = needsOf(context, runtime);
  if (typeof needs === "string") return [];
  if (isNginx(runtime)) return swapNginx(context, runtime);
  return candidates(context, runtime)
    .flatMap((candidate, index) => switches(context, runtime, candidate, needs, index === 0))
    .concat(nonrootTag(model, runtime));
}

/** What goes beyond what has to be given: the folder of the program, what was copied to it, a home. */
interface Extra {
  readonly folder?: string;
  readonly copies?: readonly Edit[];
  readonly home?: boolean;
}

function switches(
  context: AccountContext,
  runtime: RootRuntime,
  candidate: Candidate,
  all: Needs,
  isFirst: boolean,
): readonly Fix[] {
  const { model, catalogue, facts } = context;
  const { stage, user } = runtime;
  const folder = stage.workdirAtEnd;
  const asked = [...givenBy(all, folder === null ? {} : { folder })];
  const given = givenFolders(model, stage, namesOf(candidate, runtime), asked);
  const needs = without(all, given);
  const isRootAt = (instruction: Instruction) =>
    userAt(instruction, catalogue).kind === "root" || user.kind === "unknown";
  const canGive = hasTools(runtime);
  const fixes: Fix[] = [];
  const add = (extra: Extra) => {
    const gifts = canGive ? givenBy(needs, extra) : [];
    const edits = switchUser(model, stage, wantedBy(candidate, needs, extra, canGive, stage), isRootAt);
    if (!edits) return;
    const title = titleOf(runtime, candidate, gifts, extra);
    const reason = reasonOf(runtime, gifts, needs);
    fixes.push({ title, applicability: "unsafe", reason, edits: [...needs.edits, ...(extra.copies ?? []), ...edits] });
  };
  const home = candidate.isHomeless && canGive && !setsHome(stage) ? { home: true } : null;
  const needsHome = home !== null && runtime.entry.commands.some(({ name }) => name !== null && homely.has(name));
  const base: Extra = needsHome && home ? home : {};
  const gifts: Extra[] = [];
  if (isFirst && canGive && folder && isOwnFolder(folder) && !given.has(folder)) {
    if (!givenBy(needs, {}).includes(folder)) gifts.push({ ...base, folder });
    const copies =
      previousUser(runtime) === null
        ? ownCopies(model, stage, catalogue, folder, candidate.owner, candidate.since)
        : null;
    if (copies) gifts.push({ ...base, folder, copies });
  }
  // What writes beside itself needs the folder, and what is copied there may be what it writes to.
  const order = gifts.length > 0 && sourcesWrite(facts) === true ? [...gifts.reverse(), base] : [base, ...gifts];
  for (const extra of order) add(extra);
  if (home && !needsHome) add(home);
  return fixes;
}

/** How a chown of the file may name the candidate. */
function namesOf({ owner }: Candidate, { account }: RootRuntime): ReadonlySet<string> {
  const names = new Set([owner.split(":")[0] ?? owner]);
  const known = account ? [account.name, account.written, account.uid === null ? null : String(account.uid)] : [];
  if (known.some((name) => name !== null && names.has(name))) for (const name of known) if (name) names.add(name);
  return names;
}

/** The needs that are left when some folders are given already. */
function without(needs: Needs, given: ReadonlySet<string>): Needs {
  if (given.size === 0) return needs;
  const left = (paths: readonly string[]) => paths.filter((path) => !given.has(path));
  const { volumes, trees, folders, made } = needs;
  return { ...needs, volumes: left(volumes), trees: left(trees), folders: left(folders), made: left(made) };
}

/** Programs that write to the home of whoever runs them. */
const homely: ReadonlySet<string> = new Set([
  ...[
    "npm",
    "npx",
    "yarn",
    "pnpm",
    "bun",
    "jupyter",
    "streamlit",
    "git",
    "pip",
    "ansible-playbook",
    "celery",
    "gradle",
  ],
]);

function setsHome(stage: Stage): boolean {
  return stage.scope.lookup("HOME", Number.POSITIVE_INFINITY) !== null;
}

function wantedBy(candidate: Candidate, needs: Needs, extra: Extra, canGive: boolean, stage: Stage): UserSwitch {
  const { user, owner, create } = candidate;
  const folders = extra.folder && !needs.folders.includes(extra.folder) ? [extra.folder] : [];
  const own = [
    ...owning(needs.trees, owner, { isTree: true, make: !needs.trees.every(isOfImage) }),
    ...owning(needs.folders, owner, { isTree: false, make: true }),
    ...owning(needs.made, owner, { isTree: false, make: false }),
    ...owning(folders, owner, { isTree: false, make: false }),
    // A home that WORKDIR or COPY has made before stays with root.
    ...(candidate.home && namesPath(stage, candidate.home) ? [`chown ${owner} ${candidate.home}`] : []),
  ];
  const volumes = owning(needs.volumes, owner, { isTree: true, make: true });
  return {
    user,
    ...(create ? { create } : {}),
    ...(canGive && volumes.length > 0 ? { ownVolumes: volumes } : {}),
    ...(canGive && own.length > 0 ? { own } : {}),
    // Without a line in /etc/passwd the home would be /, where nobody but root may write.
    ...(extra.home ? { environment: "HOME=/tmp" } : {}),
  };
}

function namesPath(stage: Stage, path: string): boolean {
  const steps = /^(?:COPY|ADD|WORKDIR|RUN)$/;
  return chainOf(stage).some((link) =>
    link.instructions.some(({ keyword, parsed }) => steps.test(keyword) && `${parsed.text}/`.includes(`${path}/`)),
  );
}

/** Folders that the image brings need not be made. */
function isOfImage(path: string): boolean {
  return path.startsWith("/usr/local/tomcat/");
}

function givenBy({ volumes, trees, folders, made }: Needs, { folder }: Extra): readonly string[] {
  return [...volumes, ...trees, ...folders, ...made, ...(folder === undefined ? [] : [folder])];
}

function titleOf(runtime: RootRuntime, candidate: Candidate, given: readonly string[], extra: Extra): string {
  const copies = extra.copies ? " with what is copied there" : "";
  const gift = given.length > 0 ? ` and give it ${listed(given)}${copies}` : "";
  const home = extra.home ? ", with HOME=/tmp" : "";
  if (candidate.create) return `Create ${candidate.title}${gift === "" ? " and run as it" : `, run as it${gift}`}`;
  const what =
    previousUser(runtime) === null ? `Add ${candidate.title}` : `Switch back to ${candidate.title} at the end`;
  return `${what}${gift}${home}`;
}

function reasonOf({ stage, entry, system }: RootRuntime, given: readonly string[], { opened }: Needs): string {
  if (system?.family === "windows") return "It cannot write to the administrator's folders, nor start services.";
  const folder = stage.workdirAtEnd;
  const places =
    given.length > 0
      ? `Outside ${listed(given)} it cannot write to root's folders`
      : `It cannot write to root's folders${folder && isOwnFolder(folder) ? `, such as ${folder}` : ""}`;
  const [port] = lowPorts(stage);
  const ports = port === undefined ? "" : `; some hosts keep port ${port} from it`;
  const files = opened.length > 0 ? `; everybody may then run ${listed(opened)}` : "";
  const hidden = hiddenScript(entry);
  const script = hidden === null ? "" : `; see that ${hidden} needs no root`;
  return `${places}${ports}${files}${script}.`;
}

function lowPorts(stage: Stage): readonly number[] {
  return chainOf(stage)
    .flatMap((link) => link.instructions.filter(({ keyword }) => keyword === "EXPOSE"))
    .flatMap(({ parsed }) => parsed.words.map(({ value }) => Number.parseInt(value ?? "", 10)))
    .filter((port) => port > 0 && port < 1024);
}
