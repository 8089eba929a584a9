/** Splitting one stage into two, and what the rules about stages must not say. */
import { describe, expect, it } from "vitest";
import { factsOf } from "../../../server/scripts/example";
import { exampleCatalogue } from "../../../server/src/core/catalogue/examples";
import type { Report } from "../../../server/src/core/lint";
import { lint } from "../../../server/src/core/lint";
import { buildModel } from "../../../server/src/core/model/build";
import { developmentTrees } from "../../../server/src/core/multistage/dependency-trees";
import { resolveConfig } from "../../../server/src/core/preset";
import type { AnyRule } from "../../../server/src/core/rule";
import gpuDevel from "../../../server/src/core/rules/gpu/gpu-devel-image-in-final-stage";
import buildTools from "../../../server/src/core/rules/stage/build-tools-in-final-stage";
import devDependencies from "../../../server/src/core/rules/stage/dev-dependencies-in-final-stage";
import multiStage from "../../../server/src/core/rules/stage/missing-multi-stage";
import { applyEdits } from "../../../server/src/core/text";

interface World {
  readonly files?: { readonly [path: string]: string };
  readonly path?: string;
}

function run(rule: AnyRule, text: string, { files, path }: World = {}): readonly Report[] {
  const result = lint({
    model: buildModel(text),
    rules: [rule],
    config: resolveConfig([rule], { presets: ["all"] }),
    catalogue: exampleCatalogue(),
    today: "2026-09-01",
    facts: factsOf(files),
    ...(path ? { path } : {}),
  });
  expect(result.failures).toEqual([]);
  return result.reports;
}

/** The text after each fix of the one finding. */
function splits(text: string, world?: World): readonly string[] {
  const reports = run(multiStage, text, world);
  expect(reports.length).toBe(1);
  return (reports[0]?.fixes() ?? []).map((fix) => {
    expect(fix.kind).toBe("refactor");
    expect(fix.reason).toMatch(/\.$/);
    const after = applyEdits(text, fix.edits ?? []);
    expect(run(multiStage, after, world)).toEqual([]);
    expectNoLoss(text, after);
    return after;
  });
}

/** CMD, ENTRYPOINT and the like are the same in the last stage, and every path they name is copied into it or its base's. */
function expectNoLoss(before: string, after: string): void {
  const [old, model] = [buildModel(before), buildModel(after)];
  expect(model.problems).toEqual([]);
  expect(model.stages.length).toBe(2);
  const final = model.finalStage;
  const said = (keyword: string, list: typeof model.instructions) =>
    list.filter((one) => one.keyword === keyword).map((one) => one.parsed.text.trim());
  for (const keyword of ["CMD", "ENTRYPOINT", "EXPOSE", "LABEL", "VOLUME", "STOPSIGNAL", "HEALTHCHECK"]) {
    expect(said(keyword, final?.instructions ?? []), keyword).toEqual(said(keyword, old.instructions));
  }
  // Nobody is root in an empty image that had no user before.
  const users = said("USER", final?.instructions ?? []).filter((one) => !final?.base.scratch || !/65532/.test(one));
  expect(users).toEqual(said("USER", old.instructions));
  expect(final?.workdirAtEnd ?? null).toBe(old.finalStage?.workdirAtEnd ?? "/go");
  const copied = (final?.instructions ?? [])
    .filter((one) => one.keyword === "COPY")
    .map((one) => one.parsed.words.at(-1)?.value);
  for (const instruction of final?.instructions ?? []) {
    if (instruction.keyword !== "CMD" && instruction.keyword !== "ENTRYPOINT") continue;
    const word = instruction.parsed.json?.[0]?.value;
    if (!word?.includes("/")) continue;
    const path = word.startsWith("/") ? word : `${final?.workdirAtEnd}/${word.replace(/^\.\//, "")}`;
    expect(copied).toContain(path);
  }
}

function lines(...parts: readonly string[]): string {
  return `${parts.join("\n")}\n`;
}

