import { describe, expect, test } from "vitest";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import { explainAt } from "../../../server/src/core/features/explain";
import { signatureAt } from "../../../server/src/core/features/signature";
import { allRules } from "../../../server/src/core/index";
import { atCursor } from "./marks";

const context = { catalogue: exampleCatalogue(), rules: allRules, pageOf: (rule: string) => `page:${rule}` };

/** What is said at the cursor, with what it is said about. */
function explained(file: string): string {
  const { text, offset, model } = atCursor(file);
  const found = explainAt(model, offset, context);
  return found ? `[${text.slice(found.span.start, found.span.end)}] ${found.markdown}` : "nothing";
}

describe("explanations", () => {
  test("of instructions and flags", () => {
    expect(explained("FROM a\nW‸ORKDIR /x\n")).toMatchInlineSnapshot(`
      "[WORKDIR] The folder in which the instructions below and the container run; it is made when it is not there.

      \`\`\`dockerfile
      WORKDIR <path>
      \`\`\`

      [Reference](https://docs.docker.com/reference/dockerfile/#workdir)"
    `);
    expect(explained("FROM a\nCOPY --ch‸mod=755 a b\n")).toMatchInlineSnapshot(`
      "[--chmod] \`--chmod=<mode>\` Permissions of what is copied, in octal or symbolic notation.

      - \`644\` The owner writes, everybody reads.
      - \`755\` The owner writes, everybody reads and runs.
      - \`444\` Everybody reads, nobody writes.
      - \`555\` Everybody reads and runs, nobody writes.
      - \`600\` The owner alone reads and writes.

      [Reference](https://docs.docker.com/reference/dockerfile/#copy---chown---chmod)"
    `);
    expect(explained("FROM a\nONBUILD RU‸N true\n")).toMatch(/^\[RUN\] Runs commands/);
    expect(explained("FROM a\nRUN --mount=type=ca‸che,dst=/x true\n")).toBe(
      "[type=cache] **type** A folder that is kept between builds: for what package managers and compilers download.",
    );
    expect(explained("FROM a\nRUN --mount=type=cache,ds‸t=/x true\n")).toBe(
      "[dst=/x] **dst** Where it appears for the command.",
    );
    expect(explained("# syn‸tax=docker/dockerfile:1\n")).toMatch(/\*\*# syntax=\*\* The frontend/);
    expect(explained("FROM a\nRUNN‸ x\n")).toBe("nothing");
    expect(explained("FROM a\nRUN ech‸o x\n")).toBe("nothing");
  });

  test("of variables: the value at this place", () => {
    const file = "ARG V=1\nFROM a\nARG V\nENV W=$V-x\nENV W=3\n";
    expect(explained(file.replace("=$V", "=$‸V"))).toBe(
      "[$V] `V` = `1`\n\nARG in line 3\n\nAnother value: `docker build --build-arg V=…`",
    );
    expect(explained(file.replace("W=$V", "W‸=$V"))).toBe("[W] `W` = `1-x`");
    expect(explained(`${file}RUN echo "\${W‸:-2}"\n`)).toBe("[${W:-2}] `W` = `3`\n\nENV in line 5");
    expect(explained("FROM a\nARG TARGET‸ARCH\n")).toMatch(/= set by the builder\n\nIts processor/);
    expect(explained("FROM a\nRUN echo $HO‸ME\n")).toBe("nothing");
    expect(explained("FROM a\nRUN x=1; echo $‸x\n")).toBe("nothing");
  });

  test("of stages: a card", () => {
    expect(
      explained(`FROM node:26 AS base
USER node
FROM base AS build
WORKDIR /app
RUN npm ci
FROM scratch
COPY --from=bui‸ld /app/a /app/b /
RUN --mount=from=build,target=/x true
`),
    ).toMatchInlineSnapshot(`
      "[build] **build** · needed by the image that ships

      - From \`base\`, from \`node:26\`
      - Runs as \`node\` at its end
      - Work folder \`/app\`
      - \`stage 2\` copies \`/app/a\`, \`/app/b\` to \`/\` (line 7)
      - Mounted in \`stage 2\` (line 8)"
    `);
  });

  test("of programs that the file installs, and of rules that it silences", () => {
    expect(explained("FROM a\nRUN apt-get install -y curl\nRUN cu‸rl -f x\n")).toBe(
      "[curl] `curl` is installed by apt-get in line 2.",
    );
    expect(explained("# plimsoll ignore=final-user‸-root\nFROM a\n")).toMatch(
      /^\[final-user-root\] \*\*\[final-user-root\]\(page:final-user-root\)\*\* /,
    );
    expect(explained("# hadolint ignore=DL3‸007\nFROM a\n")).toMatch(/^\[DL3007\] `DL3007` is our \*\*\[base-image-/);
  });
});

describe("signatures", () => {
  /** The signature with the part that is being written in brackets. */
  const signature = (file: string): string => {
    const { model, offset } = atCursor(file);
    const hint = signatureAt(model, offset);
    const shown = hint?.signatures[hint.active];
    if (!hint || !shown) return "none";
    const parameter = hint.parameter === null ? undefined : shown.parameters[hint.parameter];
    if (parameter === undefined) return shown.label;
    expect(shown.label).toContain(parameter);
    const at = shown.parameters
      .slice(0, (hint.parameter ?? 0) + 1)
      .reduce((from, one) => shown.label.indexOf(one, from), 0);
    return `${shown.label.slice(0, at)}«${parameter}»${shown.label.slice(at + parameter.length)}`;
  };

  test("follow what is written", () => {
    expect(signature("FROM ‸")).toBe("FROM [--platform=<platform>] «<image>[:<tag>]» [AS <name>]");
    expect(signature("FROM a@‸")).toBe("FROM [--platform=<platform>] «<image>@<digest>» [AS <name>]");
    expect(signature("FROM a AS ‸")).toBe("FROM [--platform=<platform>] <image>[:<tag>] [AS «<name>»]");
    expect(signature("FROM a\nCOPY --from=x ‸")).toBe("COPY [options] «<source>» … <destination>");
    expect(signature('FROM a\nCOPY ["a", "‸')).toBe('COPY [options] ["<source>", …, «"<destination>"»]');
    expect(signature("FROM a\nENV A=‸")).toBe("ENV <name>=«<value>» …");
    expect(signature("FROM a\nENV A ‸")).toBe("ENV <name> «<value>»");
    expect(signature("FROM a\nUSER 1:‸")).toBe("USER <UID>[:«<GID>»]");
    expect(signature("FROM a\nEXPOSE 80/‸")).toBe("EXPOSE <port>[/«<protocol>»] …");
    expect(signature("FROM a\nHEALTHCHECK --interval=‸")).toBe("HEALTHCHECK [options] CMD <command>");
    expect(signature("FROM a\nHEALTHCHECK NONE‸")).toBe("HEALTHCHECK «NONE»");
    expect(signature("FROM a\nONBUILD ADD ‸")).toBe("ADD [options] «<source>» … <destination>");
  });

  test("leave shell commands alone", () => {
    expect(signature("FROM a\nRUN ‸")).toBe("RUN [options] «<command>»");
    expect(signature("FROM a\nRUN apt-get ‸")).toBe("none");
    expect(signature("FROM a\nRUN‸")).toBe("none");
    expect(signature("‸")).toBe("none");
  });
});
