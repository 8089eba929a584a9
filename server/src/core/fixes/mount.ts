/** Putting a mount on a RUN: where it goes, what the frontend allows, and who may read what it mounts. */
import { imageUnder, userAt } from "../catalogue/stage";
import type { Catalogue } from "../catalogue/types";
import { stageState } from "../model/scope";
import { scriptsOf } from "../model/scripts";
import { isWindowsBase } from "../model/shell";
import type { Instruction, Model, Stage } from "../model/types";
import { locate } from "../model/types";
import { flagValue, operands } from "../shell/arguments";
import type { Edit, Span } from "../text";

/**
 * What RUN may mount: `env` secrets as variables too, `file` secrets as files only, `none` nothing.
 * Since Dockerfile frontend 1.2 there are mounts, since 1.10 `env=` (release notes of the frontend).
 */
export type MountSupport = "env" | "file" | "none";

/** What the frontend of the file allows. One that is not Docker's own may know anything or nothing: `none`. */
export function mountSupport(model: Model): MountSupport {
  const frontend = model.frontend;
  if (frontend === null) return "env";
  const match = /^(?:docker\.io\/)?docker\/dockerfile(-upstream)?(?::([^@]+))?(?:@.*)?$/.exec(frontend.trim());
  if (!match) return "none";
  const tag = match[2];
  if (match[1] || tag === undefined) return frontend.includes("@") ? "none" : "env";
  const version = /^(\d+)(?:\.(\d+))?/.exec(tag);
  if (!version) return /^(?:latest|labs|master|experimental)$/.test(tag) ? "env" : "none";
  const major = Number(version[1]);
  const minor = version[2] === undefined ? Number.POSITIVE_INFINITY : Number(version[2]);
  if (major !== 1) return major > 1 ? "env" : "none";
  return minor >= 10 ? "env" : minor >= 2 ? "file" : "none";
}

/** True where RUN cannot mount: Windows stages, and stages whose image runs Windows. */
export function cannotMount(stage: Stage, catalogue: Catalogue): boolean {
  return isWindowsBase(stage.base) || imageUnder(stage, catalogue)?.windows === true;
}

/**
 * True where a RUN can be given a mount: not inside ONBUILD, no template within, every heredoc closed, and a shell (or an
 * exec form) that is not one of Windows.
 */
export function canChangeRun(model: Model, run: Instruction): boolean {
  if (run.keyword !== "RUN" || !run.parsed.argumentsSpan) return false;
  if (run.shell.kind !== "posix" && !run.parsed.json) return false;
  if (run.parsed.heredocs.some((heredoc) => heredoc.delimiterSpan === null)) return false;
  return !hasTemplate(model, run.span);
}

/** True when template syntax stands within a span. */
export function hasTemplate(model: Model, span: Span): boolean {
  return model.templates.some((template) => template.start < span.end && span.start < template.end);
}

/**
 * The edit that gives a RUN one more flag (`--mount=…`): behind those it has, on a line of its own where they have one
 * each, else right behind RUN.
 */
export function insertFlag(model: Model, run: Instruction, flag: string): Edit {
  const last = run.parsed.flags.at(-1);
  const after = locate(run, last ?? run.parsed.keywordSpan).end;
  const next = run.parsed.argumentsSpan ? locate(run, run.parsed.argumentsSpan).start : after;
  const gap = model.text.slice(after, next);
  // Only a plain continuation is repeated: a comment between flags and command is not.
  const repeats = last !== undefined && gap.includes("\n") && !gap.includes("#");
  return { span: { start: after, end: after }, newText: `${repeats ? gap : " "}${flag}` };
}

/**
 * What a mounted file needs so that the user of the RUN can read it: nothing for root, `,uid=1000,gid=1000` for others;
 * null when nobody knows their number. (A secret belongs to root and is closed to all others by default.)
 */
export function mountOwner(run: Instruction, catalogue: Catalogue): string | null {
  const user = userAt(run, catalogue);
  if (user.kind === "root") return "";
  if (user.kind === "unknown" || user.name === null) return null;
  const group = run.user.kind === "set" ? run.user.group : null;
  if (/^\d+$/.test(user.name))
    return group !== null && /^\d+$/.test(group) ? `,uid=${user.name},gid=${group}` : `,uid=${user.name}`;
  const ready = run.stage && imageUnder(run.stage, catalogue)?.user?.ready;
  if (ready && ready.name === user.name && ready.uid !== null) {
    return ready.gid === null ? `,uid=${ready.uid}` : `,uid=${ready.uid},gid=${ready.gid}`;
  }
  const made = run.stage && accountMade(run.stage, run, user.name);
  return made === null ? null : `,uid=${made}`;
}

/** The home of the user who runs an instruction, or null when it is not known. */
export function homeAt(run: Instruction, catalogue: Catalogue): string | null {
  const { stage } = run;
  if (!stage || stageState(stage.scope, "HOME", run.index).kind === "value") return null;
  const user = userAt(run, catalogue);
  if (user.kind === "root") return "/root";
  const ready = imageUnder(stage, catalogue)?.user?.ready;
  return ready && ready.home !== null && (ready.name === user.name || String(ready.uid) === user.name)
    ? ready.home
    : null;
}

/** The number that the file itself gives to an account: `useradd --uid 10001 app`, `adduser -u 10001 app`. */
function accountMade(stage: Stage, before: Instruction, name: string): string | null {
  for (let one: Stage | null = stage; one; one = one.base.stage) {
    for (const instruction of one.instructions) {
      if (instruction.index >= before.index) break;
      if (instruction.keyword !== "RUN") continue;
      for (const { commands } of scriptsOf(instruction)) {
        for (const command of commands) {
          if (command.name !== "useradd" && command.name !== "adduser") continue;
          if (!operands(command, accountFlags).some((word) => word.value === name)) continue;
          const number = flagValue(command, ["--uid", "-u"])?.value ?? null;
          return number !== null && /^\d+$/.test(number) ? number : null;
        }
      }
    }
  }
  return null;
}

const accountFlags = [
  ...["-u", "--uid", "-g", "--gid", "-G", "--groups", "-d", "--home-dir", "--home", "-h", "-s", "--shell", "-c"],
  ...["--comment", "--gecos", "--ingroup", "-k", "--skel"],
];
