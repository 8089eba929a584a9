import { describe, expect, it } from "vitest";
import type { RegistryPorts } from "../../server/src/registry/ports";
import { type Reply, startFake, times, wantsToken } from "./fake";
import { always, auth, faultOf, hurried, newFolder, ref, registryFor } from "./tools";

describe("what a registry says", () => {
  it("the digest of the index, by one HEAD that accepts all kinds", async () => {
    const fake = await startFake();
    const digest = fake.push("lib/app", "1.2");
    const { client } = registryFor();
    expect(await client.digest(ref(`${fake.host}/lib/app`), "1.2", always)).toBe(digest);
    expect(fake.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /v2/",
      "HEAD /v2/lib/app/manifests/1.2",
    ]);
    expect(fake.requests[1]?.accept).toContain("image.index");
    expect(fake.requests[1]?.accept).toContain("manifest.list");
  });

  it("the digest of the bytes where the header is missing", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1");
    fake.whim = ({ method }) => (method === "HEAD" ? { status: 200 } : null);
    expect(await registryFor().client.digest(ref(`${fake.host}/app`), "1", always)).toBe(digest);
  });

  it("all tags, page after page", async () => {
    const fake = await startFake();
    const tags = ["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "2.0"];
    for (const tag of tags) fake.push("app", tag);
    expect(await registryFor().client.tags(ref(`${fake.host}/app`), always)).toEqual(tags);
    expect(fake.count("GET", /tags\/list/)).toBe(3);
  });

  it("an image: platforms, user, size, day", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1", { user: "1000", layerSize: 4321 });
    const answer = await registryFor().image(ref(`${fake.host}/app`), "1", 0, always);
    expect(answer.ok && answer.value).toEqual({
      digest,
      manifests: [expect.stringMatching(/^sha256:/), expect.stringMatching(/^sha256:/)],
      platforms: ["linux/amd64", "linux/arm64/v8"],
      platform: "linux/amd64",
      user: "1000",
      hasEntrypoint: false,
      size: 4321,
      created: "2026-08-21",
    });
  });

  it("an image without an index", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1", { index: false, platforms: ["linux/s390x"] });
    const answer = await registryFor().image(ref(`${fake.host}/app`), digest, 0, always);
    expect(answer.ok && answer.value).toMatchObject({ digest, platforms: ["linux/s390x"] });
  });

  it("referrers by the tag fallback where there is no such question, and none at all", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1");
    const { client } = registryFor();
    expect(await client.referrers(ref(`${fake.host}/app`), digest, always)).toEqual([]);
    fake.push("app", digest.replace(":", "-"));
    expect(await client.referrers(ref(`${fake.host}/app`), digest, always)).toHaveLength(2);
  });

  it("that there is no such tag is an answer", async () => {
    const fake = await startFake();
    expect(await registryFor().digest(ref(`${fake.host}/app`), "none", 0, always)).toMatchObject({ value: null });
  });
});

