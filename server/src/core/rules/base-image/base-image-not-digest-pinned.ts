/** An image without a digest. Off by default: a tag that gets its fixes is a choice; pinning is an action of the editor. */
import { type ImagePlace, imagePlaces, withDigest } from "../../fixes/image-places";
import { pinEdits } from "../../fixes/pin";
import { fixByRegistry } from "../../fixes/registry-fix";
import { defineRule } from "../../rule";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

export default defineRule({
  id: "base-image-not-digest-pinned",
  theme: "base-image",
  category: "reproducibility",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "An external image is not pinned by its digest.",
  why: "A tag can be pushed again at any time, with another content, by whoever holds the account. Only a digest makes two builds stand on the same bytes. It also keeps fixes away until somebody moves it, so pin where a bot or `plimsoll pin --update` does that. The digest comes from the registry, which is asked only when the fix is chosen.",
  aliases: {
    semgrep: ["dockerfile-source-not-pinned"],
    sonar: ["S7023"],
    "docker-language-server": ["not_pinned_digest"],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A tag alone; the tag stays",
      code: "FROM [|node:24|] AS build\n",
      registry: { "node:24": { digest } },
      fixed: `FROM node:24@${digest} AS build\n`,
    },
    {
      title: "The tag lives in an ARG",
      code: "ARG NODE=24\nFROM [|node:${NODE}|]\n",
      registry: { "node:24": { digest } },
      fixed: `ARG NODE=24@${digest}\nFROM node:\${NODE}\n`,
    },
    {
      title: "Files are copied out of an image",
      code: `FROM alpine:3.24@${digest}\nCOPY --from=[|ghcr.io/team/tool:1|] /tool /bin/\n`,
      registry: { "ghcr.io/team/tool:1": { digest } },
      fixed: `FROM alpine:3.24@${digest}\nCOPY --from=ghcr.io/team/tool:1@${digest} /tool /bin/\n`,
    },
    { title: "While nobody may ask the registry", code: "FROM [|node:24|]\n" },
    {
      title: "A variable in the middle: the digest would outlive another tag",
      code: "ARG NODE=24\nFROM [|node:${NODE}-slim|]\n",
      registry: { "node:24-slim": { digest } },
    },
    { title: "Pinned", code: `FROM node:24@${digest}\n` },
    { title: "Nothing to pin", code: "FROM scratch AS empty\nFROM empty\nCOPY --from=0 / /\n" },
    { title: "A bare name that may be a context of the build", code: "FROM base\n" },
  ],
  *check({ model, catalogue, facts }) {
    for (const place of imagePlaces(model, catalogue)) {
      const { reference, kind, span } = place;
      if (reference.digest !== null || kind === "syntax") continue;
      yield {
        message: `${reference.text} has no digest, so it is whatever was pushed last under that name. Pin it, and let a bot move the pin.`,
        range: span,
        ...(kind === "from" ? { subject: "base" as const } : {}),
        fixes: () =>
          isWritable(place)
            ? fixByRegistry(facts, (registry) => pinEdits(place, registry), {
                title: `Pin ${reference.text} by its digest`,
                reason: "The image then gets no fixes until the digest is moved.",
              })
            : [],
      };
    }
  },
});

/** True where there is a place for a digest, whatever it will be. */
function isWritable(place: ImagePlace): boolean {
  return place.rewrite(withDigest(place.reference, digest)) !== null;
}
