/** Whether a container of the shipped stage runs as root, and whether that is worth a word. Shared by the root family. */
import { distributionUnder, type EffectiveUser, imageUnder, rootStage, userAtEnd } from "../../catalogue/stage";
import type { Distribution, ImageFacts } from "../../catalogue/types";
import { commentsAbout } from "../../model/comments";
import { instructionsIn } from "../../model/index-of";
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import type { Facts, RuleContext, Severity } from "../../rule";
import { packageOperations } from "../../shell/packages";
import { type CreatedAccount, chainOf, createdAccounts } from "./accounts";
import { type Entry, type EntryKind, entryKind, entryOf, hiddenScript, startsNothing } from "./entry";
import { dropperNames, privilegedPackages, rootImages, selfDroppingPackages, webServerPackages } from "./programs";

/** A shipped stage whose containers run as root, or may do so. */
export interface RootRuntime {
  readonly stage: Stage;
  readonly user: EffectiveUser;
  readonly image: ImageFacts | null;
  readonly system: Distribution | null;
  readonly entry: Entry;
  readonly kind: EntryKind;
  /** The account that the file makes for the purpose, or null. */
  readonly account: CreatedAccount | null;
  /** `hint` where others build on the stage or work in it, `info` where a comment says that it has to be root; else null. */
  readonly severity: Severity | null;
}

/** Joins the findings of the root family about one stage. */
export function rootCause(stage: Stage): string {
  return `root:${stage.index}`;
}

/**
 * The shipped stage when its containers run as root and nothing excuses it: no entry point that changes the user by
 * itself, no program that cannot work otherwise, no stage that only carries files. Null otherwise, also when unknown.
 */
export function rootRuntime(context: RuleContext): RootRuntime | null {
  const found = runtimeOf(context);
  return found && found.user.kind === "root" ? found : null;
}

/** The same without asking who runs: for rules that know it from elsewhere. Worked out once in a check. */
export function runtimeOf(context: RuleContext): RootRuntime | null {
  const known = remembered.get(context.facts);
  if (known?.model === context.model) return known.runtime;
  const runtime = findRuntime(context);
  remembered.set(context.facts, { model: context.model, runtime });
  return runtime;
}

const remembered = new WeakMap<Facts, { readonly model: Model; readonly runtime: RootRuntime | null }>();

function findRuntime({ model, catalogue, facts, path }: RuleContext): RootRuntime | null {
  const stage = model.finalStage;
  if (!stage || isForDevelopment(path)) return null;
  const user = userAtEnd(stage, catalogue);
  if (user.kind === "other") return null;
  const entry = entryOf(stage, model, facts);
  const image = imageUnder(stage, catalogue);
  if (image?.user?.how === "entrypoint" && !entry.entrypoint) return null;
  if (image && !entry.entrypoint && rootImages.test(image.repository.name)) return null;
  if (carriesFiles(stage, entry) || isToolchain(stage, entry)) return null;
  let kind = entryKind(entry);
  const account = chooseAccount(stage, model);
  if (hiddenScript(entry) !== null) {
    // The script starts what was installed, and that says what it needs.
    if (installs(stage, privilegedPackages) !== null) return null;
    if (account === null && installs(stage, selfDroppingPackages) !== null) return null;
    if (kind === "plain" && installs(stage, webServerPackages) !== null) kind = "web-server";
  }
  if (kind === "drops" || kind === "needs-root" || bringsDropper(stage, entry) || runsInternetServices(stage))
    return null;
  return {
    stage,
    user,
    image,
    system: distributionUnder(stage, catalogue),
    entry,
    kind,
    account,
    severity: isForOthers(stage, entry, path) ? "hint" : isMeant(model, stage) ? "info" : null,
  };
}

/** True where a comment at the last USER, or at what starts, says that the program runs as root on purpose. */
function isMeant(model: Model, stage: Stage): boolean {
  const last = stage.instructions.filter(({ keyword }) => keyword === "USER").at(-1);
  const places = [startInstruction(stage), ...(last ? [last] : [])];
  return places.some((place) =>
    commentsAbout(model, place).some(
      (text) => asRoot.test(text) && !/\b(?:not|never|avoid|todo|fixme)\b|n't/i.test(text),
    ),
  );
}

const asRoot =
  /\b(?:runs?|running|started?|starts)\b[^.;]*\bas root\b|\b(?:needs?|requires?|must|has to)\b[^.;]*\broot\b/i;

/** True when commands can be run in the stage, as a user and with tools that hand folders over. */
export function hasTools({ system, stage }: RootRuntime): boolean {
  if (system !== null) return system.accounts !== "none" && system.family !== "windows";
  // Nobody knows the image, but where commands run there is a shell, and tools that come with it.
  return chainOf(stage).some((link) => instructionsIn(link, "RUN").some((run) => scriptsOf(run).length > 0));
}

/** True when the stage takes its accounts from elsewhere, so that nobody knows which ones there are. */
export function copiesAccounts(stage: Stage): boolean {
  return chainOf(stage).some((link) =>
    link.instructions.some(
      ({ keyword, parsed }) =>
        (keyword === "COPY" || keyword === "ADD") && /\/etc\/(?:passwd|group)\b/.test(parsed.text),
    ),
  );
}

