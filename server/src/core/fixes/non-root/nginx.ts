/** Moving a stage from nginx to nginx-unprivileged, with the configuration that it brings along. */
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { type Copy, landsAt, readCopy } from "../../multistage/copies";
import { isWithin, joinPath } from "../../multistage/paths";
import type { Facts, OtherFile } from "../../rule";
import { effectiveCommands } from "../../shell/commands";
import { parseShell } from "../../shell/parse";
import type { Edit } from "../../text";
import { canEditPlaced } from "../placed";
import { rootActs } from "./root-acts";

/** What the configuration of a stage needs before nginx can run it without root. */
export interface NginxSettings {
  /** Edits of configuration that stands in the file itself. */
  readonly edits: readonly Edit[];
  /** Lines for configuration in the build context. */
  readonly otherFiles: readonly OtherFile[];
  /** Files of the build context that make it listen on port 80. */
  readonly listening: readonly string[];
  /** True where a configuration is copied that nobody has seen. */
  readonly isHidden: boolean;
  /** A script for the start of the container that is copied and that nobody has seen; null where there is none. */
  readonly hiddenScript: string | null;
  /** Why nginx would not start with what is copied, naming the file; null when it would. */
  readonly obstacle: string | null;
}

const mainFile = "/etc/nginx/nginx.conf";
const listen80 = /(\blisten\s+(?:\[::\]:|\*:|0\.0\.0\.0:)?)80(?=[\s;])/g;
// The server of a plain user cannot write its number to /run, where nginx puts it by default.
const pidElsewhere = /^[ \t]*pid[ \t]+(?!\/tmp\/|\/dev\/shm\/|\/var\/tmp\/)([^;\s]+)[ \t]*;/m;
const pidLine = "pid /tmp/nginx.pid;";

/** Reads what a stage copies or writes to /etc/nginx. */
export function nginxSettings(model: Model, stage: Stage, facts: Facts): NginxSettings {
  const edits: Edit[] = [];
  const otherFiles: OtherFile[] = [];
  const listening: string[] = [];
  let isHidden = false;
  let hiddenScript: string | null = null;
  let obstacle: string | null = null;
  const setsPid = stage.instructions.some(
    ({ keyword, parsed }) => (keyword === "CMD" || keyword === "ENTRYPOINT") && /\bpid\s+\/tmp\//.test(parsed.text),
  );
  for (const instruction of stage.instructions) {
    if (instruction.keyword === "RUN") edits.push(...listenEdits(model, instruction));
    if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
    const copy = readCopy(model, instruction, null);
    if (!copy) continue;
    if (copy.hasHeredoc) {
      if (isWithin(copy.destination, "/etc/nginx"))
        edits.push(...listenEdits(model, instruction), ...pidEdits(model, copy, setsPid));
      continue;
    }
    for (const source of copy.sources) {
      for (const { path } of filesFor("/docker-entrypoint.d", /\.(?:sh|envsh)$/, copy, source, facts)) {
        const text = copy.from === null ? facts.file(path) : undefined;
        if (typeof text !== "string") hiddenScript ??= path;
        else obstacle ??= obstacleIn(text, path, stage);
      }
      for (const { path, target } of filesFor("/etc/nginx", /\.(?:conf|template)$/, copy, source, facts)) {
        const text = copy.from === null ? facts.file(path) : undefined;
        if (typeof text !== "string") {
          isHidden = true;
          if (target === mainFile && !setsPid) obstacle ??= `\`${pidLine}\` has to stand in ${path}`;
          continue;
        }
        listen80.lastIndex = 0;
        if (listen80.test(text)) listening.push(path);
        if (target !== mainFile || setsPid) continue;
        if (pidElsewhere.test(text)) obstacle ??= `\`${pidLine}\` has to stand in ${path}, instead of the pid there`;
        else if (!/^[ \t]*pid[ \t]/m.test(text)) otherFiles.push({ path, append: pidLine });
      }
    }
  }
  return { edits, otherFiles, listening, isHidden, hiddenScript, obstacle };
}

/** What a script that the image runs before nginx does and user 101 of the twin may not; null where it may all. */
function obstacleIn(script: string, path: string, stage: Stage): string | null {
  const { obstacle, folders } = rootActs(effectiveCommands(parseShell(script)), {
    workdir: stage.workdirAtEnd,
    variable: (name) => stage.scope.lookup(name, Number.POSITIVE_INFINITY)?.value ?? null,
    given: ["/etc/nginx", "/var/cache/nginx"],
  });
  if (obstacle !== null) return `${path} does what its user 101 may not (${obstacle})`;
  return folders[0] === undefined ? null : `${folders[0]} has to belong to its user 101, for ${path}`;
}

interface CopiedFile {
  /** In the build context. */
  readonly path: string;
  /** In the image. */
  readonly target: string;
}

/** The files for a folder of the image, by their ending, that a source of a COPY may be or hold. */
function filesFor(root: string, ending: RegExp, copy: Copy, source: string, facts: Facts): readonly CopiedFile[] {
  const path = source.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
  const direct = landsAt(copy, source);
  if (ending.test(path)) return isWithin(direct, root) ? [{ path, target: direct }] : [];
  const folder = copy.destination.replace(/(.)\/$/, "$1");
  if (!isWithin(folder, root) && !isWithin(root, folder)) return [];
  const names = facts.list(path === "" ? "." : path) ?? [];
  const prefix = path === "" ? "" : `${path}/`;
  const found = names
    .filter((name) => name.startsWith(prefix) && ending.test(name))
    .slice(0, 50)
    .map((name) => ({ path: name, target: joinPath(folder, name.slice(prefix.length)) }))
    .filter(({ target }) => isWithin(target, root));
  // A folder or a file without an ending, which nobody can look into.
  if (found.length === 0 && isWithin(folder, root)) return [{ path: path || ".", target: direct }];
  return found;
}

/** Port 8080 for port 80 in an instruction that writes configuration in its own text. */
function listenEdits(model: Model, instruction: Instruction): readonly Edit[] {
  if (!canEditPlaced(model, { instruction, isTrigger: false })) return [];
  if (instruction.keyword === "RUN" && (scriptsOf(instruction).length === 0 || !/nginx/.test(instruction.parsed.text)))
    return [];
  const { start, end } = instruction.span;
  const text = model.text.slice(start, end);
  return [...text.matchAll(listen80)].map((match) => {
    const at = start + match.index + (match[1]?.length ?? 0);
    return { span: { start: at, end: at + 2 }, newText: "8080" };
  });
}

/** Where the main configuration stands in a heredoc: its pid, in a folder that anybody may write to. */
function pidEdits(model: Model, { instruction, destination }: Copy, setsPid: boolean): readonly Edit[] {
  const [heredoc] = instruction.parsed.heredocs;
  if (!heredoc || destination !== mainFile || setsPid) return [];
  const { start, end } = locate(instruction, heredoc.bodySpan);
  const body = model.text.slice(start, end);
  const match = pidElsewhere.exec(body);
  const value = match?.[1];
  if (match && value) {
    const at = start + match.index + match[0].indexOf(value);
    return [{ span: { start: at, end: at + value.length }, newText: "/tmp/nginx.pid" }];
  }
  if (/^[ \t]*pid[ \t]/m.test(body)) return [];
  return [{ span: { start, end: start }, newText: `${pidLine}${model.lineEnding}` }];
}