describe("splitting a Go stage", () => {
  it("carries accounts, packages, settings and metadata, and leaves compilers behind", () => {
    const [after] = splits(
      lines(
        "FROM golang:1.26-alpine",
        "RUN apk add --no-cache ca-certificates tzdata git gcc musl-dev",
        "WORKDIR /app",
        "ENV GOFLAGS=-mod=mod",
        "ENV PORT=8080",
        "COPY go.mod go.sum ./",
        "RUN go mod download",
        "COPY *.go ./",
        "COPY templates ./templates",
        "RUN go build -o /app/server",
        "RUN adduser -D -u 1001 app",
        "USER app",
        "# what the balancer asks for",
        "EXPOSE 8080",
        "HEALTHCHECK CMD wget -qO- http://localhost:8080/ || exit 1",
        'CMD ["/app/server"]',
      ),
    );
    expect(after).toBe(
      lines(
        "FROM golang:1.26-alpine AS build",
        "RUN apk add --no-cache ca-certificates tzdata git gcc musl-dev",
        "WORKDIR /app",
        "ENV GOFLAGS=-mod=mod",
        "ENV PORT=8080",
        "COPY go.mod go.sum ./",
        "RUN go mod download",
        "COPY *.go ./",
        "COPY templates ./templates",
        "RUN go build -o /app/server",
        "",
        "FROM alpine:3.24",
        "RUN apk add --no-cache ca-certificates tzdata",
        "WORKDIR /app",
        "ENV PORT=8080",
        "COPY templates ./templates",
        "COPY --from=build /app/server /app/server",
        "RUN adduser -D -u 1001 app",
        "USER app",
        "# what the balancer asks for",
        "EXPOSE 8080",
        "HEALTHCHECK CMD wget -qO- http://localhost:8080/ || exit 1",
        'CMD ["/app/server"]',
      ),
    );
  });

  it("repeats the arguments that labels use", () => {
    const [after] = splits(
      lines(
        "FROM golang:1.27",
        "ARG VERSION=dev",
        "LABEL version=$VERSION",
        "WORKDIR /src",
        "COPY . .",
        "RUN CGO_ENABLED=0 go build -o /usr/local/bin/tool .",
        'ENTRYPOINT ["tool"]',
      ),
    );
    expect(after).toContain(
      "FROM gcr.io/distroless/static-debian13:nonroot\nARG VERSION=dev\nLABEL version=$VERSION\nWORKDIR /src\n",
    );
  });

  it("says where the program goes when go build does not", () => {
    const [after] = splits(lines("FROM golang:1.27", "WORKDIR /app", "COPY . .", "RUN go build", 'CMD ["./svc"]'));
    expect(after).toContain("RUN go build -o svc\n");
  });

  it("offers the bare image second where cgo may be on, and not where go.mod needs C", () => {
    const text = lines("FROM golang:1.27", "WORKDIR /app", "COPY . .", "RUN go build -o svc .", 'CMD ["./svc"]');
    expect(splits(text).map((after) => /^FROM (\S+)$/m.exec(after)?.[1])).toEqual([
      "debian:trixie-slim",
      "gcr.io/distroless/static-debian13:nonroot",
    ]);
    expect(splits(text)[1]).toContain("RUN CGO_ENABLED=0 go build -o svc .");
    const files = { "go.mod": "module example.com/svc\nrequire github.com/mattn/go-sqlite3 v1.14.0\n" };
    expect(splits(text, { files }).map((after) => /\nFROM (\S+)$/m.exec(after)?.[1])).toEqual([
      "debian:trixie-slim",
      "gcr.io/distroless/base-debian13:nonroot",
    ]);
  });

  it("copies folders of the context that programs open, and settings that CMD names", () => {
    const files = { "go.mod": "module example.com/svc\n", "main.go": "", "templates/a.html": "", "svc.yaml": "" };
    const [after] = splits(
      lines(
        "FROM golang:1.27",
        "WORKDIR /app",
        "COPY . .",
        "RUN go build -o svc .",
        'CMD ["./svc", "-config", "svc.yaml"]',
      ),
      { files },
    );
    expect(after).toContain("COPY --from=build /app/templates /app/templates\n");
    expect(after).toContain("COPY --from=build /app/svc.yaml /app/svc.yaml\n");
  });

  it("keeps line ends, the escape character and a missing last line end", () => {
    const [crlf] = splits('FROM golang:1.27\r\nWORKDIR /app\r\nCOPY . .\r\nRUN go build -o svc .\r\nCMD ["./svc"]');
    expect(crlf).not.toMatch(/[^\r]\n|\n$/);
    const text = lines(
      "# escape=`",
      "FROM golang:1.27",
      "WORKDIR /app",
      "COPY . .",
      "RUN apt-get update `",
      " && apt-get install -y ffmpeg",
      "RUN go build `",
      " -o svc",
      'CMD ["./svc"]',
    );
    expect(splits(text)[0]).toContain(
      "RUN apt-get update `\n    && apt-get install -y --no-install-recommends ffmpeg `\n",
    );
  });

  it("works in a heredoc, and keeps a name that the stage has", () => {
    const [after] = splits(
      lines(
        "FROM golang:1.27 AS compile",
        "WORKDIR /app",
        "COPY . .",
        "RUN <<EOF",
        "export CGO_ENABLED=0",
        "go build -o svc .",
        "EOF",
        'CMD ["./svc"]',
      ),
    );
    expect(after).toContain("EOF\n\nFROM gcr.io/distroless/static-debian13:nonroot\n");
    expect(after).toContain("COPY --from=compile /app/svc /app/svc");
  });

  it("keeps a shell for what needs one, and root for volumes and low ports", () => {
    const go = ["FROM golang:1.27", "WORKDIR /app", "COPY . .", "RUN CGO_ENABLED=0 go build -o svc ."];
    for (const rest of [["CMD ./svc"], ["VOLUME /data", 'CMD ["./svc"]'], ["EXPOSE 80", 'CMD ["./svc"]']]) {
      expect(splits(lines(...go, ...rest))[0]).toContain("\nFROM debian:trixie-slim\n");
    }
  });

  it.each([
    ["a RUN that does something else", "RUN curl -o /bin/x https://example.com/x"],
    ["a package that a variable names", "RUN apt-get install -y $EXTRA"],
    ["headers of a library", "RUN apt-get install -y libgit2-dev"],
    ["a file of another image", "COPY --from=busybox /bin/busybox /bin/busybox"],
    ["a user that nothing makes", "USER app"],
    ["a variable of the base image", "ENV TOOLS=$GOPATH/bin"],
    ["another shell", 'SHELL ["/bin/bash", "-c"]'],
    ["a health check by a program that nobody knows", "HEALTHCHECK CMD probe"],
    ["a file written beside the program", "RUN echo x > /etc/x"],
  ])("offers nothing with %s", (_, line) => {
    const text = lines("FROM golang:1.27", "WORKDIR /app", "COPY . .", "RUN go build -o svc .", line, 'CMD ["./svc"]');
    expect(splits(text)).toEqual([]);
  });

  it.each([
    ["a name that is not the program's", "RUN go build -o other .", 'CMD ["./svc"]'],
    ["a build file", "RUN make", 'CMD ["./svc"]'],
    ["a script", "RUN go build -o svc .", 'CMD ["./run.sh"]'],
    ["two programs", "RUN go build -o svc .", "CMD ./migrate && ./svc"],
    ["a folder that does not match", "RUN cd cmd && go build", 'CMD ["./svc"]'],
  ])("offers nothing for %s", (_, build, command) => {
    expect(splits(lines("FROM golang:1.27", "WORKDIR /app", "COPY . .", build, command))).toEqual([]);
  });
});

