import { type LooseList, readLooseList, writeJsonList } from "../../fixes/json-list";
import { canEditPlaced, type Placed, placedInstructions } from "../../fixes/placed";
import { type Instruction, locate } from "../../model/types";
import { type Aliases, defineRule } from "../../rule";
import type { Span } from "../../text";

export default defineRule({
  id: "invalid-json-form",
  theme: "runtime",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "Arguments look like a JSON list and are none.",
  why: "The builder takes a line for a list only when it is valid JSON: double quotes around every word, commas between them, none at the end, and a doubled backslash in paths of Windows. Otherwise it hands the line with its brackets to the shell, or takes it for the name of a file, without a word.",
  aliases: {
    buildkit: ["JSONArgsRecommended"],
    tally: ["tally/invalid-json-form"],
    kics: ["Not Using Proper Exec Form In CMD And ENTRYPOINT Arguments"],
    sonar: ["S7030"],
    "dockerfile-utils": ["JSON_IN_SINGLE_QUOTES"],
  },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "Single quotes",
      code: "FROM node:26\nUSER node\nCMD [|['node', 'server.js']|]\n",
      fixed: 'FROM node:26\nUSER node\nCMD ["node", "server.js"]\n',
    },
    {
      title: "A comma too many",
      code: 'FROM node:26\nUSER node\nENTRYPOINT [|["node", "server.js",]|]\n',
      fixed: 'FROM node:26\nUSER node\nENTRYPOINT ["node", "server.js"]\n',
    },
    {
      title: "No quotes at all: the folder is called [/data]",
      code: "FROM alpine:3.24\nVOLUME [|[/data]|]\n",
      fixed: 'FROM alpine:3.24\nVOLUME ["/data"]\n',
    },
    {
      title: "A path of Windows",
      code: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nENTRYPOINT [|["C:\\app\\server.exe"]|]\n',
      fixed: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nENTRYPOINT ["C:\\\\app\\\\server.exe"]\n',
    },
    {
      title: "Quotes of a word processor",
      code: "FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --interval=30s CMD [|[“wget”, “-q”, “http://localhost”]|]\n",
      fixed: 'FROM alpine:3.24\nUSER nobody\nHEALTHCHECK --interval=30s CMD ["wget", "-q", "http://localhost"]\n',
    },
    {
      title: "A program and its argument in one word",
      code: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nCMD [|["C:\\Ruby\\bin\\ruby.exe --version"]|]\n',
      fixed: 'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nCMD ["C:\\\\Ruby\\\\bin\\\\ruby.exe", "--version"]\n',
    },
    {
      title: "A line for a shell in one word",
      code: "FROM node:26\nUSER node\nCMD [|['npm ci && npm start']|]\n",
    },
    { title: "A trigger is told, and left as it is", code: "FROM node:26\nONBUILD RUN [|['npm', 'ci']|]\n" },
    {
      title: "A bracket that never closes",
      code: 'FROM node:26\nUSER node\nCMD [|["node", "server.js"|]\n',
      fixed: 'FROM node:26\nUSER node\nCMD ["node", "server.js"]\n',
    },
    {
      title: "Nobody replaces variables in a list",
      code: "FROM node:26\nUSER node\nENV PROGRAM=server\nCMD [|[${PROGRAM}]|]\n",
    },
    { title: "Valid JSON", code: 'FROM node:26\nUSER node\nCMD ["node", "server.js"]\n' },
    { title: "The bracket of a shell", code: 'FROM alpine:3.24\nRUN [ -f /etc/os-release ] && [ "$a" = "b" ]\n' },
    { title: "A pattern for file names", code: "FROM alpine:3.24\nCOPY [abc]*.txt /texts/\n" },
    { title: "SHELL is another rule's", code: "FROM alpine:3.24\nSHELL ['/bin/sh', '-c']\n" },
  ],
  *check({ model }) {
    for (const placed of placedInstructions(
      model,
      "CMD",
      "ENTRYPOINT",
      "RUN",
      "VOLUME",
      "COPY",
      "ADD",
      "HEALTHCHECK",
    )) {
      const found = brokenList(placed.instruction);
      if (!found) continue;
      const { list, span } = found;
      const words = startedWords(placed.instruction, list.items);
      const advice =
        words === list.items ? "Write it as JSON." : "Write it as JSON, with each word in quotes of its own.";
      yield {
        message: `${outcomeOf(placed.instruction)}, since ${reasonOf(list)}. ${advice}`,
        range: span,
        aliases: aliasesOf(placed, list),
        fixes: () =>
          words && canEditPlaced(model, placed) && isPlain(list, model.text.slice(span.start, span.end))
            ? [
                {
                  title: "Write it as JSON",
                  applicability: "unsafe",
                  reason: "What the list says takes effect for the first time: a program then starts without a shell.",
                  edits: [{ span, newText: writeJsonList(words) }],
                },
              ]
            : [],
      };
    }
  },
});

