/** The rules about secrets beyond their examples: severities, and every case in which no fix may be offered. */
import { describe, expect, it } from "vitest";
import { factsOf } from "../../../server/scripts/example";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import { applyFixes } from "../../../server/src/core/fix";
import type { LintInput, Report } from "../../../server/src/core/lint";
import { lint } from "../../../server/src/core/lint";
import { buildModel } from "../../../server/src/core/model/build";
import { resolveConfig } from "../../../server/src/core/preset";
import type { Fix } from "../../../server/src/core/rule";
import { rubyRules } from "../../../server/src/core/rules/ruby/index";
import { secretRules } from "../../../server/src/core/rules/secret/index";
import { applyEdits } from "../../../server/src/core/text";

const all = [...secretRules, ...rubyRules];

interface Setting {
  readonly rules?: readonly string[];
  readonly files?: { readonly [path: string]: string };
  readonly options?: { readonly [name: string]: readonly string[] };
}

function input(text: string, { rules = ["secret-in-arg-or-env"], files, options = {} }: Setting = {}): LintInput {
  const chosen = all.filter((rule) => rules.includes(rule.id));
  const overrides = [new Map(rules.map((id) => [id, { severity: "on" as const, options }]))];
  return {
    model: buildModel(text),
    rules: chosen,
    config: resolveConfig(chosen, { presets: [], overrides }),
    catalogue: exampleCatalogue(),
    today: "2026-09-01",
    facts: factsOf(files),
    path: "Dockerfile",
  };
}

function reports(text: string, setting?: Setting): readonly Report[] {
  const { reports: found, failures } = lint(input(text, setting));
  expect(failures).toEqual([]);
  return found;
}

function only(text: string, setting?: Setting): Report {
  const found = reports(text, setting);
  expect(found.map((report) => report.message)).toHaveLength(1);
  return found[0] as Report;
}

const fixes = (text: string, setting?: Setting): readonly Fix[] => only(text, setting).fixes();

function fixed(text: string, setting?: Setting): string {
  const [fix] = fixes(text, setting);
  expect(fix, "no fix is offered").toBeDefined();
  return applyEdits(text, fix?.edits ?? []);
}

