import { expect, test } from "vitest";
import { tokenTypes } from "../../../server/src/core/features/paint";
import { tokensOf } from "../../../server/src/core/features/tokens";
import { buildModel, toSpan } from "../../../server/src/core/index";

/** The tokens as `type text`, a line for each line of the file. */
function tokens(file: string, within?: { start: number; end: number }): string {
  const model = buildModel(file);
  const data = tokensOf(model, within);
  const lines: string[][] = [];
  let line = 0;
  let character = 0;
  for (let at = 0; at < data.length; at += 5) {
    const [down = 0, along = 0, length = 0, type = 0, modifiers = 0] = data.slice(at, at + 5);
    line += down;
    character = down > 0 ? along : character + along;
    const place = toSpan(model.lines, {
      start: { line, character },
      end: { line, character: character + length },
    });
    const text = file.slice(place.start, place.end);
    expect(text, "a token lies within one line").toHaveLength(length);
    const list = lines[line] ?? [];
    list.push(`${tokenTypes[type]}${modifiers ? `(${modifiers})` : ""} ${text}`);
    lines[line] = list;
  }
  return Array.from(lines, (list) => list?.join(" · ") ?? "").join("\n");
}

test("instructions, flags, images, stages, variables", () => {
  expect(
    tokens(`# syntax=docker/dockerfile:1
# text
ARG V=22 W="a $V"
FROM --platform=$BUILDPLATFORM ghcr.io/o/node:\${V:-20}-slim@sha256:00 AS build
FROM build
MAINTAINER me
ENV PORT=8080 \\
    # inside
    NAME="two \\
    lines"
LABEL a.b="c"
EXPOSE 80/tcp
COPY --from=build --chown=1:1 /a \\
  /b
RUN --mount=type=cache,target=/x,from=build,uid=0 true
HEALTHCHECK --interval=30s CMD curl -f x
ONBUILD RUN echo "$X"
STOPSIGNAL SIGTERM
CMD ["a", "b"]
`),
  ).toMatchInlineSnapshot(`
    "comment #  · property syntax · comment = · string docker/dockerfile:1
    comment # text
    keyword ARG · variable(1) V · number 22 · variable(1) W · string "a  · variable $V · string "
    keyword FROM · parameter --platform · variable $BUILDPLATFORM · type ghcr.io/o/node: · variable \${V:-20} · enumMember -slim@sha256:00 · keyword AS · namespace(1) build
    keyword FROM · namespace build
    keyword(2) MAINTAINER · string me
    keyword ENV · variable(1) PORT · number 8080
    comment # inside
    variable(1) NAME · string "two
    string lines"
    keyword LABEL · property a.b · string "c"
    keyword EXPOSE · number 80/tcp
    keyword COPY · parameter --from · namespace build · parameter --chown · string 1:1 · string /a
    string /b
    keyword RUN · parameter --mount · property type · enumMember cache · property target · string /x · property from · namespace build · property uid · number 0 · function true
    keyword HEALTHCHECK · parameter --interval · number 30s · keyword CMD · function curl · parameter -f
    keyword ONBUILD · keyword RUN · function echo · string " · variable $X · string "
    keyword STOPSIGNAL · enumMember SIGTERM
    keyword CMD · string "a" · string "b""
  `);
});

test("shell words and heredocs", () => {
  expect(
    tokens(`FROM a
RUN set -eu; if [ -n "$A" ]; then A=1 sudo apt-get install -y "x-$A" > /dev/null 2>&1; fi \\
    && for f in 1 2; do echo $f | tee 'a b' ; done
RUN <<EOF
# comment
x=$(cat file)
sh -c 'echo $x'
EOF
COPY <<A <<'B' /x/
one $V
A
two $V
B
RUN cat <<EOF > /x
text \${V}
EOF
`),
  ).toMatchInlineSnapshot(`
    "keyword FROM · type a
    keyword RUN · function set · parameter -eu · operator ; · keyword if · operator [ · parameter -n · string " · variable $A · string " · operator ; · keyword then · variable A · function sudo · function apt-get · parameter -y · string "x- · variable $A · string " · operator > · operator 2>& · operator ; · keyword fi
    operator && · keyword for · variable f · keyword in · operator ; · keyword do · function echo · variable $f · operator | · function tee · string 'a b' · operator ; · keyword done
    keyword RUN · macro <<EOF
    comment # comment
    variable x · function cat
    function sh · parameter -c · string ' · function echo · string   · variable $x · string '
    macro EOF
    keyword COPY · macro <<A · macro <<'B' · string /x/
    string one  · variable $V
    macro A
    string two $V
    macro B
    keyword RUN · function cat · macro <<EOF · operator >
    string text  · variable \${V}
    macro EOF"
  `);
});

test("a byte order mark, carriage returns and a lone keyword hurt nothing", () => {
  expect(tokens("\uFEFFFROM a\r\nRUN x \\\r\n  y\r\nCOPY\r\n")).toBe(
    "keyword FROM · type a\nkeyword RUN · function x\n\nkeyword COPY",
  );
  expect(tokens("")).toBe("");
});

test("a stretch of the file alone", () => {
  const file = "FROM a\nUSER b\nUSER c\n";
  expect(tokens(file, { start: 7, end: 13 })).toBe("\nkeyword USER · string b");
});
