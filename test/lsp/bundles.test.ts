/** The two servers as they ship, bundled on the spot: one in a bare JavaScript context, one in a process of its own. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { type BuildOptions, build } from "esbuild";
import { expect, test } from "vitest";
import type { PublishDiagnosticsParams } from "vscode-languageserver/node";
import { StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";

const root = join(__dirname, "../..");

async function bundle(options: BuildOptions): Promise<string> {
  const made = await build({
    absWorkingDir: root,
    bundle: true,
    write: false,
    mainFields: ["module", "main"],
    logLevel: "silent",
    ...options,
  });
  return made.outputFiles?.[0]?.text ?? "";
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

const greeting = [
  { jsonrpc: "2.0", id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } },
  { jsonrpc: "2.0", method: "initialized", params: {} },
  {
    jsonrpc: "2.0",
    method: "textDocument/didOpen",
    params: {
      textDocument: { uri: "untitled:a", languageId: "dockerfile", version: 1, text: "\ufeffFROM node:latest\n" },
    },
  },
];

test("the worker runs without anything of Node", async () => {
  const code = await bundle({
    entryPoints: ["server/src/browser/worker.ts"],
    format: "iife",
    platform: "browser",
    target: "es2022",
  });
  const sent: Message[] = [];
  const self: { onmessage: ((event: { data: unknown }) => void) | null; [name: string]: unknown } = {
    onmessage: null,
    addEventListener: () => undefined,
    postMessage: (message: Message) => void sent.push(message),
  };
  // What every worker has, and no more: no process, no Buffer, no require.
  const { performance, setTimeout, clearTimeout, MessageChannel, TextDecoder, TextEncoder, queueMicrotask } =
    globalThis;
  const context = {
    performance,
    setTimeout,
    clearTimeout,
    MessageChannel,
    TextDecoder,
    TextEncoder,
    queueMicrotask,
    self,
  };
  runInContext(code, createContext({ ...context, console: {} }));
  for (const data of greeting) self.onmessage?.({ data });
  await expect
    .poll(() => sent.find((message) => message.id === 1)?.result)
    .toMatchObject({
      serverInfo: { name: "plimsoll" },
    });
  await expect
    .poll(() => sent.find((message) => message.method === "textDocument/publishDiagnostics")?.params)
    .toMatchObject({ uri: "untitled:a", version: 1 });
});

test("any client may start the server and talk over its standard streams", async () => {
  const code = await bundle({
    entryPoints: ["server/src/node/server.ts"],
    format: "cjs",
    platform: "node",
    target: "node20",
  });
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-server-"));
  const file = join(folder, "server.js");
  writeFileSync(file, code);
  for (const transport of [["--stdio"], []]) {
    const server = spawn(process.execPath, [file, ...transport], { stdio: ["pipe", "pipe", "pipe"] });
    const errors: string[] = [];
    server.stderr.on("data", (data) => errors.push(String(data)));
    const writer = new StreamMessageWriter(server.stdin);
    const published = new Promise<PublishDiagnosticsParams>((resolve) => {
      new StreamMessageReader(server.stdout).listen((message) => {
        const { method, params } = message as Message;
        if (method === "textDocument/publishDiagnostics") resolve(params as PublishDiagnosticsParams);
      });
    });
    for (const message of greeting) await writer.write(message);
    expect(await published).toMatchObject({ uri: "untitled:a", version: 1 });
    const ended = new Promise((resolve) => server.once("exit", resolve));
    await writer.write({ jsonrpc: "2.0", id: 2, method: "shutdown" } as never);
    await writer.write({ jsonrpc: "2.0", method: "exit" } as never);
    expect(await ended).toBe(0);
    expect(errors).toEqual([]);
  }
  rmSync(folder, { recursive: true });
});
