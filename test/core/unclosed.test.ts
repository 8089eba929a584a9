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