describe("who asks", () => {
  it("a token is fetched once for a repository, and one HEAD is sent", async () => {
    const fake = await startFake(wantsToken());
    for (const tag of ["1", "2"]) fake.push("app", tag);
    const { client } = registryFor();
    const app = ref(`${fake.host}/app`);
    await Promise.all([client.digest(app, "1", always), client.digest(app, "2", always)]);
    expect(fake.count("GET", /^\/v2\/$/)).toBe(1);
    expect(fake.count("GET", /^\/token/)).toBe(1);
    expect(fake.count("HEAD", /manifests/)).toBe(2);
    expect(fake.requests.every(({ authorization }) => !authorization?.startsWith("Basic"))).toBe(true);
  });

  it("Docker's credentials go to the token service", async () => {
    const fake = await startFake(wantsToken((header) => header === `Basic ${auth("me:pass:word").auth}`));
    fake.push("app", "1");
    const app = ref(`${fake.host}/app`);
    const { client } = registryFor({ docker: { auths: { [fake.host]: auth("me:pass:word") } } });
    expect(await client.digest(app, "1", always)).toContain("sha256:");
    expect(await faultOf(registryFor().client.digest(app, "1", always))).toContain("auth: ");
  });

  it("an identity token is traded in", async () => {
    const fake = await startFake(wantsToken((_, body) => body.includes("refresh_token=secret-one")));
    fake.push("app", "1");
    const { client } = registryFor({ docker: { auths: { [fake.host]: { identitytoken: "secret-one" } } } });
    expect(await client.digest(ref(`${fake.host}/app`), "1", always)).toContain("sha256:");
    expect(fake.count("POST", /^\/token/)).toBe(1);
  });

  it("basic authentication", async () => {
    const fake = await startFake(({ authorization }) =>
      authorization === `Basic ${auth("me:words").auth}`
        ? null
        : { status: 401, headers: { "www-authenticate": 'Basic realm="here"' } },
    );
    fake.push("app", "1");
    const app = ref(`${fake.host}/app`);
    const { client } = registryFor({ docker: { auths: { [`https://${fake.host}/v2/`]: auth("me:words") } } });
    expect(await client.digest(app, "1", always)).toContain("sha256:");
    const said = await faultOf(
      registryFor({ docker: { auths: { [fake.host]: auth("me:wrong") } } }).client.digest(app, "1", always),
    );
    expect(said).toContain("auth: ");
    expect(said).not.toContain("wrong");
    // Nobody tries the same words for ever.
    expect(fake.requests.length).toBeLessThan(8);
  });

  it("a registry that wants to know only for a repository is told then", async () => {
    const inner = wantsToken();
    const fake = await startFake((request, base) => (request.path === "/v2/" ? null : inner(request, base)));
    fake.push("app", "1");
    expect(await registryFor().client.digest(ref(`${fake.host}/app`), "1", always)).toContain("sha256:");
  });

  it("a greeting that names the scope of another image misleads nobody", async () => {
    const inner = wantsToken();
    const fake = await startFake((request, base) => {
      const said = inner(request, base) as Reply | null;
      if (said?.status !== 401) return said;
      // As ghcr.io does it.
      const challenge = `Bearer realm="${base}/token",service="fake",scope="repository:user/image:pull"`;
      return request.path === "/v2/" ? { ...said, headers: { "www-authenticate": challenge } } : { status: 403 };
    });
    const digest = fake.push("app", "1");
    expect(await registryFor().client.digest(ref(`${fake.host}/app`), "1", always)).toBe(digest);
    expect(fake.requests).toHaveLength(3);
  });

  it("a token that has run out is fetched anew", async () => {
    const fake = await startFake(wantsToken());
    fake.push("app", "1");
    let now = 1_000_000_000_000;
    const { client } = registryFor({ ports: { now: () => now } });
    const app = ref(`${fake.host}/app`);
    await client.digest(app, "1", always);
    now += 301_000;
    await client.digest(app, "1", always);
    expect(fake.count("GET", /^\/token/)).toBe(2);
    expect(fake.count("HEAD", /manifests/)).toBe(2);
  });
});

