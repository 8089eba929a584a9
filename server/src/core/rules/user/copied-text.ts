/** The text of a file that a stage copies from the build context or writes as a heredoc. */
import { expandWord, stageState } from "../../model/scope";
import type { Instruction, Model, Stage } from "../../model/types";
import type { Facts } from "../../rule";
import { chainOf } from "./accounts";

/** Folders in which a name without a slash is looked for. */
const searched = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Text of a file of the image that a COPY or ADD brings, where somebody knows it; the last one wins. Null otherwise. */
export function copiedFile(stage: Stage, model: Model, facts: Facts, path: string): string | null {
  const paths = path.includes("/")
    ? [path.startsWith("/") ? path : `${stage.workdirAtEnd ?? ""}/${path.replace(/^\.\//, "")}`]
    : searched.map((folder) => `${folder}/${path}`);
  for (const link of [...chainOf(stage)].reverse()) {
    for (const instruction of [...link.instructions].reverse()) {
      if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
      if (instruction.parsed.flags.some((flag) => flag.name === "from")) continue;
      const text = broughtBy(instruction, model, facts, paths);
      if (text !== null) return text;
    }
  }
  return null;
}

function broughtBy(instruction: Instruction, model: Model, facts: Facts, paths: readonly string[]): string | null {
  const { parsed } = instruction;
  const words = parsed.json?.map((item) => item.value) ?? wordsOf(instruction, model);
  const target = words[words.length - 1];
  if (words.length < 2 || target == null) return null;
  const folder = absolute(target, instruction.workdir);
  for (const path of paths) {
    if (path !== folder && !path.startsWith(folder === "/" ? "/" : `${folder}/`)) continue;
    const below = path.slice(folder.length).replace(/^\//, "");
    for (const source of words.slice(0, -1)) {
      if (source === null) continue;
      if (source.startsWith("<<")) {
        const heredoc = parsed.heredocs.find(({ operator }) => source.replace(/^<<-?|["']/g, "") === operator.name);
        if (heredoc && (below === "" || below === heredoc.operator.name)) {
          return parsed.text.slice(heredoc.bodySpan.from, heredoc.bodySpan.to);
        }
        continue;
      }
      for (const candidate of candidates(source, below)) {
        const text = facts.file(candidate);
        if (typeof text === "string") return text;
      }
    }
  }
  return null;
}

function wordsOf(instruction: Instruction, model: Model): readonly (string | null)[] {
  const scope = instruction.stage?.scope;
  return instruction.parsed.words.map((word) =>
    scope ? expandWord(word, model.escape, (name) => stageState(scope, name, instruction.index)) : word.value,
  );
}

function absolute(path: string, workdir: string | null): string {
  const whole = path.startsWith("/") ? path : `${workdir ?? ""}/${path.replace(/^\.\/?/, "")}`;
  return whole.replace(/\/+/g, "/").replace(/(.)\/+$/, "$1");
}

/** Files of the context that may lie at a path below the target of a COPY. */
function candidates(source: string, below: string): readonly string[] {
  const from = source.replace(/^(?:\.?\/)+/, "").replace(/\/+$/, "");
  const name = from.slice(from.lastIndexOf("/") + 1);
  // The target is the file itself.
  if (below === "") return from === "" || /[*?[]/.test(from) ? [] : [from];
  const folder = from === "" || from === "." ? "" : `${from}/`;
  if (name === below) return [from, `${folder}${below}`];
  if (!/[*?[]/.test(name)) return [`${folder}${below}`];
  return below.includes("/") ? [] : [`${from.slice(0, from.length - name.length)}${below}`];
}
