/** A client of any language server over stdio, just enough to take times. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";

export interface Client {
  /** Milliseconds from starting the process to the answer of `initialize`. */
  readonly startMilliseconds: number;
  /** Opens a document; resolves with its first diagnostics. */
  open(uri: string, text: string): Promise<void>;
  /** Changes a document; resolves with the diagnostics of the new version. */
  change(uri: string, change: ContentChange): Promise<void>;
  stop(): void;
}

export interface ContentChange {
  readonly range: { readonly start: Place; readonly end: Place };
  readonly text: string;
}

interface Place {
  readonly line: number;
  readonly character: number;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly params?: { readonly uri?: string; readonly version?: number | null; readonly items?: readonly unknown[] };
}

const patience = 30_000;

/** Starts a server and initializes it. Rejects when it does not answer within half a minute. */
export async function startClient(script: string): Promise<Client> {
  const start = performance.now();
  const child = spawn(process.execPath, [script, "--stdio"], { stdio: ["pipe", "pipe", "ignore"] });
  const versions = new Map<string, number>();
  let waiting: { readonly matches: (message: Message) => boolean; readonly resolve: () => void }[] = [];

  const send = (message: object) => write(child, message);
  const wait = (what: string, matches: (message: Message) => boolean) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${script}: no ${what} within ${patience} ms`)), patience);
      waiting.push({
        matches,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      });
    });
  const diagnosed = (uri: string, version: number) =>
    wait(
      `diagnostics of version ${version}`,
      ({ method, params }) =>
        method === "textDocument/publishDiagnostics" && params?.uri === uri && (params.version ?? version) >= version,
    );

  readMessages(child, (message) => {
    if (message.id !== undefined && message.method !== undefined) {
      const result =
        message.method === "workspace/configuration" ? (message.params?.items ?? []).map(() => null) : null;
      send({ id: message.id, result });
      return;
    }
    waiting = waiting.filter((one) => {
      if (!one.matches(message)) return true;
      one.resolve();
      return false;
    });
  });

  const initialized = wait("answer to initialize", (message) => message.id === 1);
  send({ id: 1, method: "initialize", params: { processId: process.pid, rootUri: null, capabilities: {} } });
  await initialized;
  const startMilliseconds = performance.now() - start;
  send({ method: "initialized", params: {} });

  return {
    startMilliseconds,
    open(uri, text) {
      versions.set(uri, 1);
      const answer = diagnosed(uri, 1);
      send({
        method: "textDocument/didOpen",
        params: { textDocument: { uri, languageId: "dockerfile", version: 1, text } },
      });
      return answer;
    },
    change(uri, change) {
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      const answer = diagnosed(uri, version);
      send({
        method: "textDocument/didChange",
        params: { textDocument: { uri, version }, contentChanges: [change] },
      });
      return answer;
    },
    stop() {
      child.kill();
    },
  };
}

function write(child: ChildProcess, message: object): void {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  child.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function readMessages(child: ChildProcess, handle: (message: Message) => void): void {
  let buffer = Buffer.alloc(0);
  child.stdout?.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = buffer.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(buffer.toString("latin1", 0, head))?.[1]);
      if (buffer.length < head + 4 + length) return;
      const body = buffer.toString("utf8", head + 4, head + 4 + length);
      buffer = buffer.subarray(head + 4 + length);
      handle(JSON.parse(body) as Message);
    }
  });
}
