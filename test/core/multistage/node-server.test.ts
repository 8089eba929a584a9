/** Splitting a stage that builds and runs a server with Node.js. */
import { describe, expect, it } from "vitest";
import { lastStage, lines, offersOf, partlyKnown, reportsOf } from "./offers";

type Files = Readonly<Record<string, string>>;

/** A package.json with a build and a start script. */
function manifest(start: string, dependencies: readonly string[] = ["express"], more: object = {}): string {
  const versions = Object.fromEntries(dependencies.map((name) => [name, "1.0.0"]));
  return JSON.stringify({ scripts: { build: "tsc", start }, dependencies: versions, ...more });
}

const known: Files = { "package.json": manifest("node dist/main.js"), "src/main.ts": "", "tsconfig.json": "{}" };
const build = (base: string, ...more: readonly string[]) => [
  `FROM ${base}`,
  "WORKDIR /app",
  "COPY package*.json tsconfig.json ./",
  "RUN npm ci",
  "COPY . .",
  "RUN npm run build",
  ...more,
];
const run = 'CMD ["node", "dist/main.js"]';
const bases = (text: string, files?: Files) => offersOf(text, files ? { files } : {}).map(({ base }) => base);
const final = (text: string, files?: Files) => lastStage(offersOf(text, files ? { files } : {})[0]?.text ?? "");

