import { afterEach, expect, test } from "vitest";
import type {
  CodeLens,
  CompletionItem,
  CompletionList,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  MarkupContent,
  Range,
  SelectionRange,
  SemanticTokens,
  SemanticTokensDelta,
  SignatureHelp,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from "vscode-languageserver/node";
import { exampleCatalogue } from "../../server/src/core/catalogue/examples";
import type { StagesResult } from "../../server/src/lsp/protocol";
import { nodeClock } from "../../server/src/node/start-server";
import { type Client, type ClientOptions, editedTexts, startClient } from "./client";

let client: Client;
const start = async (options: ClientOptions = {}): Promise<Client> => {
  client = await startClient({ catalogue: exampleCatalogue(), ...options });
  return client;
};
afterEach(() => client.dispose());

const uri = "file:///work/Dockerfile";
const ask = <T>(method: string, rest: object = {}): Promise<T> =>
  client.connection.sendRequest<T>(`textDocument/${method}`, { textDocument: { uri }, ...rest });
const at = (line: number, character: number) => ({ position: { line, character } });
const shown = ({ start: from, end }: Range): string =>
  `${from.line}:${from.character}-${end.line === from.line ? "" : `${end.line}:`}${end.character}`;

const file = `FROM node:26 AS build
RUN true \\
 && false
FROM scratch
COPY --from=build /a /b
`;

test("outline and folds", async () => {
  await start();
  await client.open(uri, file);
  const symbols = await ask<DocumentSymbol[]>("documentSymbol");
  expect(symbols.map((symbol) => [symbol.name, symbol.detail, symbol.children?.map((child) => child.name)])).toEqual([
    ["build", "node:26", ["RUN true && false"]],
    ["stage 1", "scratch", ["COPY --from=build /a /b"]],
  ]);
  const folds = await ask<FoldingRange[]>("foldingRange");
  expect(folds.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
    [0, 2],
    [1, 2],
    [3, 4],
  ]);
});

test("definition, references, highlights, renaming", async () => {
  await start();
  await client.open(uri, file);
  const definition = await ask<Location>("definition", at(4, 14));
  expect(shown(definition.range)).toBe("0:16-21");
  const references = await ask<Location[]>("references", { ...at(0, 16), context: { includeDeclaration: false } });
  expect(references.map(({ range }) => shown(range))).toEqual(["4:12-17"]);
  const highlights = await ask<{ range: Range; kind: number }[]>("documentHighlight", at(0, 18));
  expect(highlights.map(({ range, kind }) => `${shown(range)} ${kind}`)).toEqual(["0:16-21 3", "4:12-17 2"]);
  expect(await ask("prepareRename", at(4, 13))).toMatchObject({ placeholder: "build" });
  const edit = await ask<WorkspaceEdit>("rename", { ...at(4, 13), newName: "deps" });
  expect(editedTexts(edit, (one) => client.textOf(one)).get(uri)).toBe(file.replaceAll("build", "deps"));
  await expect(ask("rename", { ...at(4, 13), newName: "no name" })).rejects.toThrow("A stage is named");
  expect(await ask("prepareRename", at(0, 1))).toBeNull();
});

test("a feature sees the text as it is now, and builds no second model", async () => {
  await start({ options: { pull: true } });
  await client.open(uri, file);
  await ask("foldingRange");
  const parsed = client.session.parsedBlocks(uri);
  await client.edit(uri, 16, 21, "deps");
  const symbols = await ask<DocumentSymbol[]>("documentSymbol");
  expect(symbols[0]?.name).toBe("deps");
  expect(client.session.parsedBlocks(uri)).toBe(parsed + 1);
  const model = await client.session.model(uri);
  expect((await client.session.current(uri))?.checked?.model).toBe(model);
  expect(await client.session.model(uri)).toBe(model);
});

