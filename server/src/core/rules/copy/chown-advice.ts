/** What a recursive chown of copied files comes to: which files it alone stores anew, and what COPY can do instead. */
import { mountSupport } from "../../fixes/mount";
import { scriptsOf } from "../../model/scripts";
import type { Model } from "../../model/types";
import { isWithin } from "../../multistage/paths";
import { hasFlag } from "../../shell/arguments";
import type { ShellWord } from "../../shell/ast";
import { isKnownOwner, isLinked } from "../../syntax/owner";
import { absolutePath } from "./copies";
import type { Brought, Change } from "./run-after-copy";
import { changesIn, pathOf } from "./run-after-copy";

/** The files that a chown stores a second time, and the mode that COPY has to give them as well, or null. */
export interface Doubled {
  readonly files: readonly Brought[];
  readonly mode: string | null;
}

/**
 * Leaves out the files that a `chmod -R` of the same RUN stores anew all the same, unless COPY can give that mode, too.
 * One mode of numbers for all of them it can; one that hangs on the mode before it cannot.
 */
export function doubledBy(model: Model, { run }: Change, files: readonly Brought[]): Doubled {
  const modes = modesIn(run);
  const of = ({ folder }: Brought) => modes.filter(({ folders }) => folders.some((one) => isWithin(folder, one)));
  const free = files.filter((file) => of(file).length === 0);
  if (free.length > 0) return { files: free, mode: null };
  const found = new Set(files.flatMap((file) => of(file).map(({ mode }) => mode)));
  const [mode] = found;
  if (found.size !== 1 || !mode || mountSupport(model) === "none") return { files: [], mode: null };
  return { files, mode };
}

/** Notes which accounts and groups a RUN makes: by name as written, the index of the first that does. */
export function noteAccounts(run: Change["run"], made: Map<string, number>): void {
  if (!/(?:user|group)add|add(?:user|group)/.test(run.parsed.text)) return;
  for (const { commands } of scriptsOf(run)) {
    for (const { name, words } of commands) {
      if (name === null || !/^(?:useradd|groupadd|adduser|addgroup)$/.test(name)) continue;
      for (const { text } of words.slice(1)) if (!made.has(text)) made.set(text, run.index);
    }
  }
}

/** The finding's message. `made`: what `noteAccounts` has noted up to the RUN, which is included. */
export function doubledMessage(change: Change, { files, mode }: Doubled, made: ReadonlyMap<string, number>): string {
  const { run, value, paths, script } = change;
  const places = [...new Set(files.map(({ folder }) => folder))];
  const common = paths.map((word) => pathOf(word, run, script)).find((path) => isOver(path, places)) ?? null;
  const where = places.length < 3 ? `to ${places.join(" and ")}` : common === null ? listed(places) : `below ${common}`;
  const copies = [...new Set(files.map((file) => file.copies))];
  const keyword = [...new Set(copies.map((one) => one.keyword))].sort().join(" and ");
  const isNumber =
    isKnownOwner(value.value ?? "") || !copies.some(({ instruction }) => isLinked(instruction.parsed.flags));
  const owner = isNumber ? value.text : "UID:GID, in numbers because of --link";
  const flags = `${mode === null ? "" : `--chmod=${mode} `}--chown=${owner}`;
  const doubled = `This chown stores everything that was copied ${where} a second time.`;
  const first = Math.min(...copies.map(({ instruction }) => instruction.index));
  const late = lateName(value, first, made);
  const given = mode === null ? "the owner" : "owner and mode";
  const each = copies.length > 1 ? "each " : "";
  if (late === null) return `${doubled} Give ${given} to ${each}${keyword}: ${flags}.`;
  return `${doubled} Make ${late} in a RUN above the ${keyword}, and give ${given} there: ${flags}.`;
}

interface Mode {
  /** Null for one that COPY cannot give, or that nobody should have. */
  readonly mode: string | null;
  readonly folders: readonly string[];
}

/** Every `chmod -R` of a RUN, and every `find … -exec chmod`. */
function modesIn(run: Change["run"]): readonly Mode[] {
  const modes = changesIn(run, "chmod")
    .filter(({ command }) => hasFlag(command, ["-R", "--recursive"]))
    .map(({ script, value, paths }): Mode => {
      const folders = paths.flatMap((word) => folderOf(word, run) ?? pathOf(word, run, script) ?? []);
      // That everybody may write is bad advice, and another rule speaks of it.
      return { mode: /^[0-7]{2,3}[0145]$/.test(value.value ?? "") ? value.value : null, folders };
    });
  const finds = scriptsOf(run).flatMap(({ script }) => script.commands.filter(({ name }) => name === "find"));
  for (const { words } of finds) {
    if (!words.some(({ value }) => value === "chmod")) continue;
    modes.push({ mode: null, folders: words.slice(1).flatMap((word) => folderOf(word, run) ?? []) });
  }
  return modes;
}

/** `/app` for `/app/*`, and for `/app`; null for what is no full path. */
function folderOf({ value }: ShellWord, run: Change["run"]): string | null {
  return value?.startsWith("/") ? absolutePath(value.replace(/\/\*$/, ""), run) : null;
}

function isOver(path: string | null, places: readonly string[]): boolean {
  return path !== null && places.every((place) => isWithin(place, path));
}

function listed(places: readonly string[]): string {
  return `to ${places[0]} and ${places.length - 1} other places`;
}

/** The account or group that the chown names, where a RUN makes it only behind the first COPY; else null. */
function lateName({ text }: ShellWord, first: number, made: ReadonlyMap<string, number>): string | null {
  const names = text.replace(/["']/g, "").split(":");
  return names.find((name) => (made.get(name) ?? -1) > first) ?? null;
}
