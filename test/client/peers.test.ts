import { describe, expect, test } from "vitest";
import { formats, idOf, isRepeated, type Said } from "../../client/src/peers";
import { allRules } from "../../server/src/core/index";

const at = (first: number, last = first) => ({ first, last });

describe("what others say already", () => {
  const ids = { "base-image-latest-tag": ["DL3007", "DS-0001"], "deprecated-maintainer": ["DEPRECATED_MAINTAINER"] };
  const hadolint: Said = { source: "hadolint", code: "DL3007", lines: at(3) };

  test("is held back on the same lines only", () => {
    expect(isRepeated(["base-image-latest-tag"], at(3), [hadolint], ids)).toBe(true);
    expect(isRepeated(["base-image-latest-tag"], at(2, 4), [hadolint], ids)).toBe(true);
    expect(isRepeated(["base-image-latest-tag"], at(4), [hadolint], ids)).toBe(false);
  });

  test("is held back when it is all that a finding says", () => {
    expect(isRepeated(["base-image-latest-tag", "eol-base-image"], at(3), [hadolint], ids)).toBe(false);
    expect(isRepeated([], at(3), [hadolint], ids)).toBe(false);
    expect(isRepeated(["missing-user"], at(3), [hadolint], ids)).toBe(false);
  });

  test("is known by its number, where the validator of Container Tools says it", () => {
    const said: Said = { source: "dockerfile-utils", code: 45, lines: at(3) };
    expect(isRepeated(["deprecated-maintainer"], at(3), [said], ids)).toBe(true);
    expect(isRepeated(["deprecated-maintainer"], at(3), [{ ...said, source: "other" }], ids)).toBe(false);
    expect(idOf("dockerfile-utils", "52")).toBe("DUPLICATED_ESCAPE_DIRECTIVE");
    expect(idOf("dockerfile-utils", 99)).toBe("99");
    expect(idOf("hadolint", "DL3007")).toBe("DL3007");
  });

  test("every id of that validator that a rule answers to has a number", () => {
    const known = new Set(Array.from({ length: 60 }, (_, code) => idOf("dockerfile-utils", code)));
    const unknown = allRules
      .flatMap((rule) => rule.aliases["dockerfile-utils"] ?? [])
      // An older name of FLAG_EXPECTED_BOOLEAN_VALUE.
      .filter((id) => !known.has(id) && id !== "FLAG_INVALID_LINK_VALUE");
    expect(unknown).toEqual([]);
  });
});

describe("who formats", () => {
  const own = "plimsoll.plimsoll-vscode";
  const installed =
    (...ids: string[]) =>
    (id: string): boolean =>
      [own, ...ids].includes(id);

  test("we do, where nobody else does", () => expect(formats(null, own, installed("exiasr.hadolint"))).toBe(true));
  test("others do, where they are", () => expect(formats(null, own, installed("docker.docker"))).toBe(false));
  test("whom the user chose does", () => {
    expect(formats("Plimsoll.plimsoll-vscode", own, (id) => id !== "nobody")).toBe(true);
    expect(formats("esbenp.prettier-vscode", own, installed("esbenp.prettier-vscode"))).toBe(false);
  });
  test("a choice that is not installed counts for nothing", () => {
    expect(formats("nobody.nothing", own, installed())).toBe(true);
    expect(formats("nobody.nothing", own, installed("docker.docker"))).toBe(false);
  });
});
