/** The entry script is there, and cannot be started. The context tells its text; its mode nobody tells. */
import { execWords, scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { defineRule } from "../../rule";
import type { Copies } from "./copies";
import { absolutePath, baseName, copiesOf, isPattern } from "./copies";

export default defineRule({
  id: "entrypoint-not-executable",
  theme: "copy",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The copied entry script has no first line that names its interpreter, or Windows line ends.",
  why: "The container does not start: `exec format error` without a `#!` line, `no such file or directory` when that line ends in a carriage return. Both look like a missing file. A script that a RUN of the file mends is left alone, and so is one that a shell is given to read.",
  aliases: {},
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN"],
  fixable: "none",
  examples: [
    {
      title: "No interpreter",
      code: 'FROM alpine:3.24\nCOPY [|entry.sh|] /entry.sh\nENTRYPOINT ["/entry.sh"]\n',
      files: { "entry.sh": 'exec "$@"\n' },
    },
    {
      title: "Windows line ends",
      code: 'FROM alpine:3.24\nCOPY --chmod=755 [|docker/run|] /usr/local/bin/\nENTRYPOINT ["tini", "--", "run"]\nCMD ["app"]\n',
      files: { "docker/run": '#!/bin/sh\r\nexec "$@"\r\n' },
    },
    {
      title: "Mended by a RUN",
      code: "FROM alpine:3.24\nCOPY entry.sh /\nRUN sed -i 's/\\r$//' /entry.sh\nENTRYPOINT [\"/entry.sh\"]\n",
      files: { "entry.sh": "#!/bin/sh\r\n" },
    },
    {
      title: "A shell reads it",
      code: 'FROM alpine:3.24\nCOPY entry.sh /\nENTRYPOINT ["sh", "/entry.sh"]\n',
      files: { "entry.sh": "echo\n" },
    },
    {
      title: "As it should be",
      code: 'FROM alpine:3.24\nCOPY entry.sh /\nENTRYPOINT ["/entry.sh"]\n',
      files: { "entry.sh": "#!/bin/sh\n" },
    },
    {
      title: "A program",
      code: 'FROM alpine:3.24\nCOPY app /app\nENTRYPOINT ["/app"]\n',
      files: { app: "\u007fELF\u0000" },
    },
    { title: "Nobody knows the file", code: 'FROM alpine:3.24\nCOPY entry.sh /\nENTRYPOINT ["/entry.sh"]\n' },
    {
      title: "Not what starts",
      code: 'FROM alpine:3.24\nCOPY lib.sh /\nENTRYPOINT ["/app"]\n',
      files: { "lib.sh": "a=1\n" },
    },
  ],
  *check({ model, facts }) {
    const stage = model.finalStage;
    const start = stage && started(stage);
    if (!stage || !start) return;
    const found = scriptCopied(stage, start);
    if (!found) return;
    const text = facts.file(found.path);
    if (typeof text !== "string" || /\0|^\u007fELF|^MZ/.test(text.slice(0, 1000)) || text.trim() === "") return;
    const fault = faultOf(text);
    if (!fault || isMended(model, stage, found)) return;
    yield {
      message:
        fault === "line ends"
          ? `The first line of ${found.path} ends in a carriage return, so the container cannot find the interpreter. Save the file with Unix line ends.`
          : `${found.path} starts the container, but does not say what runs it. Begin it with #!/bin/sh.`,
      range: found.span,
      related: [{ message: "Started here.", range: start.instruction.keywordSpan }],
    };
  },
});

interface Start {
  readonly instruction: Instruction;
  readonly program: string;
}

/** The program that ENTRYPOINT, or CMD alone, starts, seen through the usual init processes; exec form only. */
function started(stage: Stage): Start | null {
  const chain: Instruction[] = [];
  for (let one: Stage | null = stage; one; one = one.base.stage) chain.unshift(...one.instructions);
  const last = (keyword: string) => chain.filter((instruction) => instruction.keyword === keyword).at(-1);
  const instruction = last("ENTRYPOINT") ?? last("CMD");
  const words = instruction && execWords(instruction);
  if (!instruction || !words) return null;
  const at = /^(?:.*\/)?(?:tini|dumb-init|catatonit)$/.test(words[0] ?? "")
    ? words.findIndex((word, index) => index > 0 && !word.startsWith("-"))
    : 0;
  const program = words[at];
  return program && !program.includes("$") ? { instruction, program } : null;
}

interface Script {
  readonly copies: Copies;
  /** In the build context. */
  readonly path: string;
  readonly span: { readonly start: number; readonly end: number };
}

/** The source that is copied to where the program lies; the last one that is. */
function scriptCopied(stage: Stage, start: Start): Script | null {
  let found: Script | null = null;
  for (let one: Stage | null = stage; one && !found; one = one.base.stage) {
    for (const instruction of one.instructions) {
      if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
      const copies = copiesOf(instruction);
      const target = copies && absolutePath(copies.target.value, instruction);
      if (!copies?.fromContext || !target) continue;
      const isFolder = /(?:^|\/)\.{0,2}\/?$/.test(copies.target.value ?? "") || copies.sources.length > 1;
      for (const { value, span } of copies.sources) {
        if (value === null || isPattern(value)) continue;
        const places = [`${target === "/" ? "" : target}/${baseName(value)}`, ...(isFolder ? [] : [target])];
        if (places.some((place) => isStarted(place, start)))
          found = { copies, path: value.replace(/^(?:\.?\/)+/, ""), span };
      }
    }
  }
  return found;
}

function isStarted(place: string, { program, instruction }: Start): boolean {
  if (program.includes("/")) return absolutePath(program, instruction) === place;
  return baseName(place) === program && /^\/(?:usr\/)?(?:local\/)?s?bin\//.test(place);
}

function faultOf(text: string): "interpreter" | "line ends" | null {
  const [line = ""] = text.replace(/^\uFEFF/, "").split("\n", 1);
  if (!line.startsWith("#!")) return "interpreter";
  return line.endsWith("\r") ? "line ends" : null;
}

/** True when a RUN names the script, or turns line ends. */
function isMended(model: Model, stage: Stage, { path }: Script): boolean {
  const name = baseName(path);
  return model.instructions.some(
    (instruction) =>
      instruction.keyword === "RUN" &&
      (instruction.stage === stage || instruction.stage?.ships === true) &&
      scriptsOf(instruction).some(
        ({ script, commands }) =>
          commands.some((command) => command.name === "dos2unix") ||
          (/\bsed\b|\btr\b|\becho\b|\bprintf\b/.test(script.text) &&
            (script.text.includes(name) || script.text.includes("\\r"))),
      ),
  );
}
