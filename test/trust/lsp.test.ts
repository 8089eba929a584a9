/** Signatures and scans in the editor: by the way where the settings want it, a scanner only when the user says so. */
import { sign } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { allRules, bundledCatalogue } from "../../server/src/core/index";
import { processRunner } from "../../server/src/node/process";
import { createSignatureVerifier } from "../../server/src/trust/verifier";
import { type Client, type ClientOptions, startClient } from "../lsp/client";
import { type FakeRegistry, startFake } from "../registry/fake";
import { hurried, portsFor } from "../registry/tools";
import { trivyArgs, trivyReport } from "../scan/reports";
import { install } from "../scan/stand-ins";
import { attachTo } from "./attach";
import { newKeys, payloadOf } from "./sigstore";

const folder = "file:///work";
const uri = `${folder}/Dockerfile`;
const keys = newKeys();
const pem = keys.publicKey.export({ type: "spki", format: "pem" }).toString();

let client: Client;
afterEach(() => client?.dispose());

async function start(setup: Partial<ClientOptions> = {}): Promise<void> {
  client = await startClient({
    rules: allRules,
    catalogue: bundledCatalogue(),
    folders: [folder],
    registry: () => portsFor({ ports: hurried }),
    verifier: createSignatureVerifier(async (path) => (path === "/work/team.pub" ? pem : null)),
    ...setup,
  });
}

async function until<T>(look: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 500; tries++) {
    const value = await look();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("it never came to pass");
}

const hover = async (character = 8): Promise<string> => {
  const answer = await client.connection.sendRequest<{ contents: { value: string } | string } | null>(
    "textDocument/hover",
    { textDocument: { uri }, position: { line: 0, character } },
  );
  return JSON.stringify(answer?.contents ?? "");
};
const messages = () => (client.published.at(-1)?.diagnostics ?? []).map(({ code, message }) => `${code}: ${message}`);

function signedImage(fake: FakeRegistry): void {
  const digest = fake.push("app", "1");
  const payload = Buffer.from(payloadOf(digest));
  const signature = sign("sha256", payload, keys.privateKey).toString("base64");
  attachTo(fake, "app").tag(digest, [{ payload, annotations: { "dev.cosignproject.cosign/signature": signature } }]);
}

const online = { registry: { online: true } };
const policy = 'registry: { online: true }\nsignatures: { required: [{ images: ["*"], keys: [team.pub] }] }\n';
const configured = new Map([[`${folder}/.plimsoll.yaml`, policy]]);

describe("signatures", () => {
  it("the card names them, and calls none verified without a policy", async () => {
    const fake = await startFake();
    signedImage(fake);
    await start({ options: { settings: online } });
    await client.open(uri, `FROM ${fake.host}/app:1\n`);
    const said = await until(
      () => hover(),
      (text) => text.includes("signed"),
    );
    expect(said).toContain("Somebody signed it (cosign signature); no policy says who may, so that it shows nothing");
    expect(said).not.toContain("verified");
  });

  it("a policy of a trusted workspace decides: verified, and not signed", async () => {
    const fake = await startFake();
    signedImage(fake);
    fake.push("plain", "1", { mark: "plain" });
    await start({ files: configured, options: { trusted: true } });
    await client.open(uri, `FROM ${fake.host}/app:1\nCOPY --from=${fake.host}/plain:1 / /\n`);
    await until(messages, (all) => all.some((one) => one.startsWith("unsigned-base-image")));
    expect(messages().filter((one) => one.startsWith("unsigned-base-image"))).toEqual([
      `unsigned-base-image: ${fake.host}/plain:1 has no signature, and the policy asks for one. Take an image that is signed by whom the policy names, or mend the policy.`,
    ]);
    expect(await hover()).toContain("Signature verified: signed by `the key team.pub`");
  });

  it("a workspace that is not trusted cannot say who may sign, although its user lets registries be asked", async () => {
    const fake = await startFake();
    signedImage(fake);
    await start({ files: configured, options: { settings: online } });
    await client.open(uri, `FROM ${fake.host}/app:1\n`);
    const said = await until(
      () => hover(),
      (text) => text.includes("signed"),
    );
    expect(said).toContain("no policy says who may");
  });

  it.each<[string, Partial<ClientOptions>]>([
    ["offline", { options: { trusted: true } }],
    ["where the workspace is not trusted", { files: configured }],
  ])("nothing is asked %s", async (_, setup) => {
    const fake = await startFake();
    signedImage(fake);
    await start(setup);
    await client.open(uri, `FROM ${fake.host}/app:1\n`);
    await hover();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await hover()).not.toContain("igned");
    expect(fake.requests).toEqual([]);
  });
});

describe("scanning", () => {
  const report = trivyReport(["CVE-2026-1", "CRITICAL", "openssl", "3.0.1", "3.0.2"]);
  const scan = () =>
    client.connection.sendRequest<string | null>("workspace/executeCommand", {
      command: "plimsoll.scanFile",
      arguments: [uri],
    });

  const page = () => client.connection.sendRequest<string | null>("plimsoll/scanReport", { uri });

  it("runs when the user says so, and puts what it found on the line of FROM", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1");
    const { runs } = install({ trivy: [{ args: [...trivyArgs, `${fake.host}/app@${digest}`], out: report }] });
    await start({ processes: processRunner, options: { trusted: true } });
    await client.open(uri, `FROM ${fake.host}/app:1\nUSER 1000\n`);
    expect(runs()).toEqual([]);
    expect(await scan()).toBe("Scanned 1 image: 1 critical.");
    await until(messages, (all) => all.some((one) => one.includes("CVE-2026-1 in openssl 3.0.1, mended in 3.0.2")));
    expect(await hover()).toContain("CVE-2026-1, critical: `openssl 3.0.1`, mended in `3.0.2`");
    expect(client.messages).toEqual(["Scanned 1 image: 1 critical."]);
    expect(await page()).toContain("| CVE-2026-1 | critical | openssl | 3.0.1 | 3.0.2 |");
  });

  it("runs nothing in a workspace that is not trusted", async () => {
    const fake = await startFake();
    fake.push("app", "1");
    const { runs } = install({ trivy: [] });
    await start({ processes: processRunner });
    await client.open(uri, `FROM ${fake.host}/app:1\n`);
    expect(await scan()).toContain("only in workspaces that you trust");
    expect([runs(), fake.requests]).toEqual([[], []]);
    expect(await page()).toBeNull();
  });

  it("says that there is no scanner, and why one failed", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1");
    install({});
    await start({ processes: processRunner, options: { trusted: true } });
    await client.open(uri, `FROM ${fake.host}/app:1\n`);
    expect(await scan()).toContain(
      "No scanner is installed: Plimsoll runs trivy, grype, osv-scanner, and brings none.",
    );
    install({
      grype: [{ args: [`registry:${fake.host}/app@${digest}`, "--output", "json"], code: 1, err: "no disk\n" }],
    });
    expect(await scan()).toBe("grype failed (exit code 1): no disk");
  });

  it("is no command where there are no programs", async () => {
    await start({ options: { trusted: true } });
    await client.open(uri, "FROM node:24\n");
    expect(await scan()).toBeNull();
  });
});
