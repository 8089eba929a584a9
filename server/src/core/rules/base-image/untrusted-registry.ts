import { registryPattern } from "../../image/pattern";
import type { ImageReference } from "../../image/reference";
import { parseReference } from "../../image/reference";
import { stageReferences } from "../../model/stage-references";
import type { Model } from "../../model/types";
import { defineRule } from "../../rule";
import type { Span } from "../../text";

export default defineRule({
  id: "untrusted-registry",
  theme: "base-image",
  category: "security",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "An image comes from a registry that is not on the project's list.",
  why: "Whoever controls a registry controls what the build runs. A list of registries that the project trusts keeps others out: of FROM, of `COPY --from`, of mounts, and of the `# syntax=` line. Without a list the rule says nothing.",
  aliases: { hadolint: ["DL3026"], tally: ["hadolint/DL3026"] },
  options: {
    allowed: {
      type: "strings",
      default: [],
      description:
        "Registries that images may come from, such as docker.io, ghcr.io/our-team or *.example.com. A path narrows it down; * stands for any characters.",
    },
  },
  fixable: "none",
  examples: [
    {
      title: "A registry that is not on the list",
      code: "FROM [|quay.io/team/app:1|]\n",
      options: { allowed: ["docker.io", "ghcr.io"] },
    },
    {
      title: "A file taken from another image",
      code: "FROM alpine:3.24\nCOPY [|--from=quay.io/team/tool:1|] /tool /tool\n",
      options: { allowed: ["docker.io"] },
    },
    {
      title: "The frontend is an image as well",
      code: "# syntax=[|example.com/frontend:1|]\nFROM alpine:3.24\n",
      options: { allowed: ["docker.io"] },
    },
    {
      title: "Another team's images",
      code: "FROM [|ghcr.io/others/app:1|]\n",
      options: { allowed: ["ghcr.io/our-team"] },
    },
    { title: "Docker Hub needs no name", code: "FROM alpine:3.24\n", options: { allowed: ["docker.io"] } },
    {
      title: "A pattern",
      code: "FROM registry.example.com:5000/app:1\n",
      options: { allowed: ["*.example.com:5000"] },
    },
    { title: "No list", code: "FROM quay.io/team/app:1\n" },
    {
      title: "Stages, and what nobody can know",
      code: "ARG REGISTRY\nFROM $REGISTRY/app:1 AS base\nFROM base\nFROM scratch\nCOPY --from=base /a /a\n",
      options: { allowed: ["docker.io"] },
    },
  ],
  *check({ model, options }) {
    if (options.allowed.length === 0) return;
    const allowed = options.allowed.map(registryPattern);
    for (const { reference, span } of imagesOf(model)) {
      if (allowed.some((matches) => matches(reference))) continue;
      yield {
        message: `${reference.registry}/${reference.path} is not from a registry that this project trusts: ${options.allowed.join(", ")}.`,
        range: span,
      };
    }
  },
});

interface NamedImage {
  readonly reference: ImageReference;
  readonly span: Span;
}

function* imagesOf(model: Model): Iterable<NamedImage> {
  const syntax = model.directives.find(({ name }) => name === "syntax");
  const frontend = syntax && parseReference(syntax.value);
  if (syntax && frontend) {
    yield { reference: frontend, span: { start: syntax.valueStart, end: syntax.valueEnd } };
  }
  for (const { base } of model.stages) {
    if (base.reference && base.span) yield { reference: base.reference, span: base.span };
  }
  for (const { kind, stage, name, byNumber, span } of stageReferences(model)) {
    // `scratch` in a mount is the empty image; a bare name that is no stage may be a named context of the build.
    if (kind === "from" || stage || byNumber || name === "scratch" || !/[:/@]/.test(name)) continue;
    const reference = parseReference(name);
    if (reference) yield { reference, span };
  }
}
