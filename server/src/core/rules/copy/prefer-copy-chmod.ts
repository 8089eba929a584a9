import { hasTemplate, mountSupport } from "../../fixes/mount";
import { removeInstruction, removeItems } from "../../fixes/remove";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import { parentOf, resolvePath } from "../../multistage/paths";
import { commandsOfRun } from "../../multistage/run-commands";
import { writtenPaths } from "../../multistage/written-paths";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { hasFlag, operands } from "../../shell/arguments";
import { baseName, isPattern } from "./copies";
import type { Arrivals, Brought, Change } from "./run-after-copy";
import { arrivals, changesIn, pathOf } from "./run-after-copy";

export default defineRule({
  id: "prefer-copy-chmod",
  theme: "copy",
  category: "size",
  severity: "hint",
  recommended: true,
  since: "0.1.0",
  summary: "A RUN changes the mode of a file that a COPY has just brought.",
  why: "A layer cannot change the mode of a file below it: it stores the file a second time. `COPY --chmod` brings it with the right mode at once. It needs BuildKit, which is the default builder since Docker 23.",
  aliases: { tally: ["tally/prefer-copy-chmod"] },
  reads: ["ADD", "COPY", "RUN"],
  fixable: "safe",
  examples: [
    {
      title: "A mode in numbers",
      code: "FROM alpine:3.24\nCOPY entry.sh /usr/local/bin/\nRUN [|chmod 755 /usr/local/bin/entry.sh|]\n",
      fixed: "FROM alpine:3.24\nCOPY --chmod=755 entry.sh /usr/local/bin/\n",
    },
    {
      title: "Executable",
      code: "FROM alpine:3.24\nWORKDIR /app\nCOPY --chown=1000 run.sh .\nRUN [|chmod +x run.sh|]\n",
      fixed: "FROM alpine:3.24\nWORKDIR /app\nCOPY --chown=1000 --chmod=755 run.sh .\n",
    },
    {
      title: "One command of several",
      code: "FROM alpine:3.24\nCOPY run.sh /run.sh\nRUN apk add --no-cache curl && [|chmod 0755 /run.sh|] && /run.sh\n",
      fixed: "FROM alpine:3.24\nCOPY --chmod=0755 run.sh /run.sh\nRUN apk add --no-cache curl && /run.sh\n",
    },
    {
      title: "Two files of one COPY",
      code: "FROM alpine:3.24\nCOPY a.sh b.sh /bin/\nRUN [|chmod 755 /bin/a.sh /bin/b.sh|]\n",
      fixed: "FROM alpine:3.24\nCOPY --chmod=755 a.sh b.sh /bin/\n",
    },
    {
      title: "Only one of two: no fix, the other would change, too",
      code: "FROM alpine:3.24\nCOPY a.sh b.txt /bin/\nRUN [|chmod 755 /bin/a.sh|]\n",
    },
    { title: "Another file", code: "FROM alpine:3.24\nCOPY a.sh /bin/\nRUN chmod 755 /bin/b.sh\n" },
    { title: "A folder", code: "FROM alpine:3.24\nCOPY app /app\nRUN chmod -R 755 /app\n" },
    { title: "COPY has a mode already", code: "FROM alpine:3.24\nCOPY --chmod=644 a.sh /\nRUN chmod 755 /a.sh\n" },
    {
      title: "In a stage that does not ship",
      code: "FROM alpine:3.24 AS a\nCOPY a.sh /\nRUN chmod 755 /a.sh\nFROM alpine:3.24\nCOPY --from=a /a.sh /\n",
    },
    { title: "In a condition", code: 'FROM alpine:3.24\nCOPY a.sh /\nRUN if [ -n "$X" ]; then chmod 755 /a.sh; fi\n' },
    {
      title: "Deleted in the same RUN",
      code: "FROM alpine:3.24\nADD setup.sh /root/\nRUN chmod 755 /root/setup.sh && /root/setup.sh && rm /root/setup.sh\n",
    },
    {
      title: "Something else lies there now",
      code: "FROM alpine:3.24\nCOPY composer /usr/bin/composer\nRUN mv /tmp/composer.phar /usr/bin/composer && chmod +x /usr/bin/composer\nRUN chmod 755 /usr/bin/composer\n",
    },
    {
      title: "Edited in the same RUN, which stores it anew anyway",
      code: "FROM alpine:3.24\nCOPY run.sh /\nRUN sed -i 's/\\r//' /run.sh && chmod 755 /run.sh\n",
    },
    { title: "A mode that nobody should have", code: "FROM alpine:3.24\nCOPY run.sh /\nRUN chmod 777 /run.sh\n" },
    {
      title: "An older frontend",
      code: "# syntax=docker/dockerfile:1.0\nFROM alpine:3.24\nCOPY a.sh /\nRUN chmod 755 /a.sh\n",
    },
  ],
  *check({ model }) {
    if (mountSupport(model) === "none") return;
    for (const stage of model.stages) {
      if (!stage.ships) continue;
      const before = arrivals();
      for (const run of stage.instructions) {
        before.add(run);
        if (run.keyword !== "RUN") continue;
        const replaced = replacedBy(run);
        for (const change of changesIn(run, "chmod")) {
          const files = filesOf(change, before, replaced);
          if (!files) continue;
          const span = change.script.locate(change.command.command.from, change.command.command.to);
          const { keyword } = (files[0] as Brought).copies;
          const names = files.map(({ source }) => source.text).join(", ");
          yield {
            message: `This chmod stores ${names} a second time, in a layer of its own. Give the mode to ${keyword}: --chmod=${modeOf(change)}.`,
            range: span,
            related: [{ message: "Copied here.", range: (files[0] as Brought).copies.instruction.keywordSpan }],
            fixes: () => fixesOf(model, change, files),
          };
        }
        for (const path of replaced.written) before.forget(path);
      }
    }
  },
});

