import { imageUnder, rootStage } from "../../catalogue/stage";
import type { Catalogue, ImageFacts } from "../../catalogue/types";
import { rewriteBase } from "../../fixes/base";
import { parseReference } from "../../image/reference";
import { compareNumbers, numbersOf, readTag } from "../../image/tag";
import type { Model, Stage } from "../../model/types";
import { type Copy, readCopy } from "../../multistage/copies";
import { defineRule, type Fix } from "../../rule";

export default defineRule({
  id: "stage-version-skew",
  theme: "stage",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "Packages are installed on one release of a runtime and run on another.",
  why: "Compiled packages are made for the release that installed them: Python looks for them under its own version, Node.js refuses modules of another ABI, .NET does not start a program on another major runtime. Build and run on the same line. Only copies of installed packages and of .NET programs count; a web page built on an older Node.js is no matter, nor is a .NET program that brings its own runtime.",
  aliases: {},
  reads: ["ADD", "COPY", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Packages of one Python in another",
      code: "FROM [|python:3.13|] AS build\nRUN pip install --prefix=/install flask\nFROM python:3.14-slim\nCOPY --from=build /install /usr/local\n",
      fixed:
        "FROM python:3.14 AS build\nRUN pip install --prefix=/install flask\nFROM python:3.14-slim\nCOPY --from=build /install /usr/local\n",
    },
    {
      title: "node_modules of another Node.js",
      code: "FROM [|node:22|] AS deps\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nFROM node:24-slim\nCOPY --from=deps /app/node_modules /app/node_modules\n",
      fixed:
        "FROM node:24 AS deps\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nFROM node:24-slim\nCOPY --from=deps /app/node_modules /app/node_modules\n",
    },
    {
      title: "A .NET program that the runtime is too new for",
      code: "FROM [|mcr.microsoft.com/dotnet/sdk:9.0|] AS build\nRUN dotnet publish -o /out\nFROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY --from=build /out /app\n",
      fixed:
        "FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build\nRUN dotnet publish -o /out\nFROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY --from=build /out /app\n",
    },
    {
      title: "A newer SDK can build for an older runtime",
      code: "FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build\nRUN dotnet publish -o /out\nFROM mcr.microsoft.com/dotnet/aspnet:9.0\nCOPY --from=build /out /app\n",
    },
    {
      title: "A program that brings its runtime",
      code: "FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nRUN dotnet publish -o /out --runtime linux-x64 --self-contained\nFROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY --from=build /out /app\n",
    },
    {
      title: "The runtime is copied as well",
      code: "FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nRUN dotnet publish -o /out\nFROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY --from=mcr.microsoft.com/dotnet/aspnet:9.0 /usr/share/dotnet /usr/share/dotnet\nCOPY --from=build /out /app\n",
    },
    {
      title: "The same line in another variant",
      code: "FROM python:3.14 AS build\nRUN pip install --prefix=/install flask\nFROM python:3.14-slim\nCOPY --from=build /install /usr/local\n",
    },
    {
      title: "A page that was built",
      code: "FROM node:22 AS web\nRUN npm ci && npm run build\nFROM node:24-slim\nCOPY --from=web /app/dist /app/public\n",
    },
    {
      title: "A list of requirements",
      code: "FROM python:3.13 AS lock\nRUN poetry export -o /requirements.txt\nFROM python:3.14-slim\nCOPY --from=lock /requirements.txt .\n",
    },
    {
      title: "Two runtimes",
      code: "FROM node:24 AS web\nRUN npm ci\nFROM python:3.14-slim\nCOPY --from=web /app/node_modules /app/static\n",
    },
    {
      title: "A variable without a value decides",
      code: "ARG PYTHON\nFROM python:$PYTHON AS build\nFROM python:3.14-slim\nCOPY --from=build /install /usr/local\n",
    },
  ],
  *check({ model, catalogue }) {
    const told = new Set<Stage>();
    for (const stage of model.stages) {
      if (!stage.reachesFinal) continue;
      for (const { instruction, stage: source } of stage.copiesFrom) {
        if (instruction.keyword !== "COPY" || !source || source === stage || told.has(rootStage(source))) continue;
        const built = imageUnder(source, catalogue);
        const run = built && imageUnder(stage, catalogue);
        const skew = run && skewOf(catalogue, source, built, stage, run);
        const copy = skew ? readCopy(model, instruction, built?.repository.name ?? null) : null;
        if (!skew || !built || !run || !copy) continue;
        if (!copy.sources.some((one) => isBound(skew, one, copy, built, run))) continue;
        if (skew === ".NET" && bringsRuntime(source, stage)) continue;
        const root = rootStage(source);
        const { span, reference } = root.base;
        if (!span || !reference) continue;
        told.add(root);
        const runtime = rootStage(stage);
        yield {
          message: `What is built on ${skew} ${built.line} here is copied to ${skew} ${run.line}, which may not be able to load it. Use one release line for both.`,
          range: span,
          subject: "base",
          related: runtime.base.span ? [{ message: `${skew} ${run.line} runs it.`, range: runtime.base.span }] : [],
          fixes: () => sameLine(model, catalogue, root, runtime),
        };
      }
    }
  },
});

