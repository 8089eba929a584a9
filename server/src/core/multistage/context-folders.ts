/** What a folder of the image holds, as far as COPY brought it from the build context. */
import type { Instruction, Model, Stage } from "../model/types";
import type { Facts } from "../rule";
import { type Copy, readCopy } from "./copies";
import { baseName, isWithin, parentOf } from "./paths";

/**
 * The COPY and ADD instructions of a stage from the build context that stand before an instruction; those that depend on
 * unknown variables are left out. `image`: the catalogue's name of the base image, or null.
 */
export function copiesBefore(model: Model, stage: Stage, image: string | null, before: Instruction): readonly Copy[] {
  return stage.instructions.flatMap((instruction) => {
    if (instruction.index >= before.index) return [];
    if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") return [];
    const copy = readCopy(model, instruction, image);
    return copy?.from === null ? [copy] : [];
  });
}

/** Names that the copies bring into an absolute folder of the image, in order; undefined when one of them is not known. */
export function namesInFolder(folder: string, copies: readonly Copy[], facts: Facts): readonly string[] | undefined {
  const names = new Set<string>();
  for (const copy of copies) {
    const target = copy.destination.replace(/\/$/, "") || "/";
    if (parentOf(target) === folder && target !== folder) names.add(baseName(target));
    if (!isWithin(folder, target)) continue;
    const inside = folder.slice(target === "/" ? 1 : target.length + 1);
    for (const source of copy.sources) {
      const found = namesOf(source, inside, facts);
      if (found === undefined) return undefined;
      for (const name of found) names.add(name);
    }
  }
  return [...names].sort();
}

/** Names that one source brings: its own where it is a file, else those in it. */
function namesOf(source: string, inside: string, facts: Facts): readonly string[] | undefined {
  const plain = source
    .replace(/^(?:\.?\/)+/, "")
    .replace(/\/+$/, "")
    .replace(/^\.$/, "");
  // Patterns bring files: `package*.json`.
  if (/[*?[]/.test(plain)) return plain === "*" ? listed(inside, facts) : [];
  if (inside === "" && plain !== "" && facts.file(plain) !== undefined && facts.file(plain) !== null) {
    return [baseName(plain)];
  }
  return listed([plain, inside].filter((part) => part !== "").join("/"), facts);
}

/** First parts of the paths below a folder of the context; hosts list one level or all. */
function listed(folder: string, facts: Facts): readonly string[] | undefined {
  const paths = facts.list(folder === "" ? "." : folder);
  const prefix = folder === "" ? "" : `${folder}/`;
  return paths?.flatMap((path) => {
    const plain = path.replace(/^\.\//, "");
    const name = (plain.startsWith(prefix) ? plain.slice(prefix.length) : plain).split("/")[0];
    return name ? [name] : [];
  });
}
