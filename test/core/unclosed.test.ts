/**
 * Quotes, braces and fields of mounts at which the builder stops. Each line was given to BuildKit 0.34; those with a
 * variable in a mount depend on what it holds.
 */
import { describe, expect, test } from "vitest";
import { buildModel } from "../../server/src/core/model/build";

const problems = (line: string): string[] => {
  const model = buildModel(`FROM a\n${line}\n`);
  return model.problems.map(
    ({ message, span }) =>
      `${model.text.slice(span.start, span.end)}: ${message.replace(/(?<=closed\.|field \w+\.|(?:type|sharing) \w+\.) .*/, "")}`,
  );
};

describe("what never closes", () => {
  test.each([
    ["EXPOSE 80'", "80': The quote in 80' is never closed."],
    ['COPY a /b"', '/b": The quote in /b" is never closed.'],
    ['COPY "a b" /c', '"a: The quote in "a is never closed.'],
    ['COPY ["it\'s", "/x/"]', "\"it's\": The quote in it's is never closed."],
    ['ARG A="b', '"b: The quote in "b is never closed.'],
    ['WORKDIR "/a', '"/a: The quote in "/a is never closed.'],
    ["WORKDIR ${HOME", "${HOME: The brace in ${HOME is never closed."],
    ['ENV A="${B:-c"', '"${B:-c": The brace in "${B:-c" is never closed.'],
    ["COPY ${A/b /c", "${A/b: The brace in ${A/b is never closed."],
    ["USER ${A}${B", "${A}${B: The brace in ${A}${B is never closed."],
  ])("%s", (line, wanted) => {
    expect(problems(line)).toEqual([wanted]);
  });

  test.each([
    "COPY it\\'s /c",
    "WORKDIR '/a ${B'",
    "ENV A=\"b'c\" B='\"'",
    "COPY \\${A /c",
    "RUN echo ${A it's",
    "CMD echo it's",
    "MAINTAINER O'Neill",
    "HEALTHCHECK CMD it's",
    "COPY root\\ /",
    'COPY ["a b", "/c d/"]',
    "COPY <<EOF /a\nit's b\nEOF",
  ])("%s is whole", (line) => {
    expect(problems(line)).toEqual([]);
  });

  test("a blank ends a word between quotes, too", () => {
    const words = buildModel('FROM a\nCOPY "a b" /c\n').instructions[1]?.parsed.words;
    expect(words?.map(({ text }) => text)).toEqual(['"a', 'b"', "/c"]);
  });
});

describe("fields of a mount", () => {
  test.each([
    ["type=cache,taget=/x", "taget=/x: --mount has no field taget."],
    ["type=cach,target=/x", "type=cach: --mount knows no type cach."],
    ["type=cache,target=/x,sharing=lock", "sharing=lock: --mount knows no sharing lock."],
    ["type=bind,target", "target: The field target of --mount needs a value: target=…."],
  ])("%s", (mount, wanted) => {
    expect(problems(`RUN --mount=${mount} ls`)).toEqual([wanted]);
  });

  test.each([
    "type=secret,id=a,required,env=A,uid=0,gid=0,mode=0400",
    "type=CACHE,dst=/x,sharing=LOCKED,ro",
    "type=bind,from=a,src=b,destination=/c,rw",
    "type=tmpfs,target=/x,size=1g",
    "type=$TYPE,target=/x",
    "type=bind,$FIELD",
    '"type=cache,target=/x"',
  ])("%s", (mount) => {
    expect(problems(`RUN --mount=${mount} ls`)).toEqual([]);
  });
});

describe("fields that this type of mount does not have", () => {
  test.each([
    ["type=bind,target=/a,mode=0700", "mode=0700"],
    ["target=/a,size=1", "size=1"],
    ["type=cache,target=/a,uid=x", "uid=x"],
    ["type=cache,target=/a,mode=999", "mode=999"],
    ["type=bind,target=/a,sharing=locked", "sharing=locked"],
    ["type=cache,target=/", "target=/"],
    ["type=cache,target=/a,required", "required"],
    ["type=secret,from=a,id=x", "from=a"],
    ["type=tmpfs,target=/a,size=x", "size=x"],
    ["type=bind,target=/a,ro=x", "ro=x"],
    ["type=secret", "--mount=type=secret"],
    ["type=secret,id=a,src=b", "--mount=type=secret,id=a,src=b"],
  ])("%s", (mount, place) => {
    expect(problems(`RUN --mount=${mount} ls`).map((one) => one.slice(0, one.indexOf(": ")))).toEqual([place]);
  });
});

test.each([
  ["RUN --network=foo a", "--network=foo: --network is one of default, none, host, not foo."],
  ["RUN --network=$NET a", "--network=$NET: --network is one of default, none, host, not $NET."],
  ["RUN --security=foo a", "--security=foo: --security is one of sandbox, insecure, not foo."],
  ["VOLUME []", "[]: VOLUME needs an argument."],
  ['VOLUME ["/a", ""]', '"": VOLUME takes no empty name.'],
])("%s", (line, wanted) => {
  expect(problems(line)).toEqual([wanted]);
});

test("names of accounts with --link", () => {
  const message = "With --link the builder knows no names of accounts, so --chown takes numbers:";
  expect(problems("COPY --link --chown=node:node a b")).toEqual([`--chown=node:node: ${message} node:node stops it.`]);
  expect(problems("ADD --chown=0:web --link=true a b")).toEqual([`--chown=0:web: ${message} 0:web stops it.`]);
  for (const flags of [
    "--link --chown=1:2",
    "--link --chown=root:root",
    "--link --chown=0:root",
    "--link=false --chown=a",
    "--chown=a",
    "--link --chown=$U",
    "--link",
  ]) {
    expect(problems(`COPY ${flags} a b`)).toEqual([]);
  }
});

test.each(["RUN --network=none a", "RUN --security=insecure a", 'VOLUME ["/a"]'])("%s is fine", (line) => {
  expect(problems(line)).toEqual([]);
});