describe("severity of secret-in-arg-or-env", () => {
  it.each([
    ["an argument of the image that ships", "FROM alpine:3.24\nARG API_TOKEN\n", "warning"],
    ["an empty default waits for a value as well", "FROM alpine:3.24\nARG API_TOKEN=\n", "warning"],
    ["inherited by the image that ships", "FROM alpine:3.24 AS a\nARG API_TOKEN\nFROM a\n", "warning"],
    ["of a builder", "FROM alpine:3.24 AS a\nARG API_TOKEN\nFROM alpine:3.24\nCOPY --from=a /x /x\n", "info"],
    ["before the first FROM, used by nobody", "ARG API_TOKEN\nFROM alpine:3.24\n", "info"],
    ["a stand-in as default", "FROM alpine:3.24\nARG API_TOKEN=changeme\n", "hint"],
    ["a value in ENV", "FROM alpine:3.24\nENV API_TOKEN=k8Hs93jd\n", "warning"],
    ["a value in ENV, old form", "FROM alpine:3.24\nENV API_TOKEN k8Hs93jd\n", "warning"],
    ["a value in ENV of a builder", "FROM alpine:3.24 AS a\nENV API_TOKEN=k8Hs93jd\nFROM alpine:3.24\n", "info"],
    ["a stand-in in ENV", "FROM alpine:3.24\nENV API_TOKEN=changeme\n", "hint"],
    ["what another argument gives, or nothing", "FROM alpine:3.24\nARG IN\nENV API_TOKEN=${IN:-}\n", "hint"],
    ["a variable of nobody", "FROM alpine:3.24\nENV API_TOKEN=$API_TOKEN\n", "hint"],
    ["a database to try", "FROM postgres:18\nENV POSTGRES_PASSWORD=k8Hs93jd\n", "hint"],
    ["ENV that keeps the argument", "FROM alpine:3.24\nARG API_TOKEN\nENV API_TOKEN=$API_TOKEN\n", "error"],
    ["ENV that keeps it by another name", "FROM alpine:3.24\nARG API_TOKEN\nENV OTHER=${API_TOKEN}\n", "error"],
    ["ENV that keeps it within more text", 'FROM alpine:3.24\nARG API_TOKEN\nENV H="token $API_TOKEN"\n', "error"],
    ["ENV of a builder", "FROM alpine:3.24 AS a\nARG API_TOKEN\nENV X=$API_TOKEN\nFROM alpine:3.24\n", "info"],
    ["ENV with a stand-in", "FROM alpine:3.24\nARG API_TOKEN=changeme\nENV API_TOKEN=$API_TOKEN\n", "hint"],
    ["within ONBUILD", "FROM alpine:3.24\nONBUILD ARG API_TOKEN\n", "warning"],
  ])("%s", (_title, text, severity) => expect(only(text).severity).toBe(severity));

  it.each([
    ["a path", "FROM alpine:3.24\nENV TLS_CLIENT_KEY=/etc/tls/key.pem\n"],
    ["a switch", "FROM alpine:3.24\nENV AUTH_TOKEN=true\n"],
    ["a flag whether there is one", "FROM alpine:3.24\nENV HAS=1\n"],
    ["a prefix in one RUN", "FROM alpine:3.24\nRUN API_TOKEN=abc make\n"],
    ["a template", "FROM alpine:3.24\nENV API_TOKEN={{ token }}\n"],
    ["debatable names", "FROM alpine:3.24\nARG PIP_INDEX_URL\nARG GPG_KEY\nENV USERNAME=vscode AWS_ACCESS_KEY_ID=\n"],
  ])("is silent for %s", (_title, text) => expect(reports(text)).toEqual([]));

  it.each([
    ["a tag of Windows", "FROM example.com/x:1-ltsc2022\nARG API_TOKEN\nRUN pull\n"],
    ["its escape character", "# escape=`\nARG BASE\nFROM $BASE\nARG API_TOKEN=changeme\nRUN pull\n"],
    ["its escape character and no stand-in", "# escape=`\nARG BASE\nFROM $BASE\nARG API_TOKEN\nRUN pull $API_TOKEN\n"],
    ["its shell", 'FROM example.com/x\nSHELL ["powershell", "-Command"]\nARG API_TOKEN=k8Hs93jd\nRUN pull\n'],
    ["an image of it", "FROM mcr.microsoft.com/windows/nanoserver AS a\nENV API_TOKEN=k8Hs93jd\nFROM scratch\n"],
    ["all stages", "ARG API_TOKEN\nFROM mcr.microsoft.com/windows/servercore:ltsc2025\n"],
  ])("offers no mount where %s shows Windows", (_title, text) => {
    const report = only(text);
    expect(report.message).not.toMatch(/--mount|Mount/);
    expect(JSON.stringify(report.fixes())).not.toContain("--mount");
  });

  it("knows that PowerShell runs on Linux as well", () => {
    const text = 'FROM example.com/x\nSHELL ["pwsh", "-Command"]\nARG API_TOKEN\nRUN pull\n';
    expect(only(text).message).toContain("--mount");
  });

  it("says once what is declared twice, and relates the rest", () => {
    const report = only("ARG T_TOKEN\nFROM alpine:3.24\nARG T_TOKEN\nENV T_TOKEN=$T_TOKEN\n");
    expect(report.related.map((one) => one.message)).toEqual([
      "ARG T_TOKEN belongs to the same secret.",
      "ARG T_TOKEN belongs to the same secret.",
    ]);
  });

  it("answers to trivy only where the image ships", () => {
    expect(only("FROM alpine:3.24\nARG A_TOKEN\n").aliases.trivy).toEqual(["DS-0031"]);
    expect(only("FROM alpine:3.24 AS a\nARG A_TOKEN\nFROM alpine:3.24\n").aliases.trivy).toBeUndefined();
  });

  it("is one finding with the literal, which counts for more", () => {
    const both = { rules: ["secret-in-arg-or-env", "secret-literal"] };
    const report = only(`FROM alpine:3.24\nENV GITHUB_TOKEN=ghp_${"q7Zp3Kx9Lm".repeat(4)}\n`, both);
    expect([report.rule.id, report.severity]).toEqual(["secret-literal", "error"]);
    expect(report.aliases.hadolint).toEqual(["DL3064"]);
  });

  it("never shows a value", () => {
    const value = "k8Hs93jdQ";
    const text = `FROM alpine:3.24\nENV API_TOKEN=${value}\nRUN curl -u ci:${value} https://a.test/\n`;
    for (const report of reports(text, { rules: all.map((rule) => rule.id) })) {
      const shown = JSON.stringify([report.message, report.related, report.fixes()]);
      expect(shown).not.toContain(value);
    }
  });
});

