import { removePlatform } from "../../fixes/platform";
import { isWindowsBase } from "../../model/shell";
import type { Stage } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule, type Fix } from "../../rule";

export default defineRule({
  id: "from-platform-constant",
  theme: "base-image",
  category: "reproducibility",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A FROM fixes its platform by a constant.",
  why: "With `--platform=linux/amd64` in the file, every build gets that platform, whatever was asked for: on another machine the image runs slowly under emulation or not at all. Ask for a platform where you build (`docker build --platform`), and use `$BUILDPLATFORM` for stages that compile for another machine. A stage that names the platform in its own name (`build-amd64`) is taken to mean it, as BuildKit does, and so are a file that names it in its path (`Dockerfile.arm64`) and images that exist for one platform alone (`arm64v8/ruby`, Windows, NVIDIA's L4T for Jetson); `mode: hadolint` reports these as well.",
  aliases: {
    hadolint: ["DL3029"],
    buildkit: ["FromPlatformFlagConstDisallowed"],
    kics: ["Using Platform Flag with FROM Command"],
    semgrep: ["avoid-platform-with-from"],
    tally: ["hadolint/DL3029", "buildkit/FromPlatformFlagConstDisallowed"],
  },
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint", "buildkit"],
      default: "smart",
      description:
        "`hadolint` reports all of them; `buildkit` all but stages that name their platform in their own name.",
    },
  },
  reads: [],
  fixable: "unsafe",
  examples: [
    {
      title: "One platform for everybody",
      code: "FROM [|--platform=linux/amd64|] alpine:3.24\n",
      fixed: "FROM alpine:3.24\n",
    },
    {
      title: "A stage that only builds",
      code: "FROM [|--platform=linux/amd64|] node:24 AS web\nRUN npm run build\nFROM nginx:1.30\nCOPY --from=web /dist /usr/share/nginx/html\n",
      fixed:
        "FROM --platform=$BUILDPLATFORM node:24 AS web\nRUN npm run build\nFROM nginx:1.30\nCOPY --from=web /dist /usr/share/nginx/html\n",
    },
    {
      title: "The stage is there for this platform",
      code: "FROM --platform=linux/amd64 alpine:3.24 AS base-amd64\nFROM base-${TARGETARCH}\n",
    },
    {
      title: "The same as hadolint sees it",
      code: "FROM [|--platform=linux/amd64|] alpine:3.24 AS base-amd64\nFROM base-${TARGETARCH}\n",
      fixed: "FROM alpine:3.24 AS base-amd64\nFROM base-${TARGETARCH}\n",
      options: { mode: "hadolint" },
    },
    { title: "The builder's platform", code: "FROM --platform=$BUILDPLATFORM golang:1.27\n" },
    { title: "An ARG decides", code: "ARG PLATFORM=linux/amd64\nFROM --platform=$PLATFORM alpine:3.24\n" },
    {
      title: "L4T exists for the boards of Jetson alone",
      code: "FROM --platform=linux/arm64 nvcr.io/nvidia/l4t-jetpack:r36.2.0 AS jetpack\nRUN make\nFROM scratch AS arm64\nCOPY --from=jetpack /out /\n",
    },
    {
      title: "An image for one platform",
      code: "FROM --platform=linux/arm64 arm64v8/ruby:3.4-slim\n",
    },
    {
      title: "The file is there for this platform",
      path: "images/base-arm32v7/Dockerfile",
      code: "FROM --platform=linux/arm/v7 alpine:3.24\nCOPY tool-linux-arm /usr/bin/tool\n",
    },
    {
      title: "Windows images come for Windows alone",
      code: "FROM --platform=windows/amd64 mcr.microsoft.com/windows/nanoserver:ltsc2025\n",
    },
  ],
  *check({ model, options, path }) {
    for (const stage of model.stages) {
      const flag = stage.from.parsed.flags.find(({ name }) => name === "platform");
      const platform = flag?.value?.value;
      if (!flag || !platform) continue;
      if (options.mode !== "hadolint" && isInName(stage, platform)) continue;
      if (options.mode === "smart" && (isForOne(stage, platform) || names(path, platform))) continue;
      yield {
        message: `Every build gets ${platform} here, whatever platform it asks for. Leave --platform out${
          stage.ships ? "" : ", or use $BUILDPLATFORM"
        }.`,
        range: locate(stage.from, flag),
        fixes: () =>
          stage.ships || isMeant(stage, platform) ? remove(stage) : [...useBuilders(stage), ...remove(stage)],
      };
    }
  },
});

/** True where the platform belongs to what the stage is. */
function isMeant(stage: Stage, platform: string): boolean {
  return isInName(stage, platform) || isForOne(stage, platform);
}

/** True where the stage names the platform. Source: BuildKit, FromPlatformFlagConstDisallowed. */
function isInName({ name }: Stage, platform: string): boolean {
  return platform.split("/").some((part) => part !== "" && (name ?? "").includes(part.toLowerCase()));
}

/** True for an image that exists for one platform alone. */
function isForOne(stage: Stage, platform: string): boolean {
  if (isWindowsBase(stage.base)) return true;
  const { repository = "", tag } = stage.base.reference ?? {};
  if (/\/l4t-[\w-]+$/.test(repository) && /arm64|aarch64/.test(platform)) return true;
  return names(repository, platform) || names(tag ?? "", platform);
}

/** How people write processors. Source: the prefixes of docker-library's images, `uname -m`, names of releases. */
const spellings: { readonly [processor: string]: RegExp } = {
  amd64: /amd64|x86[_-]64|(?:^|[^a-z0-9])x64/i,
  arm64: /arm64|aarch64/i,
  arm: /(?:^|[^a-z])arm(?!64)/i,
  "386": /i?[36]86/,
  ppc64le: /ppc64le/i,
  s390x: /s390x/i,
  riscv64: /riscv64/i,
};

/** True where a text (a path, a repository, a tag) names the processor of a platform. */
function names(text: string, platform: string): boolean {
  const processor = platform.split("/")[1]?.toLowerCase() ?? "";
  return Object.hasOwn(spellings, processor) && (spellings[processor]?.test(text) ?? false);
}

function remove(stage: Stage): readonly Fix[] {
  return removePlatform(stage.from, {
    title: "Remove --platform",
    applicability: "unsafe",
    reason: "Builds for another platform then pull other programs.",
  });
}

function useBuilders(stage: Stage): readonly Fix[] {
  const value = stage.from.parsed.flags.find(({ name }) => name === "platform")?.value;
  if (!value || stage.root !== stage) return [];
  return [
    {
      title: "Use $BUILDPLATFORM",
      applicability: "unsafe",
      reason: "What the stage compiles is then for the builder's platform.",
      edits: [{ span: locate(stage.from, value), newText: "$BUILDPLATFORM" }],
    },
  ];
}
