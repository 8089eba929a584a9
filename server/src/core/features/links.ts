/** Links in a file: images to the page of their registry, sources of COPY and ADD to the files, silenced rules to their pages. */
import { type ImageReference, parseReference } from "../image/reference";
import type { Instruction, Model } from "../model/types";
import { locate } from "../model/types";
import type { Span } from "../text";

/** One link. */
export interface Link {
  readonly span: Span;
  /** `url`: an address. `file`: a path in the build context. `rule`: the id of one of our rules. */
  readonly kind: "url" | "file" | "rule";
  readonly target: string;
}

/** The links of a file, in no particular order. `isRule` tells ids of ours. */
export function linksOf(model: Model, isRule: (id: string) => boolean): readonly Link[] {
  const links: Link[] = [];
  const addImage = (reference: ImageReference | null, span: Span | null): void => {
    const page = reference && registryPage(reference);
    if (page && span) links.push({ span, kind: "url", target: page });
  };
  for (const directive of model.directives) {
    if (directive.name !== "syntax") continue;
    addImage(parseReference(directive.value), { start: directive.valueStart, end: directive.valueEnd });
  }
  for (const { base, copiesFrom } of model.stages) {
    addImage(base.reference, base.span);
    for (const { reference, span, stage } of copiesFrom) if (!stage) addImage(reference, span);
  }
  for (const instruction of model.instructions) {
    if (instruction.keyword === "COPY" || instruction.keyword === "ADD") links.push(...fileLinks(instruction));
  }
  for (const { ids, dialect } of model.suppressions) {
    for (const { text, span } of ids) {
      if (dialect === "plimsoll" && isRule(text)) links.push({ span, kind: "rule", target: text });
    }
  }
  return links;
}

/** The page about an image, or null where the registry has none that is known. The tag is left out: pages list them all. */
export function registryPage({ registry, path }: ImageReference): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  switch (registry) {
    case "docker.io":
      return path.startsWith("library/")
        ? `https://hub.docker.com/_/${path.slice("library/".length)}`
        : `https://hub.docker.com/r/${path}`;
    case "mcr.microsoft.com":
      return `https://mcr.microsoft.com/artifact/mar/${path}`;
    case "quay.io":
      return `https://quay.io/repository/${path}`;
    case "public.ecr.aws":
      return `https://gallery.ecr.aws/${path}`;
    case "cgr.dev":
      return path.startsWith("chainguard/") ? `https://images.chainguard.dev/directory/image/${name}/overview` : null;
    case "registry.access.redhat.com":
    case "registry.redhat.io":
      return `https://catalog.redhat.com/search?searchType=containers&q=${encodeURIComponent(path)}`;
    case "nvcr.io":
      return path.startsWith("nvidia/") ? `https://catalog.ngc.nvidia.com/orgs/nvidia/containers/${name}` : null;
    // These two answer at the image's own address.
    case "ghcr.io":
    case "gcr.io":
      return `https://${registry}/${path}`;
    default:
      return null;
  }
}

/** Sources that name one file of the build context as it is: no pattern, no variable, no URL, no other stage. */
function fileLinks(instruction: Instruction): readonly Link[] {
  const { parsed } = instruction;
  if (parsed.flags.some((flag) => flag.name === "from")) return [];
  const words = parsed.json ?? parsed.words;
  const links: Link[] = [];
  for (const word of words.slice(0, -1)) {
    const { value } = word;
    if (value === null || /[*?[\]$<]|:\/\/|^git@/.test(value)) continue;
    const target = value.replace(/^(?:\.?\/)+/, "");
    if (target === "" || target === "." || target.split("/").includes("..")) continue;
    links.push({ span: locate(instruction, word), kind: "file", target });
  }
  return links;
}
