// A registry of Debian's on the loopback, for projects that pin digests: it stands in for Docker Hub.
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { until } from "./process.mjs";

/** Starts it, empty. `host` is its address with the port; `stop()` ends it. */
export async function startRegistry(workshop) {
  const host = `127.0.0.1:${await freePort()}`;
  const settings = {
    version: "0.1",
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: "/work/registry" } },
    http: { addr: host },
  };
  // JSON is YAML too.
  writeFileSync(path.join(workshop.work, "registry.yml"), JSON.stringify(settings));
  const server = workshop.start(["docker-registry", "serve", "/work/registry.yml"], { stdio: "ignore" });
  const answers = async () => ((await fetch(`http://${host}/v2/`).catch(() => null))?.ok ? true : null);
  await until(answers, "The registry did not start");
  return { host, stop: () => server.kill("SIGTERM") };
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
