/** Takes a credential back out of npm's settings at the end of the RUN that put it there, so that no layer holds it. */
import { canChangeRun } from "../fixes/mount";
import { scriptsOf } from "../model/scripts";
import type { Instruction, Model, Stage } from "../model/types";
import type { Edit } from "../text";
import type { SecretWrite } from "./writes";

/**
 * The edit that deletes what `npm config set //host/:_authToken=…` stored, once the commands of this RUN have used it.
 * Null for other tools, for scripts that are more than commands joined by `&&`, and where a later RUN fetches packages
 * and so may need the setting.
 */
export function takeBack(model: Model, run: Instruction, write: SecretWrite): Edit | null {
  const { command, script } = write;
  if (write.how !== "settings" || write.removed || !/^p?npm$/.test(command.name ?? "")) return null;
  if (command.command !== command.outer || command.wrappers.length > 0 || script.kind !== "line") return null;
  if (!canChangeRun(model, run) || scriptsOf(run).length !== 1) return null;
  const key = keyOf(write);
  const items = script.script.topLevel;
  const last = items.at(-1);
  const isPlain = items.every(
    ({ kind, connector }) => kind === "command" && (connector === null || connector === "&&"),
  );
  if (key === null || !last || !script.script.wellFormed || !isPlain || isNeededLater(model, run)) return null;
  const { end } = script.locate(last.from, last.to);
  return { span: { start: end, end }, newText: ` && ${command.name} config delete ${key}` };
}

/** `//registry.npmjs.org/:_authToken` of `config set KEY=VALUE` and of `config set KEY VALUE`. */
function keyOf({ command }: SecretWrite): string | null {
  const words = command.words.slice(command.words[1]?.value === "config" ? 3 : 2);
  const [first, second] = words.filter((word) => !word.text.startsWith("-"));
  const text = first?.text ?? "";
  const match = /^["']?([\w@:./-]+)(=?)/.exec(text);
  if (match?.[1] === undefined) return null;
  if (match[2] === "=") return second === undefined ? match[1] : null;
  return second !== undefined && first?.value === match[1] ? match[1] : null;
}

/** True when a RUN behind this one, in the stage or in one that builds on it, calls a program that fetches packages. */
function isNeededLater(model: Model, run: Instruction): boolean {
  const family = new Set<Stage | null>([run.stage]);
  for (const stage of model.stages) if (stage.base.stage && family.has(stage.base.stage)) family.add(stage);
  return model.instructions.some(
    (instruction) =>
      instruction.index > run.index &&
      instruction.keyword === "RUN" &&
      family.has(instruction.stage) &&
      mayFetch.test(instruction.parsed.text),
  );
}

const mayFetch =
  /\b(?:npm|pnpm|yarn|bun)\s+(?:-\S+\s+)*(?:ci|i|install|add|update|up|publish|exec|dlx)\b|\b(?:p?npx|bunx)\b/;
