// A language server that does nothing: it keeps the text up to date and answers each change with no diagnostics. What an
// edit takes here is the price of the wire, of JSON and of two processes; the rest of a server's time is its own.
const documents = new Map();
let buffer = Buffer.alloc(0);

process.stdin.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  for (;;) {
    const head = buffer.indexOf("\r\n\r\n");
    if (head < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(buffer.toString("latin1", 0, head))?.[1]);
    if (buffer.length < head + 4 + length) return;
    const body = buffer.toString("utf8", head + 4, head + 4 + length);
    buffer = buffer.subarray(head + 4 + length);
    handle(JSON.parse(body));
  }
});

function handle({ id, method, params }) {
  if (method === "initialize") send({ id, result: { capabilities: { textDocumentSync: 2 } } });
  else if (method === "exit") process.exit(0);
  else if (method === "textDocument/didOpen") {
    documents.set(params.textDocument.uri, params.textDocument.text);
    publish(params.textDocument);
  } else if (method === "textDocument/didChange") {
    const { uri } = params.textDocument;
    documents.set(uri, params.contentChanges.reduce(changed, documents.get(uri)));
    publish(params.textDocument);
  } else if (id !== undefined) send({ id, result: null });
}

function changed(text, { range, text: newText }) {
  if (!range) return newText;
  return text.slice(0, offset(text, range.start)) + newText + text.slice(offset(text, range.end));
}

function offset(text, { line, character }) {
  let at = 0;
  for (let i = 0; i < line; i++) at = text.indexOf("\n", at) + 1;
  return at + character;
}

function publish({ uri, version }) {
  send({ method: "textDocument/publishDiagnostics", params: { uri, version, diagnostics: [] } });
}

function send(message) {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  process.stdout.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
