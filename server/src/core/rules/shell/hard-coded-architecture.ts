import { insertBefore, keywordLike } from "../../fixes/user";
import type { Model, Stage } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { type Call, canEdit, isPlain, type Run, wordSpan } from "./calls";
import { type Address, addressesOf, downloadsOf } from "./downloads";

export default defineRule({
  id: "hard-coded-architecture",
  theme: "shell",
  category: "correctness",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "A download address fixes an architecture in a file that could be built for others.",
  why: "Built on an ARM laptop or for an ARM server, the image then holds a program for another processor: `exec format error`, or slow emulation. `ARG TARGETARCH` brings `amd64` or `arm64`. A step that asks for the architecture (`uname -m`, `dpkg --print-architecture`, `TARGETARCH`), a stage whose FROM fixes the platform, and a file or folder that is named for an architecture are left alone. Off by default: many images are only ever built for one.",
  aliases: {},
  fixable: "unsafe",
  examples: [
    {
      title: "A release for amd64",
      code: "FROM debian:13\nRUN curl -fsSLo /usr/local/bin/tool [|https://example.org/v1.2/tool-linux-amd64|]\n",
      fixed:
        "FROM debian:13\nARG TARGETARCH\nRUN curl -fsSLo /usr/local/bin/tool https://example.org/v1.2/tool-linux-${TARGETARCH}\n",
    },
    {
      title: "Names of other kinds are not rewritten",
      code: "FROM debian:13\nRUN wget -q [|https://example.org/tool-x86_64.tar.gz|]\n",
    },
    {
      title: "The step asks",
      code: "FROM debian:13\nRUN case $(uname -m) in x86_64) curl -fsSLO https://example.org/t-amd64 ;; esac\n",
    },
    {
      title: "The platform is fixed",
      code: "FROM --platform=linux/amd64 debian:13\nRUN curl -fsSLO https://example.org/t-amd64\n",
    },
    {
      title: "The folder is named for it",
      path: "images/amd64/Dockerfile",
      code: "FROM debian:13\nRUN curl -fsSLO https://example.org/t-amd64\n",
    },
    { title: "Nothing in the address tells", code: "FROM debian:13\nRUN curl -fsSLO https://example.org/t.tar.gz\n" },
  ],
  *check({ model, path }) {
    if (saysArchitecture.test(path)) return;
    const stages = new Map<Stage, boolean>();
    for (const call of downloadsOf(model)) {
      const { stage } = call.run;
      if (!stage || isFixed(stage)) continue;
      for (const address of addressesOf(call.command)) {
        const match = tokens.exec(address.text);
        if (!match || !isPlain(model, call)) continue;
        if (!stages.has(stage)) stages.set(stage, asks(stage, model));
        if (stages.get(stage)) continue;
        yield {
          message: `${match[2]} in this address fits one kind of processor only. Take the architecture from TARGETARCH.`,
          range: wordSpan(call, address.word),
          fixes: () => targetFix(model, call, address),
        };
      }
    }
  },
});

/** A folder or file that is named for an architecture is meant for it alone. */
const saysArchitecture =
  /(?:^|[/._-])(?:amd64|arm64|arm64v8|arm32v[567]|armhf|armv[67]l?|arm|x86_64|aarch64|x64|i386)(?:[/._-]|$)/i;

const tokens = /([-_./])(amd64|x86_64|x86-64|x64|linux64|arm64|aarch64)(?=[-_./]|$)/;

function isFixed(stage: Stage): boolean {
  for (let at: Stage | null = stage; at; at = at.base.stage) {
    if (at.base.platform !== null && !at.base.platform.includes("$")) return true;
    if (/(?:^|[/:-])(?:amd64|arm64v8|arm32v7)(?:[/-]|$)/.test(at.base.resolved ?? "")) return true;
  }
  return false;
}

/** True where the stage itself looks at the architecture, in whatever way. */
function asks(stage: Stage, model: Model): boolean {
  const last = stage.instructions.at(-1) ?? stage.from;
  const text = model.text.slice(stage.from.span.start, last.span.end);
  return /TARGETARCH|TARGETPLATFORM|BUILDARCH|uname -|print-architecture|apk --print-arch|arch\)|\bARCH\b|\$\(arch|`arch`|HOSTTYPE/.test(
    text,
  );
}

function targetFix(model: Model, call: Call, address: Address): readonly Fix[] {
  const { instruction, stage } = call.run;
  const match = /([-_./])amd64(?=[-_./]|$)/.exec(address.text);
  if (!match || !stage || !canEdit(model, call) || address.text.indexOf("amd64") !== address.text.lastIndexOf("amd64"))
    return [];
  const { word } = address;
  const inner = word.text.indexOf("amd64");
  const { start, end } = wordSpan(call, word);
  if (inner < 0 || word.quoted === "single" || word.quoted === "mixed" || end - start !== word.text.length) return [];
  if (usesCheck(call.run)) return [];
  const at = start + inner;
  return [
    {
      title: "Take the architecture from TARGETARCH",
      applicability: "unsafe",
      reason: "The file has to exist under that name for every architecture you build for.",
      edits: [
        insertBefore(model, instruction, `${keywordLike(stage, "ARG")} TARGETARCH`),
        { span: { start: at, end: at + 5 }, newText: `\${TARGETARCH}` },
      ],
    },
  ];
}

/** A sum that is checked belongs to one file: another architecture's would not fit. The name is also used elsewhere. */
function usesCheck(run: Run): boolean {
  const text = run.scripts.map(({ script }) => script.text).join("\n");
  return /sum\b|--verify|gpg/.test(text) || text.split("amd64").length > 2;
}
