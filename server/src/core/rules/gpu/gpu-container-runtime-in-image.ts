import { installedPackages } from "../../multistage/installed";
import { defineRule } from "../../rule";
import { dropPackage } from "./packages";

export default defineRule({
  id: "gpu-container-runtime-in-image",
  theme: "gpu",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "NVIDIA's container runtime, which belongs on the host, is installed in the image.",
  why: "The container toolkit hands the host's GPUs to containers, so it is of use only where containers are started. In an image it does nothing but take room. It is left alone in images that start containers themselves.",
  aliases: { tally: ["tally/gpu/no-container-runtime-in-image"] },
  reads: ["RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "The toolkit beside the program's own packages",
      code: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN apt-get update && apt-get install -y python3 [|nvidia-container-toolkit|]\n",
      fixed: "FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN apt-get update && apt-get install -y python3\n",
    },
    {
      title: "Alone",
      code: "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y [|nvidia-docker2|]\n",
    },
    {
      title: "An image that starts containers",
      code: "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y docker-ce nvidia-container-toolkit\n",
    },
    { title: "Docker in Docker", code: "FROM docker:29-dind\nRUN apk add nvidia-container-toolkit\n" },
    {
      title: "A stage that does not ship",
      code: "FROM ubuntu:24.04 AS a\nRUN apt-get install -y nvidia-container-toolkit\nFROM ubuntu:24.04\n",
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (!stage.ships || !stage.instructions.some(({ parsed }) => parsed.text.includes("nvidia"))) continue;
      const installed = installedPackages(stage);
      const startsContainers =
        /(?:^|\/)(?:docker|dind|podman|k3s|kind|node)(?:[:@-]|$)/.test(stage.root.base.resolved ?? "") ||
        installed.some(({ package: one }) =>
          /^(?:docker|docker-ce|docker\.io|containerd|containerd\.io|podman|cri-o|kubelet|buildah)$/.test(one.name),
        );
      if (startsContainers) continue;
      for (const { package: one, operation, script, instruction } of installed) {
        if (
          !/^(?:nvidia-container-toolkit(?:-base)?|nvidia-container-runtime|nvidia-docker2?|libnvidia-container(?:1|-tools))$/.test(
            one.name,
          )
        )
          continue;
        yield {
          message: `${one.name} belongs on the host that starts containers; in an image it does nothing. Leave it out.`,
          range: script.locate(one.word.from, one.word.to),
          fixes: () => {
            const edit = dropPackage(model, instruction, script, operation, one.word);
            return edit
              ? [
                  {
                    title: `Do not install ${one.name}`,
                    applicability: "unsafe",
                    reason: "A program of the image that calls the toolkit no longer finds it.",
                    edits: [edit],
                  },
                ]
              : [];
          },
        };
      }
    }
  },
});
