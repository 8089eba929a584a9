import { hasTemplate } from "../../fixes/mount";
import { insertAfter, keywordLike } from "../../fixes/user";
import { execWords } from "../../model/scripts";
import type { Stage } from "../../model/types";
import { installedPackages } from "../../multistage/installed";
import { defineRule, type Facts } from "../../rule";

export default defineRule({
  id: "ruby-jemalloc-not-preloaded",
  theme: "ruby",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "The allocator jemalloc is installed, but nothing loads it.",
  why: "The library does nothing by being there: a program uses it when `LD_PRELOAD` names it, or when it was built with it. Off by default, since a start script that this file does not show may do it.",
  aliases: { tally: ["tally/ruby/jemalloc-installed-but-not-preloaded"] },
  fixable: "unsafe",
  examples: [
    {
      title: "Installed and forgotten",
      code: 'FROM ruby:4.0-slim\nRUN apt-get update && apt-get install -y curl [|libjemalloc2|]\nCOPY . .\nCMD ["bin/rails", "server"]\n',
      fixed:
        'FROM ruby:4.0-slim\nRUN apt-get update && apt-get install -y curl libjemalloc2\nENV LD_PRELOAD=libjemalloc.so.2\nCOPY . .\nCMD ["bin/rails", "server"]\n',
    },
    {
      title: "Loaded",
      code: 'FROM ruby:4.0-slim\nENV LD_PRELOAD=libjemalloc.so.2\nRUN apt-get update && apt-get install -y libjemalloc2\nCMD ["bin/rails", "server"]\n',
    },
    {
      title: "The start script may load it",
      code: 'FROM ruby:4.0-slim\nRUN apt-get update && apt-get install -y libjemalloc2\nENTRYPOINT ["/rails/bin/docker-entrypoint"]\nCMD ["bin/rails", "server"]\n',
    },
    {
      title: "The start script does",
      code: 'FROM ruby:4.0-slim\nRUN apt-get update && apt-get install -y libjemalloc2\nENTRYPOINT ["bin/docker-entrypoint"]\nCMD ["bin/rails", "server"]\n',
      files: { "bin/docker-entrypoint": "export LD_PRELOAD=libjemalloc.so.2\n" },
    },
    {
      title: "Another image than Ruby's",
      code: "FROM debian:13\nRUN apt-get update && apt-get install -y libjemalloc2\n",
    },
  ],
  *check({ model, facts }) {
    for (const stage of model.stages) {
      if (!stage.ships || !/(?:^|\/)ruby(?:[:@-]|$)/.test(stage.root.base.resolved ?? "")) continue;
      if (!stage.instructions.some(({ parsed }) => parsed.text.includes("jemalloc"))) continue;
      const found = installedPackages(stage).find(({ package: one }) => /^(?:libjemalloc2|jemalloc)$/.test(one.name));
      if (!found || !model.finalStage || mayLoad(model.finalStage, facts)) continue;
      const { instruction, script } = found;
      yield {
        message: `${found.package.name} is installed, but nothing loads it. Set LD_PRELOAD=libjemalloc.so.2.`,
        range: script.locate(found.package.word.from, found.package.word.to),
        fixes: () =>
          hasTemplate(model, instruction.span)
            ? []
            : [
                {
                  title: "Load jemalloc by LD_PRELOAD",
                  applicability: "unsafe",
                  reason: "Every program of the image then uses another allocator.",
                  edits: [insertAfter(model, instruction, `${keywordLike(stage, "ENV")} LD_PRELOAD=libjemalloc.so.2`)],
                },
              ],
      };
    }
  },
});

function mayLoad(final: Stage, facts: Facts): boolean {
  for (let one: Stage | null = final; one; one = one.base.stage) {
    for (const instruction of one.instructions) {
      if (/LD_PRELOAD|--with-jemalloc|ld\.so\.preload/.test(instruction.parsed.text)) return true;
      if (instruction.keyword !== "ENTRYPOINT") continue;
      const words = execWords(instruction);
      if (!words) return true;
      for (const word of words) {
        if (!/entrypoint|\.sh$|bin\//.test(word) || /(?:^|\/)(?:tini|dumb-init)$/.test(word)) continue;
        const text = facts.file(word.replace(/^(?:\.?\/)+/, ""));
        if (typeof text !== "string" || text.includes("LD_PRELOAD")) return true;
      }
    }
  }
  return false;
}
