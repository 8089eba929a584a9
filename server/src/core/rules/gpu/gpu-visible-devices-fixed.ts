import { locate } from "../../model/types";
import { defineRule } from "../../rule";
import { dropSetting, shippedSettings } from "./environment";

export default defineRule({
  id: "gpu-visible-devices-fixed",
  theme: "gpu",
  category: "correctness",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "The image fixes which GPUs its program sees.",
  why: "Numbers and identifiers of GPUs belong to one machine. On another one the program sees the wrong card, or none, and a scheduler that hands out GPUs is overruled. Give the variable where the container is started. `all` only tells the runtime that GPUs are wanted, and `none` and `void` that none are, so these are left alone. Off by default, since images for one known machine do so on purpose.",
  aliases: { tally: ["tally/gpu/no-hardcoded-visible-devices"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "The first GPU",
      code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nENV [|CUDA_VISIBLE_DEVICES=0|]\nENV A=1\n",
      fixed: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nENV A=1\n",
    },
    {
      title: "A list, among others",
      code: "FROM ubuntu:24.04\nENV A=1 [|NVIDIA_VISIBLE_DEVICES=0,1|]\n",
      fixed: "FROM ubuntu:24.04\nENV A=1\n",
    },
    { title: "GPUs are wanted", code: "FROM ubuntu:24.04\nENV NVIDIA_VISIBLE_DEVICES=all\n" },
    { title: "None is", code: 'FROM ubuntu:24.04\nENV CUDA_VISIBLE_DEVICES=""\nENV NVIDIA_VISIBLE_DEVICES=void\n' },
    {
      title: "A stage that does not ship",
      code: "FROM ubuntu:24.04 AS test\nENV CUDA_VISIBLE_DEVICES=0\nFROM ubuntu:24.04\n",
    },
  ],
  *check({ model }) {
    const names = new Set([
      "NVIDIA_VISIBLE_DEVICES",
      "CUDA_VISIBLE_DEVICES",
      "HIP_VISIBLE_DEVICES",
      "ROCR_VISIBLE_DEVICES",
    ]);
    for (const setting of shippedSettings(model, names)) {
      const { instruction, pair, value } = setting;
      if (!/^(?:\d+(?:\s*,\s*\d+)*|(?:GPU|MIG)-[\w-]+(?:,.*)?)$/.test(value)) continue;
      yield {
        message: `${pair.name} is fixed to GPUs of one machine. Leave it out, and set it where the container is started.`,
        range: locate(instruction, pair),
        fixes: () => {
          const edits = dropSetting(model, setting);
          return edits
            ? [
                {
                  title: `Remove ${pair.name}`,
                  applicability: "unsafe",
                  reason: "The container then sees every GPU that it is given.",
                  edits,
                },
              ]
            : [];
        },
      };
    }
  },
});
