// A reverse proxy in front of VS Code's server which makes the workbench load an extension and its tests in the web
// worker's extension host. VS Code takes that only from the page's own configuration, so the page is rewritten on its
// way, and the extension's files are served from the same origin.
import { readFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import path from "node:path";

const mediaTypes = { ".js": "text/javascript", ".cjs": "text/javascript", ".json": "application/json" };

/**
 * Listens on a free port of the loopback. `folders` maps paths to folders on disk, the first that fits counts;
 * `extension` and `tests` are paths served so. VS Code finds the extension host for the tests by the extension whose
 * path they are below, so `tests` must be below `extension`. Resolves to `{ port, stop }`.
 */
export async function startWebProxy({ upstream, folders, extension, tests }) {
  const server = http.createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const sockets = new Set();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (request, socket, head) => tunnel(request, socket, head, upstream));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();

  async function answer(request, response) {
    const wanted = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    for (const [served, folder] of Object.entries(folders)) {
      if (wanted.startsWith(`${served}/`)) return serveFile(response, folder, wanted.slice(served.length + 1));
    }
    forward(request, response, wanted === "/" ? rewritePage : null);
  }

  function forward(request, response, rewrite) {
    const headers = { ...request.headers };
    if (rewrite) delete headers["accept-encoding"];
    const options = { host: "127.0.0.1", port: upstream, path: request.url, method: request.method, headers };
    const onward = http.request(options, async (reply) => {
      if (!rewrite || reply.statusCode !== 200) {
        response.writeHead(reply.statusCode, reply.headers);
        reply.pipe(response);
        return;
      }
      const chunks = [];
      for await (const chunk of reply) chunks.push(chunk);
      const { "content-length": _, "transfer-encoding": __, etag: ___, ...kept } = reply.headers;
      response.writeHead(200, kept);
      response.end(rewrite(Buffer.concat(chunks).toString()));
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }

  function rewritePage(page) {
    const address = (where) => ({ scheme: "http", authority: `127.0.0.1:${port}`, path: where });
    const configuration = /(id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/;
    return page.replace(configuration, (_, before, escaped) => {
      const settings = JSON.parse(escaped.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
      settings.developmentOptions = {
        ...settings.developmentOptions,
        extensions: [address(extension)],
        extensionTestsPath: address(tests),
      };
      return `${before}${JSON.stringify(settings).replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;
    });
  }

  const stop = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { port, stop };
}

async function serveFile(response, folder, name) {
  const file = path.join(folder, name);
  try {
    if (!file.startsWith(`${folder}${path.sep}`)) throw new Error("outside");
    const content = await readFile(file);
    response.writeHead(200, { "content-type": mediaTypes[path.extname(file)] ?? "application/octet-stream" });
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}

/** Pipes a websocket through byte by byte, with the head of its request written out again. */
function tunnel(request, socket, head, upstream) {
  const onward = net.connect(upstream, "127.0.0.1", () => {
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
    }
    onward.write(`${lines.join("\r\n")}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
  });
  onward.on("error", () => socket.destroy());
  onward.on("close", () => socket.destroy());
  socket.on("error", () => onward.destroy());
  socket.on("close", () => onward.destroy());
}