describe("splitting a site", () => {
  const site = ["FROM node:24", "WORKDIR /app", "COPY . .", "RUN npm ci && npm run build"];
  const only = (text: string, world?: World) => {
    const [report] = run(multiStage, text, world);
    return (report?.fixes() ?? []).map((fix) => applyEdits(text, fix.edits ?? []));
  };

  it("keeps the port, the labels and their arguments", () => {
    const [after] = only(
      lines(...site, "ARG V=1", "LABEL v=$V", "EXPOSE 5000", 'CMD ["npx", "serve", "-s", "dist", "-l", "5000"]'),
    );
    expect(after).toContain(
      "\nFROM nginxinc/nginx-unprivileged:1.30-alpine\nCOPY --from=build /app/dist /usr/share/nginx/html\n",
    );
    expect(after).toContain("    listen 5000;\n");
    expect(after).toMatch(/EOF\nARG V=1\nLABEL v=\$V\nEXPOSE 5000\n$/);
    expect(after).not.toContain("CMD");
    expect(buildModel(after ?? "").problems).toEqual([]);
  });

  it("reads the script that npm start runs", () => {
    const files = { "package.json": '{"scripts":{"start":"serve -s build -l 4000"}}' };
    expect(only(lines(...site, 'CMD ["npm", "start"]'), { files })[0]).toContain("listen 4000;");
    const dev = { "package.json": '{"scripts":{"start":"react-scripts start"}}' };
    expect(run(multiStage, lines(...site, 'CMD ["npm", "start"]'), { files: dev })).toEqual([]);
  });

  it.each([
    ["a certificate", 'CMD ["npx", "serve", "--ssl-cert", "a.pem", "dist"]'],
    ["a port that a variable gives", "CMD npx serve -s dist -l $PORT"],
    ["no folder", 'CMD ["npx", "http-server"]'],
    ["vite's preview without its configuration", 'CMD ["npm", "run", "preview"]'],
    ["a check by wget", 'HEALTHCHECK CMD wget -q localhost\nCMD ["npx", "serve", "dist"]'],
    ["a volume", 'VOLUME /app/dist\nCMD ["npx", "serve", "dist"]'],
  ])("offers nothing with %s", (_, rest) => {
    const text = lines(...site, rest);
    expect(run(multiStage, text).length).toBe(1);
    expect(only(text)).toEqual([]);
  });

  it("writes no heredoc for a frontend that knows none", () => {
    expect(only(lines("# syntax=docker/dockerfile:1.2", ...site, 'CMD ["npx", "serve", "dist"]'))).toEqual([]);
  });
});

