/** `plimsoll verify`, and `plimsoll lint` with a policy about signatures. */
import { sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bundledCatalogue } from "../../server/src/core/catalogue/catalogue";
import { allRules } from "../../server/src/core/rules/index";
import { folderWith, run, type World } from "../cli/terminal";
import { startFake } from "../registry/fake";
import { hurried, portsFor } from "../registry/tools";
import { attachTo } from "./attach";
import { actions, createSigstore, newKeys, payloadOf, workflow } from "./sigstore";

const keys = newKeys();
const pem = keys.publicKey.export({ type: "spki", format: "pem" }).toString();
const stranger = newKeys().publicKey.export({ type: "spki", format: "pem" }).toString();
const sigstore = createSigstore();

function world(more: Partial<World> = {}): World {
  return {
    registry: () => portsFor({ ports: hurried }),
    product: { rules: allRules, catalogue: bundledCatalogue },
    ...more,
  };
}

/** Three images: signed by our key, by an account, by nobody. */
async function setUp() {
  const fake = await startFake();
  const [byKey, byAccount, plain] = ["key", "account", "plain"].map((name) => fake.push(name, "1", { mark: name }));
  const payload = Buffer.from(payloadOf(byKey ?? ""));
  const signature = sign("sha256", payload, keys.privateKey).toString("base64");
  attachTo(fake, "key").tag(byKey ?? "", [
    { payload, annotations: { "dev.cosignproject.cosign/signature": signature } },
  ]);
  const bundle = Buffer.from(JSON.stringify(sigstore.bundle(byAccount ?? "")));
  attachTo(fake, "account").refer(byAccount ?? "", "application/vnd.dev.sigstore.bundle.v0.3+json", bundle);
  return { fake, plain: plain ?? "", byAccount };
}

function policy(host: string): string {
  return `signatures:
  trustRoot: trust/root.json
  required:
    - images: ["${host}/key"]
      keys: [trust/team.pub]
    - images: ["${host}"]
      identities:
        - issuer: ${actions}
          subject: https://github.com/our-team/*
`;
}

const trusted = { "trust/team.pub": pem, "trust/root.json": JSON.stringify(sigstore.root) };

