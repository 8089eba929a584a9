import { describe, expect, test } from "vitest";
import { explainReference, formatReference, parseReference } from "../../server/src/core/image/reference";

const sha256 = `sha256:${"a".repeat(64)}`;
const sha512 = `sha512:${"0".repeat(128)}`;

describe("a valid reference", () => {
  const cases: readonly (readonly [string, string, string, string | null, string | null])[] = [
    ["alpine", "docker.io", "library/alpine", null, null],
    ["alpine:3.24", "docker.io", "library/alpine", "3.24", null],
    ["library/alpine", "docker.io", "library/alpine", null, null],
    ["prom/prometheus:v3", "docker.io", "prom/prometheus", "v3", null],
    ["docker.io/alpine", "docker.io", "library/alpine", null, null],
    ["docker.io/library/alpine", "docker.io", "library/alpine", null, null],
    ["index.docker.io/alpine", "docker.io", "library/alpine", null, null],
    ["localhost/app:1", "localhost", "app", "1", null],
    ["localhost:5000/a/b/c:1", "localhost:5000", "a/b/c", "1", null],
    ["localhost:5000", "docker.io", "library/localhost", "5000", null],
    ["ghcr.io/o/r/x/y", "ghcr.io", "o/r/x/y", null, null],
    [`ghcr.io/o/r@${sha256}`, "ghcr.io", "o/r", null, sha256],
    [`alpine:3.24@${sha512}`, "docker.io", "library/alpine", "3.24", sha512],
    ["[::1]:5000/a:1", "[::1]:5000", "a", "1", null],
    ["REGISTRY.example.com/a", "REGISTRY.example.com", "a", null, null],
    ["Foo/bar:1", "Foo", "bar", "1", null],
    ["a__b/c", "docker.io", "a__b/c", null, null],
    ["a--b---c", "docker.io", "library/a--b---c", null, null],
    ["a.b_c", "docker.io", "library/a.b_c", null, null],
    [`a:${"x".repeat(128)}`, "docker.io", "library/a", "x".repeat(128), null],
    ["a:_x.-", "docker.io", "library/a", "_x.-", null],
  ];
  test.each(cases)("%s", (text, registry, path, tag, digest) => {
    expect(parseReference(text)).toMatchObject({ text, registry, path, tag, digest });
    expect(explainReference(text)).toBeNull();
  });

  test("is written back as it was", () => {
    for (const [text] of cases) {
      const reference = parseReference(text);
      expect(reference && formatReference(reference)).toBe(text);
    }
  });

  test("keeps the repository as written", () => {
    expect(parseReference(`docker.io/library/node:24@${sha256}`)?.repository).toBe("docker.io/library/node");
  });
});

describe("an invalid reference says which part is bad", () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    // The part between brackets is what the problem points at.
    ["[]", "", /empty/],
    ["[Alpine]", "Alpine", /upper-case.*`alpine`/],
    ["alpine/[Node]:1", "alpine/Node:1", /upper-case/],
    ["alpine:[]", "alpine:", /tag after `:` is empty/],
    ["a/[]/b", "a//b", /two slashes/],
    ["a/[]", "a/", /two slashes/],
    ["[-a]/b", "-a/b", /stand alone/],
    ["[a___b]", "a___b", /stand alone/],
    ["[a..b]", "a..b", /stand alone/],
    ["a[ ]b", "a b", /` ` cannot stand in an image name/],
    ["[$]{BASE}", "${BASE}", /`\$` cannot stand/],
    ["node:[$]{TAG}", "node:${TAG}", /`\$` cannot stand in a tag/],
    ["a:1[+]2", "a:1+2", /`\+` cannot stand in a tag/],
    ["a:[-]1", "a:-1", /starts with/],
    ["foo:[bar]/baz", "foo:bar/baz", /port.*no number/],
    ["[a_b.io]/c", "a_b.io/c", /no host name/],
    ["[-a.io]/c", "-a.io/c", /no host name/],
    [`a:[${"x".repeat(129)}]`, `a:${"x".repeat(129)}`, /129 characters.*128/],
    ["a@[sha256]", "a@sha256", /starts with `sha256:`/],
    ["a@[md5]:abc", "a@md5:abc", /starts with `sha256:`/],
    ["a@sha256:[abc]", "a@sha256:abc", /64 hexadecimal digits; this one has 3/],
    [`a@sha256:[A]${"a".repeat(63)}`, `a@sha256:A${"a".repeat(63)}`, /`A` cannot stand in a digest/],
    [`[${"a".repeat(64)}]`, "a".repeat(64), /id of an image/],
    [`[${"a/".repeat(127)}aa]`, `${"a/".repeat(127)}aa`, /256 characters/],
    ["[]:1", ":1", /needs a name/],
    ["[]@sha256:1", "@sha256:1", /needs a name/],
  ];
  test.each(cases)("%s", (marked, text, message) => {
    expect(parseReference(text)).toBeNull();
    const problem = explainReference(text);
    expect(problem?.message).toMatch(message);
    const { at = 0, length = 0 } = problem ?? {};
    expect(`${text.slice(0, at)}[${text.slice(at, at + length)}]${text.slice(at + length)}`).toBe(marked);
  });

  test("long hostile text is refused without repeating it, and in no time (the runner's limit would say)", () => {
    for (const text of [
      "a".repeat(60_000),
      "a/".repeat(30_000),
      "a-".repeat(30_000),
      ":@".repeat(30_000),
      `a:${"-".repeat(60_000)}`,
    ]) {
      expect(parseReference(text)).toBeNull();
      expect(explainReference(text)?.message.length).toBeLessThan(200);
    }
  });
});
