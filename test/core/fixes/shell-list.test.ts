/**
 * A command that is added to a list changes nothing else: for each way to lay a list out, and for each command that may
 * fail, the RUN executes the same commands and ends with the same result as before, once the new one is left out.
 */
import { describe, expect, it } from "vitest";
import { appendCommand, prependCommand } from "../../../server/src/core/fixes/shell-list";
import { buildModel } from "../../../server/src/core/model/build";
import { type Script, scriptsOf } from "../../../server/src/core/model/scripts";
import type { Instruction, Model } from "../../../server/src/core/model/types";
import { applyEdits } from "../../../server/src/core/text";

const lineGaps = [
  " && ",
  "; ",
  " \\\n    && ",
  "; \\\n    # why\n    ",
  " \\\n    # why; and how\n\n    && ",
  " && \\ \n# why\n    \\\n    ",
  "; \\\n    \\\n    ",
];
const heredocGaps = ["\n", "; ", " && ", " # why\n", "\n\n# why\n", " && # why\n", " && \\\n  "];

describe("the others run and fail as before", () => {
  const shapes = [
    ...listsOf(lineGaps).map((list) => `RUN ${list}`),
    ...listsOf(heredocGaps).map((list) => `RUN <<EOF\n${list}\nEOF`),
  ];

  it.each(["append", "prepend"] as const)("%s", (how) => {
    const add = how === "append" ? appendCommand : prependCommand;
    for (const shape of shapes) {
      const text = `FROM debian:13\n${shape}\n`;
      const { model, run, script } = read(text);
      for (let at = 0; at < script.script.topLevel.length; at++) {
        if (nameAt(script, at) === "set") continue;
        const edit = add(model, run, script, at, "new");
        if (!edit) continue;
        const mended = applyEdits(text, [edit]);
        const after = read(mended).script;
        expect(
          after.script.topLevel.map((_, place) => nameAt(after, place)).filter((name) => name === "new"),
        ).toHaveLength(1);
        for (const failing of subsetsOf(["a", "b", "c"])) {
          const was = execute(script, failing);
          const is = execute(after, failing);
          expect({ mended, failing, ran: is.ran.filter((name) => name !== "new"), ok: is.ok }).toEqual({
            mended,
            failing,
            ...was,
          });
        }
        // What is put first is a condition of the item, unless the script goes on whatever happens.
        if (how === "prepend") expect(execute(after, ["new"]).ran).not.toContain(nameAt(script, at));
      }
    }
  });
});

describe("the layout of the neighbours is kept", () => {
  it.each([
    ["RUN set -e; \\\n    a; \\\n    # why\n    b", 1, "RUN set -e; \\\n    a; \\\n    new; \\\n    # why\n    b"],
    ["RUN a && \\ \n    b", 0, "RUN a && \\\n    new && \\ \n    b"],
    ["RUN a; \\\n    \\\n    b", 0, "RUN a; \\\n    new; \\\n    \\\n    b"],
    ["RUN set -ex; \\\n    a; \\\n    b", 2, "RUN set -ex; \\\n    a; \\\n    b; \\\n    new"],
    ["RUN a; \\\n    b", 1, "RUN a; \\\n    b \\\n    && new"],
    ["RUN a \\\n    # why\n    && b", 0, "RUN a \\\n    && new \\\n    # why\n    && b"],
    ["RUN <<EOF\nset -e\na; b\nEOF", 1, "RUN <<EOF\nset -e\na; new; b\nEOF"],
  ])("%j", (list, at, expected) => {
    const { model, run, script } = read(`FROM debian:13\n${list}\n`);
    const edit = appendCommand(model, run, script, at, "new");
    expect(edit && applyEdits(model.text, [edit])).toBe(`FROM debian:13\n${expected}\n`);
  });
});

/** Lists of three commands with each pair of gaps, with and without `set -e` before them. */
function listsOf(gaps: readonly string[]): string[] {
  const lists = gaps.flatMap((one) => gaps.map((two) => `a${one}b${two}c`));
  const join = gaps.includes("\n") ? "\n" : "; \\\n    ";
  return [...lists, ...lists.map((list) => `set -eux${join}${list}`)];
}

function subsetsOf(names: readonly string[]): string[][] {
  return names.reduce<string[][]>((sets, name) => sets.flatMap((set) => [set, [...set, name]]), [[]]);
}

function read(text: string): { readonly model: Model; readonly run: Instruction; readonly script: Script } {
  const model = buildModel(text);
  const run = model.instructions.find(({ keyword }) => keyword === "RUN") as Instruction;
  return { model, run, script: scriptsOf(run).at(-1) as Script };
}

function nameAt(script: Script, at: number): string {
  return script.script.topLevel[at]?.commands[0]?.name ?? "";
}

/** What a shell does with a list of simple commands of which some fail: `&&`, `;`, line ends and `set -e`. */
function execute(
  script: Script,
  failing: readonly string[],
): { readonly ran: readonly string[]; readonly ok: boolean } {
  const items = script.script.topLevel;
  const ran: string[] = [];
  let ok = true;
  let stops = false;
  for (let at = 0; at < items.length; at++) {
    const name = nameAt(script, at);
    if (items[at - 1]?.connector === "&&" && !ok) continue;
    ran.push(name);
    if (name === "set") stops = true;
    ok = !failing.includes(name);
    // `set -e` does not look at what stands before `&&`.
    if (!ok && stops && items[at]?.connector !== "&&") return { ran, ok };
  }
  return { ran, ok };
}
