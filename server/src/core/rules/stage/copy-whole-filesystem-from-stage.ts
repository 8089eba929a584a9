import type { Stage } from "../../model/types";
import { readCopy } from "../../multistage/copies";
import { defineRule } from "../../rule";

export default defineRule({
  id: "copy-whole-filesystem-from-stage",
  theme: "stage",
  category: "size",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "A COPY brings the whole file system of another stage.",
  why: "Copying `/` to `/` brings the compilers, caches and sources along that the other stage was there to keep out, and lays them over the files of this image. Onto `scratch` it is a way to make one layer of many, and images such as `tonistiigi/xx` are made to be copied whole, so both are left alone, as are stages that do not ship; `mode: hadolint` reports all. Off by default since some images are put together like that on purpose.",
  aliases: { hadolint: ["DL3067"] },
  options: {
    mode: {
      type: "enum",
      values: ["smart", "hadolint"],
      default: "smart",
      description: "With hadolint, every copy of a whole file system is reported, whatever it comes from.",
    },
  },
  fixable: "none",
  examples: [
    {
      title: "Everything comes along",
      code: "FROM golang:1.27 AS build\nRUN go build -o /app .\nFROM debian:13\nCOPY [|--from=build / /|]\n",
    },
    {
      title: "Only the program",
      code: "FROM golang:1.27 AS build\nRUN go build -o /app .\nFROM debian:13\nCOPY --from=build /app /app\n",
    },
    {
      title: "Many layers become one",
      code: "FROM debian:13 AS build\nRUN apt-get update\nFROM scratch\nCOPY --from=build / /\n",
    },
    {
      title: "A stage that was made to be copied whole",
      code: "FROM scratch AS files\nCOPY app /app\nFROM debian:13\nCOPY --from=files / /\n",
    },
    {
      title: "An image that was made for it",
      code: "FROM tonistiigi/xx AS xx\nFROM debian:13\nCOPY --from=xx / /\n",
    },
    {
      title: "The same as hadolint sees it",
      code: "FROM tonistiigi/xx AS xx\nFROM debian:13\nCOPY [|--from=xx / /|]\n",
      options: { mode: "hadolint" },
    },
    { title: "The build context is another matter", code: "FROM debian:13\nCOPY / /\n" },
  ],
  *check({ model, options }) {
    const all = options.mode === "hadolint";
    for (const stage of model.stages) {
      if (!all && (!stage.ships || stage.root.base.scratch)) continue;
      for (const use of stage.copiesFrom) {
        const { instruction } = use;
        if (instruction.keyword !== "COPY" || (!all && !(use.stage && isWorkshop(use.stage)))) continue;
        const copy = readCopy(model, instruction, null);
        if (!copy || copy.from === null || copy.destination !== "/" || !copy.sources.some(isRoot)) continue;
        const place = instruction.parsed.argumentsSpan;
        if (!place) continue;
        yield {
          message: `This copies all of ${copy.from}, with everything that was installed to build it. Copy the paths that this image needs.`,
          range: { start: use.span.start - "--from=".length, end: instruction.blockStart + place.to },
        };
      }
    }
  },
});

function isRoot(source: string): boolean {
  return /^\/(?:\.|\.\/|\*)?$/.test(source);
}

/** True for a stage on an image that does work of its own: that is where tools and caches are. */
function isWorkshop(stage: Stage): boolean {
  if (stage.root.base.scratch) return false;
  for (let one: Stage | null = stage; one; one = one.base.stage) {
    if (one.instructions.some(({ keyword }) => keyword === "RUN" || keyword === "COPY" || keyword === "ADD"))
      return true;
  }
  return false;
}
