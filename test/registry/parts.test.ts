import { describe, expect, it } from "vitest";
import { parseChallenges } from "../../server/src/registry/challenge";
import { credentialPlaces, readHelperAnswer } from "../../server/src/registry/docker-config";
import { endpointsOf, plainEndpoints } from "../../server/src/registry/endpoint";
import { proxyFor, readProxySettings } from "../../server/src/registry/proxy";
import { auth, ref } from "./tools";

const shown = (header: string | null) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe("challenges", () => {
  it.each([
    [null, []],
    ["", []],
    ["Basic", [["basic", {}]]],
    ['Basic realm="a, b"', [["basic", { realm: "a, b" }]]],
    [
      'Bearer realm="https://a/t",service="s",scope="repository:x:pull,push"',
      [["bearer", { realm: "https://a/t", service: "s", scope: "repository:x:pull,push" }]],
    ],
    [
      'Bearer realm="https://a/t", service=plain, Basic realm="r"',
      [
        ["bearer", { realm: "https://a/t", service: "plain" }],
        ["basic", { realm: "r" }],
      ],
    ],
    ['bearer REALM="a\\"b"', [["bearer", { realm: 'a"b' }]]],
    ["??? nonsense", []],
  ])("%s", (header, expected) => expect(shown(header)).toEqual(expected));

  it("a long hostile header costs no more than a short one", () => {
    expect(parseChallenges(`Bearer ${'a="b", '.repeat(50_000)}`)).toHaveLength(1);
  });
});

describe("addresses", () => {
  const addresses = (image: string, mirrors: Record<string, string[]> = {}, insecure: string[] = []) =>
    endpointsOf(ref(image), { mirrors: new Map(Object.entries(mirrors)), insecure }).map(
      ({ origin, path }) => `${origin} ${path}`,
    );

  it.each([
    ["node", "https://registry-1.docker.io library/node"],
    ["prom/prometheus:v3", "https://registry-1.docker.io prom/prometheus"],
    ["ghcr.io/o/app", "https://ghcr.io o/app"],
    ["localhost:5000/a", "http://localhost:5000 a"],
    ["[::1]:5000/a", "http://[::1]:5000 a"],
    ["registry.corp:5000/a", "https://registry.corp:5000 a"],
  ])("%s", (image, expected) => expect(addresses(image)).toEqual([expected]));

  it("the longest prefix counts, and mirrors are asked in their order", () => {
    const mirrors = { "docker.io": ["a.corp/hub", "b.corp"], "docker.io/library/": ["c.corp/official/"] };
    const own = "https://registry-1.docker.io";
    expect(addresses("node", mirrors)).toEqual(["https://c.corp official/node", `${own} library/node`]);
    expect(addresses("prom/x", mirrors)).toEqual([
      "https://a.corp hub/prom/x",
      "https://b.corp prom/x",
      `${own} prom/x`,
    ]);
    expect(addresses("docker.io.evil/x", mirrors)).toEqual(["https://docker.io.evil x"]);
  });

  it("plain HTTP for listed hosts alone", () => {
    expect(addresses("r.corp:5000/a", {}, ["r.corp:5000"])).toEqual(["http://r.corp:5000 a"]);
    expect(addresses("node", { "docker.io": ["http://a.corp", "https://localhost:1/x"] })).toEqual([
      "https://localhost:1 x/library/node",
      "https://registry-1.docker.io library/node",
    ]);
  });

  it("no mirrors are nobody's", () => expect(endpointsOf(ref("a/b"), plainEndpoints)).toHaveLength(1));
});

describe("proxies", () => {
  const env = { HTTPS_PROXY: "http://p:1", http_proxy: "q:2", NO_PROXY: "corp.example,.inner,x.y:8443" };
  const through = (url: string, editor = {}) => proxyFor(new URL(url), readProxySettings(env, editor));
  it.each([
    ["https://a.b/", "http://p:1"],
    ["http://a.b/", "http://q:2"],
    ["https://corp.example/", null],
    ["https://a.corp.example/", null],
    ["https://notcorp.example/", "http://p:1"],
    ["https://r.inner/", null],
    ["https://x.y/", "http://p:1"],
    ["https://x.y:8443/", null],
    ["https://127.0.0.1/", null],
    ["http://localhost:5000/", null],
  ])("%s", (url, expected) => expect(through(url)).toBe(expected));
  it("the editor's wins", () => {
    expect(through("https://corp.example/", { proxy: "http://e:3", noProxy: ["a.b"] })).toBe("http://e:3");
    expect(through("https://a.b/", { proxy: "http://e:3", noProxy: ["a.b"] })).toBeNull();
    expect(proxyFor(new URL("https://a.b"), readProxySettings({ ALL_PROXY: "http://z:9", NO_PROXY: "*" }))).toBeNull();
  });
});

describe("Docker's configuration", () => {
  const config = JSON.stringify({
    auths: { "https://index.docker.io/v1/": auth("hub:a:b"), "r.corp:5000": {}, "ghcr.io": auth("me:x") },
    credHelpers: { "123.dkr.ecr.eu-west-1.amazonaws.com": "ecr-login", "evil.example": "../../bin/sh" },
    credsStore: "desktop",
  });
  it.each([
    ["registry-1.docker.io", ["helper desktop https://index.docker.io/v1/", "plain hub a:b"]],
    ["ghcr.io", ["helper desktop ghcr.io", "plain me x"]],
    ["r.corp:5000", ["helper desktop r.corp:5000"]],
    ["r.corp", ["helper desktop r.corp"]],
    [
      "123.dkr.ecr.eu-west-1.amazonaws.com",
      ["helper ecr-login 123.dkr.ecr.eu-west-1.amazonaws.com", "helper desktop 123.dkr.ecr.eu-west-1.amazonaws.com"],
    ],
    ["evil.example", ["helper desktop evil.example"]],
  ])("%s", (host, expected) => {
    const places = credentialPlaces(config, host).map((place) =>
      place.kind === "helper"
        ? `helper ${place.name} ${place.server}`
        : place.credentials.kind === "password" && `plain ${place.credentials.user} ${place.credentials.password}`,
    );
    expect(places).toEqual(expected);
  });
  it.each(["", "[]", "{", '{"auths":[1]}', '{"auths":{"a":{"auth":"%%%"}}}'])("%s says nothing", (text) =>
    expect(credentialPlaces(text, "a")).toEqual([]),
  );
  it("what helpers answer", () => {
    expect(readHelperAnswer('{"Username":"u","Secret":"s"}')).toEqual({ kind: "password", user: "u", password: "s" });
    expect(readHelperAnswer('{"Username":"<token>","Secret":"s"}')).toEqual({ kind: "identity", token: "s" });
    expect(readHelperAnswer("credentials not found in native keychain")).toBeNull();
  });
});