describe("whom not to trust", () => {
  it.each([
    "http://registry.invalid/token",
    "http://169.254.169.254/token",
    "ftp://127.0.0.1/",
    "nonsense",
    "https://a:b@example.com/",
  ])("a token realm %s is not asked", async (realm) => {
    const challenge = { status: 401, headers: { "www-authenticate": `Bearer realm="${realm}"` } };
    const fake = await startFake(() => challenge);
    const { client } = registryFor({ docker: { auths: { [fake.host]: auth("me:secret-word") } } });
    const said = await faultOf(client.digest(ref(`${fake.host}/app`), "1", always));
    expect(said).toMatch(/^untrusted: .* was not asked\.$/);
  });

  it("credentials are not sent without TLS, whoever lists the host", async () => {
    const seen: (string | null)[] = [];
    const http: RegistryPorts["http"] = async ({ headers }) => {
      seen.push(headers.authorization ?? null);
      const challenge = 'Bearer realm="http://plain.example/token"';
      return {
        status: 401,
        header: (name) => (name === "www-authenticate" ? challenge : null),
        body: new Uint8Array(),
      };
    };
    const { client } = registryFor({
      docker: { auths: { "plain.example": auth("me:words") } },
      settings: { insecure: ["plain.example"] },
      ports: { http },
    });
    expect(await faultOf(client.digest(ref("plain.example/app"), "1", always))).toContain("not sent without TLS");
    expect(new Set(seen)).toEqual(new Set([null]));
  });

  it("credentials do not follow a redirect to another place", async () => {
    const other = await startFake();
    const digest = other.push("app", "1");
    const fake = await startFake(({ path, authorization }) => {
      if (authorization === null) return { status: 401, headers: { "www-authenticate": "Basic" } };
      return path === "/v2/" ? null : { status: 307, headers: { location: `${other.base}${path}` } };
    });
    const { client } = registryFor({ docker: { auths: { [fake.host]: auth("me:words") } } });
    expect(await client.digest(ref(`${fake.host}/app`), "1", always)).toBe(digest);
    expect(other.requests).toHaveLength(1);
    expect(other.requests[0]?.authorization).toBeNull();
  });

  it("a place that we are sent to cannot ask for credentials", async () => {
    const other = await startFake((_, base) => ({
      status: 401,
      headers: { "www-authenticate": `Bearer realm="${base}/token"` },
    }));
    const fake = await startFake(({ path }) =>
      path === "/v2/" ? null : { status: 307, headers: { location: `${other.base}${path}` } },
    );
    const { client } = registryFor({ docker: { auths: { [fake.host]: auth("me:words") } } });
    expect(await faultOf(client.digest(ref(`${fake.host}/app`), "1", always))).toContain("auth: ");
    expect(other.requests.map(({ authorization, path }) => [authorization, path])).toEqual([
      [null, "/v2/app/manifests/1"],
    ]);
  });

  it("a redirect to an unsafe place is not followed, and circles end", async () => {
    const fake = await startFake(({ path }) =>
      path === "/v2/" ? null : { status: 302, headers: { location: "http://registry.invalid/x" } },
    );
    const { client } = registryFor();
    expect(await faultOf(client.digest(ref(`${fake.host}/app`), "1", always))).toContain("untrusted: ");
    fake.whim = ({ path }) => (path === "/v2/" ? null : { status: 302, headers: { location: path } });
    expect(await faultOf(client.digest(ref(`${fake.host}/app`), "1", always))).toContain("odd: ");
  });

  it("a manifest that is not what its digest says", async () => {
    const fake = await startFake();
    const digest = fake.push("app", "1");
    const lie: Reply = { status: 200, body: '{"manifests":[]}' };
    fake.whim = ({ path }) => (path.includes("manifests") ? lie : null);
    expect(await faultOf(registryFor().client.manifest(ref(`${fake.host}/app`), digest, always))).toContain(
      "untrusted: ",
    );
  });

  it("a blob that is not what its digest says", async () => {
    const fake = await startFake();
    fake.push("app", "1");
    fake.whim = ({ path }) => (path.includes("blobs") ? { status: 200, body: "{}" } : null);
    const answer = await registryFor().image(ref(`${fake.host}/app`), "1", 0, always);
    expect(answer.ok ? "ok" : answer.fault.kind).toBe("untrusted");
  });

  it("a next page at another registry", async () => {
    const fake = await startFake(({ path }) =>
      path.includes("tags")
        ? { status: 200, headers: { link: '<https://registry.invalid/v2/>; rel="next"' }, body: '{"tags":["1"]}' }
        : null,
    );
    expect(await faultOf(registryFor().client.tags(ref(`${fake.host}/app`), always))).toContain("untrusted: ");
  });

  it("texts that are no JSON, lists that are none, endless bodies", async () => {
    const fake = await startFake(({ path }) => (path.includes("app") ? { status: 200, body: "<html>" } : null));
    const { client } = registryFor();
    const app = ref(`${fake.host}/app`);
    expect(await faultOf(client.manifest(app, "1", always))).toContain("odd: ");
    fake.whim = ({ path }) => (path.includes("app") ? { status: 200, body: '{"tags":{"a":1}}' } : null);
    expect(await client.tags(app, always)).toEqual([]);
    fake.whim = ({ path }) => (path.includes("app") ? { status: 200, body: Buffer.alloc(9 << 20) } : null);
    expect(await faultOf(client.manifest(app, "1", always))).toContain("more than it should");
  });
});