describe("a server whose result has a folder", () => {
  it("runs on the slim image with what it needs, as node", () => {
    const [offer, second] = offersOf(lines(...build("node:24", "EXPOSE 3000", run)), { files: known });
    expect(offer?.text).toBe(
      lines(
        "FROM node:24 AS build",
        "WORKDIR /app",
        "COPY package*.json tsconfig.json ./",
        "RUN npm ci",
        "COPY . .",
        "RUN npm run build",
        "RUN npm prune --omit=dev --ignore-scripts",
        "",
        "FROM node:24-slim",
        "COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt",
        "WORKDIR /app",
        "RUN chown node:node /app",
        "COPY --from=build --chown=node:node /app/package.json /app/package.json",
        "COPY --from=build --chown=node:node /app/node_modules /app/node_modules",
        "COPY --from=build --chown=node:node /app/dist /app/dist",
        "USER node",
        "EXPOSE 3000",
        run,
      ),
    );
    expect(offer?.reason).toContain("runs as node");
    expect(second).toBeUndefined();
  });

  it("stays on the image first where package.json is not known", () => {
    expect(bases(lines(...build("node:24", run)))).toEqual(["node:24", "node:24-slim"]);
    expect(bases(lines(...build("node:24-alpine", run)))).toEqual(["node:24-alpine"]);
  });

  it("stays on the image first where packages use programs of it", () => {
    const files = { ...known, "package.json": manifest("node dist/main.js", ["canvas"]) };
    expect(bases(lines(...build("node:24", run)), files)).toEqual(["node:24", "node:24-slim"]);
  });

  it("takes the slim sibling of versions that are gone, and of releases", () => {
    expect(bases(lines(...build("node:18", run)), known)).toEqual(["node:18-slim"]);
    expect(bases(lines(...build("node:20-bullseye", run)), known)).toEqual(["node:20-bullseye-slim"]);
    expect(bases(lines(...build("node", run)), known)).toEqual(["node:slim"]);
  });

  it("extends what a variable names", () => {
    const text = lines("ARG NODE=24", ...build("node:${NODE}", run));
    expect(bases(text, known)).toEqual(["node:${NODE}-slim"]);
  });

  it("takes along folders that servers open, and none of the sources", () => {
    const files = { ...known, "views/a.hbs": "", "locales/en.json": "", "jest.config.js": "" };
    const text = final(lines(...build("node:24-alpine", run)), files);
    expect(text).toContain("/app/locales /app/locales\n");
    expect(text).toContain("/app/views /app/views\n");
    expect(text).not.toMatch(/jest|src|tsconfig/);
  });

  it("takes along nothing that the ignore file keeps out of the build", () => {
    const files = { ...known, "views/a.hbs": "", "dist/old.js": "", ".dockerignore": "views\ndist\n" };
    const text = final(lines(...build("node:24-alpine", run)), files);
    expect(text).toContain("/app/dist /app/dist\n");
    expect(text).not.toContain("views");
  });

  it("follows the scripts of package.json, in a subfolder of the context too", () => {
    const files = {
      "backend/package.json": manifest("NODE_ENV=production node -r ./tracing.js build/index.js"),
      "backend/tracing.js": "",
      "backend/src/index.ts": "",
    };
    const text = lines(
      "FROM node:24-alpine",
      "WORKDIR /srv/api",
      "COPY backend/package*.json ./",
      "RUN npm ci",
      "COPY backend/ .",
      "RUN npm run build",
      'CMD ["npm", "start"]',
    );
    expect(final(text, files)).toContain("/srv/api/build /srv/api/build\n");
    expect(final(text, files)).toContain("/srv/api/tracing.js /srv/api/tracing.js\n");
  });

  it("installs the system packages that are no build tools", () => {
    const text = lines(
      "FROM node:24-alpine",
      "RUN apk add --no-cache python3 make g++ dumb-init",
      ...build("", 'ENTRYPOINT ["dumb-init", "--"]', run).slice(1),
    );
    expect(final(text, known)).toContain("RUN apk add --no-cache dumb-init\n");
  });

  it("adds what a health check needs, and its script", () => {
    const curl = "HEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1";
    expect(final(lines(...build("node:24", curl, run)), known)).toContain("--no-install-recommends curl \\\n");
    const node = 'HEALTHCHECK CMD ["node", "healthcheck.js"]';
    const files = { ...known, "healthcheck.js": "" };
    expect(final(lines(...build("node:24-alpine", node, run)), files)).toContain("/app/healthcheck.js\n");
  });

  it("brings OpenSSL for Prisma to the slim image", () => {
    const files = {
      ...known,
      "package.json": manifest("node dist/main.js", ["@prisma/client"]),
      "prisma/schema.prisma": "",
    };
    const text = final(lines(...build("node:24", run)), files);
    expect(text).toContain("ca-certificates openssl");
    expect(text).toContain("/app/prisma /app/prisma\n");
  });

  it("keeps a user, its ownership, and the folders that are made for it", () => {
    const text = lines(
      "FROM node:24-alpine",
      "RUN mkdir -p /app && chown -R node:node /app",
      "WORKDIR /app",
      "USER node",
      "COPY --chown=node:node . .",
      "RUN npm ci && npm run build",
      run,
    );
    const after = final(text, known);
    expect(after).toMatch(/RUN mkdir -p \/app && chown -R node:node \/app\nWORKDIR \/app\nUSER node\nCOPY/);
    expect(after).toContain("COPY --from=build --chown=node:node /app/dist /app/dist\n");
    expect(after.match(/USER/g)?.length).toBe(1);
  });

  it("leaves root alone for volumes, low ports and steps that come later", () => {
    for (const more of ["VOLUME /data", "EXPOSE 80", "ENV PORT=443"]) {
      expect(final(lines(...build("node:24-alpine", more, run)), known)).not.toContain("USER");
    }
  });

  it("keeps line ends and the case of the file", () => {
    const text = [
      "from node:24-alpine",
      "workdir /app",
      "copy . .",
      "run npm ci && npm run build",
      'cmd ["node", "dist/main.js"]',
    ];
    const [offer] = offersOf(text.join("\r\n"), { files: known });
    expect(offer?.text).not.toMatch(/[^\r]\n|(?:COPY|RUN|USER) /);
    expect(offer?.text).toContain("run npm prune --omit=dev --ignore-scripts\r\n\r\nfrom node:24-alpine\r\n");
  });

  it("works where packages are pruned in a layer of their own", () => {
    const text = lines(...build("node:24-alpine", "RUN npm prune --omit=dev", run));
    expect(offersOf(text, { files: known })[0]?.text.match(/npm prune/g)?.length).toBe(1);
  });
});

