import { expect, test } from "vitest";
import { folderWith, run } from "./terminal";

const text = "FROM alpine AS build\nRUN make\nFROM scratch AS web\nCOPY --from=build /out /\n";

test("shows the stages of the one Dockerfile there is", async () => {
  const folder = folderWith({ Dockerfile: text });
  const shown = await run(folder, ["stages"]);
  expect(shown).toMatchObject({ code: 0, err: "" });
  expect(shown.out).toMatch(/^web: the image that ships, from scratch, runs as root\n {2}from build: \/out → \/\n/m);
  expect(shown.out).toMatch(/Left behind after the build: build\.\n$/);
  expect(await run(folder, ["stages", "Dockerfile"])).toEqual(shown);
  expect(await run(folder, ["stages", "-"], { stdin: text })).toEqual(shown);
});

test("draws them", async () => {
  const folder = folderWith({ Dockerfile: text });
  expect((await run(folder, ["stages", "--format", "mermaid"])).out).toContain('n0 -.->|"/out → /"| n1\n');
  expect((await run(folder, ["stages", "-f", "svg"])).out).toMatch(/^<svg .*<\/svg>\n$/s);
});

test("another target ships where the option or the configuration says so", async () => {
  const folder = folderWith({ Dockerfile: text, ".plimsoll.yaml": "target: build\n" });
  expect((await run(folder, ["stages"])).out).toContain("The image that ships is build");
  expect((await run(folder, ["stages", "--target", "web"])).out).toContain("The image that ships is web");
});

test("says what is wrong with the question", async () => {
  const folder = folderWith({ "a/Dockerfile": text, "b/Dockerfile": text });
  const ask = async (...args: string[]) => {
    const { code, out, err } = await run(folder, ["stages", ...args]);
    expect([code, out]).toEqual([2, ""]);
    return err;
  };
  expect(await ask()).toMatch(/2 Dockerfiles in \.\. Name one: `plimsoll stages a\/Dockerfile`/);
  expect(await ask("c")).toMatch(/c does not exist/);
  expect(await ask("a/Dockerfile", "b/Dockerfile")).toMatch(/One file at a time/);
});
