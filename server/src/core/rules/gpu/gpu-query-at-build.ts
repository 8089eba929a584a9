import { scriptsOf } from "../../model/scripts";
import type { Instruction } from "../../model/types";
import { defineRule } from "../../rule";
import type { EffectiveCommand } from "../../shell/commands";

export default defineRule({
  id: "gpu-query-at-build",
  theme: "gpu",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A RUN asks for a GPU, which an ordinary build does not have.",
  why: "The driver and its tools come from the host when a container starts with a GPU. While the image is built, `nvidia-smi` is missing and the build stops, and frameworks answer that there is no GPU, which then decides what gets installed. Ask when the container starts. Calls whose failure is let pass, and `RUN --device`, are left alone.",
  aliases: { tally: ["tally/gpu/no-buildtime-gpu-queries"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "The driver's tool", code: "FROM nvidia/cuda:12.8.1-base-ubuntu24.04\nRUN [|nvidia-smi|]\n" },
    {
      title: "A framework is asked",
      code: 'FROM pytorch/pytorch:2.7.0-cuda12.8-cudnn9-runtime\nRUN [|python -c "import torch; assert torch.cuda.is_available()"|]\n',
    },
    { title: "It may fail", code: "FROM nvidia/cuda:12.8.1-base-ubuntu24.04\nRUN nvidia-smi || true\n" },
    {
      title: "Asked as a condition",
      code: "FROM nvidia/cuda:12.8.1-base-ubuntu24.04\nRUN if nvidia-smi; then echo gpu; fi\n",
    },
    {
      title: "The build is given a device",
      code: "FROM nvidia/cuda:12.8.1-base-ubuntu24.04\nRUN --device=nvidia.com/gpu=all nvidia-smi\n",
    },
    { title: "When the container starts", code: 'FROM nvidia/cuda:12.8.1-base-ubuntu24.04\nCMD ["nvidia-smi"]\n' },
    { title: "Only a word about it", code: "FROM nvidia/cuda:12.8.1-base-ubuntu24.04\nRUN echo nvidia-smi\n" },
    {
      title: "Text of a program that runs later",
      code: 'FROM nvidia/cuda:12.8.1-base-ubuntu24.04\nRUN echo "torch.cuda.is_available()" > check.py\n',
    },
  ],
  *check({ model }) {
    for (const run of model.instructions) {
      if (run.keyword !== "RUN" || !mayAsk(run)) continue;
      for (const { commands, locate } of scriptsOf(run)) {
        for (const command of commands) {
          const what = asks(command);
          if (!what || mayFail(command)) continue;
          yield {
            message: `${what} finds no GPU while the image is built. Ask when the container starts, or let it fail here.`,
            range: locate(command.command.from, command.command.to),
          };
        }
      }
    }
  },
});

// Most RUNs are turned away before anybody parses their script.
function mayAsk({ parsed }: Instruction): boolean {
  if (!/nvidia-smi|nvidia-debugdump|torch\.cuda|list_physical_devices|jax\.devices|rocm-smi/.test(parsed.text))
    return false;
  return !parsed.flags.some((flag) => flag.name === "device");
}

function asks({ name, words }: EffectiveCommand): string | null {
  if (name === "nvidia-smi" || name === "rocm-smi") return name;
  if (name === null || !/^(?:python|pypy)[\d.]*$/.test(name)) return null;
  const at = words.findIndex((word) => word.value === "-c");
  const code = at < 0 ? "" : (words[at + 1]?.text ?? "");
  if (/torch\.cuda\.(?:get_device|current_device|device_count|init)/.test(code)) return "torch";
  if (/(?:assert|exit|if not).*torch\.cuda\.is_available|torch\.cuda\.is_available.*(?:exit|raise)/.test(code))
    return "torch";
  return /assert.*(?:list_physical_devices|jax\.devices)/.test(code) ? "This program" : null;
}

/** True when the script goes on, or chooses another way, if there is no GPU. */
function mayFail({ command, outer }: EffectiveCommand): boolean {
  const context = [...outer.context, ...command.context];
  if (outer.after === "||" || command.after === "||") return true;
  return context.some((one) => one !== "group");
}
