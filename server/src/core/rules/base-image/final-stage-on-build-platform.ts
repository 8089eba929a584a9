import { rootStage } from "../../catalogue/stage";
import { removePlatform } from "../../fixes/platform";
import { isNamedForDevelopment } from "../../multistage/purpose";
import { startOf } from "../../multistage/start";
import { defineRule } from "../../rule";

export default defineRule({
  id: "final-stage-on-build-platform",
  theme: "base-image",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "The shipped stage stands on an image for the builder's platform, not for the one that is asked for.",
  why: "`--platform=$BUILDPLATFORM` is for stages that compile for another machine. In the stage that ships it makes every image one for the machine that built it: `docker build --platform=linux/arm64` on an Intel machine gives an image that says arm64 and holds amd64 programs.",
  aliases: {},
  reads: ["CMD", "ENTRYPOINT"],
  fixable: "unsafe",
  examples: [
    {
      title: "The shipped stage itself",
      code: 'FROM [|--platform=$BUILDPLATFORM|] python:3.14-slim\nCOPY . /app\nCMD ["python", "/app/main.py"]\n',
      fixed: 'FROM python:3.14-slim\nCOPY . /app\nCMD ["python", "/app/main.py"]\n',
    },
    {
      title: "The stage it stands on",
      code: 'FROM [|--platform=${BUILDPLATFORM}|] python:3.14-slim AS base\nFROM base AS build\nRUN make\nFROM base\nCOPY --from=build /app /app\nCMD ["/app"]\n',
      fixed:
        'FROM python:3.14-slim AS base\nFROM base AS build\nRUN make\nFROM base\nCOPY --from=build /app /app\nCMD ["/app"]\n',
    },
    {
      title: "A stage that compiles for another machine",
      code: 'FROM --platform=$BUILDPLATFORM golang:1.27 AS build\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build -o /app .\nFROM alpine:3.24\nCOPY --from=build /app /app\nCMD ["/app"]\n',
    },
    {
      title: "Nothing is started: the stage only runs a check",
      code: "FROM --platform=$BUILDPLATFORM golang:1.27 AS vet\nRUN go vet ./...\n",
    },
    { title: "No image at all", code: 'FROM --platform=$BUILDPLATFORM scratch\nCOPY app /app\nCMD ["/app"]\n' },
    {
      title: "A file for testing",
      code: 'FROM --platform=$BUILDPLATFORM golang:1.27\nCMD ["go", "test", "./..."]\n',
      path: "test.Dockerfile",
    },
  ],
  *check({ model, path }) {
    const final = model.finalStage;
    if (!final) return;
    const root = rootStage(final);
    const flag = root.from.parsed.flags.find(({ name }) => name === "platform");
    if (!flag?.value || root.base.scratch || !/^\$(?:BUILDPLATFORM$|\{BUILDPLATFORM\}$)/.test(flag.value.text)) return;
    // A file whose last stage starts nothing is built for its steps, such as a linter; so is one that says so.
    if (isNamedForDevelopment(path, final) || !startOf(final)) return;
    yield {
      message: `The shipped stage${root === final ? "" : ` stands on this one and so`} always gets the platform of the builder. Leave --platform out here.`,
      range: { start: root.from.blockStart + flag.from, end: root.from.blockStart + flag.to },
      fixes: () =>
        removePlatform(root.from, {
          title: "Remove --platform=$BUILDPLATFORM",
          applicability: "unsafe",
          reason: "A build for another platform then runs its programs here.",
        }),
    };
  },
});
