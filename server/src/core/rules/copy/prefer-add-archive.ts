import { removeInstruction } from "../../fixes/remove";
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { absolutePath, baseName, isArchive } from "./copies";
import type { Brought } from "./run-after-copy";
import { arrivals, pathOf } from "./run-after-copy";
import { mayReplace, soleItem } from "./sole-command";
import type { Unpacking } from "./tar";
import { unpackingOf } from "./tar";

export default defineRule({
  id: "prefer-add-archive",
  theme: "copy",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A local archive is copied and then unpacked by a RUN.",
  why: "The archive itself stays in the layer of the COPY for good. ADD unpacks a local archive on the way, and leaves none behind. Off by default, because ADD keeps the owners of the archive and knows no `--strip-components`.",
  aliases: { hadolint: ["DL3010"], tally: ["hadolint/DL3010"] },
  fixable: "unsafe",
  examples: [
    {
      title: "Copied and unpacked",
      code: "FROM alpine:3.24\nCOPY [|app.tar.gz|] /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt\n",
      fixed: "FROM alpine:3.24\nADD app.tar.gz /opt/\n",
    },
    {
      title: "With more to do: no fix",
      code: "FROM alpine:3.24\nWORKDIR /src\nCOPY [|app.tgz|] .\nRUN tar xf app.tgz --strip-components=1 && make\n",
    },
    { title: "Not unpacked", code: "FROM alpine:3.24\nCOPY app.tar.gz /tmp/\n" },
    { title: "Another archive", code: "FROM alpine:3.24\nCOPY a.tgz /tmp/\nRUN tar xf /tmp/b.tgz\n" },
    {
      title: "From another stage, where ADD cannot read",
      code: "FROM alpine:3.24 AS a\nFROM alpine:3.24\nCOPY --from=a /a.tgz /tmp/\nRUN tar xf /tmp/a.tgz\n",
    },
    { title: "A zip, which ADD does not unpack", code: "FROM alpine:3.24\nCOPY a.zip /tmp/\nRUN unzip /tmp/a.zip\n" },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      const before = arrivals();
      const said = new Set<Brought>();
      for (const run of stage.instructions) {
        before.add(run);
        if (run.keyword !== "RUN" || before.latest.length === 0 || !run.parsed.text.includes("tar")) continue;
        for (const script of scriptsOf(run)) {
          for (const command of script.commands) {
            const unpacking = unpackingOf(command);
            const path = unpacking?.archive ? pathOf(unpacking.archive, run, script) : null;
            const brought = path === null ? null : before.at(path);
            if (!unpacking || !brought || said.has(brought) || !isLocalArchive(brought)) continue;
            said.add(brought);
            yield {
              message: `${brought.source.text} is copied and then unpacked, so the archive stays in the image. ADD unpacks it on the way.`,
              range: brought.source.span,
              related: [{ message: "Unpacked here.", range: script.locate(command.command.from, command.command.to) }],
              fixes: () => fixesOf(model, run, brought, unpacking),
            };
          }
        }
      }
    }
  },
});

function isLocalArchive({ copies, source }: Brought): boolean {
  return copies.keyword === "COPY" && copies.fromContext && source.value !== null && isArchive(baseName(source.value));
}

function fixesOf(model: Model, run: Instruction, brought: Brought, unpacking: Unpacking): readonly Fix[] {
  const { copies } = brought;
  if (!soleItem(run) || !mayReplace(model, run) || !unpacking.isPlain || copies.sources.length !== 1) return [];
  const folder = unpacking.folder ? absolutePath(unpacking.folder.value, run) : run.workdir;
  if (folder === null || !copies.target.isPlain) return [];
  const { keywordSpan } = copies.instruction;
  const written = model.text.slice(keywordSpan.start, keywordSpan.end);
  return [
    {
      title: `Let ADD unpack it to ${folder}`,
      applicability: "unsafe",
      reason: "The archive itself is no longer in the image, and the files keep the owners they have in it.",
      edits: [
        { span: keywordSpan, newText: written === written.toLowerCase() ? "add" : "ADD" },
        { span: copies.target.span, newText: folder === "/" ? "/" : `${folder}/` },
        removeInstruction(model, run),
      ],
    },
  ];
}
