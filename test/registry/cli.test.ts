import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { folderWith, run } from "../cli/terminal";
import { type FakeRegistry, startFake, wantsToken } from "./fake";
import { hurried, portsFor } from "./tools";

const b = `sha256:${"b".repeat(64)}`;

const world = (more = {}) => ({ registry: () => portsFor({ ports: hurried }), ...more });

/** Puts the registry's host where `HOST` stands. */
const at = (fake: FakeRegistry, text: string) => text.replaceAll("HOST", fake.host);

it("pins every image of a folder, and says so", async () => {
  const fake = await startFake(wantsToken());
  const [one, two] = [fake.push("app", "1"), fake.push("tool", "2", { mark: "tool" })];
  const folder = folderWith({
    Dockerfile: at(fake, "FROM HOST/app:1 AS build # keep\nCOPY --from=HOST/tool:2 / /\n"),
    "api/Dockerfile": at(fake, "ARG TAG=1\nFROM HOST/app:$TAG\n"),
  });
  const ran = await run(folder, ["pin"], world());
  expect(ran.err).toBe("");
  expect(ran.out).toBe(
    at(
      fake,
      `Dockerfile:1 HOST/app:1 → HOST/app:1@${one}\nDockerfile:2 HOST/tool:2 → HOST/tool:2@${two}\n` +
        `api/Dockerfile:2 HOST/app:1 → HOST/app:1@${one}\nPinned 3 images in 2 files.\n`,
    ),
  );
  expect(ran.code).toBe(0);
  expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(
    at(fake, `FROM HOST/app:1@${one} AS build # keep\nCOPY --from=HOST/tool:2@${two} / /\n`),
  );
  expect(readFileSync(join(folder, "api/Dockerfile"), "utf8")).toBe(at(fake, `ARG TAG=1@${one}\nFROM HOST/app:$TAG\n`));
  const again = await run(folder, ["pin", "--check"], world());
  expect([again.code, again.out]).toEqual([0, "Would pin 0 images in 0 files; 3 pinned already.\n"]);
});

it("ten bases cost one greeting, and a token and a HEAD each", async () => {
  const fake = await startFake(wantsToken());
  const names = Array.from({ length: 10 }, (_, index) => `base${index}`);
  for (const name of names) fake.push(name, "1", { mark: name });
  const text = names.map((name) => at(fake, `FROM HOST/${name}:1 AS ${name}\n`)).join("");
  // The same images in a second file cost nothing.
  const folder = folderWith({ Dockerfile: text, "again/Dockerfile": text });
  expect((await run(folder, ["pin"], world())).out).toContain("Pinned 20 images in 2 files.");
  expect([fake.count("GET", /^\/v2\/$/), fake.count("GET", /^\/token/), fake.count("HEAD", /manifests/)]).toEqual([
    1, 10, 10,
  ]);
  expect(fake.requests).toHaveLength(21);
});

it("--check writes nothing and finds what is missing and what is stale; --update mends it", async () => {
  const fake = await startFake();
  const digest = fake.push("app", "1");
  const before = at(fake, `FROM HOST/app:1@${b}\nFROM HOST/app:1\n`);
  const folder = folderWith({ Dockerfile: before });
  const checked = await run(folder, ["pin", "--check"], world());
  expect(checked.code).toBe(1);
  expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(before);
  expect((await run(folder, ["pin"], world())).out).toContain("--update replaces it");
  expect((await run(folder, ["pin", "--update", "-q"], world())).out).toBe("");
  expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(
    at(fake, `FROM HOST/app:1@${digest}\nFROM HOST/app:1@${digest}\n`),
  );
});

it("--newest moves to the patch, --diff shows it", async () => {
  const fake = await startFake();
  fake.push("app", "1.4.2");
  const digest = fake.push("app", "1.4.9", { mark: "new" });
  const folder = folderWith({ Dockerfile: at(fake, "FROM HOST/app:1.4.2\n") });
  const ran = await run(folder, ["pin", "--newest", "--diff", "-q"], world());
  expect(ran.out).toContain(at(fake, `+FROM HOST/app:1.4.9@${digest}\n`));
  expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(at(fake, "FROM HOST/app:1.4.2\n"));
});

it("no answer is a fault of the run, and the rest is done", async () => {
  const fake = await startFake();
  const digest = fake.push("app", "1");
  const folder = folderWith({ Dockerfile: at(fake, "FROM HOST/app:1\nFROM HOST/app:none\nFROM 127.0.0.1:1/x:1\n") });
  const ran = await run(folder, ["pin"], world());
  expect(ran.code).toBe(2);
  expect(ran.err).toBe("plimsoll: 127.0.0.1:1 cannot be reached: it refuses the connection.\n");
  expect(ran.out).toContain("the registry has no such tag");
  expect(ran.out).toContain("the registry gave no answer");
  expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toContain(at(fake, `FROM HOST/app:1@${digest}\n`));
});

it("what cannot be pinned is named", async () => {
  const fake = await startFake();
  fake.push("app", "1-slim");
  const folder = folderWith({ Dockerfile: at(fake, "ARG V=1\nFROM HOST/app:$V-slim\n") });
  const ran = await run(folder, ["pin"], world());
  expect([ran.code, ran.out]).toEqual([
    1,
    at(
      fake,
      "Dockerfile:2 HOST/app:1-slim was left alone: variables make its name, and the digest would stay when they change\n" +
        "Pinned 0 images in 0 files; 1 left alone.\n",
    ),
  ]);
});

it("mirrors come from the configuration, and a broken one stops its files", async () => {
  const fake = await startFake();
  const digest = fake.push("hub/library/node", "24");
  const folder = folderWith({
    "a/.plimsoll.yaml": at(fake, 'registry: { mirrors: { docker.io: "HOST/hub" } }\n'),
    "a/Dockerfile": "FROM node:24\n",
    "b/.plimsoll.yaml": "registry: { mirors: {} }\n",
    "b/Dockerfile": "FROM node:24\n",
  });
  const ran = await run(folder, ["pin"], world());
  expect(readFileSync(join(folder, "a/Dockerfile"), "utf8")).toBe(`FROM node:24@${digest}\n`);
  expect([ran.code, ran.err]).toEqual([2, "plimsoll: b/Dockerfile was not pinned: b/.plimsoll.yaml has errors.\n"]);
});

it("a progress bar where somebody is looking, and nothing where there is no Dockerfile", async () => {
  const fake = await startFake();
  fake.push("app", "1");
  const folder = folderWith({ Dockerfile: at(fake, "FROM HOST/app:1\n"), "empty/x": "" });
  expect((await run(folder, ["pin", "--check"], world({ isTTY: true }))).err).toContain("1 of 1 answers");
  expect(await run(join(folder, "empty"), ["pin"])).toMatchObject({ code: 0, err: "No Dockerfile found.\n" });
  expect((await run(folder, ["pin", "-"])).code).toBe(2);
});
