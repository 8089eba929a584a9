import { type Build, detectBuild } from "../../multistage/detect";
import { splitBuild } from "../../multistage/rewrites";
import { defineRule } from "../../rule";

export default defineRule({
  id: "missing-multi-stage",
  theme: "stage",
  category: "size",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "One stage both builds the program and ships it, so compilers and sources stay in the image.",
  why: "What only the build needs (a compiler, a package manager, sources, development packages) is pulled with every deployment and is there for an intruder to use. A second stage that starts from a small image and copies nothing but the finished program leaves all of it behind. The fix is offered where the file and the build context tell what the program needs when it runs, as a change to look at before it is taken.",
  aliases: { tally: ["tally/prefer-multi-stage-build"] },
  fixable: "unsafe",
  examples: [
    {
      title: "A Go program without C code",
      code: 'FROM golang:1.27\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN [|CGO_ENABLED=0 go build -o /app/server ./cmd/server|]\nEXPOSE 8080\nENTRYPOINT ["/app/server"]\n',
      fixed:
        'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app/server ./cmd/server\n\nFROM gcr.io/distroless/static-debian13:nonroot\nWORKDIR /src\nCOPY --from=build /app/server /app/server\nEXPOSE 8080\nENTRYPOINT ["/app/server"]\n',
    },
    {
      title: "A Go program that may link to the C library keeps the release of its system",
      code: 'FROM golang:1.26-bookworm\nWORKDIR /app\nCOPY . .\nRUN [|go build -o server .|]\nCMD ["./server"]\n',
      fixed:
        'FROM golang:1.26-bookworm AS build\nWORKDIR /app\nCOPY . .\nRUN go build -o server .\n\nFROM debian:bookworm-slim\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt\nWORKDIR /app\nCOPY --from=build /app/server /app/server\nCMD ["./server"]\n',
    },
    {
      title: "A web site that is built and served by Node.js",
      code: 'FROM node:24-alpine\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN [|npm run build|]\nRUN npm install -g serve\nEXPOSE 3000\nCMD ["serve", "-s", "build", "-l", "3000"]\n',
      fixed:
        "FROM node:24-alpine AS build\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n\nFROM nginxinc/nginx-unprivileged:1.30-alpine\nCOPY --from=build /app/build /usr/share/nginx/html\nCOPY <<'EOF' /etc/nginx/conf.d/default.conf\nserver {\n    listen 3000;\n    root /usr/share/nginx/html;\n    location / {\n        try_files $uri $uri.html $uri/ /index.html;\n    }\n}\nEOF\nEXPOSE 3000\n",
    },
    {
      title: "The jar that Maven writes runs on a runtime of the same release and system",
      code: 'FROM maven:3.9-eclipse-temurin-21\nWORKDIR /app\nCOPY . .\nRUN [|mvn -B package|]\nCMD ["java", "-jar", "target/app.jar"]\n',
      fixed:
        'FROM maven:3.9-eclipse-temurin-21 AS build\nWORKDIR /app\nCOPY . .\nRUN mvn -B package\n\nFROM eclipse-temurin:21-jre-noble\nWORKDIR /app\nCOPY --from=build /app/target/app.jar /app/target/app.jar\nCMD ["java", "-jar", "target/app.jar"]\n',
    },
    {
      title: "What Gradle installs moves with its start script",
      code: "FROM gradle:8-jdk17\nWORKDIR /app\nCOPY . .\nRUN [|gradle installDist|]\nEXPOSE 8080\nCMD ./build/install/shop/bin/shop\n",
      fixed:
        "FROM gradle:8-jdk17 AS build\nWORKDIR /app\nCOPY . .\nRUN gradle installDist\n\nFROM eclipse-temurin:17-jre-noble\nWORKDIR /app\nCOPY --from=build /app/build/install/shop /app/build/install/shop\nEXPOSE 8080\nCMD ./build/install/shop/bin/shop\n",
    },
    {
      title:
        "A published .NET program leaves the SDK behind, and runs as the image's own account where it writes nothing",
      code: 'FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /src\nCOPY . .\nRUN [|dotnet publish -c Release -o /app|]\nWORKDIR /app\nEXPOSE 8080\nENTRYPOINT ["dotnet", "Shop.dll"]\n',
      files: {
        "Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web" />\n',
        "Program.cs": "WebApplication.CreateBuilder(args).Build().Run();\n",
      },
      fixed:
        'FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o /app\n\nFROM mcr.microsoft.com/dotnet/aspnet:8.0\nCOPY --from=build /app /app\nWORKDIR /app\nEXPOSE 8080\nUSER $APP_UID\nENTRYPOINT ["dotnet", "Shop.dll"]\n',
    },
    {
      title: "A Rust program that links to no library of its own, as Cargo.lock says",
      code: 'FROM rust:1.98\nWORKDIR /app\nCOPY . .\nRUN [|cargo build --release|]\nCMD ["./target/release/app"]\n',
      files: {
        "Cargo.lock": '[[package]]\nname = "serde"\nversion = "1.0.228"\n',
      },
      fixed:
        'FROM rust:1.98 AS build\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\n\nFROM debian:trixie-slim\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt\nWORKDIR /app\nCOPY --from=build /app/target/release/app /app/target/release/app\nCMD ["./target/release/app"]\n',
    },
    {
      title: "Development packages of a Node.js server",
      code: 'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN [|npm run build|]\nCMD ["node", "dist/main.js"]\n',
      files: { "package.json": '{ "scripts": { "build": "tsc" }, "dependencies": { "express": "5.1.0" } }' },
      fixed:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nRUN npm prune --omit=dev --ignore-scripts\n\nFROM node:24-slim\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt\nWORKDIR /app\nRUN chown node:node /app\nCOPY --from=build --chown=node:node /app/package.json /app/package.json\nCOPY --from=build --chown=node:node /app/node_modules /app/node_modules\nCOPY --from=build --chown=node:node /app/dist /app/dist\nUSER node\nCMD ["node", "dist/main.js"]\n',
    },
    {
      title: "A program in C++ keeps its system without the compilers",
      code: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y --no-install-recommends g++ && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY . .\nRUN [|g++ -O2 -o server main.cpp|]\nCMD ["./server"]\n',
      fixed:
        'FROM debian:trixie AS build\nRUN apt-get update && apt-get install -y --no-install-recommends g++ && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY . .\nRUN g++ -O2 -o server main.cpp\n\nFROM debian:trixie-slim\nWORKDIR /app\nCOPY --from=build /app/server /app/server\nCMD ["./server"]\n',
    },
    {
      title: "Python packages that have to be compiled",
      code: 'FROM python:3.14-slim\nRUN apt-get update && apt-get install -y --no-install-recommends gcc python3-dev && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY requirements.txt .\nRUN [|pip install --no-cache-dir -r requirements.txt|]\nCOPY . .\nCMD ["gunicorn", "app:app"]\n',
      fixed:
        'FROM python:3.14-slim AS build\nRUN apt-get update && apt-get install -y --no-install-recommends gcc python3-dev && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY requirements.txt .\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN pip install --no-cache-dir -r requirements.txt\n\nFROM python:3.14-slim\nWORKDIR /app\nENV PATH=/opt/venv/bin:$PATH\nCOPY --from=build /opt/venv /opt/venv\nCOPY . .\nCMD ["gunicorn", "app:app"]\n',
    },
    {
      title: "Gems, on the full image of Ruby",
      files: {
        "Gemfile.lock": "GEM\n  remote: https://rubygems.org/\n  specs:\n    puma (7.1.0)\n    sinatra (4.2.1)\n",
      },
      code: 'FROM ruby:3.4\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN [|bundle install|]\nCOPY . .\nCMD ["ruby", "app.rb"]\n',
      fixed:
        'FROM ruby:3.4 AS build\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\n\nFROM ruby:3.4-slim\nWORKDIR /app\nCOPY --from=build /usr/local/bundle /usr/local/bundle\nCOPY . .\nCMD ["ruby", "app.rb"]\n',
    },
    {
      title: "Extensions of PHP",
      code: "FROM php:8.5-fpm-alpine\nRUN apk add --no-cache $PHPIZE_DEPS linux-headers\nRUN [|docker-php-ext-install sockets|]\nCOPY . /var/www/html/\n",
      fixed:
        "FROM php:8.5-fpm-alpine AS build\nRUN apk add --no-cache $PHPIZE_DEPS linux-headers\nRUN docker-php-ext-install sockets\n\nFROM php:8.5-fpm-alpine\nCOPY --from=build /usr/local/lib/php/extensions /usr/local/lib/php/extensions\nCOPY --from=build /usr/local/etc/php/conf.d /usr/local/etc/php/conf.d\nCOPY . /var/www/html/\n",
    },
    {
      title: "Two stages already",
      code: 'FROM golang:1.27 AS build\nRUN go build -o /app .\nFROM debian:trixie-slim\nCOPY --from=build /app /app\nCMD ["/app"]\n',
    },
    {
      title: "A development server needs its tools",
      code: 'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npm", "run", "dev"]\n',
    },
    {
      title: "The build tool runs the program",
      code: 'FROM golang:1.27\nWORKDIR /app\nCOPY . .\nRUN go build ./...\nCMD ["go", "run", "."]\n',
    },
    {
      title: "An image for continuous integration",
      path: "Dockerfile.ci",
      code: 'FROM golang:1.27\nCOPY . .\nRUN go build -o /app .\nCMD ["/app"]\n',
    },
    {
      title: "Nothing is said about images that nobody knows",
      code: 'FROM registry.example.com/toolchain:3\nCOPY . .\nRUN go build -o /app .\nCMD ["/app"]\n',
    },
  ],
  *check(context) {
    const build = detectBuild(context);
    if (!build) return;
    const { step, stage, ecosystem, tools } = build;
    // Many packages come ready to run, so that a smaller base alone may do.
    const isFullImage = tools === "base" && (ecosystem === "python" || ecosystem === "ruby");
    yield {
      message: message(build),
      range: step.script.locate(step.command.command.from, step.command.command.to),
      ...(isFullImage ? { severity: "hint" as const } : {}),
      cause: `build:${stage.index}`,
      fixes: () => splitBuild(build, context),
    };
  },
});

