/** Folders of an image: which ones may be handed to another user, and the commands that do so. */
import { expandWord, stageState } from "../../model/scope";
import type { Model, Stage } from "../../model/types";
import { chainOf } from "./accounts";

/** Folders that the file itself makes for the program; those of the system belong to root. */
export function isOwnFolder(path: string): boolean {
  return isPlain(path) && !/^\/(?:etc|usr\/(?:local\/)?(?:etc|s?bin|lib|share))(?:\/|$)/.test(path);
}

/** The folders that VOLUME names in the shipped stages: all in them is meant to be written to. */
export function volumesOf(stage: Stage, model: Model): readonly string[] {
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
  return [...paths].filter(isPlain);
}

/** How folders change hands: with all that lies in them, or by themselves; `make` says that they may be missing. */
export interface Handover {
  readonly isTree: boolean;
  readonly make: boolean;
}

/**
 * Commands for a RUN that hand folders over. `1001:0` is the number of an image for OpenShift: there the group counts,
 * and gets the rights that the owner has.
 */
export function owning(paths: readonly string[], owner: string, { isTree, make }: Handover): readonly string[] {
  if (paths.length === 0) return [];
  const flag = isTree ? "-R " : "";
  const list = paths.join(" ");
  const own = owner.endsWith(":0")
    ? [`chgrp ${flag}0 ${list}`, `chmod ${flag}g=u ${list}`]
    : [`chown ${flag}${owner} ${list}`];
  return make ? [`mkdir -p ${list}`, ...own] : own;
}

/** The paths as a part of a sentence, each once; of many only the first. */
export function listed(paths: readonly string[]): string {
  const all = [...new Set(paths)];
  const shown = all.length > 4 ? [...all.slice(0, 3), `${all.length - 3} more`] : all;
  const last = shown[shown.length - 1] ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}

function isPlain(path: string): boolean {
  return /^\/[\w./-]+$/.test(path) && !ofTheSystem.test(path);
}

const ofTheSystem =
  /^\/(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|proc|root|run|s?bin|srv|sys|tmp|usr|var)\/?$|^\/(?:dev|proc|sys|tmp|run|root|s?bin)\//;