/** The product whose lines differ, as people call it; null where there is none, or it does not matter. */
function skewOf(catalogue: Catalogue, source: Stage, built: ImageFacts, stage: Stage, run: ImageFacts): string | null {
  if (built.line === null || run.line === null || built.line === run.line) return null;
  if (!/^\d/.test(built.line) || !/^\d/.test(run.line)) return null;
  const one = productOf(catalogue, source);
  return one !== null && one === productOf(catalogue, stage) ? one : null;
}

function productOf(catalogue: Catalogue, stage: Stage): string | null {
  const { reference } = rootStage(stage).base;
  const subject = reference ? catalogue.lines(reference)[0]?.subject : undefined;
  return subject?.replace(/\s+[\d.]+\b.*$/, "") ?? null;
}

/** True for what is bound to the release that made it. */
function isBound(product: string, source: string, copy: Copy, built: ImageFacts, run: ImageFacts): boolean {
  const path = source.replace(/\/+$/, "");
  switch (product) {
    case "Python":
      return /(?:site-packages|dist-packages|venv|virtualenv|\/\.local|wheels?|python[\d.]*|\/usr\/local(?:\/(?:lib|bin))?|\/install|\/deps|packages)$/.test(
        path,
      );
    case "Node.js":
      return (
        /(?:^|\/)node_modules$/.test(path) ||
        (/(?:^|\/)node_modules(?:\/|$)/.test(copy.destination) && !/\.\w+$/.test(path))
      );
    case "Ruby":
      return /^\/usr\/local\/bundle$|\/vendor\/bundle$|\/gems$/.test(path);
    case "PHP":
      return /^\/usr\/local(?:\/lib(?:\/php(?:\/.*)?)?|\/etc)?$|\.so$/.test(path);
    case ".NET":
      // A program is made for the newest runtime that its SDK knows, or an older one; never for one that came later.
      return (
        compareNumbers(numbersOf(built.line ?? ""), numbersOf(run.line ?? "")) < 0 &&
        /sdk/.test(built.repository.name) &&
        !/runtime-deps/.test(run.repository.name)
      );
    default:
      return false;
  }
}

/** True when the program needs no runtime of the image, or the image gets another one besides its own. */
function bringsRuntime(source: Stage, stage: Stage): boolean {
  return (
    source.instructions.some(
      ({ keyword, parsed }) =>
        keyword === "RUN" &&
        /--self-contained(?![= ]+false)|--sc\b|PublishAot|-p:SelfContained=true/i.test(parsed.text),
    ) || stage.instructions.some(({ keyword, parsed }) => keyword === "COPY" && parsed.text.includes("/share/dotnet"))
  );
}

/** Moves the older of the two lines up, with its variant as it is. */
function sameLine(model: Model, catalogue: Catalogue, builder: Stage, runtime: Stage): readonly Fix[] {
  const from = builder.base.reference;
  const to = runtime.base.reference;
  if (!from?.tag || !to?.tag || from.digest) return [];
  const own = readTag(from.tag);
  const wanted = readTag(to.tag);
  if (own.version === null || wanted.version === null || own.prefix !== wanted.prefix) return [];
  const rest = from.tag.slice(own.prefix.length + own.version.length);
  const lines = [wanted.numbers.slice(0, own.precision).join("."), wanted.version];
  for (const version of lines) {
    const image = `${from.repository}:${own.prefix}${version}${rest}`;
    const reference = parseReference(image);
    const facts = reference && catalogue.image(reference);
    if (!facts?.known || facts.dropped !== null || facts.line !== catalogue.image(to)?.line) continue;
    const edits = rewriteBase(model, builder, image);
    if (!edits) return [];
    return [
      {
        title: `Build on ${image}`,
        applicability: "unsafe",
        reason: "The build moves to another release, with other packages.",
        edits,
      },
    ];
  }
  return [];
}
