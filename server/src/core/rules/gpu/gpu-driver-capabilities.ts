import { hasTemplate } from "../../fixes/mount";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { shippedSettings } from "./environment";

export default defineRule({
  id: "gpu-driver-capabilities",
  theme: "gpu",
  category: "security",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "The image asks for every capability of the GPU driver.",
  why: "`NVIDIA_DRIVER_CAPABILITIES=all` mounts the driver's graphics, video and display libraries and devices into the container too. A program that computes needs `compute,utility`. Off by default: rendering and video do need more.",
  aliases: { tally: ["tally/gpu/prefer-minimal-driver-capabilities"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "Everything",
      code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nENV NVIDIA_DRIVER_CAPABILITIES=[|all|]\n",
      fixed: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nENV NVIDIA_DRIVER_CAPABILITIES=compute,utility\n",
    },
    {
      title: "Among others",
      code: 'FROM ubuntu:24.04\nENV A=1 \\\n    NVIDIA_DRIVER_CAPABILITIES=[|"all"|]\n',
      fixed: "FROM ubuntu:24.04\nENV A=1 \\\n    NVIDIA_DRIVER_CAPABILITIES=compute,utility\n",
    },
    {
      title: "Only what is needed",
      code: "FROM ubuntu:24.04\nENV NVIDIA_DRIVER_CAPABILITIES=compute,utility,video\n",
    },
    {
      title: "A stage that does not ship",
      code: "FROM ubuntu:24.04 AS build\nENV NVIDIA_DRIVER_CAPABILITIES=all\nFROM ubuntu:24.04\n",
    },
    { title: "An ARG decides", code: "FROM ubuntu:24.04\nARG CAPS=all\nENV NVIDIA_DRIVER_CAPABILITIES=$CAPS\n" },
  ],
  *check({ model }) {
    for (const { instruction, pair, value } of shippedSettings(model, new Set(["NVIDIA_DRIVER_CAPABILITIES"]))) {
      if (value !== "all" || !pair.value) continue;
      const range = locate(instruction, pair.value);
      yield {
        message:
          "The container gets graphics, video and display parts of the driver as well. Name what it needs, such as compute,utility.",
        range,
        fixes: () =>
          hasTemplate(model, range)
            ? []
            : [
                {
                  title: "Ask for compute,utility only",
                  applicability: "unsafe",
                  reason:
                    "A program that renders, or encodes and decodes video, no longer finds the driver's libraries.",
                  edits: [{ span: range, newText: "compute,utility" }],
                },
              ],
      };
    }
  },
});
