import type { Instruction, Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { absolutePath } from "./copies";
import type { Download } from "./download";
import { downloadOf } from "./download";
import { keywordAs, mayReplace, soleItem } from "./sole-command";
import type { Unpacking } from "./tar";
import { unpackingOf } from "./tar";

export default defineRule({
  id: "prefer-add-unpack",
  theme: "copy",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A RUN only downloads an archive and unpacks it, which ADD can do.",
  why: "`ADD --unpack=true <address> <folder>` needs neither curl nor tar in the image, and a `--checksum` makes sure of what was loaded. Off by default: it needs the Dockerfile frontend 1.17 or later, and knows no `--strip-components`.",
  aliases: { tally: ["tally/prefer-add-unpack"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "Through a pipe",
      code: "FROM alpine:3.24\nRUN [|curl -fsSL https://example.com/a.tar.gz | tar -xz -C /opt|]\n",
      fixed: "FROM alpine:3.24\nADD --unpack=true https://example.com/a.tar.gz /opt/\n",
    },
    {
      title: "To the current folder, with a variable",
      code: "FROM alpine:3.24\nARG V=1\nWORKDIR /w\nRUN [|wget -qO- https://example.com/a-${V}.tgz | tar xz|]\n",
      fixed: "FROM alpine:3.24\nARG V=1\nWORKDIR /w\nADD --unpack=true https://example.com/a-${V}.tgz /w/\n",
    },
    {
      title: "Without the first folder, which ADD cannot",
      code: "FROM alpine:3.24\nRUN curl https://example.com/a.tgz | tar xz --strip-components=1\n",
    },
    {
      title: "An older frontend",
      code: "# syntax=docker/dockerfile:1.7\nFROM alpine:3.24\nRUN curl -L https://example.com/a.tgz | tar xz -C /opt\n",
    },
    { title: "With more to do", code: "FROM alpine:3.24\nRUN curl https://example.com/a.tgz | tar xz && make\n" },
    { title: "To a shell", code: "FROM alpine:3.24\nRUN curl https://example.com/a.sh | sh\n" },
  ],
  *check({ model }) {
    if (!knowsUnpack(model.frontend)) return;
    for (const run of model.instructions) {
      if (run.keyword !== "RUN" || !run.parsed.text.includes("tar") || !run.parsed.text.includes("://")) continue;
      const sole = soleItem(run);
      const [first, second, third] = sole?.commands ?? [];
      if (!sole || !first || !second || third) continue;
      const download = downloadOf(first);
      const unpacking = unpackingOf(second);
      if (!download?.isPlain || download.to !== "stdout" || !unpacking?.isPlain || unpacking.archive) continue;
      yield {
        message:
          "This RUN only downloads an archive and unpacks it. ADD does both without curl and tar: ADD --unpack=true.",
        range: sole.script.locate(first.command.from, second.command.to),
        fixes: () => fixesOf(model, run, download, unpacking),
      };
    }
  },
});

/** `--unpack` came with the frontend 1.17; a file that names none gets that of the builder. */
function knowsUnpack(frontend: string | null): boolean {
  if (frontend === null) return true;
  const version = /^(?:docker\.io\/)?docker\/dockerfile:(\d+)(?:\.(\d+))?/.exec(frontend);
  if (!version) return false;
  const minor = version[2] === undefined ? Number.POSITIVE_INFINITY : Number(version[2]);
  return Number(version[1]) > 1 || minor >= 17;
}

function fixesOf(model: Model, run: Instruction, { address }: Download, unpacking: Unpacking): readonly Fix[] {
  const folder = unpacking.folder ? absolutePath(unpacking.folder.value, run) : run.workdir;
  const isReadable = address.variables.every(
    ({ name }) => run.stage?.scope.lookup(name, run.index) != null && /^[A-Za-z_]/.test(name),
  );
  if (folder === null || !isReadable || /[`]|\$\(/.test(address.text) || !mayReplace(model, run)) return [];
  const target = folder === "/" ? "/" : `${folder}/`;
  return [
    {
      title: `Let ADD unpack it to ${folder}`,
      applicability: "unsafe",
      reason: "It needs the Dockerfile frontend 1.17 or later, and the files keep the owners they have in the archive.",
      edits: [{ span: run.span, newText: `${keywordAs(model, run, "ADD")} --unpack=true ${address.text} ${target}` }],
    },
  ];
}
