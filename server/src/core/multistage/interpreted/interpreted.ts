/**
 * Splits a stage whose program is run by an interpreter: packages are installed in the first stage, and their folders are
 * copied into a second one on the same system, where everything else is done as before.
 */
import { userAt } from "../../catalogue/stage";
import { scriptsOf } from "../../model/scripts";
import type { Instruction } from "../../model/types";
import type { Fix, RuleContext } from "../../rule";
import { packageOperation } from "../../shell/packages";
import type { Edit } from "../../text";
import { bringsEverything, type Copy, landsAt, readCopies } from "../copies";
import type { Build } from "../detect";
import { resolvePath } from "../paths";
import { buildStageName, inCase, type Role, splitStage } from "../split";
import { neededPackages, systemLines } from "./interpreted-packages";
import { type Interpreter, packageSources, type RunShare, shareRun } from "./interpreted-run";

type Context = Pick<RuleContext, "model" | "catalogue">;

/** The rewrite as a fix. `base`: the second base, as people name it; `taken`: a sentence's start about what moves. */
export function splitFix(base: string, isFull: boolean, taken: string, edits: readonly Edit[]): Fix {
  const lost = isFull
    ? `${base} has no compiler, git or curl, should the program call one`
    : "a compiler is no longer there when the container runs";
  return {
    title: `Install in an earlier stage, run on ${base}`,
    applicability: "unsafe",
    reason: `${taken}; ${lost}.`,
    kind: "refactor",
    edits,
  };
}

/** What a language knows of its build. */
export interface InterpretedBuild {
  readonly interpreter: Interpreter;
  /** What stands behind the second FROM. */
  readonly base: string;
  /** True when that is the very image of the first stage. */
  readonly isSameImage: boolean;
  /** Absolute folders with what was installed. */
  readonly trees: readonly string[];
  /** Lines of the second stage before those folders are copied. */
  readonly before: readonly string[];
  /** System packages that the second stage needs beside those of the file. */
  readonly packages: readonly string[];
  /** System packages of the file that only the build uses (`git`). */
  readonly buildPackages: ReadonlySet<string>;
  /** ENV names that only the build reads. */
  readonly buildVariables: RegExp;
  /** Names of files that only the installing command reads. */
  readonly manifests: RegExp;
  /** True for a COPY --from that brings tools of the build alone. */
  readonly isBuildTool: (copy: Copy) => boolean;
  /** True when installing reads files that COPY brings. */
  readonly needsFiles: boolean;
  /** Lines of the first stage before the first installing RUN. */
  readonly prepares: readonly string[];
  readonly edits: readonly Edit[];
}

/** The edits; null where anything that the program may need in the second stage is not known. */
export function splitInterpreted(
  { stage, image }: Build,
  { model, catalogue }: Context,
  plan: InterpretedBuild,
): readonly Edit[] | null {
  const own = stage.instructions.filter((one) => one !== stage.from);
  const shares = new Map<Instruction, RunShare>();
  for (const one of own) {
    if (one.keyword !== "RUN") continue;
    const share = shareRun(model.text, one, plan.interpreter);
    if (!share || one.parsed.flags.some(({ name }) => name !== "mount" && name !== "network")) return null;
    shares.set(one, share);
  }
  const installing = own.filter((one) => isInstalling(shares.get(one)));
  const [first] = installing;
  const last = installing.at(-1);
  // What is installed by another user may lie in that user's home, or not be allowed at all.
  if (!first || !last || installing.some((one) => userAt(one, catalogue).kind !== "root")) return null;

  const read = readCopies(model, stage, image.repository.name);
  if (!read) return null;
  const copies = new Map(read.map((copy) => [copy.instruction, copy]));
  const packages = neededPackages(stage, image.distribution, plan.packages, plan.buildPackages);
  const roles = rolesOf(own, last, shares, copies, plan);
  if (!packages || !roles) return null;

  const from = buildStageName(stage);
  const trees = [...plan.before, ...plan.trees.map((tree) => `COPY --from=${from} ${tree} ${tree}`)];
  // A part of the second stage that runs earlier than the last install may use what was installed before.
  const isUsedBefore = own.some((one) => one.index < last.index && usesInstalled(shares.get(one)));
  const instead = new Map<Instruction, readonly string[]>([[isUsedBefore ? first : last, trees]]);
  const next = ` ${model.escape}${model.lineEnding}    && `;
  for (const [instruction, share] of shares) {
    if (share.kind !== "both") continue;
    if (!share.variables.every((name) => isThere(name, instruction, roles, plan.isSameImage))) return null;
    instead.set(instruction, [...(instead.get(instruction) ?? []), `RUN ${share.commands.join(next)}`]);
  }
  const at = first.blockStart;
  const keyword = model.text.slice(stage.from.keywordSpan.start, stage.from.keywordSpan.end);
  const prepared = plan.prepares.map((line) => inCase(line, keyword) + model.lineEnding).join("");
  const edits = prepared === "" ? plan.edits : [...plan.edits, { span: { start: at, end: at }, newText: prepared }];
  const installs = systemLines(own, packages, image.distribution?.family ?? null, model);
  return splitStage({
    ...{ model, stage, roles, instead, edits, base: plan.base },
    ...{ first: installs, keepsBase: plan.isSameImage },
  });
}

