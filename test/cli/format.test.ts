/** `plimsoll format`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, run } from "./terminal";

const untidy = 'FROM   alpine:3.24\nRUN a \\\n && b   \n\n\n\nCMD ["c"]';
const tidy = 'FROM alpine:3.24\nRUN a \\\n && b\n\nCMD ["c"]\n';

describe("plimsoll format", () => {
  it("writes what changes and names it", async () => {
    const folder = folderWith({ Dockerfile: untidy, "b/Dockerfile": tidy });
    expect(await run(folder, ["format"])).toEqual({ code: 0, out: "Dockerfile\n", err: "" });
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(tidy);
    expect(await run(folder, ["format", "--check"])).toEqual({ code: 0, out: "", err: "" });
  });
  it("only looks with --check and --diff", async () => {
    const folder = folderWith({ Dockerfile: untidy });
    expect(await run(folder, ["format", "--check"])).toEqual({ code: 1, out: "Dockerfile\n", err: "" });
    const { code, out } = await run(folder, ["format", "--diff", "Dockerfile"]);
    expect(code).toBe(0);
    expect(out).toContain("-FROM   alpine:3.24\n+FROM alpine:3.24\n");
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(untidy);
  });
  it("formats stdin to stdout", async () => {
    expect(await run(folderWith({}), ["format", "-"], { stdin: untidy })).toEqual({ code: 0, out: tidy, err: "" });
    expect((await run(folderWith({}), ["format", "-", "--check"], { stdin: untidy })).code).toBe(1);
  });
  it("keeps a byte order mark and line ends", async () => {
    const folder = folderWith({ Dockerfile: "\uFEFFFROM  a\r\nRUN  b\r\n" });
    await run(folder, ["format"]);
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe("\uFEFFFROM a\r\nRUN b\r\n");
  });
  it("obeys .editorconfig", async () => {
    const folder = folderWith({ ".editorconfig": "[*]\nindent_style = tab\n", Dockerfile: "FROM a\nRUN b \\\n  c\n" });
    await run(folder, ["format"]);
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe("FROM a\nRUN b \\\n\tc\n");
  });
  it("leaves templates, and files it cannot read as text", async () => {
    const template = "{% if a %}\nFROM   b\n{% endif %}\n";
    const folder = folderWith({ Dockerfile: template, "c/Dockerfile": new Uint8Array([0xff, 0xfe, 0x46, 0]) });
    const { code, err } = await run(folder, ["format"]);
    expect(code).toBe(2);
    expect(err).toContain("c/Dockerfile is UTF-16");
    expect(readFileSync(join(folder, "Dockerfile"), "utf8")).toBe(template);
  });
  it("names what does not exist", async () => {
    expect(await run(folderWith({}), ["format", "nowhere"])).toMatchObject({ code: 2, out: "" });
    expect(await run(folderWith({}), ["format"])).toEqual({ code: 0, out: "", err: "No Dockerfile found.\n" });
  });
});