/** The copied files that a chmod changes; null where it changes anything else. */
function filesOf(change: Change, before: Arrivals, replaced: Replaced): readonly Brought[] | null {
  const { run, script, command, paths } = change;
  if (!run.stage || modeOf(change) === null) return null;
  // Any flag (-R, -v, --reference) makes it more than the mode of a file.
  if (command.words.some((word) => word.text.startsWith("-"))) return null;
  const files: Brought[] = [];
  for (const word of paths) {
    const path = pathOf(word, run, script);
    const file = path === null ? null : before.at(path);
    if (!file || path === null || !isFile(file, path) || file.copies.flag("chmod")) return null;
    // The RUN stores the file anew anyway, or does not store it at all.
    if (replaced.has(path)) return null;
    files.push(file);
  }
  return files;
}

/** What a RUN does to files beside their modes. */
interface Replaced {
  /** Files that it writes. */
  readonly written: ReadonlySet<string>;
  /** True for a file that it writes, edits, moves elsewhere or deletes. */
  has(path: string): boolean;
}

function replacedBy(run: Instruction): Replaced {
  const written = new Set<string>();
  const gone = new Set<string>();
  const beginnings = new Set<string>();
  for (const { command, folder } of commandsOfRun(run, null)) {
    for (const path of writtenPaths(command, folder)) written.add(path);
    const { name } = command;
    const isEdit = name === "dos2unix" || (name === "sed" && hasFlag(command, ["-i", "--in-place"], ["-e", "-f"]));
    if (name !== "rm" && name !== "mv" && !isEdit) continue;
    for (const { value } of operands(command)) {
      const path = value ? resolvePath(value, folder) : null;
      const pattern = path?.search(/[*?[]/) ?? -1;
      // Of a pattern, whatever begins like it may be meant; more of them are not looked at.
      if (path !== null && pattern >= 0 && beginnings.size < 20) beginnings.add(path.slice(0, pattern));
      else if (path !== null) gone.add(path);
    }
  }
  return {
    written,
    has(path) {
      if (written.has(path) || [...beginnings].some((one) => path.startsWith(one))) return true;
      for (let one = path; one !== "/"; one = parentOf(one)) if (gone.has(one)) return true;
      return false;
    },
  };
}

/** True when the source is a file as far as names tell: it keeps its name, or has an ending. */
function isFile({ source }: Brought, path: string): boolean {
  const name = source.value === null ? "" : baseName(source.value);
  if (name === "" || isPattern(name) || source.value?.endsWith("/")) return false;
  return /\.[A-Za-z0-9]+$/.test(name) || name === baseName(path);
}

/** The mode as COPY takes it; null for those that hang on the mode before, and for those that nobody should have. */
function modeOf({ value }: Change): string | null {
  if (value.value === null) return null;
  // That everybody may write is bad advice, and another rule speaks of it.
  if (/^[0-7]{3,4}$/.test(value.value)) return /[2367]$/.test(value.value) ? null : value.value;
  return /^(?:a|ugo)?\+r?x$/.test(value.value) ? "755" : null;
}

function fixesOf(model: Model, change: Change, files: readonly Brought[]): readonly Fix[] {
  const { run, script, command } = change;
  const mode = modeOf(change);
  const copies = [...new Set(files.map((file) => file.copies))];
  // A flag of COPY holds for all its sources, so all of them have to be meant.
  if (
    copies.some((one) => one.heredocs > 0 || one.sources.length !== files.filter((file) => file.copies === one).length)
  ) {
    return [];
  }
  if (mode === null || hasTemplate(model, run.span) || script.kind === "heredoc") return [];
  const { topLevel } = script.script;
  const item = topLevel[command.command.item];
  if (item?.kind !== "command" || !isAlone(run)) return [];
  const removed =
    topLevel.length === 1
      ? removeInstruction(model, run)
      : removeItems(script, command.command.item, command.command.item);
  if (!removed) return [];
  const exact = /^\d+$/.test(change.value.value ?? "");
  return [
    {
      title: `Give the mode ${mode} to ${files[0]?.copies.keyword ?? "COPY"}`,
      applicability: exact ? "safe" : "unsafe",
      ...(exact ? {} : { reason: "The mode is then 755, whatever it was before." }),
      edits: [
        ...copies.map((one) => {
          const after = locate(one.instruction, one.parsed.flags.at(-1) ?? one.parsed.keywordSpan).end;
          return { span: { start: after, end: after }, newText: ` --chmod=${mode}` };
        }),
        removed,
      ],
    },
  ];
}

/** Mounts and other flags of the RUN belong to its commands; when the last one goes, they may not. */
function isAlone({ parsed }: Change["run"]): boolean {
  return parsed.flags.length === 0 && parsed.comments.length === 0;
}
