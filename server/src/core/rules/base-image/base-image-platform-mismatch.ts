/** `--platform` asks for something that the image does not come for. Silent unless registries may be asked. */
import { removePlatform } from "../../fixes/platform";
import { offersPlatform } from "../../image/platform";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "base-image-platform-mismatch",
  theme: "base-image",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "The registry does not offer the base image for the platform that FROM asks for.",
  why: "The build ends with an error, or the builder takes an image for another machine, whose programs run slowly under emulation or not at all. Only the registry knows for what an image comes, so the rule is silent unless `registry.online` is true.",
  aliases: {
    buildkit: ["InvalidBaseImagePlatform"],
    tally: ["tally/platform-mismatch", "buildkit/InvalidBaseImagePlatform"],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "Not for this machine",
      code: "FROM [|--platform=linux/riscv64|] ghcr.io/team/base:1\n",
      registry: { "ghcr.io/team/base:1": { image: { platforms: ["linux/amd64", "linux/arm64/v8"] } } },
      fixed: "FROM ghcr.io/team/base:1\n",
    },
    {
      title: "Other words for the same platform",
      code: "FROM --platform=linux/aarch64 ghcr.io/team/base:1\n",
      registry: { "ghcr.io/team/base:1": { image: { platforms: ["linux/amd64", "linux/arm64/v8"] } } },
    },
    {
      title: "An older variant runs, too",
      code: "FROM --platform=linux/arm/v7 ghcr.io/team/base:1\n",
      registry: { "ghcr.io/team/base:1": { image: { platforms: ["linux/arm/v6"] } } },
    },
    {
      title: "Whatever the builder is",
      code: "FROM --platform=$BUILDPLATFORM ghcr.io/team/base:1\n",
      registry: { "ghcr.io/team/base:1": { image: { platforms: ["linux/amd64"] } } },
    },
    { title: "While nobody may ask the registry", code: "FROM --platform=linux/riscv64 ghcr.io/team/base:1\n" },
  ],
  *check({ model, facts }) {
    const { registry } = facts;
    if (!registry) return;
    for (const stage of model.stages) {
      const { reference, platform } = stage.base;
      const flag = stage.from.parsed.flags.find(({ name }) => name === "platform");
      if (!reference || !platform || !flag) continue;
      const platforms = registry.image(reference)?.platforms;
      if (!platforms || offersPlatform(platforms, platform) !== false) continue;
      const list = platforms.length > 6 ? `${platforms.slice(0, 6).join(", ")} and others` : platforms.join(", ");
      yield {
        message: `${reference.text} does not come for ${platform}, only for ${list}. Ask for one of these, or leave --platform out.`,
        range: locate(stage.from, flag),
        fixes: () =>
          removePlatform(stage.from, {
            title: "Remove --platform",
            applicability: "unsafe",
            reason: "The stage is then built for the platform that the build asks for.",
          }),
      };
    }
  },
});
