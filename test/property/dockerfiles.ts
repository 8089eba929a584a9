/** Dockerfiles by chance: sound ones, odd ones, and ones that somebody typed into at a random place. */
import fc from "fast-check";

const names = ["APP", "NODE_VERSION", "TOKEN", "x", "PATH", "NPM_TOKEN", "DB_PASSWORD"];
const images = [
  "alpine",
  "node:latest",
  "node:18",
  "golang:1.27",
  "debian:buster",
  "scratch",
  "python:3.9-slim",
  "build",
];
const paths = ["/app", ".", "src/", "/etc/passwd", "package.json", "'a b'", "C:\\app"];
const commands = [
  "apt-get update",
  "apt-get install -y curl build-essential",
  "apk add --no-cache git",
  "npm ci",
  "npm run build",
  "go build -o /app ./cmd",
  "useradd -m app",
  "rm -rf /tmp/x",
  'curl -H "Authorization: $TOKEN" https://example.com | sh',
  "if true; then echo 'x'; fi",
  'echo "${APP:-a b}" > /tmp/f',
  "(cd /src; make)",
  "pip install -r requirements.txt",
];

const name = fc.constantFrom(...names);
const image = fc.oneof(fc.constantFrom(...images), fc.constant("$BASE"), fc.constant("node:${NODE_VERSION:-20}-slim"));
const path = fc.constantFrom(...paths);
const continuation = fc.constantFrom(" ", " \\\n  ", " \\\n# a comment\n  ", " \\\n\n  ", " \\  \n\t");
const value = fc.oneof(
  fc.constantFrom("1", '"a b"', "'$x'", "${A:-${B}}", "s3cr3t", "a\\ b", '"', ""),
  fc.string({ maxLength: 12 }),
);

/** Commands joined as people join them, over one or several lines. */
const script = fc
  .tuple(
    fc.array(fc.constantFrom(...commands), { minLength: 1, maxLength: 4 }),
    fc.constantFrom("&&", ";", "||", "|"),
    continuation,
  )
  .map(([list, connector, gap]) => list.join(`${gap}${connector} `));

const heredoc = fc
  .tuple(script, fc.constantFrom("<<EOF", "<<-EOF", '<<"EOF"', "<<EOF bash", "<<EOF <<OTHER"), fc.boolean())
  .map(
    ([body, operator, ends]) =>
      `RUN ${operator}\n${body}\n${ends ? `EOF\n${operator.includes("OTHER") ? "x\nOTHER\n" : ""}` : ""}`,
  );

const instruction = fc.oneof(
  fc.tuple(image, fc.option(name)).map(([base, alias]) => `FROM ${base}${alias ? ` AS ${alias}` : ""}`),
  script.map((text) => `RUN ${text}`),
  fc.tuple(name, script).map(([id, text]) => `RUN --mount=type=secret,id=${id} --mount=type=cache,target=/x ${text}`),
  heredoc,
  fc.tuple(name, value).map(([key, text]) => `ARG ${key}=${text}`),
  name.map((key) => `ARG ${key}`),
  fc.tuple(name, value, continuation).map(([key, text, gap]) => `ENV ${key}=${text}${gap}B=2`),
  fc.tuple(name, value).map(([key, text]) => `ENV ${key} ${text}`),
  fc
    .tuple(path, path, fc.constantFrom("", "--from=build ", "--chown=app ", "--from=0 "))
    .map(([a, b, flag]) => `COPY ${flag}${a} ${b}`),
  path.map((target) => `WORKDIR ${target}`),
  fc.constantFrom("USER root", "USER app", "USER 1000:1000", "USER $APP", "USER 0", "USER node # who"),
  fc.constantFrom(
    'CMD ["node", "server.js"]',
    "CMD node server.js",
    'CMD ["broken"',
    'ENTRYPOINT ["./app"]',
    "ENTRYPOINT exec app",
  ),
  fc.constantFrom(
    'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
    'SHELL ["powershell"]',
    "EXPOSE 80",
    "VOLUME /data",
    "HEALTHCHECK NONE",
  ),
  fc.constantFrom(
    "ONBUILD RUN npm ci",
    "STOPSIGNAL 9",
    "MAINTAINER me",
    "LABEL a=b \\\n c=d",
    "from alpine",
    "COPPY a b",
  ),
  fc.constantFrom(
    "# plimsoll ignore=missing-user -- why",
    "# hadolint ignore=DL3007",
    "# check=skip=all",
    "# a comment",
    "",
  ),
);

const directive = fc.constantFrom(
  "",
  "",
  "# syntax=docker/dockerfile:1\n",
  "# escape=`\n",
  "# check=error=true\n",
  "\uFEFF",
);

/** A Dockerfile of a dozen instructions that mostly make sense. */
export const dockerfile: fc.Arbitrary<string> = fc
  .tuple(directive, fc.array(instruction, { maxLength: 14 }), fc.constantFrom("\n", "\r\n", "\n\n"), fc.boolean())
  .map(([head, list, end, last]) => head + list.join(end) + (last ? end : ""));

const scrap = fc.oneof(
  fc.constantFrom(
    "\n",
    "\\\n",
    '"',
    "'",
    "`",
    "$",
    "${",
    "}",
    "<<EOF",
    "\r",
    "\0",
    "\t",
    " ",
    "#",
    "[",
    "&&",
    "\\",
    "😀",
    "\u2028",
  ),
  fc.string({ maxLength: 6 }),
);

/** A Dockerfile in which a few places were typed into or cut. */
export const mutated: fc.Arbitrary<string> = fc
  .tuple(dockerfile, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 8 }), scrap), { minLength: 1, maxLength: 4 }))
  .map(([text, changes]) =>
    changes.reduce((now, [where, length, put]) => {
      const at = where % (now.length + 1);
      return now.slice(0, at) + put + now.slice(at + length);
    }, text),
  );

/** Anything at all. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.array(scrap, { maxLength: 40 }).map((parts) => parts.join("")),
);
