/**
 * The other way to log in at an index of packages: `ENV PIP_INDEX_URL=https://ci:$PASSWORD@host/` keeps its address without
 * the login, and a mounted .netrc brings that (pip and uv read it by themselves).
 */
import { canChangeRun, homeAt, insertFlag, mountOwner, mountSupport } from "../fixes/mount";
import { scriptsOf } from "../model/scripts";
import type { Instruction } from "../model/types";
import { locate } from "../model/types";
import type { Fix } from "../rule";
import { packageOperation } from "../shell/packages";
import type { Edit } from "../text";
import type { DeclaredSecret } from "./declarations";
import { credentialFile } from "./files";
import { mountFlag } from "./mount-file";
import type { MoveContext } from "./move";
import { buildWith } from "./note";
import { removalsOf } from "./removals";
import { usersOf } from "./users";
import { buildsForWindows } from "./windows";

/** The fix; null for any other secret, and where something else than pip or uv uses it. */
export function loginByNetrc(context: MoveContext, secret: DeclaredSecret): Fix | null {
  const { model, catalogue } = context;
  const [promotion, second] = secret.promotions;
  if (!secret.stage || !promotion || second || promotion.reads !== "part" || mountSupport(model) === "none")
    return null;
  if (buildsForWindows(model, secret.stage, catalogue)) return null;
  const { pair, instruction } = promotion;
  const login = /:\/\/([^/@\s"']*\$[^/@\s"']*@)/.exec(pair.value?.text ?? "");
  const kind = credentialFile(".netrc");
  if (!login?.[1] || !pair.value || !kind || !/^(?:PIP|UV)_/.test(pair.name)) return null;
  const removed = removalsOf(model, { ...secret, promotions: [] });
  const users =
    removed &&
    usersOf(context, secret, new Map([[pair.name, pair.name]]), {
      ...removed,
      pairs: new Set([...removed.pairs, pair]),
    });
  if (!users || users.runs.length === 0) return null;
  const value = locate(instruction, pair.value);
  // What the text of the word says only holds for the file where the word is written as it is read.
  if (model.text.slice(value.start, value.end) !== pair.value.text) return null;
  const at = value.start + login.index + "://".length;
  const edits: Edit[] = [...removed.edits, { span: { start: at, end: at + login[1].length }, newText: "" }];
  for (const { run } of users.runs) {
    const home = homeAt(run, catalogue);
    const owner = mountOwner(run, catalogue);
    if (home === null || owner === null || !installsOnly(run) || !canChangeRun(model, run)) return null;
    const flag = mountFlag(run, { kind, path: `${home}/.netrc` }, owner);
    if (flag === null) return null;
    edits.push(insertFlag(model, run, flag));
  }
  const { flags, texts } = buildWith([{ kind: "file", id: "netrc", source: ".netrc" }], {
    more: "It has a line for the host: machine HOST login USER password PASSWORD",
  });
  return {
    title: `Keep ${pair.name} without the login, which a mounted .netrc brings`,
    applicability: "unsafe",
    reason: `The build then needs ${flags}.`,
    edits,
    ...texts,
  };
}

function installsOnly(run: Instruction): boolean {
  return scriptsOf(run).some(({ commands }) =>
    commands.some((command) => /^(?:pip|uv)$/.test(packageOperation(command)?.manager ?? "")),
  );
}
