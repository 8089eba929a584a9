import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { removeFlag, runsWithFlag } from "./run-flags";

export default defineRule({
  id: "run-network-host",
  theme: "shell",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "RUN --network=host shares the build machine's network with the step.",
  why: "The step, and all it downloads, reaches every service that listens on the build machine, and other builders refuse it unless told to allow it (`--allow network.host`). Ordinary access to the internet needs no flag.",
  aliases: { sonar: ["S6431"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "The network of the build machine",
      code: "FROM python:3.14\nRUN --mount=type=cache,target=/root/.cache [|--network=host|] pip install flask\n",
      fixed: "FROM python:3.14\nRUN --mount=type=cache,target=/root/.cache pip install flask\n",
    },
    { title: "No network at all", code: "FROM python:3.14\nRUN --network=none pip install --no-index /wheels/a.whl\n" },
  ],
  *check({ model }) {
    for (const { run, flag } of runsWithFlag(model, "network", "host")) {
      yield {
        message:
          "This step shares the build machine's network. Remove --network=host; reaching the internet needs no flag.",
        range: locate(run, flag),
        fixes: () => [
          {
            title: "Give the step a network of its own",
            applicability: "unsafe",
            reason: "A step that needs a service of the build machine fails then.",
            edits: [removeFlag(run, flag)],
          },
        ],
      };
    }
  },
});