describe("missing-multi-stage is silent", () => {
  it.each([
    ["without CMD", lines("FROM golang:1.27", "RUN go build -o /app .")],
    ["in a trigger", lines("FROM golang:1.27", "ONBUILD RUN go build", "RUN go build -o /app .", 'CMD ["/app"]')],
    ["for a tag without value", lines("ARG TAG", "FROM golang:${TAG}", "RUN go build -o /app .", 'CMD ["/app"]')],
    [
      "for CUDA",
      lines("FROM nvidia/cuda:12.8.1-devel-ubuntu24.04", "RUN apt-get install -y gcc", "RUN make", 'CMD ["/app"]'),
    ],
    ["for several services", lines("FROM golang:1.27", "RUN go build -o /app .", 'CMD ["supervisord"]')],
    ["for a shell", lines("FROM golang:1.27", "RUN go build -o /app .", 'CMD ["bash"]')],
    ["for nodemon", lines("FROM node:24", "RUN npm run build", 'CMD ["npx", "nodemon", "a.js"]')],
    ["for ng serve", lines("FROM node:24", "RUN npm run build", "CMD ng serve --host 0.0.0.0")],
    [
      "for Maven at run time",
      lines("FROM maven:3.9-eclipse-temurin-21", "RUN mvn package", 'CMD ["mvn", "spring-boot:run"]'),
    ],
    [
      "for dotnet watch",
      lines("FROM mcr.microsoft.com/dotnet/sdk:10.0", "RUN dotnet build", 'CMD ["dotnet", "watch"]'),
    ],
  ])("%s", (_, text) => {
    expect(run(multiStage, text)).toEqual([]);
  });

  it("in a development container's folder", () => {
    const text = lines("FROM golang:1.27", "RUN go build -o /app .", 'CMD ["/app"]');
    expect(run(multiStage, text, { path: ".devcontainer/Dockerfile" })).toEqual([]);
  });
});

describe("missing-multi-stage names what to move", () => {
  it.each([
    [
      "gradle:9-jdk25",
      "RUN gradle bootJar",
      'CMD ["java", "-jar", "build/libs/a.jar"]',
      "`gradle bootJar`",
      "`/app/build/libs/a.jar`",
    ],
    [
      "mcr.microsoft.com/dotnet/sdk:10.0",
      "RUN dotnet publish -c Release -o /out",
      'ENTRYPOINT ["dotnet", "/out/a.dll"]',
      "`dotnet publish`",
      "`/out`",
    ],
    [
      "rust:1.98",
      "RUN cargo build --release",
      'CMD ["./target/release/a"]',
      "`cargo build --release`",
      "`/app/target/release/a`",
    ],
    [
      "python:3.14-slim",
      "RUN apt-get install -y gcc && pip install -r r.txt",
      'CMD ["gunicorn", "a:a"]',
      "`pip install`",
      "virtual environment",
    ],
  ])("%s", (base, build, command, step, artefact) => {
    const [report] = run(multiStage, lines(`FROM ${base}`, "WORKDIR /app", "COPY . .", build, command));
    expect(report?.message).toContain(step);
    expect(report?.message).toContain(artefact);
  });
});