describe("no fix", () => {
  const silent = (text: string, setting?: Setting) => expect(fixes(text, setting)).toEqual([]);
  const run = "RUN curl -H $API_TOKEN https://a.test/\n";

  it("inside ONBUILD", () => silent("FROM alpine:3.24\nONBUILD ARG API_TOKEN\n"));
  it("where ONBUILD uses it", () => silent("FROM alpine:3.24\nARG API_TOKEN\nONBUILD RUN echo $API_TOKEN\n"));
  it("where FROM uses it", () =>
    silent("ARG API_TOKEN\nFROM alpine:3.24\nARG API_TOKEN\nRUN a $API_TOKEN\nFROM reg/$API_TOKEN/x\n"));
  it.each([
    "COPY $API_TOKEN /x",
    "ADD https://h/$API_TOKEN /x",
    "LABEL a=$API_TOKEN",
    "WORKDIR /$API_TOKEN",
    "USER $API_TOKEN",
    "EXPOSE $API_TOKEN",
    "VOLUME /$API_TOKEN",
  ])("where %s uses it", (line) => silent(`FROM alpine:3.24\nARG API_TOKEN\n${run}${line}\n`));
  it("where a file that is written uses it", () =>
    silent(`FROM alpine:3.24\nARG API_TOKEN\n${run}COPY <<EOF /x\n$API_TOKEN\nEOF\n`));
  it("where ENV uses it within more text", () =>
    silent('FROM alpine:3.24\nARG API_TOKEN\nENV H="token $API_TOKEN"\nRUN curl -H "$H" https://a.test/\n'));
  it("on Windows", () =>
    silent("FROM mcr.microsoft.com/windows/servercore:ltsc2022\nARG API_TOKEN\nRUN curl %API_TOKEN% $API_TOKEN\n"));
  it("under a shell that is not read", () =>
    silent('FROM alpine:3.24\nSHELL ["pwsh", "-c"]\nARG API_TOKEN\nRUN curl $env:API_TOKEN $API_TOKEN\n'));
  it("where another mount has the same id", () =>
    silent("FROM alpine:3.24\nARG API_TOKEN\nRUN --mount=type=secret,id=API_TOKEN,target=/t curl $API_TOKEN\n"));
  it("where the default has to go on working", () => silent(`FROM alpine:3.24\nARG API_TOKEN=dummy\n${run}`));
  it("where the RUN leaves it in a file", () =>
    silent("FROM alpine:3.24\nARG API_TOKEN\nRUN echo $API_TOKEN > /etc/token\n"));
  it("where the heredoc has no end", () => silent("FROM alpine:3.24\nARG API_TOKEN\nRUN <<EOF\ncurl $API_TOKEN\n"));
  it("where the frontend knows no mounts", () =>
    silent(`# syntax=docker/dockerfile:1.0\nFROM alpine:3.24\nARG API_TOKEN\n${run}`));
  it("where the frontend is unknown", () =>
    silent(`# syntax=corp.test/frontend:2\nFROM alpine:3.24\nARG API_TOKEN\n${run}`));
  it("with an old frontend for an exec form", () =>
    silent('# syntax=docker/dockerfile:1.4\nFROM node:26\nARG NPM_TOKEN\nRUN ["npm", "ci"]\n'));
  it("with an old frontend where the user's number is not known", () =>
    silent(`# syntax=docker/dockerfile:1.4\nFROM alpine:3.24\nARG API_TOKEN\nUSER builder\n${run}`));
  it("where nobody knows what a script reads", () =>
    silent("FROM alpine:3.24\nARG API_TOKEN\nCOPY . .\nRUN ./build.sh\n"));
  it("for a stand-in", () => silent("FROM alpine:3.24\nENV DB_PASSWORD=password\nCMD run $DB_PASSWORD\n"));
  it("for a prefix inside RUN, which is fine as it is", () =>
    expect(reports("FROM ruby:4.0\nRUN SECRET_KEY_BASE=dummy rails assets:precompile\n")).toEqual([]));
});

