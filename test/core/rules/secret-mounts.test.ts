/** Other ways to give a build a secret: each action beside the best one, and where it must not be offered. */
import { describe, expect, it } from "vitest";
import type { Fix } from "../../../server/src/core/rule";
import { secretRules } from "../../../server/src/core/rules/secret/index";
import { applyEdits } from "../../../server/src/core/text";
import { benchOf } from "./setup";

const { reports } = benchOf(secretRules);

function fixes(text: string, rule = "secret-in-arg-or-env"): readonly Fix[] {
  const found = reports(text, [rule]);
  expect(found.map(({ message }) => message)).toHaveLength(1);
  return found[0]?.fixes() ?? [];
}

/** The text after the fix whose title holds the given words; null where there is none. */
function mend(text: string, title: string, rule?: string): string | null {
  const fix = fixes(text, rule).find((one) => one.title.includes(title));
  return fix?.edits ? applyEdits(text, fix.edits) : null;
}

describe("a variable", () => {
  const curl = "FROM alpine:3.24\nARG API_TOKEN\nRUN curl -H $API_TOKEN https://a.test/\n";
  const required = "that no build can do without";

  it("can be required, or be read from a file", () => {
    expect(mend(curl, required)).toBe(
      "FROM alpine:3.24\nRUN --mount=type=secret,id=API_TOKEN,env=API_TOKEN,required=true curl -H $API_TOKEN https://a.test/\n",
    );
    expect(mend(curl, "as a file")).toBe(
      'FROM alpine:3.24\nRUN --mount=type=secret,id=API_TOKEN export API_TOKEN="$(cat /run/secrets/API_TOKEN)" && curl -H $API_TOKEN https://a.test/\n',
    );
    expect(fixes(curl)[0]?.title).toBe("Mount API_TOKEN as a secret in RUN");
  });

  it("is only required where a RUN names it", () =>
    expect(mend("FROM node:26\nARG NPM_TOKEN\nRUN npm ci\n", required)).toBeNull());
  it("is no file for an exec form", () =>
    expect(mend('FROM node:26\nARG NPM_TOKEN\nRUN ["npm", "ci"]\n', "as a file")).toBeNull());
  it("is no file where the user's number is not known", () =>
    expect(mend(curl.replace("RUN", "USER builder\nRUN"), "as a file")).toBeNull());
  it("goes on reaching scripts of the project", () =>
    expect(mend("FROM node:26\nARG NPM_TOKEN\nRUN npm ci\nRUN ./build.sh\nRUN python3 x.py\nRUN ls\n", "in RUN")).toBe(
      "FROM node:26\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm ci\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN ./build.sh\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN python3 x.py\nRUN ls\n",
    ));
  it("has no action where a script may read it by either of two names", () =>
    expect(fixes("FROM node:26\nARG TOKEN\nENV NPM_TOKEN=$TOKEN\nRUN npm ci\nRUN ./build.sh\n")).toEqual([]));
  it("that is its own default has none", () =>
    expect(mend("FROM alpine:3.24\nARG T_TOKEN=${T_TOKEN}\nRUN curl $T_TOKEN\n", "in RUN")).toContain("id=T_TOKEN"));
  it("says how to build with Compose, and what to replace", () => {
    const [fix] = fixes("FROM alpine:3.24\nARG API_TOKEN=k8Hs93jd\nRUN curl -H $API_TOKEN https://a.test/\n");
    expect(fix?.command).toBe("docker build --secret id=API_TOKEN .");
    expect(fix?.note).toContain("secrets: { API_TOKEN: { environment: API_TOKEN } }, and build.secrets: [API_TOKEN]");
    expect(fix?.note).toContain("replace it");
    expect(fix?.note).not.toContain("..");
  });
  it("whose value stands in the file has to be changed", () =>
    expect(reports("FROM alpine:3.24\nARG API_TOKEN=k8Hs93jd\n", ["secret-in-arg-or-env"])[0]?.message).toContain(
      "change the value",
    ));

  it.each([
    ["yarn", "ARG NPM_TOKEN", "yarn install"],
    ["gh", "ARG GH_TOKEN", "gh release download"],
    ["aws", "ARG AWS_SECRET_ACCESS_KEY", "aws s3 cp s3://a b"],
    ["uv", "ARG UV_INDEX_CORP_PASSWORD", "uv sync"],
    ["poetry", "ARG POETRY_HTTP_BASIC_CORP_PASSWORD", "poetry install"],
    ["cargo", "ARG CARGO_REGISTRIES_CORP_TOKEN", "cargo build"],
    ["bundle", "ARG BUNDLE_GEMS__CONTRIBSYS__COM", "bundle install"],
    ["composer", "ARG COMPOSER_AUTH", "composer install"],
    ["gradle", "ARG ORG_GRADLE_PROJECT_repoPassword", "gradle build"],
    ["mvn", "ARG MAVEN_REPO_PASSWORD", "mvn package"],
    ["dotnet", "ARG NuGetPackageSourceCredentials_corp", "dotnet restore"],
    ["hf", "ARG HF_TOKEN", "hf download m"],
    ["az", "ARG AZURE_CLIENT_SECRET", "az login --identity"],
    ["python", "ARG OPENAI_API_KEY", "python embed.py"],
    ["sentry-cli", "ARG SENTRY_AUTH_TOKEN", "sentry-cli releases new 1"],
    ["next build", "ARG SENTRY_AUTH_TOKEN", "next build"],
  ])("is read unasked by %s", (_tool, declaration, command) => {
    const name = declaration.slice(4);
    expect(mend(`FROM alpine:3.24\n${declaration}\nRUN ${command}\nRUN ls\n`, "in RUN")).toBe(
      `FROM alpine:3.24\nRUN --mount=type=secret,id=${name},env=${name} ${command}\nRUN ls\n`,
    );
  });

  it.each([
    ["Sentry's token by Yarn's settings", "ARG SENTRY_AUTH_TOKEN\nCOPY .yarnrc.yml ./", "yarn install", "yarn build"],
    [
      "the key of Rails by an installation",
      "ARG RAILS_MASTER_KEY",
      "bundle install",
      "bundle exec rake assets:precompile",
    ],
  ])("is not read: %s", (_title, lines, other, reader) => {
    const text = `FROM alpine:3.24\n${lines}\nRUN ${other}\nRUN ${reader}\n`;
    const result = mend(text, "in RUN") ?? "";
    expect(result).toContain(`RUN ${other}\n`);
    expect(result).toMatch(new RegExp(`RUN --mount=\\S+ ${reader}`));
  });
  it("of a tool that reads it needs no login", () => {
    expect(
      mend("FROM python:3.14\nARG HF_TOKEN\nRUN hf auth login --token $HF_TOKEN\nRUN python get.py\n", "in RUN"),
    ).toBe("FROM python:3.14\nRUN --mount=type=secret,id=HF_TOKEN,env=HF_TOKEN python get.py\n");
    const key = "AWS_SECRET_ACCESS_KEY";
    expect(
      mend(
        `FROM alpine:3.24\nARG ${key}\nRUN aws configure set aws_secret_access_key $${key} && aws s3 ls\n`,
        "in RUN",
      ),
    ).toBe(`FROM alpine:3.24\nRUN --mount=type=secret,id=${key},env=${key} aws s3 ls\n`);
  });
  it("that nobody uses can only go", () => {
    const [fix, second] = fixes("FROM alpine:3.24\nARG API_TOKEN\nRUN ls\n");
    expect(fix?.title).toBe("Remove API_TOKEN, which no RUN here seems to use");
    expect(second).toBeUndefined();
  });
});