describe("plimsoll verify", () => {
  it("goes by the policy, and finds its files beside it", async () => {
    const { fake } = await setUp();
    const text = `FROM ${fake.host}/key:1 AS a\nFROM ${fake.host}/plain:1\nCOPY --from=${fake.host}/account:1 / /\nCOPY --from=a / /\n`;
    const folder = folderWith({ "app/Dockerfile": text, ".plimsoll.yaml": policy(fake.host), ...trusted });
    const ran = await run(folder, ["verify"], world());
    expect(ran.err).toBe("");
    expect(ran.out).toBe(
      `app/Dockerfile:1 ${fake.host}/key:1 verified: signed by the key team.pub\n` +
        `app/Dockerfile:2 ${fake.host}/plain:1 unsigned: there is no signature, and the policy asks for one\n` +
        `app/Dockerfile:3 ${fake.host}/account:1 verified: signed by ${workflow} (${actions})\n` +
        "Verified 2 of 3 images; 1 unsigned.\n",
    );
    expect(ran.code).toBe(1);
  });

  it("never takes a signature for a good one where no policy says who may sign", async () => {
    const { fake } = await setUp();
    const folder = folderWith({ Dockerfile: `FROM ${fake.host}/key:1\nFROM ${fake.host}/plain:1\n` });
    const ran = await run(folder, ["verify"], world());
    expect(ran.out).toBe(
      `Dockerfile:1 ${fake.host}/key:1 not verified: somebody signed (cosign signature), but no policy says who may\n` +
        `Dockerfile:2 ${fake.host}/plain:1 has no signature, and no policy asks for one\n` +
        "Verified 0 of 2 images; 2 that no policy covers.\n" +
        "No policy says who may sign: list keys or identities under signatures.required in .plimsoll.yaml, or give --key, or --identity and --issuer.\n",
    );
    expect(ran.code).toBe(1);
  });

  it("takes images and options in place of files and policies", async () => {
    const { fake } = await setUp();
    const folder = folderWith({ ...trusted, "other.pub": stranger });
    const verify = (...args: string[]) => run(folder, ["verify", ...args], world());
    const good = await verify(`${fake.host}/key:1`, "--key", "other.pub", "--key", "trust/team.pub");
    expect([good.code, good.err]).toEqual([0, ""]);
    expect(good.out).toContain(`${fake.host}/key:1 verified: signed by the key team.pub\n`);
    const bad = await verify(`${fake.host}/key:1`, "--key", "other.pub");
    expect([bad.code, bad.out.split("\n")[0]]).toEqual([
      1,
      `${fake.host}/key:1 refused (cosign signature): it is by none of the keys that the policy names`,
    ]);
    const account = ["--issuer", actions, "--trust-root", "trust/root.json"];
    expect((await verify(`${fake.host}/account:1`, "--identity", workflow, ...account)).code).toBe(0);
    const wrong = await verify(`${fake.host}/account:1`, "--identity", "mallory@example.com", ...account);
    expect(wrong.out).toContain(`it is signed by ${workflow} (${actions}), whom the policy does not name`);
    expect(wrong.code).toBe(1);
  });

  it("tells programs", async () => {
    const { fake, plain } = await setUp();
    const ran = await run(
      folderWith(trusted),
      ["verify", `${fake.host}/plain:1`, "--key", "trust/team.pub", "--format", "json"],
      world(),
    );
    expect(JSON.parse(ran.out).images).toEqual([
      {
        ...{ path: null, line: null, image: `${fake.host}/plain:1`, digest: plain, state: "unsigned", required: true },
        ...{ signer: null, found: [], reasons: [] },
      },
    ]);
  });

  it("says what it does not know", async () => {
    const { fake } = await setUp();
    const missing = await run(
      folderWith(trusted),
      ["verify", `${fake.host}/key:9`, "--key", "trust/team.pub"],
      world(),
    );
    expect([missing.code, missing.out]).toEqual([
      2,
      `${fake.host}/key:9 is not there: the registry has no such image\nVerified 0 of 1 image; 1 without an answer.\n`,
    ]);
    fake.whim = () => ({ status: 403 });
    const silent = await run(folderWith(trusted), ["verify", `${fake.host}/key:1`, "--key", "trust/team.pub"], world());
    expect(silent.code).toBe(2);
    expect(silent.out).toContain("is not known: the registry gave no answer");
    expect(silent.err).toContain("docker login");
  });

  it.each([
    [["--identity", "x"], "--identity and --issuer belong together"],
    [["--trust-root", "x"], "--trust-root and --predicate go with --key or --identity"],
    [["-"], "does not read stdin"],
    [["nowhere/Dockerfile"], "nowhere/Dockerfile does not exist."],
  ])("%j", async (args, said) => {
    const ran = await run(folderWith({}), ["verify", ...args], world());
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(said)]);
  });
});

describe("plimsoll lint", () => {
  it("reports what a policy asks for, where registries may be asked", async () => {
    const { fake } = await setUp();
    const text = `FROM ${fake.host}/key:1 AS a\nFROM ${fake.host}/plain:1\nCOPY --from=a / /\n`;
    const rules = "extends: []\n";
    const folder = folderWith({ Dockerfile: text, ".plimsoll.yaml": rules + policy(fake.host), ...trusted });
    const lint = async (...args: string[]) => {
      const { out } = await run(folder, ["lint", "--format", "json", ...args], world());
      return JSON.parse(out).files[0].findings.map(
        ({ rule, message }: { rule: string; message: string }) => `${rule}: ${message}`,
      );
    };
    expect(await lint("--online")).toEqual([
      `unsigned-base-image: ${fake.host}/plain:1 has no signature, and the policy asks for one. Take an image that is signed by whom the policy names, or mend the policy.`,
    ]);
    const { length } = fake.requests;
    expect(await lint()).toEqual([]);
    expect(fake.requests).toHaveLength(length);
  });

  it("looks for no signature without a policy", async () => {
    const { fake } = await setUp();
    const folder = folderWith({ Dockerfile: `FROM ${fake.host}/key:1\n` });
    await run(folder, ["lint", "--online"], world());
    expect(fake.requests.filter(({ path }) => /\.sig|referrers/.test(path))).toEqual([]);
  });
});