describe("the fix of secret-in-arg-or-env", () => {
  it("keeps CRLF", () => {
    const text = "FROM node:26\r\nARG NPM_TOKEN\r\nCOPY . .\r\nRUN npm ci\r\n";
    expect(fixed(text)).toBe(
      "FROM node:26\r\nCOPY . .\r\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm ci\r\n",
    );
  });

  it("gives a mount its own line where flags have one each", () => {
    const text = "# escape=`\nFROM node:26\nARG NPM_TOKEN\nRUN --mount=type=cache,target=/root/.npm `\n    npm ci\n";
    expect(fixed(text)).toBe(
      "# escape=`\nFROM node:26\nRUN --mount=type=cache,target=/root/.npm `\n    --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN `\n    npm ci\n",
    );
  });

  it("goes before a heredoc, and before an exec form", () => {
    const text = 'FROM node:26\nARG NPM_TOKEN\nRUN <<EOF\nnpm ci\nEOF\nRUN ["npm", "ci"]\n';
    const mount = "--mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN";
    expect(fixed(text)).toBe(`FROM node:26\nRUN ${mount} <<EOF\nnpm ci\nEOF\nRUN ${mount} ["npm", "ci"]\n`);
  });

  it("reads the file into the variable within a heredoc", () => {
    const text = "# syntax=docker/dockerfile:1.4\nFROM node:26\nARG NPM_TOKEN\nRUN <<EOF\n#!/bin/sh\nnpm ci\nEOF\n";
    expect(fixed(text)).toBe(
      '# syntax=docker/dockerfile:1.4\nFROM node:26\nRUN --mount=type=secret,id=NPM_TOKEN <<EOF\n#!/bin/sh\nexport NPM_TOKEN="$(cat /run/secrets/NPM_TOKEN)"\nnpm ci\nEOF\n',
    );
  });

  it("makes the user of the RUN the owner of the file", () => {
    const text = "# syntax=docker/dockerfile:1.4\nFROM node:26\nARG NPM_TOKEN\nUSER node\nRUN npm ci\n";
    expect(fixed(text)).toContain("--mount=type=secret,id=NPM_TOKEN,uid=1000,gid=1000 export");
  });

  it("serves the stages that build on this one", () => {
    const text = "FROM node:26 AS a\nARG NPM_TOKEN\nFROM a\nRUN npm ci\n";
    expect(fixed(text)).toBe("FROM node:26 AS a\nFROM a\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm ci\n");
  });

  it("takes the ARG before the first FROM as well, once no other stage needs it", () => {
    const text =
      "ARG A_TOKEN\nFROM alpine:3.24 AS a\nARG A_TOKEN\nRUN x $A_TOKEN\nFROM alpine:3.24\nARG A_TOKEN\nRUN y $A_TOKEN\n";
    const { text: after, converged } = applyFixes(input(text), { unsafe: true });
    const mount = "--mount=type=secret,id=A_TOKEN,env=A_TOKEN";
    expect([converged, after]).toEqual([
      true,
      `FROM alpine:3.24 AS a\nRUN ${mount} x $A_TOKEN\nFROM alpine:3.24\nRUN ${mount} y $A_TOKEN\n`,
    ]);
  });

  it("takes one pair out of several, and leaves the others as they stand", () => {
    expect(fixed("FROM alpine:3.24\nENV A_TOKEN=k8Hs93jd B=2 \\\n    C=3\n")).toBe(
      "FROM alpine:3.24\nENV B=2 \\\n    C=3\n",
    );
    expect(fixed("FROM alpine:3.24\nENV A=1 \\\n    # the token\n    B_TOKEN=k8Hs93jd\n")).toBe(
      "FROM alpine:3.24\nENV A=1\n",
    );
  });

  it("maps ENV of another name to the same secret", () => {
    const text = "FROM node:26\nARG TOKEN\nENV NPM_TOKEN=$TOKEN\nRUN npm ci\n";
    expect(fixed(text)).toBe("FROM node:26\nRUN --mount=type=secret,id=TOKEN,env=NPM_TOKEN npm ci\n");
  });

  it("heeds what the settings files say", () => {
    const text = "FROM node:26\nARG CORP_TOKEN\nARG NPM_TOKEN\nCOPY . .\nRUN npm ci\n";
    const files = { ".npmrc": "//npm.corp.test/:_authToken=${CORP_TOKEN}\n" };
    const [corp, npm] = reports(text, { files });
    expect(applyEdits(text, corp?.fixes()[0]?.edits ?? [])).toContain("id=CORP_TOKEN,env=CORP_TOKEN npm ci");
    expect(npm?.fixes()).toEqual([]);
  });

  it("tells how to build", () => {
    const [fix] = fixes("FROM node:26\nARG NPM_TOKEN\nRUN npm ci\n");
    expect(fix?.note).toContain("docker build --secret id=NPM_TOKEN .");
    expect(fix?.applicability).toBe("unsafe");
  });

  it("leaves the last line without a line end as it is", () => {
    expect(fixed("FROM alpine:3.24\nRUN true\nENV DB_PASSWORD=k8Hs93jd")).toBe("FROM alpine:3.24\nRUN true");
  });

  it("does not rewrite an address with quotes inside another shell's script", () => {
    const text = 'FROM alpine:3.24\nARG A_TOKEN\nRUN sh -c "git clone https://$A_TOKEN@git.test/o/r"\n';
    expect(fixes(text)).toEqual([]);
  });
});