function isInstalling(share: RunShare | undefined): boolean {
  return share !== undefined && share.kind !== "runs" && share.installs;
}

function usesInstalled(share: RunShare | undefined): boolean {
  return share?.kind === "runs" || share?.kind === "both";
}

/** True when the second stage has the variable that a part of a RUN reads. */
function isThere(
  name: string,
  instruction: Instruction,
  roles: ReadonlyMap<Instruction, Role>,
  isSameImage: boolean,
): boolean {
  if (!/^[A-Za-z_]/.test(name) || name === "HOME" || name === "PATH") return true;
  const binding = instruction.stage?.scope.lookup(name, instruction.index) ?? null;
  if (!binding) return isSameImage;
  const role = binding.instruction && roles.get(binding.instruction);
  return binding.kind === "env" && (role === "both" || role === "final");
}

function rolesOf(
  own: readonly Instruction[],
  last: Instruction,
  shares: ReadonlyMap<Instruction, RunShare>,
  copies: ReadonlyMap<Instruction, Copy>,
  plan: InterpretedBuild,
): ReadonlyMap<Instruction, Role> | null {
  const roles = new Map<Instruction, Role>();
  for (const one of own) {
    const isBefore = one.index < last.index;
    const kept: Role = isBefore ? "both" : "final";
    const moved: Role = isBefore && plan.needsFiles ? "both" : "final";
    switch (one.keyword) {
      case "ONBUILD":
        return null;
      case "RUN":
        if (shares.get(one)?.kind === "runs") roles.set(one, moved);
        // What removes tools has nothing to do where nothing of the stage ships.
        else if (!isBefore && onlyRemoves(one)) roles.set(one, "drop");
        break;
      case "COPY":
      case "ADD": {
        const copy = copies.get(one);
        if (copy && packageSources.test(copy.destination)) return null;
        if (!copy || plan.isBuildTool(copy)) break;
        const servesInstall =
          copy.sources.length > 0 &&
          !copy.hasHeredoc &&
          copy.sources.every((source) => {
            const name = source.replace(/\/+$/, "").split("/").at(-1) ?? "";
            return plan.manifests.test(name);
          });
        if (isBefore && copy.from === null && (servesInstall || comesAgain(copy, copies))) break;
        roles.set(one, moved);
        break;
      }
      case "ENV":
        if (!one.parsed.pairs.every((pair) => plan.buildVariables.test(pair.name))) roles.set(one, kept);
        break;
      case "ARG":
        if (!isBefore) roles.set(one, "final");
        break;
      case "WORKDIR":
      case "USER":
      case "SHELL":
        roles.set(one, kept);
        break;
      default:
        roles.set(one, "final");
    }
  }
  return roles;
}

function onlyRemoves(instruction: Instruction): boolean {
  const commands = scriptsOf(instruction).flatMap((script) => script.commands);
  const operations = commands.map((command) => packageOperation(command));
  return operations.every((one, at) => commands[at]?.name === "rm" || /^(?:remove|clean)$/.test(one?.action ?? ""));
}

/** True when a later COPY of the whole context brings the same files to the same places. */
function comesAgain(copy: Copy, copies: ReadonlyMap<Instruction, Copy>): boolean {
  const flags = (one: Copy) =>
    one.instruction.parsed.flags.map(({ name, value }) => `${name}=${value?.text}`).join(" ");
  for (const later of copies.values()) {
    if (later.instruction.index <= copy.instruction.index || later.from !== null || !bringsEverything(later)) continue;
    if (copy.hasHeredoc || copy.sources.length === 0 || flags(later) !== flags(copy)) continue;
    const place = (source: string) => resolvePath(source, later.destination.replace(/\/$/, "") || "/");
    if (copy.sources.every((source) => !/[:*?[]/.test(source) && place(source) === landsAt(copy, source))) return true;
    // `COPY package*.json ./` names files by a pattern; they keep their names.
    const top = copy.sources.every((source) => !source.includes("/") && !source.includes(":"));
    if (top && copy.destination === later.destination && copy.sources.some((source) => source.includes("*")))
      return true;
  }
  return false;
}