describe("build-tools-in-final-stage", () => {
  it.each([
    [
      "removes by a variable",
      lines("FROM alpine:3.24", "RUN apk add gcc && pip install x && apk del $DEPS", 'CMD ["python3", "a.py"]'),
    ],
    [
      "base with compilers of its own",
      lines("FROM python:3.14", "RUN apt-get install -y gcc && pip install x", 'CMD ["python3", "a.py"]'),
    ],
    ["kernel modules", lines("FROM debian:trixie", "RUN apt-get install -y dkms gcc && make", 'CMD ["/start"]')],
    [
      "a script that compiles",
      lines("FROM debian:trixie", "COPY run.sh /", "RUN apt-get install -y gcc && pip install x", 'CMD ["/run.sh"]'),
    ],
    [
      "make as a task runner",
      lines("FROM alpine:3.24", "RUN apk add make python3 && pip install x", 'CMD ["python3", "a.py"]'),
    ],
    ["no CMD", lines("FROM debian:trixie", "RUN apt-get install -y gcc && make install")],
    [
      "a name that says test",
      lines("FROM debian:trixie AS test", "RUN apt-get install -y gcc && make install", 'CMD ["a"]'),
    ],
  ])("is silent: %s", (_, text) => {
    expect(run(buildTools, text, { files: { "run.sh": "gcc a.c && ./a.out" } })).toEqual([]);
  });

  it("looks through the chain of stages that ship", () => {
    const text = lines(
      "FROM python:3.14-slim AS base",
      "RUN apt-get install -y gcc",
      "FROM base",
      "RUN pip install x",
      'CMD ["gunicorn", "a"]',
    );
    expect(run(buildTools, text).length).toBe(1);
  });

  it("says headers alone less loudly", () => {
    const text = lines(
      "FROM php:8.5-apache",
      "RUN apt-get update && apt-get install -y libpng-dev && docker-php-ext-install gd",
    );
    expect(run(buildTools, text).map((report) => report.severity)).toEqual(["info"]);
  });

  it("removes nothing whose library the program may load", () => {
    const text = lines(
      "FROM python:3.14-alpine",
      "RUN apk add --no-cache gcc libffi-dev && pip install cffi",
      'CMD ["python3", "a.py"]',
    );
    const titles = run(buildTools, text)[0]
      ?.fixes()
      .map((fix) => fix.title);
    expect(titles).toEqual(["Install in an earlier stage, run on python:3.14-alpine"]);
  });

  it("removes nothing that a later RUN builds with", () => {
    const text = lines(
      "FROM python:3.14-alpine",
      "RUN apk add --no-cache gcc && pip install a",
      "RUN pip install b",
      'CMD ["python3", "a.py"]',
    );
    const titles = run(buildTools, text)[0]
      ?.fixes()
      .map((fix) => fix.title);
    expect(titles).toEqual(["Install in an earlier stage, run on python:3.14-alpine"]);
  });
});