describe("a build argument that ends up in npm's settings", () => {
  const rules = ["secret-in-arg-or-env", "secret-flows-into-layer"];
  const text =
    "FROM node:26\nARG NPM_TOKEN\nRUN npm config set //r/:_authToken=$NPM_TOKEN && npm ci\nRUN npm run build\n";
  const mended =
    "FROM node:26\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm config set //r/:_authToken=$NPM_TOKEN && npm ci && npm config delete //r/:_authToken\nRUN npm run build\n";

  it("is two findings that name each other", () => {
    const [declared, stored] = reports(text, { rules });
    expect(declared?.related.map(({ range }) => range)).toEqual([stored?.span]);
    expect(stored?.related.map(({ range }) => range)).toEqual([declared?.span]);
  });

  it("is mended at either of them, and nothing is left", () => {
    for (const report of reports(text, { rules })) {
      expect(applyEdits(text, report.fixes()[0]?.edits ?? [])).toBe(mended);
    }
    expect(reports(mended, { rules })).toEqual([]);
  });

  it.each([
    ["a later RUN fetches packages", "RUN yarn config set //r/:_authToken $NPM_TOKEN && yarn\nRUN npm install -g x"],
    ["a command behind `;` runs in any case", "RUN yarn config set //r/:_authToken $NPM_TOKEN; yarn"],
    ["the key is not plain", "RUN yarn config set //$HOST/:_authToken $NPM_TOKEN && yarn"],
    ["nobody knows how a tool forgets", "RUN helm registry login -u ci -p $NPM_TOKEN reg.test && helm pull x"],
  ])("is left to the author where %s", (_title, run) => {
    for (const report of reports(`FROM node:26\nARG NPM_TOKEN\n${run}\n`, { rules }))
      expect(report.fixes()).toEqual([]);
  });

  it("is taken back alone where a mount already brings it", () => {
    const run = "RUN --mount=type=secret,id=T,env=T npm config set //r/:_authToken $T && npm ci";
    expect(fixed(`FROM node:26\n${run}\n`, { rules })).toBe(
      `FROM node:26\n${run} && npm config delete //r/:_authToken\n`,
    );
  });
});

