import { removePlatform } from "../../fixes/platform";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "redundant-target-platform",
  theme: "base-image",
  category: "style",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "A FROM asks for `$TARGETPLATFORM`, which is what it gets anyway.",
  why: "Without `--platform` a FROM takes the image for the target platform. The flag says nothing new, and hides the flags that do. Off by default: it does no harm.",
  aliases: {
    hadolint: ["DL3065"],
    buildkit: ["RedundantTargetPlatform"],
    tally: ["buildkit/RedundantTargetPlatform"],
  },
  fixable: "safe",
  examples: [
    {
      title: "The default, written out",
      code: "FROM [|--platform=$TARGETPLATFORM|] alpine:3.24 AS run\n",
      fixed: "FROM alpine:3.24 AS run\n",
    },
    {
      title: "With braces",
      code: "FROM [|--platform=${TARGETPLATFORM}|] alpine:3.24\n",
      fixed: "FROM alpine:3.24\n",
    },
    { title: "The builder's platform", code: "FROM --platform=$BUILDPLATFORM golang:1.27\n" },
    {
      title: "The name has a default of its own, so it is not the target's",
      code: "ARG TARGETPLATFORM=linux/arm64\nFROM --platform=$TARGETPLATFORM alpine:3.24\n",
    },
    { title: "A default behind the name", code: "FROM --platform=${TARGETPLATFORM:-linux/amd64} alpine:3.24\n" },
  ],
  *check({ model }) {
    for (const { from } of model.stages) {
      const flag = from.parsed.flags.find(({ name }) => name === "platform");
      if (!flag?.value || !/^"?\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})"?$/.test(flag.value.text)) continue;
      const declared = model.globals.lookup("TARGETPLATFORM", from.index);
      if (declared && declared.kind !== "platform" && !declared.unset) continue;
      yield {
        message: "$TARGETPLATFORM is what FROM takes without the flag. Leave it out.",
        range: locate(from, flag),
        tags: ["unnecessary"],
        fixes: () => removePlatform(from, { title: "Remove --platform=$TARGETPLATFORM", applicability: "safe" }),
      };
    }
  },
});
