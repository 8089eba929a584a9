/** Sorts the instructions of a stage that builds a program: what stays, what moves, what is needed in both stages. */
import { expandWord, stageState } from "../model/scope";
import type { Instruction, Model, Stage } from "../model/types";
import type { Facts } from "../rule";
import { bringsEverything, type Copy, landsAt, readCopy } from "./copies";
import { joinPath } from "./paths";
import { runEffect } from "./run-effects";
import { isRuntimeFile, runtimeEntries } from "./runtime-files";
import type { Role } from "./split";

/** What sorting needs to know of a language. */
export interface Sorting {
  readonly model: Model;
  readonly stage: Stage;
  /** The catalogue's name of the base image. */
  readonly image: string;
  /** The instruction that makes the program. */
  readonly step: Instruction;
  /** Programs of the language's own tools (`go`). */
  readonly tools: ReadonlySet<string>;
  /** ENV names that only those tools read. */
  readonly buildVariables: RegExp;
  /** Files and folders that the second stage has anyway. */
  readonly kept: readonly string[];
  /** Absolute paths where what a RUN writes is copied along, or serves the build alone; none where left out. */
  readonly isSettled?: (path: string) => boolean;
  readonly facts: Facts;
  /** Names of accounts that the second stage's image brings; none where left out. */
  readonly accounts?: readonly string[];
}

/** The instructions, sorted, and what the second stage has to cope with. */
export interface Sorted {
  readonly roles: ReadonlyMap<Instruction, Role>;
  readonly copies: readonly Copy[];
  /** Absolute paths to copy from the first stage beside the program. */
  readonly files: readonly string[];
  /** True when a RUN is repeated in the second stage. */
  readonly repeatsRun: boolean;
  /** Value of the last USER, or null without one. */
  readonly user: string | null;
  readonly hasVolume: boolean;
  /** True when a port below 1024 is exposed. */
  readonly hasLowPort: boolean;
}

/** Sorts; null where an instruction does something that the program may need and that cannot be repeated. */
export function sortInstructions(sorting: Sorting): Sorted | null {
  const { model, stage, image, step, tools, kept, facts } = sorting;
  const own = stage.instructions.filter((instruction) => instruction !== stage.from);
  const effects = new Map<Instruction, ReturnType<typeof runEffect>>();
  for (const one of own)
    if (one.keyword === "RUN") effects.set(one, runEffect(one, image, tools, kept, sorting.isSettled));
  const last = own.reduce(
    (found, one) => (effects.get(one) === "none" ? Math.max(found, one.index) : found),
    step.index,
  );
  const isBefore = ({ index }: Instruction) => index < last;
  // The first stage needs an account where something in it is done as, or given to, that account.
  const buildNeedsUser = own.some(
    (one) => isBefore(one) && (one.keyword === "USER" || one.parsed.flags.some((flag) => flag.name === "chown")),
  );

  const roles = new Map<Instruction, Role>();
  const put = (one: Instruction) => roles.set(one, isBefore(one) ? "both" : "final");
  const copies: Copy[] = [];
  const files = new Set<string>();
  let repeatsRun = false;
  let user: string | null = null;
  let hasVolume = false;
  let hasLowPort = false;

  for (const instruction of own) {
    const { parsed } = instruction;
    switch (instruction.keyword) {
      case "SHELL":
      case "ONBUILD":
        return null;
      case "RUN":
        if (effects.get(instruction) === "unknown") return null;
        if (effects.get(instruction) === "none") break;
        roles.set(instruction, buildNeedsUser && isBefore(instruction) ? "both" : "final");
        repeatsRun = true;
        break;
      case "COPY":
      case "ADD": {
        const copy = readCopy(model, instruction, image);
        if (!copy || copy.from !== null || copy.sources.some(isRemote)) return null;
        copies.push(copy);
        const brought = filesOf(copy, !isBefore(instruction), facts);
        if (brought === "whole") put(instruction);
        else for (const file of brought) files.add(file);
        break;
      }
      case "ENV":
        if (!parsed.pairs.every((pair) => sorting.buildVariables.test(pair.name))) put(instruction);
        break;
      case "ARG":
        if (!isBefore(instruction)) roles.set(instruction, "final");
        break;
      case "WORKDIR":
        // Relative to the base image's own folder, which the second stage does not have.
        if (instruction.workdir === null && !/^["']?[/$]/.test(parsed.words[0]?.text ?? "")) {
          if (!own.some((one) => one.keyword === "WORKDIR" && one.index < instruction.index)) return null;
        }
        put(instruction);
        break;
      case "USER": {
        const word = parsed.words[0];
        const lookUp = (name: string) => stageState(stage.scope, name, instruction.index);
        user = word ? expandWord(word, model.escape, lookUp) : null;
        if (user === null) return null;
        put(instruction);
        break;
      }
      case "EXPOSE":
        hasLowPort ||= parsed.words.some((word) => Number.parseInt(word.value ?? "0", 10) < 1024);
        roles.set(instruction, "final");
        break;
      case "VOLUME":
        hasVolume = true;
        roles.set(instruction, "final");
        break;
      default:
        roles.set(instruction, "final");
    }
  }
  // Without the account, its name means nothing in the second stage.
  const accounts = ["root", "nobody", ...(sorting.accounts ?? [])];
  const isKnown = (name: string) => name.split(":").every((part) => /^\d+$/.test(part) || accounts.includes(part));
  const isKnownUser = user === null || isKnown(user);
  const namesOwner = [...roles].some(([one, role]) => role !== "build" && !isKnown(ownerOf(one)));
  if (!repeatsRun && (!isKnownUser || namesOwner)) return null;
  return { roles, copies, files: [...files], repeatsRun, user, hasVolume, hasLowPort };
}

/** `whole`: the COPY itself is wanted in the second stage. Else the files of it that are. */
function filesOf(copy: Copy, isAfterBuild: boolean, facts: Facts): "whole" | readonly string[] {
  // Nothing is built any more, so what comes now is there for the program.
  if (isAfterBuild || (copy.sources.length === 0 && copy.hasHeredoc)) return "whole";
  if (bringsEverything(copy)) return runtimeEntries(facts).map((entry) => joinPath(copy.destination, entry));
  const wanted = copy.sources.filter(isRuntimeFile);
  return wanted.length === copy.sources.length ? "whole" : wanted.map((source) => landsAt(copy, source));
}

function isRemote(source: string): boolean {
  return /^(?:https?|git|ssh):|^git@/.test(source);
}

/** What stands behind `--chown=`; root's number where there is none. */
function ownerOf(instruction: Instruction): string {
  const flag = instruction.parsed.flags.find((one) => one.name === "chown");
  return flag ? (flag.value?.value ?? "") : "0";
}