describe("secret-flows-into-layer", () => {
  const rules = ["secret-flows-into-layer"];
  it.each([
    ["a device", "RUN echo $T_TOKEN > /dev/null"],
    ["a cache", "RUN --mount=type=cache,target=/c echo $T_TOKEN > /c/t"],
    ["a trap that may delete it", "RUN trap 'rm /t' EXIT; echo $T_TOKEN > /t"],
    ["a folder that goes", "RUN mkdir -p /x && echo $T_TOKEN > /x/t && use && rm -rf /x"],
    [
      "settings that are taken back",
      "RUN npm config set //r/:_authToken $T_TOKEN && npm ci && npm config delete //r/:_authToken",
    ],
    [
      "a clone that loses its address",
      "RUN git clone https://$T_TOKEN@git.test/o/r && git -C r remote set-url origin https://git.test/o/r",
    ],
    ["whether there is one", "RUN echo ${T_TOKEN:+yes} > /x"],
    ["an answer", "RUN curl -H $T_TOKEN https://a.test > /x"],
    ["standard error", "RUN echo $T_TOKEN 2> /x"],
  ])("is silent for %s", (_title, line) =>
    expect(reports(`FROM alpine:3.24\nARG T_TOKEN\n${line}\n`, { rules })).toEqual([]),
  );

  it.each([
    ["tee", "RUN echo $T_TOKEN | tee /x"],
    ["a filter", "RUN echo $T_TOKEN | base64 -d > /x"],
    ["a heredoc", "RUN cat <<EOF > /x\n$T_TOKEN\nEOF"],
    ["sed", "RUN sed -i s/@/$T_TOKEN/ /x"],
    ["a copied variable", 'RUN A="x$T_TOKEN" && echo $A > /x'],
    ["git's own settings", "RUN git config --global url.https://$T_TOKEN@git.test/.insteadOf https://git.test/"],
    ["a login", "RUN docker login -u ci -p $T_TOKEN reg.test"],
    ["a mounted file in a variable", "RUN --mount=type=secret,id=s S=$(cat /run/secrets/s) && echo $S > /x"],
    ["COPY", "COPY <<EOF /x\nt=${T_TOKEN}\nEOF"],
  ])("finds %s", (_title, line) =>
    expect(only(`FROM alpine:3.24\nARG T_TOKEN\n${line}\n`, { rules }).severity).toBe("error"),
  );

  it("is silent about stand-ins", () =>
    expect(reports("FROM alpine:3.24\nENV DB_PASSWORD=changeme\nRUN echo $DB_PASSWORD > /x\n", { rules })).toEqual([]));
});

