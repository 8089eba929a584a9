import { distributionUnder, imageUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { isPureHeaders } from "../../multistage/build-packages";
import { buildSteps } from "../../multistage/build-steps";
import { detectBuild } from "../../multistage/detect";
import { type Leftovers, leftoverTools } from "../../multistage/leftover-tools";
import { splitBuild } from "../../multistage/rewrites";
import { defineRule, type Fix } from "../../rule";

export default defineRule({
  id: "build-tools-in-final-stage",
  theme: "stage",
  category: "size",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The shipped stage installs compilers or headers that only a build step uses.",
  why: "A compiler with its headers takes 100 MB and more, is pulled with every deployment, brings updates for software that never runs, and helps an intruder. Install the tools in an earlier stage and copy what they made, or remove them in the same RUN that needs them; a later RUN cannot take them out of the image any more.",
  aliases: {},
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "#"],
  fixable: "unsafe",
  examples: [
    {
      title: "A compiler for Python packages",
      code: 'FROM python:3.14-slim\nRUN apt-get update && apt-get install -y --no-install-recommends [|gcc|] python3-dev && rm -rf /var/lib/apt/lists/*\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nCMD ["gunicorn", "app:app"]\n',
      fixed:
        'FROM python:3.14-slim AS build\nRUN apt-get update && apt-get install -y --no-install-recommends gcc python3-dev && rm -rf /var/lib/apt/lists/*\nCOPY requirements.txt .\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN pip install --no-cache-dir -r requirements.txt\n\nFROM python:3.14-slim\nENV PATH=/opt/venv/bin:$PATH\nCOPY --from=build /opt/venv /opt/venv\nCOPY . .\nCMD ["gunicorn", "app:app"]\n',
    },
    {
      title: "Installed and used in one RUN, but never removed",
      code: 'FROM python:3.14-alpine\nRUN apk add --no-cache [|gcc|] musl-dev && pip install --no-cache-dir uwsgi\nCMD ["uwsgi", "--ini", "/app.ini"]\n',
      fixed:
        'FROM python:3.14-alpine\nRUN apk add --no-cache gcc musl-dev && pip install --no-cache-dir uwsgi && apk del --no-cache gcc musl-dev\nCMD ["uwsgi", "--ini", "/app.ini"]\n',
    },
    {
      title: "A later RUN removes them too late",
      code: 'FROM ruby:3.4-slim\nRUN apt-get update && apt-get install -y [|build-essential|]\nRUN bundle install\nRUN apt-get purge -y build-essential\nCMD ["puma"]\n',
      fixed:
        'FROM ruby:3.4-slim AS build\nRUN apt-get update && apt-get install -y build-essential\nRUN bundle install\n\nFROM ruby:3.4-slim\nCOPY --from=build /usr/local/bundle /usr/local/bundle\nCMD ["puma"]\n',
    },
    {
      title: "Removed in the same RUN",
      code: 'FROM python:3.14-alpine\nRUN apk add --no-cache --virtual .build-deps gcc musl-dev && pip install uwsgi && apk del .build-deps\nCMD ["uwsgi"]\n',
    },
    {
      title: "Tools of an earlier stage do not ship",
      code: 'FROM python:3.14-slim AS build\nRUN apt-get update && apt-get install -y gcc\nRUN pip install --prefix=/install uwsgi\nFROM python:3.14-slim\nCOPY --from=build /install /usr/local\nCMD ["uwsgi"]\n',
    },
    {
      title: "The container itself builds",
      code: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y gcc make\nRUN make deps\nCMD ["make", "run"]\n',
    },
    {
      title: "A shell to work in",
      code: 'FROM alpine:3.24\nRUN apk add --no-cache build-base python3 py3-pip\nRUN pip install uwsgi\nCMD ["sh"]\n',
    },
    {
      title: "What one step uses is not for another, and pip uses no Maven",
      code: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y maven python3-pip\nRUN pip install --no-cache-dir uwsgi\nCMD ["uwsgi"]\n',
    },
    {
      title: "Somebody says that they are for the container",
      code: 'FROM python:3.14-slim\n# gcc compiles kernels at start\nRUN apt-get update && apt-get install -y gcc\nRUN pip install --no-cache-dir triton\nCMD ["serve"]\n',
    },
    {
      title: "What is installed links programs in the container itself",
      code: 'FROM python:3.14-slim\nRUN apt-get update && apt-get install -y gcc python3-dev\nRUN pip install pyinstaller\nCMD ["pyinstaller", "app.spec"]\n',
    },
    {
      title: "Tools of an editor serve those who work in the container",
      code: 'FROM node:26-slim\nRUN apt-get update && apt-get install -y clangd gcc\nRUN npm ci\nCMD ["node", "theia.js"]\n',
    },
    {
      title: "Nothing is built, so the tools may be what the image is for",
      code: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y gcc\nCOPY judge /usr/bin/judge\nCMD ["/usr/bin/judge"]\n',
    },
  ],
  *check(context) {
    for (const leftovers of leftoverTools(context)) {
      const first = leftovers.tools[0];
      if (!first) continue;
      const { word } = first.package;
      yield {
        message: message(leftovers),
        range: first.script.locate(word.from, word.to),
        ...(leftovers.onlyHeaders ? { severity: "info" as const } : {}),
        cause: `build:${leftovers.stage.index}`,
        fixes: () => {
          if (context.model.templates.length > 0) return [];
          // What missing-multi-stage would say about the same build is left unsaid; its way to mend it is not.
          const build = detectBuild(context);
          return [...removeAtEnd(leftovers, context.catalogue), ...(build ? splitBuild(build, context) : [])];
        },
      };
    }
  },
});