/** What stays in the image, and what would be enough to copy. */
function message(build: Build): string {
  const { left, enough } = words(build);
  return `\`${build.step.shown}\` leaves ${left} in the image. Build in an earlier stage and copy ${enough}.`;
}

function words({ ecosystem, artefact, tools }: Build): { left: string; enough: string } {
  const path = artefact === null ? null : `\`${artefact}\``;
  switch (ecosystem) {
    case "go":
      return { left: "the Go toolchain and sources", enough: path ?? "the program" };
    case "rust":
      return { left: "the Rust toolchain and sources", enough: path ?? "the program" };
    case "c":
      return { left: "the compiler and sources", enough: path ?? "what is installed" };
    case "maven":
      return {
        left: "the JDK, Maven's repository and sources",
        enough: `${path ?? "the finished program"} onto a JRE`,
      };
    case "gradle":
      return {
        left: "the JDK, Gradle's caches and sources",
        enough: `${path ?? "the finished program"} onto a JRE`,
      };
    case "dotnet":
      return {
        left: "the .NET SDK and sources",
        enough: `${path ?? "the published folder"} onto a runtime image`,
      };
    case "node-site":
      return {
        left: `Node.js, node_modules and sources`,
        enough: `${path ?? "the finished files"} onto nginx`,
      };
    case "node-server":
      return {
        left: "the sources and development packages",
        enough: "its result and the production packages",
      };
    case "python":
      return {
        left: tools === "base" ? "the compilers of the full image" : "the compilers that the packages need",
        enough: "a virtual environment with the packages",
      };
    case "ruby":
      return {
        left: tools === "base" ? "the compilers of the full image" : "the compilers that the gems need",
        enough: "the installed gems",
      };
    case "php":
      return { left: "what the extensions are compiled with", enough: "the finished extensions" };
    default:
      return {
        left: tools === "base" ? "the build tools" : "the tools",
        enough: "what was built",
      };
  }
}