describe("what a tool keeps", () => {
  it.each([
    ["pip", 'pip config set global.index-url "https://u:$T_TOKEN@r/"', "pip config unset global.index-url"],
    [
      "pip for all",
      "pip config --global set global.index-url https://u:$T_TOKEN@r/",
      "pip config --global unset global.index-url",
    ],
    ["Yarn 1", "yarn config set //r/:_authToken $T_TOKEN", "yarn config delete //r/:_authToken"],
    ["a later Yarn", "yarn config set npmAuthToken $T_TOKEN", "yarn config unset npmAuthToken"],
    [
      "Composer",
      "composer config -g http-basic.r.test u $T_TOKEN",
      "composer config --global --unset http-basic.r.test",
    ],
    ["Poetry", "poetry config http-basic.corp u $T_TOKEN", "poetry config --unset http-basic.corp"],
    ["Bundler", "bundle config set --global gems.test $T_TOKEN", "bundle config unset --global gems.test"],
    ["Hugging Face", "huggingface-cli login --token $T_TOKEN", "huggingface-cli logout"],
    ["Cargo", "cargo login $T_TOKEN", "cargo logout"],
    ["NuGet", "dotnet nuget add source https://r -n corp -u u -p $T_TOKEN", "dotnet nuget remove source corp"],
    [
      "an old git",
      'git config --global url."https://$T_TOKEN@g.test/".insteadOf https://g.test/',
      'git config --global --unset-all url."https://$T_TOKEN@g.test/".insteadOf',
    ],
  ])("is taken back: %s", (_title, command, undo) => {
    const text = `FROM corp.test/base:1\nARG T_TOKEN\nRUN ${command} && use\n`;
    expect(mend(text, "in RUN")).toBe(
      `FROM corp.test/base:1\nRUN --mount=type=secret,id=T_TOKEN,env=T_TOKEN ${command} && use && ${undo}\n`,
    );
  });

  it.each([
    ["a later RUN needs it", "RUN pip config set a.b $T_TOKEN\nRUN pip install x"],
    ["a script may need it later", "RUN pip config set a.b $T_TOKEN && pip install x\nRUN ./more.sh"],
    ["its key is not plain", "RUN pip config set $A.b $T_TOKEN && pip install x"],
    ["sudo keeps it elsewhere", "RUN sudo pip config set a.b $T_TOKEN && pip install x"],
    ["a part of the RUN may be left out", "RUN if a; then pip config set a.b $T_TOKEN; fi && pip install x"],
    [
      "git remembers logins",
      "RUN git config --global credential.helper store && git config --global url.https://$T_TOKEN@g.test/.insteadOf https://g.test/ && go mod download",
    ],
    ["nothing in the RUN uses it", "RUN pip config set a.b $T_TOKEN"],
    ["nobody knows how", "RUN docker login -u u -p $T_TOKEN && docker pull x"],
  ])("stays where %s", (_title, lines) => expect(fixes(`FROM alpine:3.24\nARG T_TOKEN\n${lines}\n`)).toEqual([]));
});