test("semantic tokens come whole, in part and as a difference", async () => {
  await start();
  await client.open(uri, file);
  const first = await ask<SemanticTokens>("semanticTokens/full");
  expect(first.data.length % 5).toBe(0);
  const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 4 } };
  expect((await ask<SemanticTokens>("semanticTokens/range", { range })).data.slice(0, 3)).toEqual([3, 0, 4]);
  await client.edit(uri, 5, 12, "alpine");
  const delta = await ask<SemanticTokensDelta>("semanticTokens/full/delta", { previousResultId: first.resultId });
  expect(delta.edits).toHaveLength(1);
  const data = [...first.data];
  for (const edit of delta.edits) data.splice(edit.start, edit.deleteCount, ...(edit.data ?? []));
  expect(data).toEqual((await ask<SemanticTokens>("semanticTokens/full")).data);
  const unknown = await ask<SemanticTokens>("semanticTokens/full/delta", { previousResultId: "nobody's" });
  expect(unknown.data).toEqual(data);
});

test("completion looks into the build context and describes images", async () => {
  await start({
    folders: ["file:///work"],
    files: new Map([
      ["file:///work/package.json", ""],
      ["file:///work/src/a.ts", ""],
    ]),
  });
  await client.open(uri, "FROM node:\nCOPY \n");
  const files = await ask<CompletionList>("completion", at(1, 5));
  expect(files.items.slice(0, 2).map((item) => item.label)).toEqual(["package.json", "src/"]);
  const tags = await ask<CompletionList>("completion", at(0, 10));
  expect(tags.items[0]?.textEdit).toMatchObject({ range: { start: { character: 10 }, end: { character: 10 } } });
  const item = await client.connection.sendRequest<CompletionItem>("completionItem/resolve", tags.items[0]);
  expect(item.documentation).toContain("node:");
});

test("nothing is answered for a document that is switched off or unknown", async () => {
  await start({ options: { settings: { enable: false } } });
  await client.open(uri, file);
  expect(await ask("documentSymbol")).toBeNull();
  expect(await ask("completion", at(0, 0))).toBeNull();
  expect(await ask("semanticTokens/full")).toEqual({ data: [] });
});

test("hover explains the language behind what was found", async () => {
  await start();
  await client.open(uri, "FROM scratch\nrun true\nARG X=1\n");
  const hover = await ask<Hover>("hover", at(1, 1));
  expect((hover.contents as MarkupContent).value).toMatch(/Because the test says so\.[\s\S]*---[\s\S]*Runs commands/);
  const variable = await ask<Hover>("hover", at(2, 4));
  expect((variable.contents as MarkupContent).value).toContain("`X` = `1`");
});

test("signatures, links to files that are there, selections", async () => {
  await start({ files: new Map([["file:///work/a b.txt", ""]]) });
  await client.open(uri, 'FROM node:26\nCOPY ["a b.txt", "gone.txt", "/"]\n');
  const help = await ask<SignatureHelp>("signatureHelp", at(0, 6));
  expect(help).toMatchObject({ activeSignature: 0, activeParameter: 0 });
  const links = await ask<DocumentLink[]>("documentLink");
  expect(links.map((link) => link.target)).toEqual(["https://hub.docker.com/_/node", "file:///work/a%20b.txt"]);
  const [selection] = await ask<SelectionRange[]>("selectionRange", { positions: [{ line: 0, character: 6 }] });
  expect(selection?.range).toEqual({ start: { line: 0, character: 5 }, end: { line: 0, character: 12 } });
  expect(selection?.parent?.range.start).toEqual({ line: 0, character: 0 });
});

test("hints are on, lenses off, and settings turn both", async () => {
  let section: object = {};
  await start({ settings: () => section, options: { ownCommands: true } });
  await client.open(uri, "ARG V=26\nFROM node:$V AS a\nFROM a\n");
  const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  const hints = await ask<InlayHint[]>("inlayHint", { range });
  expect(hints.map((hint) => hint.label)).toEqual(["= node:26 · ~409 MB", "runs as root"]);
  expect(await ask("codeLens")).toBeNull();
  section = {
    inlayHints: { resolvedImage: false, imageSize: false, effectiveUser: false },
    codeLens: { references: true, stages: true },
  };
  await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
  await expect.poll(() => ask("inlayHint", { range })).toBeNull();
  const lenses = await ask<CodeLens[]>("codeLens");
  expect(lenses.map(({ command }) => [command?.title, command?.command])).toEqual([
    ["2 stages, the last one ships", "plimsoll.showStages"],
    ["1 use", "plimsoll.showReferences"],
  ]);
});