describe("secret-deleted-in-later-layer", () => {
  const rules = ["secret-deleted-in-later-layer"];
  it("adds the file to .dockerignore, unless it is there", () => {
    const text = "FROM node:26\nWORKDIR /app\nCOPY .npmrc .\nRUN npm ci && rm .npmrc\n";
    expect(fixes(text, { rules })[0]?.otherFiles).toEqual([{ path: ".dockerignore", append: ".npmrc" }]);
    const files = { ".dockerignore": "**/.npmrc\n", ".npmrc": "//r/:_authToken=k8Hs93jd\n" };
    expect(fixes(text, { rules, files })[0]?.otherFiles).toBeUndefined();
  });

  it.each([
    [
      "the user's number is not known",
      "FROM alpine:3.24\nWORKDIR /app\nUSER builder\nCOPY .npmrc .\nRUN npm ci && rm .npmrc\n",
    ],
    [
      "nothing is known to read it",
      "FROM alpine:3.24\nCOPY secret.pem /k/private.pem\nRUN ./use.sh\nRUN rm /k/private.pem\n",
    ],
    ["another command names it", "FROM node:26\nWORKDIR /app\nCOPY .npmrc .\nRUN cat .npmrc && npm ci && rm .npmrc\n"],
    [
      "it comes from another stage",
      "FROM node:26 AS a\nFROM node:26\nWORKDIR /app\nCOPY --from=a /x/.npmrc .\nRUN npm ci && rm .npmrc\n",
    ],
  ])("offers nothing where %s", (_title, text) => expect(fixes(text, { rules })).toEqual([]));

  it("follows the chain of stages", () =>
    expect(
      reports("FROM node:26 AS a\nWORKDIR /app\nCOPY .npmrc .\nFROM a\nRUN npm ci && rm .npmrc\n", { rules }),
    ).toHaveLength(1));

  it("is silent where the place is not known", () =>
    expect(reports("FROM node:26\nARG D\nCOPY .npmrc $D/\nRUN rm $D/.npmrc\n", { rules })).toEqual([]));

  it("is one finding with the write", () => {
    const text = "FROM node:26\nARG T_TOKEN\nWORKDIR /app\nRUN echo $T_TOKEN > .npmrc\nRUN rm .npmrc\n";
    expect(only(text, { rules: [...rules, "secret-flows-into-layer"] }).rule.id).toBe("secret-deleted-in-later-layer");
  });
});

describe("other rules", () => {
  it("secret-mount-world-readable offers nothing where the RUN goes on as somebody else", () => {
    const text = "FROM debian:13\nRUN --mount=type=secret,id=x,mode=0444 su app -c 'cat /run/secrets/x'\n";
    expect(fixes(text, { rules: ["secret-mount-world-readable"] })).toEqual([]);
  });

  it("require-secret-mount skips what it cannot read, and Windows", () => {
    const setting = {
      rules: ["require-secret-mount"],
      options: { commands: ["nonsense", "npm: target=/x", "npm: id=a,env=A"] },
    };
    expect(only("FROM node:26\nRUN npm ci\n", setting).message).toContain("id=a,env=A");
    expect(reports("FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN npm ci\n", setting)).toEqual([]);
  });

  it("require-secret-mount offers no env= to an old frontend", () => {
    const setting = { rules: ["require-secret-mount"], options: { commands: ["npm: id=a,env=A"] } };
    expect(fixes("# syntax=docker/dockerfile:1.4\nFROM node:26\nRUN npm ci\n", setting)).toEqual([]);
  });

  it("rails-assets-need-dummy-key reads heredocs and other shells' scripts", () => {
    const setting = { rules: ["rails-assets-need-dummy-key"] };
    expect(
      fixed("FROM ruby:4.0\nENV RAILS_ENV=production\nRUN <<EOF\nset -e\nbin/rails assets:precompile\nEOF\n", setting),
    ).toBe(
      "FROM ruby:4.0\nENV RAILS_ENV=production\nRUN <<EOF\nset -e\nSECRET_KEY_BASE_DUMMY=1 bin/rails assets:precompile\nEOF\n",
    );
    expect(
      reports(
        "FROM ruby:4.0\nENV RAILS_ENV=production\nRUN export SECRET_KEY_BASE=x && bin/rails assets:precompile\n",
        setting,
      ),
    ).toEqual([]);
    expect(fixes("FROM ruby:4.0\nENV RAILS_ENV=production\nRUN sudo bin/rails assets:precompile\n", setting)).toEqual(
      [],
    );
  });

  it("secret-literal sees through quotes, and skips comments", () => {
    const token = `ghp_${"q7Zp3Kx9Lm".repeat(4)}`;
    const setting = { rules: ["secret-literal"] };
    expect(reports(`FROM alpine:3.24\n# ${token}\nRUN a \\\n  # ${token}\n  b\n`, setting)).toEqual([]);
    expect(only(`FROM alpine:3.24\nRUN <<EOF\ncurl -H 'x: ${token}'\nEOF\n`, setting).severity).toBe("error");
    expect(only(`FROM alpine:3.24\nCOPY <<EOF /x\n${token}\nEOF\n`, setting).severity).toBe("error");
  });
});