describe("dev-dependencies-in-final-stage", () => {
  const final = ["FROM node:24-slim", "WORKDIR /app"];

  it("follows a tree through two copies and names the place of the install", () => {
    const text = lines(
      ...["FROM node:24 AS deps", "WORKDIR /d", "RUN yarn install", "FROM node:24 AS build", "WORKDIR /b"],
      ...[
        "COPY --from=deps /d .",
        ...final,
        "COPY --from=build /b/node_modules ./node_modules",
        'CMD ["node", "a.js"]',
      ],
    );
    const [report] = run(devDependencies, text);
    expect(text.slice(report?.span.start, report?.span.end)).toBe("/b/node_modules");
    const place = report?.related[0]?.range;
    expect(text.slice(place?.start, place?.end)).toBe("yarn install");
  });

  it.each([
    ["removed", "RUN npm ci && rm -rf node_modules"],
    ["installed again without them", "RUN npm ci && npm run build && npm ci --omit=dev"],
    ["named packages", "RUN npm install express"],
    ["a global tool", "RUN npm install -g pm2"],
    ["NODE_ENV for one command", "RUN NODE_ENV=production npm ci"],
    ["a value that nobody knows", "ARG NODE_ENV\nRUN npm ci"],
    ["another folder", "RUN npm --prefix client ci"],
  ])("is silent: %s", (_, line) => {
    const text = lines(
      "FROM node:24 AS deps",
      "WORKDIR /app",
      line,
      ...final,
      "COPY --from=deps /app /app",
      'CMD ["node", "a.js"]',
    );
    expect(run(devDependencies, text)).toEqual([]);
  });

  it("keeps the packages that another stage builds with", () => {
    const text = lines(
      ...["FROM node:24 AS deps", "WORKDIR /app", "RUN npm ci", "FROM node:24 AS build", "COPY --from=deps /app /app"],
      ...["WORKDIR /app", "RUN npm run build", ...final, "COPY --from=deps /app/node_modules ./node_modules"],
      ...["COPY --from=build /app/dist ./dist", 'CMD ["node", "dist/a.js"]'],
    );
    const [report] = run(devDependencies, text);
    expect(report?.message).toContain("in a stage of their own");
    expect(report?.fixes()).toEqual([]);
    const inherited = lines(
      ...["FROM node:24 AS deps", "WORKDIR /app", "RUN npm ci", "FROM deps AS build", "RUN npm run build"],
      ...[...final, "COPY --from=build /app .", 'CMD ["node", "dist/a.js"]'],
    );
    expect(run(devDependencies, inherited)[0]?.fixes()).toEqual([]);
  });

  it("says nothing where the shipped stage builds with what it received", () => {
    const text = lines(
      ...["FROM node:24 AS deps", "WORKDIR /app", "RUN npm ci", ...final, "COPY --from=deps /app ."],
      ...["RUN npm run build", 'CMD ["node", "a.js"]'],
    );
    expect(run(devDependencies, text)).toEqual([]);
  });

  it("says it as a warning once the manifest lists some", () => {
    const text = lines(...final, "COPY . .", "RUN npm ci", 'CMD ["node", "a.js"]');
    const files = { "package.json": '{"devDependencies":{"jest":"30"}}' };
    expect(run(devDependencies, text).map((report) => report.severity)).toEqual(["info"]);
    expect(run(devDependencies, text, { files }).map((report) => report.severity)).toEqual(["warning"]);
  });

  it("prunes behind the build, with the file's line ends", () => {
    const text = lines(
      "FROM node:24 AS b",
      "WORKDIR /app",
      "COPY . .",
      "RUN pnpm install && pnpm build",
      "FROM node:24-slim",
      "COPY --from=b /app /app",
      'CMD ["node", "/app/a.js"]',
    ).replaceAll("\n", "\r\n");
    const [fix] = run(devDependencies, text)[0]?.fixes() ?? [];
    expect(applyEdits(text, fix?.edits ?? [])).toContain("pnpm build\r\nRUN pnpm prune --prod\r\nFROM node:24-slim");
  });

  it("does not grow with the number of copies", () => {
    const stages = Array.from({ length: 300 }, (_, index) => {
      const copies =
        index === 0
          ? ["WORKDIR /a", "RUN npm ci"]
          : Array.from({ length: 10 }, (_, n) => `COPY --from=s${index - 1} / /${n}/`);
      return [`FROM node:24 AS s${index}`, ...copies].join("\n");
    });
    const trees = developmentTrees(buildModel(lines(...stages, 'CMD ["node", "a.js"]')), () => "node");
    expect(Math.max(...[...trees.values()].map((list) => list.length))).toBe(20);
  });
});

describe("gpu-devel-image-in-final-stage", () => {
  const base = "FROM nvidia/cuda:12.8.1-devel-ubuntu24.04";
  const command = 'CMD ["python3", "a.py"]';

  it.each([
    ["tools of a build", "RUN apt-get install -y build-essential"],
    ["a package from a repository", "RUN pip install git+https://example.com/x"],
    ["the program itself", "RUN pip install -e ."],
    ["a script", "RUN ./install.sh"],
    ["requirements that compile", "RUN pip install -r requirements.txt"],
  ])("is silent with %s", (_, line) => {
    expect(
      run(gpuDevel, lines(base, line, command), { files: { "requirements.txt": "torch\nflash_attn==2\n" } }),
    ).toEqual([]);
  });

  it("says less loudly what requirements decide that nobody has read", () => {
    const [report] = run(gpuDevel, lines(base, "RUN pip install -r requirements.txt", command));
    expect(report?.severity).toBe("info");
  });

  it("changes no image that a digest names", () => {
    const text = lines(`${base}@sha256:${"0".repeat(64)}`, command);
    expect(run(gpuDevel, text)[0]?.fixes()).toEqual([]);
  });
});