test("any client may ask for the stages, as data and as a picture", async () => {
  await start();
  await client.open(uri, file);
  const stages = (styled?: boolean) =>
    client.connection.sendRequest<StagesResult | null>("plimsoll/stages", { uri, styled });
  const result = await stages();
  expect(result?.nodes.map(({ label, role, range }) => `${label}: ${role} ${shown(range)}`)).toEqual([
    "build: needed 0:0-21",
    "stage 1: ships 3:0-12",
    "node:26: needed 0:5-12",
  ]);
  expect(result?.arrows.map(({ from, to, kind, taken, range }) => [from, to, kind, taken, shown(range)])).toEqual([
    [2, 0, "base", [], "0:5-12"],
    [0, 1, "copy", ["/a → /b"], "4:12-17"],
  ]);
  expect(result?.svg).toContain("<style>");
  expect((await stages(false))?.svg).not.toContain("<style>");
  expect(await client.connection.sendRequest("plimsoll/stages", { uri: "file:///work/other" })).toBeNull();
});

test("stages of the workspace are found by name, open or not", async () => {
  await start({
    folders: ["file:///work"],
    files: new Map([
      ["file:///work/Dockerfile", "FROM a AS old\n"],
      ["file:///work/api/Dockerfile", "FROM a AS api-build\n"],
      ["file:///work/Dockerfile.go", "FROM a AS no-dockerfile\n"],
    ]),
  });
  await client.open(uri, "FROM a AS build\n");
  const found = (query: string) => client.connection.sendRequest<SymbolInformation[]>("workspace/symbol", { query });
  expect((await found("bld")).map(({ name, location }) => `${name} ${location.uri}`)).toEqual([
    "build file:///work/Dockerfile",
    "api-build file:///work/api/Dockerfile",
  ]);
  expect(await found("old")).toEqual([]);
});

test("formatting heeds the file's own indentation, .editorconfig and the configuration", async () => {
  const files = new Map<string, string>();
  let now = 0;
  await start({ folders: ["file:///work"], files, clock: { ...nodeClock, now: () => now } });
  const options = { tabSize: 8, insertSpaces: true };
  const formatted = async (): Promise<string | undefined> => {
    const edits = await ask<TextEdit[]>("formatting", { options });
    return editedTexts({ changes: { [uri]: edits } }, (one) => client.textOf(one)).get(uri);
  };
  const text = "FROM   a\nRUN b \\\n   c\n";
  await client.open(uri, text);
  expect(await formatted()).toBe("FROM a\nRUN b \\\n   c\n");
  files.set("file:///work/.editorconfig", "[*]\nindent_size = 2\n");
  now += 2001;
  expect(await formatted()).toBe("FROM a\nRUN b \\\n  c\n");
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } };
  const edits = await ask<TextEdit[]>("rangeFormatting", { options, range });
  expect(edits.every((edit) => edit.range.start.line > 0)).toBe(true);
  await client.edit(uri, text.length, text.length, "RUN d \\\n");
  const typed = await ask<TextEdit[]>("onTypeFormatting", { options, ch: "\n", ...at(4, 0) });
  expect(typed.map((edit) => edit.newText)).toEqual(["  "]);
});

test("our own client is told of formatting and colours for Dockerfiles alone", async () => {
  await start({ options: { ownCommands: true } });
  expect(client.initialized.capabilities.documentFormattingProvider).toBeUndefined();
  expect(client.initialized.capabilities.semanticTokensProvider).toBeUndefined();
  await expect.poll(() => client.registered.map(({ method }) => method)).toContain("textDocument/semanticTokens");
  for (const { method, registerOptions } of client.registered) {
    if (method.startsWith("textDocument/")) {
      expect(registerOptions).toMatchObject({ documentSelector: [{ language: "dockerfile" }] });
    }
  }
  client.dispose();
  await start();
  expect(client.initialized.capabilities.documentFormattingProvider).toBe(true);
  expect(client.registered).toEqual([]);
});