/** Where the finding about a stage belongs: the keyword of what starts there, else the FROM. */
export function startInstruction(stage: Stage): Instruction {
  const starts = stage.instructions.filter(({ keyword }) => keyword === "CMD" || keyword === "ENTRYPOINT");
  return starts[starts.length - 1] ?? stage.from;
}

/** In a development container people install and repair as they like. */
function isForDevelopment(path: string): boolean {
  return /(?:^|\/)\.devcontainer(?:\/|$)/.test(path);
}

const forOthers =
  /(?:^|[^a-z0-9])(?:base|build|builder|buildenv|ci|dev|devel|devcontainer|toolchain|sdk|lint|test)(?:$|[^a-z0-9])/;

/** True for a stage in which people develop: `FROM base AS dev`. It is not what runs elsewhere. */
export function isDevelopmentStage({ name }: Stage): boolean {
  return /^(?:dev|devel|develop|development|dev-?envs?|devcontainer|debug)$/.test(name ?? "");
}

/** True for a file whose own name says the same, or that it is for tests: `Dockerfile.dev`, `test.Dockerfile`. */
export function isDevelopmentFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return /(?:^|[._-])(?:dev|devel|develop|development|tests?|testing|e2e)(?:[._-]|$)/i.test(name);
}

const forToolchains =
  /\s(?:CARGO_TARGET_\w+_(?:LINKER|RUNNER)|(?:CC|CXX|AR)_[a-z0-9]+_\w+|CMAKE_TOOLCHAIN_FILE\w*|CROSS_COMPILE|CROSS_TOOLCHAIN\w*|(?!RUSTUP)[A-Z]\w*_TOOLCHAIN_\w+)[\s=]/;

/** An image with a compiler for another machine: others build on it or in it, as a user that they choose. */
function isToolchain(stage: Stage, entry: Entry): boolean {
  if (!startsNothing(entry)) return false;
  return chainOf(stage).some((link) =>
    link.instructions.some(({ keyword, parsed }) => keyword === "ENV" && forToolchains.test(parsed.text)),
  );
}

function isForOthers(stage: Stage, entry: Entry, path: string): boolean {
  if (isDevelopmentStage(stage) || isDevelopmentFile(path)) return true;
  if (stage.instructions.some(({ keyword }) => keyword === "ONBUILD")) return true;
  if (entry.entrypoint || entry.command) return false;
  // The name of the file, and that of its folder: `ci/Dockerfile`, `base.Dockerfile`.
  const place = path.toLowerCase().split("/").slice(-2).join("/");
  return forOthers.test(stage.name ?? "") || forOthers.test(place);
}

/** `FROM scratch` that starts nothing is unpacked by `--output` or copied from; with a whole system in it, it is a base. */
function carriesFiles(stage: Stage, entry: Entry): boolean {
  if (!rootStage(stage).base.scratch) return false;
  if (startsNothing(entry)) return true;
  return chainOf(stage).some((link) =>
    link.instructions.some(
      ({ keyword, parsed }) => keyword === "ADD" && /\.(?:tar|tgz|txz|tbz2?|tar\.\w+)(?:$|[\s"'])/.test(parsed.text),
    ),
  );
}

/** gosu and its kin are installed for one purpose, to be called by the script that starts. */
function bringsDropper(stage: Stage, entry: Entry): boolean {
  return (
    (entry.script !== null && dropperNames.test(withoutComments(entry.script))) ||
    chainOf(stage).some((link) =>
      link.instructions.some(
        ({ keyword, parsed }) => effective.has(keyword) && dropperNames.test(withoutComments(parsed.text)),
      ),
    )
  );
}

/** A variable may hold the packages that a RUN installs. */
const effective: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD", "ENTRYPOINT", "CMD", "ENV", "ARG"]);

function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#.*$/gm, "");
}

/** Microsoft's web server runs as a service, whoever starts it. */
function runsInternetServices(stage: Stage): boolean {
  return chainOf(stage).some((link) =>
    link.instructions.some(({ parsed }) => /ServiceMonitor\.exe|\bWeb-Server\b|\bIIS-\w+/i.test(parsed.text)),
  );
}

/** The first package that the shipped stages install and that matches; null when none does. */
export function installs(stage: Stage, wanted: RegExp): string | null {
  for (const { instructions } of chainOf(stage)) {
    for (const instruction of instructions) {
      if (instruction.keyword !== "RUN") continue;
      for (const { script } of scriptsOf(instruction)) {
        for (const { action, packages } of packageOperations(script)) {
          const found = action === "install" ? packages.find(({ name }) => wanted.test(name)) : undefined;
          if (found) return found.name;
        }
      }
    }
  }
  return null;
}

/** Of several accounts the one that files are given to, else the last. One that a USER has named has had its use. */
function chooseAccount(stage: Stage, model: Model): CreatedAccount | null {
  const accounts = createdAccounts(stage, model).filter(({ uid }) => uid !== 0);
  if (accounts.length < 2) return accounts[0] ?? null;
  const text = chainOf(stage)
    .flatMap((link) => link.instructions.filter(({ keyword }) => keyword !== "USER"))
    .map(({ parsed }) => parsed.text)
    .join("\n");
  const owners = new Set(
    [...text.matchAll(/--chown=([\w.-]+)|\bchown\s+(?:-\w+\s+)*([\w.-]+)/g)].map((match) => match[1] ?? match[2]),
  );
  return (
    accounts.filter(({ name }) => name !== null && owners.has(name)).pop() ?? accounts[accounts.length - 1] ?? null
  );
}