describe("a registry in trouble", () => {
  it("is asked again after 503 and after 429 with a short time", async () => {
    const fake = await startFake(times(2, /manifests/, { status: 503 }));
    const digest = fake.push("app", "1");
    const { client } = registryFor({ ports: hurried });
    const app = ref(`${fake.host}/app`);
    expect(await client.digest(app, "1", always)).toBe(digest);
    fake.whim = times(1, /manifests/, { status: 429, headers: { "retry-after": "1" } });
    expect(await client.digest(app, "1", always)).toBe(digest);
  });

  it("is left alone when it wants an hour, and after the third failure", async () => {
    const fake = await startFake(({ path }) =>
      path.includes("app") ? { status: 429, headers: { "retry-after": "3600" } } : null,
    );
    const { client } = registryFor({ ports: hurried });
    const app = ref(`${fake.host}/app`);
    expect(await faultOf(client.digest(app, "1", always))).toMatch(/^busy: .* for 3600 seconds/);
    expect(fake.count("HEAD", /manifests/)).toBe(1);
    fake.whim = ({ path }) => (path.includes("app") ? { status: 500 } : null);
    expect(await faultOf(client.digest(app, "1", always))).toContain("busy: ");
    expect(fake.count("HEAD", /manifests/)).toBe(4);
  });

  it("that never answers: patience ends, and whoever loses interest waits no longer", async () => {
    const fake = await startFake(() => new Promise<null>(() => undefined));
    const { client } = registryFor({
      ports: {
        after(_, run) {
          const timer = setTimeout(run, 30);
          return () => clearTimeout(timer);
        },
      },
    });
    const app = ref(`${fake.host}/app`);
    expect(await faultOf(client.digest(app, "1", always))).toContain("timeout: ");
    const patient = registryFor();
    const abort = new AbortController();
    const asked = faultOf(patient.client.digest(app, "1", abort.signal));
    setTimeout(() => abort.abort(), 20);
    expect(await asked).toContain("cancelled: ");
  });

  it("that is not there", async () => {
    const said = await faultOf(registryFor().client.digest(ref("127.0.0.1:1/app"), "1", always));
    expect(said).toBe("offline: 127.0.0.1:1 cannot be reached: it refuses the connection.");
  });
});

describe("memory", () => {
  it("who asks at the same time shares the request; a later run finds the answer on the disk", async () => {
    const fake = await startFake();
    fake.push("app", "1");
    const cache = newFolder();
    const app = ref(`${fake.host}/app`);
    const first = registryFor({ cache });
    await Promise.all([1, 2, 3].map(() => first.digest(app, "1", 60_000, always)));
    expect(fake.count("HEAD", /manifests/)).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = registryFor({ cache });
    expect((await second.digest(app, "1", 60_000, always)).ok).toBe(true);
    expect(fake.count("HEAD", /manifests/)).toBe(1);
    await second.digest(app, "1", 0, always);
    expect(fake.count("HEAD", /manifests/)).toBe(2);
  });

  it("who gives up does not take the answer from the others", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<null>((resolve) => {
      release = () => resolve(null);
    });
    const fake = await startFake(({ method }) => (method === "HEAD" ? held : null));
    const digest = fake.push("app", "1");
    const registry = registryFor();
    const app = ref(`${fake.host}/app`);
    const abort = new AbortController();
    const [early, late] = [registry.digest(app, "1", 0, abort.signal), registry.digest(app, "1", 0, always)];
    setTimeout(() => {
      abort.abort();
      release();
    }, 30);
    expect((await early).ok).toBe(false);
    expect(await late).toMatchObject({ ok: true, value: digest });
  });
});

describe("mirrors", () => {
  it("stand in front of a registry, and the registry behind them", async () => {
    const [mirror, own] = [await startFake(), await startFake()];
    const atMirror = mirror.push("hub/lib/app", "1", { mark: "mirror" });
    const atHome = own.push("lib/app", "2", { mark: "own" });
    const settings = { mirrors: new Map([[own.host, [`${mirror.host}/hub`]]]) };
    const { client } = registryFor({ settings, docker: { auths: { [own.host]: auth("me:words") } } });
    const app = ref(`${own.host}/lib/app`);
    expect(await client.digest(app, "1", always)).toBe(atMirror);
    expect(own.requests).toHaveLength(0);
    expect(await client.digest(app, "2", always)).toBe(atHome);
    expect(mirror.requests.every(({ authorization }) => authorization === null)).toBe(true);
  });
});
