/** Credential files: the mount that replaces a COPY or a write, and every case in which none may be offered. */
import { describe, expect, it } from "vitest";
import type { Fix } from "../../../server/src/core/rule";
import { secretRules } from "../../../server/src/core/rules/secret/index";
import { applyEdits } from "../../../server/src/core/text";
import { benchOf, type Setting } from "./setup";

const { reports } = benchOf(secretRules);
const copied = ["secret-file-copied", "secret-deleted-in-later-layer"];
const token = "//registry.npmjs.org/:_authToken=k8Hs93jd\n";

function fixes(text: string, setting?: Setting, rules: readonly string[] = copied): readonly Fix[] {
  const found = reports(text, rules, setting);
  expect(found.map(({ message }) => message)).toHaveLength(1);
  return found[0]?.fixes() ?? [];
}

function fixed(text: string, setting?: Setting, rules?: readonly string[]): string {
  const [fix] = fixes(text, setting, rules);
  expect(fix, "no fix is offered").toBeDefined();
  return applyEdits(text, fix?.edits ?? []);
}

const node = (lines: string) => `FROM node:26\nWORKDIR /app\n${lines}`;
const mount = "--mount=type=secret,id=npmrc,target=/app/.npmrc";

describe("a file that is copied", () => {
  it("goes out of the list that brings it, and out of every line that served it", () => {
    const text = node(
      "COPY package.json .npmrc ./\nRUN chmod 600 .npmrc && npm ci && rm -f .npmrc\nRUN npm run build\n",
    );
    expect(fixed(text)).toBe(node(`COPY package.json ./\nRUN ${mount} npm ci\nRUN npm run build\n`));
  });

  it("is mounted for each RUN that reads it, in stages that build on this one too", () => {
    const text = node(
      "COPY .npmrc ./\nRUN npm ci\nFROM 0 AS test\nRUN npm i -D x\nFROM node:26\nCOPY --from=0 /app/dist /d\n",
    )
      .replace("FROM node:26\n", "FROM node:26 AS a\n")
      .replace("FROM 0", "FROM a")
      .replace("--from=0", "--from=test");
    expect(fixed(text, { files: { ".npmrc": token } })).toBe(
      text
        .replace("COPY .npmrc ./\n", "")
        .replace("RUN npm ci", `RUN ${mount} npm ci`)
        .replace("RUN npm i", `RUN ${mount} npm i`),
    );
  });

  it("is given to scripts of the project, which may read it", () => {
    expect(fixed(node("COPY .npmrc ./\nRUN npm ci\nRUN ./build.sh\nRUN make\nRUN npm run build\n"))).toBe(
      node(`RUN ${mount} npm ci\nRUN ${mount} ./build.sh\nRUN ${mount} make\nRUN npm run build\n`),
    );
  });

  it("may be named by the program that reads it", () => {
    expect(fixed(node("COPY .npmrc ./\nRUN npm ci --userconfig /app/.npmrc\n"))).toBe(
      node(`RUN ${mount} npm ci --userconfig /app/.npmrc\n`),
    );
  });

  it("belongs to the user of the RUN", () => {
    const text = "FROM node:26\nUSER node\nWORKDIR /app\nCOPY --chown=node .npmrc ./\nRUN npm ci\n";
    expect(fixed(text)).toContain(`RUN ${mount},uid=1000,gid=1000 npm ci`);
  });

  it("keeps the folder that the COPY made where something else is put there", () => {
    const text =
      "FROM alpine:3.24\nCOPY id_rsa /root/.ssh/id_rsa\nRUN ssh-keyscan a.test >> /root/.ssh/known_hosts\nRUN git clone git@a.test:o/r\n";
    expect(fixed(text)).toBe(
      "FROM alpine:3.24\nRUN mkdir -p -m 0700 /root/.ssh && ssh-keyscan a.test >> /root/.ssh/known_hosts\nRUN --mount=type=ssh git clone git@a.test:o/r\n",
    );
  });

  it("tells how to build, and to ignore the file", () => {
    const [fix] = fixes(node("COPY .npmrc ./\nRUN npm ci\n"), {
      files: { ".npmrc": token, ".dockerignore": "dist\n" },
    });
    expect(fix?.command).toBe("docker build --secret id=npmrc,src=.npmrc .");
    expect(fix?.note).toContain("secrets: { npmrc: { file: .npmrc } }, and build.secrets: [npmrc]");
    expect(fix?.otherFiles).toEqual([{ path: ".dockerignore", append: ".npmrc" }]);
  });

  it.each([
    ["it is ignored already", "RUN npm ci\n", { ".dockerignore": "**/.npmrc\n", ".npmrc": token }],
    ["another instruction copies it by its name", "RUN npm ci\nCOPY .npmrc /other/\n", undefined],
    ["a mount takes it from the context", "RUN --mount=type=bind,source=.npmrc,target=/x npm ci\n", undefined],
  ])("does not touch .dockerignore where %s", (_title, rest, files) => {
    const [found] = reports(node(`COPY .npmrc ./\n${rest}`), copied, files ? { files } : {});
    expect(found?.fixes()[0]?.title).toContain("Mount .npmrc");
    expect(found?.fixes()[0]?.otherFiles).toBeUndefined();
  });

  it("does not touch .dockerignore where a RUN deletes what COPY . . brings", () => {
    const text = node("COPY .npmrc /root/\nRUN npm ci && rm /root/.npmrc\nCOPY . .\nRUN rm /app/.npmrc\n");
    const [found] = reports(text, copied);
    expect(found?.fixes()[0]?.title).toContain("Mount .npmrc");
    expect(found?.fixes()[0]?.otherFiles).toBeUndefined();
  });

  it("needs no folder where a RUN made it before", () => {
    const text =
      "FROM alpine:3.24\nRUN mkdir /root/.ssh\nADD id_rsa /root/.ssh/id_rsa\nRUN touch /root/.ssh/known_hosts\nRUN git clone git@a.test:o/r\n";
    expect(fixed(text)).toBe(
      "FROM alpine:3.24\nRUN mkdir /root/.ssh\nRUN touch /root/.ssh/known_hosts\nRUN --mount=type=ssh git clone git@a.test:o/r\n",
    );
  });

  it("is in the image also where nobody knows in which folder", () => {
    const [found] = reports("FROM python:3.14\nCOPY id_rsa id_rsa\nRUN git clone git@a.test:o/r\n", copied);
    expect(found?.message).toContain("id_rsa");
    expect(found?.fixes()).toEqual([]);
  });

  it("is added to the ignore file of this Dockerfile where it has one", () => {
    const files = { ".npmrc": token, "web.Dockerfile.dockerignore": "dist\n" };
    const [fix] = fixes(node("COPY .npmrc ./\nRUN npm ci\n"), { files, path: "web.Dockerfile" });
    expect(fix?.otherFiles).toEqual([{ path: "web.Dockerfile.dockerignore", append: ".npmrc" }]);
  });

  it.each([
    ["Windows", "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nWORKDIR /app\nCOPY .npmrc ./\nRUN npm ci\n"],
    ["an old frontend", `# syntax=docker/dockerfile:1.1\n${node("COPY .npmrc ./\nRUN npm ci\n")}`],
    ["a template", node("COPY .npmrc ./{{ dir }}\nRUN npm ci\n")],
    ["a user whose number is not known", "FROM alpine:3.24\nUSER builder\nWORKDIR /app\nCOPY .npmrc ./\nRUN npm ci\n"],
    ["nobody who reads it", node("COPY .npmrc ./\nRUN echo done\n")],
    ["another copy over it", node("COPY .npmrc ./\nCOPY --from=x .npmrc /app/.npmrc\nRUN npm ci\n")],
    ["a program that keeps it", node("COPY .npmrc ./\nRUN cp .npmrc /root/.npmrc && npm ci\n")],
    ["a program that changes it", node("COPY .npmrc ./\nRUN echo a=b >> .npmrc && npm ci\n")],
    ["settings that are written there", "FROM node:26\nCOPY .npmrc /root/.npmrc\nRUN npm config set a b && npm ci\n"],
    ["a container that is told of it", node("COPY .npmrc ./\nRUN npm ci\nCMD npm start --userconfig /app/.npmrc\n")],
    ["a variable that names it", node("COPY .npmrc ./\nENV NPM_CONFIG_USERCONFIG=/app/.npmrc\nRUN npm ci\n")],
    ["a trigger that may read it", node("COPY .npmrc ./\nRUN npm ci\nONBUILD RUN npm ci\n")],
    ["a trigger that names it", node("COPY .npmrc ./\nRUN npm ci\nONBUILD RUN cat .npmrc\n")],
    ["a RUN in another shell", node('COPY .npmrc ./\nSHELL ["pwsh", "-c"]\nRUN npm ci\n')],
    ["a mount of the same id", node("COPY .npmrc ./\nRUN --mount=type=secret,id=npmrc,target=/x npm ci\n")],
    ["a mount at the same place", node("COPY .npmrc ./\nRUN --mount=type=secret,id=x,target=/app/.npmrc npm ci\n")],
    [
      "a stage that takes it by its name",
      `${node("COPY .npmrc ./\nRUN npm ci\n").replace("26", "26 AS a")}FROM node:26\nCOPY --from=a /app/.npmrc /app/\n`,
    ],
    [
      "a stage that takes its folder and reads it there",
      `${node("COPY .npmrc ./\nRUN npm ci\n").replace("26", "26 AS a")}FROM node:26\nWORKDIR /app\nCOPY --from=a /app .\nRUN npm prune\n`,
    ],
    [
      "a mount of its folder in another stage",
      `${node("COPY .npmrc ./\nRUN npm ci\n").replace("26", "26 AS a")}FROM node:26\nRUN --mount=type=bind,from=a,source=/app,target=/a npm i /a\n`,
    ],
    ["a folder, which no mount brings", "FROM python:3.14\nCOPY .aws /root/.aws\nRUN aws s3 ls\n"],
    ["a key that a container uses", "FROM alpine:3.24\nCOPY id_rsa /root/.ssh/\nRUN git clone a\nCMD ssh a.test\n"],
    ["a key that is named", "FROM alpine:3.24\nCOPY id_rsa /root/.ssh/\nRUN ssh -i /root/.ssh/id_rsa a.test\n"],
  ])("is left to the author: %s", (_title, text) => {
    for (const report of reports(text, copied)) expect(report.fixes()).toEqual([]);
    expect(reports(text, copied).length).toBeGreaterThan(0);
  });

  it.each([
    ["npm without a login", ".npmrc", "registry=https://npm.test/\n"],
    ["npm with a variable", ".npmrc", "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n"],
    ["Yarn without a login", ".yarnrc.yml", "nodeLinker: node-modules\n"],
    ["Yarn with a variable", ".yarnrc.yml", 'npmAuthToken: "${NPM_TOKEN}"\n'],
    ["PyPI without a password", ".pypirc", "[distutils]\nindex-servers = pypi\n"],
    ["pip without a password", "pip.conf", "[global]\nindex-url = https://pypi.test/simple\n"],
    ["Maven without a password", "settings.xml", "<settings><mirrors/></settings>"],
    ["Maven with a variable", "settings.xml", "<server><password>${env.PW}</password></server>"],
    ["NuGet without a password", "nuget.config", '<add key="x" value="https://x/" />'],
    ["Composer without a login", "auth.json", "{}"],
    ["Bundler without a login", ".bundle/config", "---\nBUNDLE_PATH: vendor\n"],
  ])("is nothing to speak of: %s", (_title, name, text) => {
    expect(reports(node(`COPY ${name} ./${name}\nRUN true\n`), copied, { files: { [name]: text } })).toEqual([]);
  });

  it.each([
    ["Yarn", ".yarnrc.yml", "npmAuthToken: k8Hs93jd\n", "yarn install", "yarnrc"],
    ["PyPI", ".pypirc", "[pypi]\npassword = k8Hs93jd\n", "twine upload dist/*", "pypirc"],
    ["pip", "pip.conf", "[global]\nindex-url = https://ci:k8Hs93jd@pypi.test/simple\n", "pip install x", "pipconf"],
    ["NuGet", "nuget.config", '<add key="ClearTextPassword" value="k8Hs93jd" />', "dotnet restore", "nugetconfig"],
    ["Composer", "auth.json", '{"http-basic":{}}', "composer install", "composer-auth"],
    ["Bundler", ".bundle/config", "BUNDLE_GEMS__CONTRIBSYS__COM: a:b\n", "bundle install", "bundle-config"],
    ["netrc", ".netrc", "machine a login b password k8Hs93jd\n", "go mod download", "netrc"],
  ])("is mounted for its tool: %s", (_title, name, text, run, id) => {
    const target = `/app/${name}`;
    expect(fixed(node(`COPY ${name} ./${name}\nRUN ${run}\n`), { files: { [name]: text } })).toBe(
      node(`RUN --mount=type=secret,id=${id},target=${target} ${run}\n`),
    );
  });

  it("of AWS is mounted where it lay, also for another user", () => {
    const text =
      "FROM node:26\nUSER node\nCOPY credentials /home/node/.aws/credentials\nRUN aws s3 ls\nRUN rm /home/node/.aws/credentials\n";
    expect(fixed(text)).toBe(
      "FROM node:26\nUSER node\nRUN --mount=type=secret,id=aws,target=/home/node/.aws/credentials,uid=1000,gid=1000 aws s3 ls\n",
    );
  });
});

