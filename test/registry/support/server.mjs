// Debian's docker-registry on loopback, and something in front of it that counts.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import path from "node:path";

/** Starts a registry that keeps its images below a folder. With `login`, only this user is let in. */
export async function startServer(folder, login) {
  mkdirSync(folder, { recursive: true });
  const host = `127.0.0.1:${await freePort()}`;
  const config = {
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: path.join(folder, "storage") } },
    http: { addr: host },
  };
  if (login) {
    const file = path.join(folder, "htpasswd");
    writeFileSync(file, `${login.user}:${bcrypt(login.password)}\n`);
    config.auth = { htpasswd: { realm: "test", path: file } };
  }
  const file = path.join(folder, "config.yml");
  // JSON is YAML, too.
  writeFileSync(file, JSON.stringify(config));
  const child = spawn("docker-registry", ["serve", file], { stdio: "ignore" });
  const base = `http://${host}`;
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`${base}/v2/`).catch(() => null);
    if (answer) return { host, base, stop: () => child.kill() };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill();
  throw new Error("docker-registry does not answer");
}

/** Hands requests on to a registry, and writes down which. */
export async function startCounter(target) {
  const seen = [];
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    const { method, headers, url } = incoming;
    const [hostname, port] = target.split(":");
    const onward = request({ hostname, port, path: url, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { host: `127.0.0.1:${server.address().port}`, seen, stop };
}

// The registry takes no other form of password; Perl comes with Debian, and its crypt knows this one.
function bcrypt(password) {
  const script = 'print crypt($ARGV[0], "\\$2y\\$05\\$abcdefghijklmnopqrstuu")';
  return spawnSync("perl", ["-e", script, password], { encoding: "utf8" }).stdout;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject).listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