describe("git's settings", () => {
  const set = 'git config --global url."https://${T_TOKEN}@github.com/".insteadOf "https://github.com/"';
  const given =
    'GIT_CONFIG_KEY_0=url."https://${T_TOKEN}@github.com/".insteadOf GIT_CONFIG_VALUE_0="https://github.com/"';
  const mount = "RUN --mount=type=secret,id=T_TOKEN,env=T_TOKEN";
  const title = "by the environment";

  it("of one RUN", () =>
    expect(mend(`FROM alpine:3.24\nARG T_TOKEN\nRUN apk add git && ${set} && go mod download\n`, title)).toBe(
      `FROM alpine:3.24\n${mount} export GIT_CONFIG_COUNT=1 ${given} && apk add git && go mod download\n`,
    ));
  it("of several, for each RUN that reaches git, laid out as it is", () => {
    const second = 'git config --global --add url."https://${T_TOKEN}@github.com/".insteadOf ssh://git@github.com/';
    const text = `FROM golang:1.27 AS b\nARG T_TOKEN\nRUN ${set} && ${second}\nRUN echo a\nRUN go mod download \\\n  && go vet ./...\nRUN make\n`;
    const both = `export GIT_CONFIG_COUNT=2 ${given} GIT_CONFIG_KEY_1=url."https://\${T_TOKEN}@github.com/".insteadOf GIT_CONFIG_VALUE_1=ssh://git@github.com/`;
    expect(mend(text, title)).toBe(
      `FROM golang:1.27 AS b\nRUN echo a\n${mount} ${both} \\\n  && go mod download \\\n  && go vet ./...\n${mount} ${both} && make\n`,
    );
    expect(fixes(text)[0]?.note).toContain("GOPRIVATE");
  });
  it.each([
    ["was dropped late enough", "golang:1.24-alpine"],
    ["stood on a newer system at the end", "golang:1.20"],
  ])("of an image that %s", (_title, image) =>
    expect(mend(`FROM ${image}\nARG T_TOKEN\nRUN ${set}\nRUN go mod download\n`, title)).toContain("GIT_CONFIG_COUNT"),
  );
  it.each([
    [
      "git remembers logins",
      `FROM alpine:3.24\nARG T_TOKEN\nRUN git config --global credential.helper store && ${set}\nRUN go mod download\n`,
    ],
    ["git may be too old", `FROM debian:11\nARG T_TOKEN\nRUN ${set}\nRUN go mod download\n`],
    ["nobody knows which git it is", `FROM corp.test/go:1\nARG T_TOKEN\nRUN ${set}\nRUN go mod download\n`],
    [
      "something takes them back",
      `FROM alpine:3.24\nARG T_TOKEN\nRUN ${set}\nRUN go mod download\nRUN git config --global --unset-all a.b\n`,
    ],
    [
      "something else handles the file",
      `FROM alpine:3.24\nARG T_TOKEN\nRUN ${set}\nRUN go mod download\nRUN rm /root/.gitconfig\n`,
    ],
    ["the RUN is an exec form", `FROM alpine:3.24\nARG T_TOKEN\nRUN ${set}\nRUN ["go", "mod", "download"]\n`],
    [
      "the frontend is old",
      `# syntax=docker/dockerfile:1.4\nFROM alpine:3.24\nARG T_TOKEN\nRUN ${set}\nRUN go mod download\n`,
    ],
    ["it is set in a condition", `FROM alpine:3.24\nARG T_TOKEN\nRUN if a; then ${set}; fi\nRUN go mod download\n`],
    ["nothing reaches git", `FROM alpine:3.24\nARG T_TOKEN\nRUN ${set}\nRUN ls\n`],
    [
      "settings come from the environment already",
      `FROM alpine:3.24\nARG T_TOKEN\nENV GIT_CONFIG_COUNT=0\nRUN ${set}\nRUN go mod download\n`,
    ],
  ])("stay where %s", (_title, text) => expect(mend(text, title)).toBeNull());
});