function brokenList(instruction: Instruction): { readonly list: LooseList; readonly span: Span } | null {
  const { parsed, keyword } = instruction;
  if (parsed.json || !parsed.argumentsSpan) return null;
  let text = parsed.body.text.slice(parsed.argumentsFrom);
  let span = locate(instruction, parsed.argumentsSpan);
  if (keyword === "HEALTHCHECK") {
    const [type, first] = parsed.words;
    if (type?.text.toUpperCase() !== "CMD" || !first?.text.startsWith("[")) return null;
    text = text.slice(text.indexOf("[")).trimEnd();
    if (isJson(text)) return null;
    span = { start: locate(instruction, first).start, end: span.end };
  } else if (!parsed.brokenJson) return null;
  const list = readLooseList(text);
  if (!list || list.faults.size === 0) return null;
  // A shell has brackets, too, and names of files may have them: there a list has to look like nothing else.
  if (keyword === "RUN" && (list.items.length < 2 || (list.quoted === 0 && !list.hasComma))) return null;
  if ((keyword === "COPY" || keyword === "ADD") && (list.items.length < 2 || list.quoted < list.items.length))
    return null;
  return { list, span };
}

/**
 * The words of a list for a program that starts: without a shell, nobody takes `npm start` apart. The same words where
 * the program stands alone; null where nobody can tell where it ends.
 */
function startedWords({ keyword }: Instruction, items: readonly string[]): readonly string[] | null {
  const [program = ""] = items;
  if (keyword === "VOLUME" || keyword === "COPY" || keyword === "ADD" || !/\s/.test(program.trim())) return items;
  const words = program.trim().split(/\s+/);
  if (items.length > 1 || /["'`;&|<>()*?]/.test(program)) return null;
  // Folders of Windows may have blanks in their names.
  return program.includes("\\") && !/\.(?:exe|cmd|bat|com|ps1)$/i.test(words[0] ?? "") ? null : words;
}

function isJson(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

/** No program replaces the variables of a JSON list, so that a fix would change what they mean. */
function isPlain({ items }: LooseList, text: string): boolean {
  return !text.includes("\n") && !items.some((item) => item.includes("$"));
}

function outcomeOf({ keyword }: Instruction): string {
  if (keyword === "VOLUME") return "The builder takes this for the name of a folder, brackets included";
  if (keyword === "COPY" || keyword === "ADD") return "The builder takes this for names of files, brackets included";
  return "The builder hands this list to the shell as it stands";
}

function reasonOf({ faults }: LooseList): string {
  if (faults.has("quotes")) return "JSON knows double quotes alone";
  if (faults.has("backslash")) return "JSON wants a backslash doubled";
  if (faults.has("bare")) return "JSON wants every word in double quotes";
  if (faults.has("missing-comma")) return "JSON wants a comma between two words";
  return faults.has("open") ? "its bracket is never closed" : "JSON has no comma behind the last word";
}

function aliasesOf({ instruction, isTrigger }: Placed, { faults }: LooseList): Aliases {
  const isStart = instruction.keyword === "CMD" || instruction.keyword === "ENTRYPOINT";
  return {
    tally: ["tally/invalid-json-form"],
    sonar: ["S7030"],
    ...(isStart && !isTrigger ? { buildkit: ["JSONArgsRecommended"] } : {}),
    ...(isStart ? { kics: ["Not Using Proper Exec Form In CMD And ENTRYPOINT Arguments"] } : {}),
    ...(faults.has("quotes") ? { "dockerfile-utils": ["JSON_IN_SINGLE_QUOTES"] } : {}),
  };
}