describe("a server whose sources run", () => {
  it("gets the whole folder without development packages", () => {
    const files = { "package.json": manifest("node server.js"), "server.js": "" };
    const text = lines(...build("node:24", 'CMD ["npm", "start"]'));
    expect(final(text, files)).toContain("COPY --from=build --chown=node:node /app /app\n");
    expect(offersOf(text, { files })[0]?.reason).toContain("/app is copied without development packages");
  });

  it("so does one in a workspace, and one that a package's program runs", () => {
    const workspace = manifest("node apps/api/dist/main.js", ["express"], { workspaces: ["apps/*"] });
    const text = lines(...build("node:24-alpine", 'CMD ["npm", "start"]'));
    expect(final(text, { "package.json": workspace, "apps/api/main.ts": "" })).toContain(" /app /app\n");
    const remix = { "package.json": manifest("remix-serve build/index.js", ["@remix-run/serve"]) };
    expect(final(text, remix)).toContain(" /app /app\n");
  });

  it("is worth nothing where neither packages nor base change", () => {
    const files = { "package.json": manifest("node server.js"), "server.js": "" };
    const text = lines(
      "FROM node:24-alpine",
      "WORKDIR /app",
      "COPY . .",
      "RUN npm ci --omit=dev && npm run build",
      'CMD ["node", "server.js"]',
    );
    expect(offersOf(text, { files })).toEqual([]);
  });
});

describe("package managers", () => {
  const start = 'CMD ["node", "dist/main.js"]';
  const stage = (install: string, ...first: readonly string[]) =>
    lines("FROM node:24-alpine", ...first, "WORKDIR /app", "COPY . .", install, "RUN npm run build", start);
  const pruned = (text: string, files?: Files) =>
    /\nRUN ((?:CI=true )?(?:npm|yarn|pnpm) [^\n]*)\n\nFROM/.exec(
      offersOf(text, files ? { files } : {})[0]?.text ?? "",
    )?.[1];

  it.each([
    ["RUN npm ci --legacy-peer-deps", "npm prune --omit=dev --ignore-scripts --legacy-peer-deps"],
    [
      "RUN yarn install --frozen-lockfile",
      "yarn install --production --ignore-scripts --prefer-offline --frozen-lockfile",
    ],
    ["RUN corepack enable && pnpm install", "CI=true pnpm prune --prod"],
  ])("%s", (install, command) => {
    expect(pruned(stage(install), known)).toBe(command);
  });

  it("is npm 6 on old versions", () => {
    const text = lines("FROM node:14-alpine", "WORKDIR /app", "COPY . .", "RUN npm ci && npm run build", start);
    expect(pruned(text, known)).toBe("npm prune --production --ignore-scripts");
  });

  it("is Yarn 4 where the project says so", () => {
    const files = {
      ...known,
      "package.json": manifest("node dist/main.js", ["express"], { packageManager: "yarn@4.9.1" }),
      ".yarnrc.yml": "nodeLinker: node-modules\n",
    };
    expect(pruned(stage("RUN yarn install --immutable", "RUN corepack enable"), files)).toBe(
      "yarn workspaces focus --production",
    );
    expect(offersOf(stage("RUN yarn install --immutable", "RUN corepack enable"), { files: known })).toEqual([]);
  });

  it("goes to the folder of the project", () => {
    const text = lines(
      "FROM node:24-alpine",
      "COPY . /app",
      "RUN cd /app && npm ci && npm run build",
      "CMD node /app/dist/main.js",
    );
    expect(offersOf(text, { files: known })[0]?.text).toContain("\nRUN cd /app && npm prune --omit=dev");
  });

  it("are there in both stages where the start calls them", () => {
    const files = { ...known, "package.json": manifest("node dist/main.js") };
    const text = lines(
      "FROM node:24-alpine",
      "RUN corepack enable",
      "WORKDIR /app",
      "COPY . .",
      "RUN pnpm install && pnpm run build",
      'CMD ["pnpm", "start"]',
    );
    expect(final(text, files)).toContain("RUN corepack enable\n");
  });

  it("have no workspace to prune", () => {
    const files = { ...known, "pnpm-workspace.yaml": "packages:\n  - apps/*\n" };
    expect(offersOf(stage("RUN corepack enable && pnpm install"), { files })).toEqual([]);
  });
});