describe("a clone", () => {
  const title = "by ADD";
  const clone = (rest: string) => `FROM alpine:3.24\nWORKDIR /w\nARG T_TOKEN\nRUN git clone ${rest}\n`;
  it("can be an ADD", () => {
    const text = clone("--depth 1 -b v1.2 https://x-access-token:${T_TOKEN}@github.com/o/r.git /src");
    expect(mend(text, title)).toBe(
      "FROM alpine:3.24\nWORKDIR /w\nADD --keep-git-dir=true https://github.com/o/r.git#v1.2 /src\n",
    );
    const fix = fixes(text).find((one) => one.title.includes(title));
    expect(fix?.command).toBe("docker build --secret id=GIT_AUTH_TOKEN,env=T_TOKEN .");
  });
  it("into the current folder", () =>
    expect(mend(clone('"https://$T_TOKEN@github.com/o/r"'), title)).toBe(
      "FROM alpine:3.24\nWORKDIR /w\nADD --keep-git-dir=true https://github.com/o/r.git /w/r\n",
    ));
  it.each([
    ["more is done", clone("https://$T_TOKEN@github.com/o/r && ls")],
    ["there are submodules", clone("--recursive https://$T_TOKEN@github.com/o/r")],
    ["the reference is a variable", clone("-b $B https://$T_TOKEN@github.com/o/r")],
    ["the address has another variable", clone("https://$T_TOKEN@github.com/$O/r")],
    ["another RUN uses the token", `${clone("https://$T_TOKEN@github.com/o/r")}RUN curl $T_TOKEN\n`],
    [
      "somebody else than root runs it",
      clone("https://$T_TOKEN@github.com/o/r").replace("WORKDIR", "USER 1000\nWORKDIR"),
    ],
    ["the folder is not known", clone("https://$T_TOKEN@github.com/o/r").replace("WORKDIR /w\n", "WORKDIR $W\n")],
    ["the frontend is old", `# syntax=docker/dockerfile:1.4\n${clone("https://$T_TOKEN@github.com/o/r")}`],
  ])("stays a RUN where %s", (_title, text) => expect(mend(text, title)).toBeNull());
});