function message({ tools, steps, runsOwnProgram, removedTooLate }: Leftovers): string {
  const names = [...new Set(tools.map(({ package: one }) => one.name))];
  const shown = names.slice(0, 3).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  const list = joined(more > 0 ? [...shown, `${more} more ${more === 1 ? "package" : "packages"}`] : shown);
  const [are, stay, them] = names.length === 1 ? ["is", "stays", "it"] : ["are", "stay", "them"];
  if (removedTooLate) {
    return `${list} ${are} removed by a later RUN, but the layer that installs ${them} still ships. Remove ${them} in that RUN.`;
  }
  const users = [...new Set(steps.map((step) => `\`${step.shown}\``))];
  const only =
    runsOwnProgram || users.length > 3
      ? `only steps of the build such as ${users[0]} use ${them}`
      : `only ${joined(users)} ${users.length === 1 ? "uses" : "use"} ${them}`;
  const isOneRun = [...tools, ...steps].every((one) => one.instruction === tools[0]?.instruction);
  const remove = isOneRun ? `remove ${them} in this RUN` : `install, use and remove ${them} in one RUN`;
  return `${list} ${stay} in the image, but ${only}. Build in an earlier stage, or ${remove}.`;
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Removes the tools at the end of the RUN that installs and uses them; only where no library goes with them. */
function removeAtEnd(leftovers: Leftovers, catalogue: Catalogue): readonly Fix[] {
  const { stage, tools, steps: users } = leftovers;
  const [first] = tools;
  if (!first || tools.some((one) => one.operation !== first.operation) || first.script.kind !== "line") return [];
  const { operation, instruction, script } = first;
  // A base that has the tools already would lose its own.
  const image = imageUnder(stage, catalogue);
  const family = distributionUnder(stage, catalogue)?.family;
  if (
    !image ||
    stage.base.stage ||
    !(family === "alpine" || image.variants.includes("slim") || image.repository.isSystem)
  ) {
    return [];
  }
  const steps = buildSteps(stage, image.repository.name).filter((one) => one.instruction.index >= instruction.index);
  if (steps.some((one) => one.instruction !== instruction) || users[0]?.instruction !== instruction) return [];
  const items = script.script.topLevel;
  if (
    !script.script.wellFormed ||
    items.some(({ kind, connector }) => kind !== "command" || (connector && connector !== "&&"))
  ) {
    return [];
  }
  const names = tools.map(({ package: one }) => one.name);
  const linksToLibrary = (name: string) =>
    /^(?:g\+\+|gcc-c\+\+|build-base|alpine-sdk|.*fortran.*|clang.*|llvm.*)$/.test(name) ||
    (!isPureHeaders(name) && /-(?:dev|devel)$/.test(name));
  // Debian keeps libstdc++ for apt itself; Alpine would remove it with the compiler.
  if (names.some((name) => linksToLibrary(name) && !(family !== "alpine" && /^(?:g\+\+)$/.test(name)))) return [];
  const removal =
    operation.manager === "apk"
      ? `apk del --no-cache ${names.join(" ")}`
      : operation.tool.family === "apt"
        ? `apt-get purge -y --auto-remove ${names.join(" ")}`
        : null;
  const last = items.at(-1);
  if (removal === null || !last) return [];
  const { end } = script.locate(last.from, last.to);
  return [
    {
      title: `Remove ${names.length > 3 ? "them" : names.join(", ")} at the end of this RUN`,
      applicability: "unsafe",
      reason: "A later RUN or the running program finds no compiler.",
      edits: [{ span: { start: end, end }, newText: ` && ${removal}` }],
    },
  ];
}