describe("finished servers", () => {
  it("of Nuxt need nothing beside their folder", () => {
    const text = lines(...build("node:24", 'CMD ["node", ".output/server/index.mjs"]'));
    const after = final(text, { ...known, "nuxt.config.ts": "" });
    expect(after).toContain("COPY --from=build --chown=node:node /app/.output /app/.output\n");
    expect(after).not.toContain("node_modules");
  });

  const next = {
    "package.json": manifest("next start -p 8080", ["next", "react"]),
    "app/page.tsx": "",
    "public/logo.svg": "",
  };
  const text = lines(...build("node:24-alpine", 'CMD ["npm", "start"]'));

  it("of Next.js need what was built, public and the configuration", () => {
    const offers = offersOf(text, { files: { ...next, "next.config.mjs": "export default {}\n" } });
    expect(offers.length).toBe(1);
    for (const part of ["package.json", "node_modules", ".next", "public", "next.config.mjs"]) {
      expect(offers[0]?.text).toContain(`/app/${part} /app/${part}\n`);
    }
  });

  it("of Next.js get the whole folder where it is not known", () => {
    const world = { "package.json": next["package.json"] };
    expect(reportsOf(text, { files: world }).length).toBe(1);
    expect(offersOf(lines(...build("node:24-alpine", 'CMD ["npx", "next", "start"]')))).toEqual([]);
  });

  it("of Next.js are offered as standalone only where next.config says so", () => {
    const files = { ...next, "next.config.mjs": 'export default { output: "standalone" }\n' };
    const [first, second] = reportsOf(text, { files })[0]?.fixes() ?? [];
    expect(first?.title).toBe("Build in an earlier stage, run on node:24-alpine");
    expect(second?.title).toBe("Build in an earlier stage, run the standalone server on node:24-alpine");
    const after = second?.edits?.map((edit) => edit.newText).join("") ?? "";
    expect(after).toContain("COPY --from=build --chown=node:node /app/.next/standalone /app\n");
    expect(after).toContain("COPY --from=build --chown=node:node /app/.next/static /app/.next/static\n");
    expect(after).toContain("COPY --from=build --chown=node:node /app/public /app/public\n");
    expect(after).toContain('ENV HOSTNAME=0.0.0.0 PORT=8080\nUSER node\nCMD ["node", "server.js"]\n');
    expect(after).not.toContain("npm prune");
  });
});

describe("nothing is offered", () => {
  it.each([
    ["for a script of package.json that is not known", [], 'CMD ["npm", "start"]', undefined],
    [
      "for a script with a hook",
      [],
      'CMD ["npm", "start"]',
      { scripts: { prestart: "x", start: "node dist/main.js" } },
    ],
    ["for a program of a development package", [], 'CMD ["npm", "start"]', { scripts: { start: "nest start" } }],
    ["for several programs", [], "CMD npx prisma migrate deploy && node dist/main.js", undefined],
    ["for a script of a shell", [], 'ENTRYPOINT ["./entrypoint.sh"]', undefined],
    ["for a file elsewhere", [], 'CMD ["node", "/opt/main.js"]', undefined],
    ["for a browser in the home folder", ["RUN npx playwright install"], run, undefined],
    ["for a browser that a package brings", [], run, { dependencies: { puppeteer: "1" } }],
    ["for a download", ["RUN curl -o /bin/tool https://example.com/tool"], run, undefined],
    ["for headers of a library that nobody knows", ["RUN apk add foo-dev"], run, undefined],
    ["for another shell", ['SHELL ["/bin/bash", "-c"]'], run, undefined],
    ["for a file of another image", ["COPY --from=busybox /bin/sh /bin/sh2"], run, undefined],
    ["for a health check by who knows what", ["HEALTHCHECK CMD probe"], run, undefined],
  ])("%s", (_, more, command, json) => {
    const text = lines(...build("node:24-alpine", ...more, command));
    const files = json ? { ...known, "package.json": JSON.stringify(json) } : undefined;
    expect(offersOf(text, files ? { files } : {})).toEqual([]);
  });

  it.each([
    ["a development server", 'CMD ["npm", "run", "dev"]'],
    ["nodemon", 'CMD ["npx", "nodemon", "dist/main.js"]'],
    ["a server that watches", 'CMD ["npx", "nest", "start", "--watch"]'],
  ])("and nothing found for %s", (_, command) => {
    expect(reportsOf(lines(...build("node:24", command)))).toEqual([]);
  });
});

describe("a folder that is not known", () => {
  /** A context of which only the files that somebody names are known, as where nobody said what it is. */
  const text = lines(...build("node:24-alpine", run));

  it("goes along whole where a package reads templates", () => {
    const only = (dependency: string) =>
      lastStage(partlyKnown(text, { "package.json": manifest("node dist/main.js", [dependency]) })[0] ?? "");
    expect(only("ejs")).toContain("COPY --from=build --chown=node:node /app /app\n");
    expect(only("express")).toContain("/app/dist /app/dist\n");
  });
});