it("a clone keeps its address where git remembers logins, for it would stay there as well", () =>
  expect(
    fixes(
      "FROM alpine:3.24\nARG T_TOKEN\nRUN git config --global credential.helper store && git clone https://$T_TOKEN@github.com/o/r\n",
    ),
  ).toEqual([]));

describe("an index of packages", () => {
  const text =
    "FROM python:3.14\nARG P_PASSWORD\nENV PIP_INDEX_URL=https://ci:$P_PASSWORD@pypi.test/simple\nRUN pip install x\n";
  const title = "mounted .netrc";
  it("can keep its address, and get the login from a file", () =>
    expect(mend(text, title)).toBe(
      "FROM python:3.14\nENV PIP_INDEX_URL=https://pypi.test/simple\nRUN --mount=type=secret,id=netrc,target=/root/.netrc pip install x\n",
    ));
  it("with quotes, and for another user", () => {
    const quoted = text.replace(
      "https://ci:$P_PASSWORD@pypi.test/simple",
      '"https://ci:${P_PASSWORD}@pypi.test/simple"',
    );
    expect(mend(quoted.replace("FROM python:3.14", "FROM node:26").replace("RUN", "USER node\nRUN"), title)).toBe(
      'FROM node:26\nENV PIP_INDEX_URL="https://pypi.test/simple"\nUSER node\nRUN --mount=type=secret,id=netrc,target=/home/node/.netrc,uid=1000,gid=1000 pip install x\n',
    );
  });
  it.each([
    ["the home of the user is not known", text.replace("RUN", "USER 4711\nRUN")],
    ["another program reads the address", text.replace("pip install x", "curl $PIP_INDEX_URL")],
    [
      "the variable is of no such tool",
      text.replaceAll("PIP_INDEX_URL", "FEED").replace("install x", "install -i $FEED x"),
    ],
  ])("keeps its login where %s", (_title, changed) => expect(mend(changed, title)).toBeNull());
});

describe("a password at the command line", () => {
  const rule = "secret-literal";
  const with_ = (run: string) => `FROM python:3.14\nRUN ${run}\n`;
  const address = "https://ci:Kq83hsQz@pypi.test/simple";
  it.each([
    [`python3 -m pip install -i ${address} x`, "PIP_INDEX_URL", "python3 -m pip install x"],
    [`pip install --extra-index-url=${address} x`, "PIP_EXTRA_INDEX_URL", "pip install x"],
    [`uv pip install x --index-url ${address}`, "UV_DEFAULT_INDEX", "uv pip install x"],
    [`pip install \\\n    --extra-index-url ${address} \\\n    x`, "PIP_EXTRA_INDEX_URL", "pip install \\\n    x"],
  ])("%s", (run, variable, rest) =>
    expect(mend(with_(run), "instead of", rule)).toBe(
      with_(`--mount=type=secret,id=${variable},env=${variable} ${rest}`),
    ),
  );
  it.each([
    [
      "another address with the same flag",
      with_(`pip install --extra-index-url ${address} --extra-index-url https://b.test/ x`),
    ],
    ["another program", with_(`curl ${address}`)],
    ["a script in quotes", with_(`sh -c 'pip install -i ${address} x'`)],
    ["an old frontend", `# syntax=docker/dockerfile:1.4\n${with_(`pip install -i ${address} x`)}`],
  ])("stays: %s", (_title, text) => expect(fixes(text, rule)).toEqual([]));
  it("is never written anywhere", () => {
    const text = with_(`pip install -i ${address} x`);
    expect(JSON.stringify(fixes(text, rule))).not.toContain("Kq83");
  });
});