describe("a file that a RUN writes", () => {
  const written = ["secret-in-arg-or-env"];
  const write = 'RUN echo "//registry.npmjs.org/:_authToken=$NPM_TOKEN" > .npmrc';

  it("and deletes itself needs the mount alone", () => {
    const [fix] = fixes(node(`ARG NPM_TOKEN\n${write} && npm ci && rm .npmrc\n`), {}, written);
    expect(fix?.note).toContain("An .npmrc in the repository that says ${NPM_TOKEN} does the same");
    expect(fixed(node(`ARG NPM_TOKEN\n${write} && npm ci && rm .npmrc\n`), {}, written)).toBe(
      node(
        'RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN echo "//registry.npmjs.org/:_authToken=$NPM_TOKEN" > .npmrc && npm ci && rm .npmrc\n',
      ),
    );
  });

  it("for itself is deleted by it, laid out as the rest", () => {
    const text = node(`ARG NPM_TOKEN\n${write} \\\n  && npm ci\nRUN npm run build\n`);
    expect(fixed(text, {}, written)).toContain("\\\n  && npm ci \\\n  && rm -f .npmrc\nRUN npm run build\n");
  });

  it("in a heredoc that stops at failures is deleted on a line of its own", () => {
    const text = node('ARG NPM_TOKEN\nRUN <<EOF\nset -e\necho "t=$NPM_TOKEN" > .npmrc\nnpm ci\nEOF\n');
    expect(fixed(text, {}, written)).toContain("npm ci\nrm -f .npmrc\nEOF\n");
  });

  it("for later RUNs becomes a file of the user's", () => {
    const text = node(`ARG NPM_TOKEN\n${write}\nRUN npm ci\nRUN rm -f .npmrc\nCOPY . .\n`);
    expect(fixed(text, {}, written)).toBe(node(`RUN ${mount} npm ci\nCOPY . .\n`));
    expect(fixes(text, {}, written)[0]?.command).toBe("docker build --secret id=npmrc,src=.npmrc .");
  });

  it("in npm's own settings is that of the home folder", () =>
    expect(
      fixed(node("ARG NPM_TOKEN\nRUN npm config set //r.test/:_authToken $NPM_TOKEN\nRUN npm ci\n"), {}, written),
    ).toBe(node("RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\n")));

  it("is one key among others", () => {
    const text =
      'FROM ruby:4.0\nARG SSH_KEY\nRUN mkdir /root/.ssh \\\n  && echo "$SSH_KEY" > /root/.ssh/id_rsa \\\n  && touch /root/.ssh/id_rsa.pub \\\n  && chmod 600 /root/.ssh/id_rsa\nRUN bundle install\n';
    expect(fixed(text, {}, written)).toBe(
      "FROM ruby:4.0\nRUN mkdir /root/.ssh \\\n  && touch /root/.ssh/id_rsa.pub\nRUN --mount=type=ssh bundle install\n",
    );
  });

  it.each([
    ["more settings are made", "RUN npm config set //r/:_authToken $NPM_TOKEN && npm config set a b\nRUN npm ci"],
    ["more is written to it", `${write}\nRUN echo a=b >> .npmrc\nRUN npm ci`],
    ["another command reads the variable", `${write} && curl $NPM_TOKEN\nRUN npm ci`],
    ["the RUN moves to another folder", 'RUN cd web && echo "t=$NPM_TOKEN" > .npmrc && npm ci'],
    ["lines are added to a file of the project", 'COPY . .\nRUN echo "t=$NPM_TOKEN" >> .npmrc && npm ci'],
    ["a later stage copies it", `${write} && npm ci\nFROM node:26\nCOPY --from=0 /app/.npmrc /app/`],
    ["no tool is known to read it", "RUN echo $NPM_TOKEN > token.txt && npm ci"],
  ])("is left to the author where %s", (_title, lines) => {
    const [found] = reports(node(`ARG NPM_TOKEN\n${lines}\n`), written);
    expect(found?.fixes()).toEqual([]);
  });
});

describe("a file that nobody has read", () => {
  it.each([
    ["whose build gets a token besides", "ARG NPM_TOKEN\nCOPY .npmrc ./\nRUN npm ci\n"],
    ["whose RUN gets a token besides", "COPY .npmrc ./\nRUN --mount=type=secret,id=T,env=T npm ci\n"],
  ])("is nothing to speak of: %s", (_title, lines) => expect(reports(node(lines), ["secret-file-copied"])).toEqual([]));
  it("is, where its text shows a credential", () =>
    expect(
      reports(node("ARG NPM_TOKEN\nCOPY .npmrc ./\nRUN npm ci\n"), copied, { files: { ".npmrc": token } }),
    ).toHaveLength(1));
});

describe("the context as a whole", () => {
  it("may hold npm's credentials as well", () => {
    const text = node("COPY . .\nRUN npm ci\n");
    const [found] = reports(text, ["dockerignore-gap"], { files: { ".npmrc": token, "package.json": "{}" } });
    expect(found?.message).toContain(".npmrc");
    expect(reports(text, ["dockerignore-gap"], { files: { ".npmrc": "save-exact=true\n" } })).toEqual([]);
  });
});
