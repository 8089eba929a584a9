/** The ports of Node against the real thing: TLS with an authority of one's own, a proxy, a credential helper. */
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import https from "node:https";
import { type AddressInfo, connect } from "node:net";
import { delimiter, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { processRunner } from "../../server/src/node/process";
import { startFake, wantsToken } from "./fake";
import { always, auth, faultOf, newFolder, ref, registryFor } from "./tools";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const digest = `sha256:${"a".repeat(64)}`;

/** A registry with TLS, and the certificate that it is known by. */
async function startSafe(): Promise<{ host: string; authority: string } | null> {
  const folder = newFolder();
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
  const more = ["-days", "2", "-subj", "/CN=localhost", "-addext", names];
  const options = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...more];
  if (spawnSync("openssl", options).status !== 0) return null;
  const server = https.createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, answer) => {
    answer.writeHead(200, { "docker-content-digest": digest }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `localhost:${(server.address() as AddressInfo).port}`, authority: cert };
}

it("a certificate counts when its authority is named, and not before", async ({ skip }) => {
  const safe = await startSafe();
  if (!safe) return skip("there is no openssl here");
  const settings = { mirrors: new Map([["registry.invalid", [`https://${safe.host}`]]]) };
  const app = ref("registry.invalid/app");
  const trusting = registryFor({ settings, authorities: [safe.authority] });
  expect(await trusting.client.digest(app, "1", always)).toBe(digest);
  const other = registryFor({ settings: { mirrors: new Map() }, authorities: [] });
  expect(await faultOf(other.client.digest(app, "1", always))).toContain("offline: ");
  const careful = registryFor({ settings });
  // The mirror is not trusted, and what is behind it is not there.
  expect(await faultOf(careful.client.digest(app, "1", always))).toContain("offline: ");
});

it("requests go through a proxy, plain ones by their address and safe ones by a tunnel", async ({ skip }) => {
  const safe = await startSafe();
  if (!safe) return skip("there is no openssl here");
  const seen: string[] = [];
  const proxy = createServer((request, answer) => {
    seen.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"]}`);
    answer.writeHead(200, { "docker-content-digest": digest }).end();
  });
  proxy.on("connect", (request, socket) => {
    seen.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"]}`);
    const [, port] = safe.host.split(":");
    const there = connect(Number(port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(there).pipe(socket);
    });
    socket.on("error", () => there.destroy());
    there.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const address = `http://me:words@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = { HTTPS_PROXY: address, HTTP_PROXY: address };
  const plain = registryFor({ env, settings: { insecure: ["plain.invalid"] } });
  expect(await plain.client.digest(ref("plain.invalid/app"), "1", always)).toBe(digest);
  const credentials = `Basic ${auth("me:words").auth}`;
  expect(seen).toContain(`HEAD http://plain.invalid/v2/app/manifests/1 ${credentials}`);

  // The certificate is for localhost, so the name behind the tunnel is not believed: TLS is ours, not the proxy's.
  const tunnelled = registryFor({ env, authorities: [safe.authority] });
  expect(await faultOf(tunnelled.client.digest(ref("safe.invalid/app"), "1", always))).toMatch(
    /^untrusted: The certificate of safe\.invalid is not trusted/,
  );
  expect(seen).toContain(`CONNECT safe.invalid:443 ${credentials}`);
});

it("a helper is run without a shell, and told the host alone", async () => {
  const folder = newFolder();
  const log = join(folder, "asked");
  const helper = join(folder, "docker-credential-test");
  writeFileSync(
    helper,
    `#!/bin/sh\nread server\necho "$1 $server" >> ${log}\necho '{"Username":"me","Secret":"from helper"}'\n`,
  );
  chmodSync(helper, 0o755);
  const before = process.env.PATH;
  process.env.PATH = `${folder}${delimiter}${before}`;
  closing.push(() => {
    process.env.PATH = before;
  });
  const fake = await startFake(wantsToken((header) => header === `Basic ${auth("me:from helper").auth}`));
  fake.push("app", "1");
  const registry = registryFor({ docker: { credsStore: "test" }, processes: processRunner });
  expect(await registry.client.digest(ref(`${fake.host}/app`), "1", always)).toContain("sha256:");
  expect(readFileSync(log, "utf8")).toBe(`get ${fake.host}\n`);
});
