import { canChangeRun, hasTemplate } from "../../fixes/mount";
import { removeInstruction } from "../../fixes/remove";
import { dropItem, isTopLevel, removeWord } from "../../fixes/shell-list";
import { type Script, scriptsOf } from "../../model/scripts";
import type { Instruction, Model } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { type PackageOperation, packageOperations } from "../../shell/packages";
import type { Edit } from "../../text";
import { isRubyImage } from "./bundler";

export default defineRule({
  id: "ruby-redundant-bundler",
  theme: "ruby",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "Bundler is installed, which the Ruby image has already.",
  why: "Every Ruby brings Bundler, and Bundler fetches the version that Gemfile.lock names by itself. `gem install bundler` without a version adds whichever is newest today. Off by default: it costs a moment, and some want the newest.",
  aliases: { tally: ["tally/ruby/redundant-bundler-install"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "A RUN of its own",
      code: "FROM ruby:4.0\nRUN [|gem install bundler|]\nRUN bundle install\n",
      fixed: "FROM ruby:4.0\nRUN bundle install\n",
    },
    {
      title: "Before the install",
      code: "FROM ruby:4.0\nRUN [|gem install bundler|] && bundle install\n",
      fixed: "FROM ruby:4.0\nRUN bundle install\n",
    },
    {
      title: "Among other gems",
      code: "FROM ruby:4.0\nRUN [|gem install bundler foreman|]\n",
      fixed: "FROM ruby:4.0\nRUN gem install foreman\n",
    },
    {
      title: "A certain version",
      code: "FROM ruby:4.0\nRUN gem install bundler -v 2.4.22\nRUN gem install bundler:2.5.0\n",
    },
    { title: "Another image may have none", code: "FROM debian:13\nRUN gem install bundler\n" },
  ],
  *check({ model, catalogue }) {
    for (const run of model.instructions) {
      if (run.keyword !== "RUN" || !run.stage || !/gem\b[^\n]*\bbundler\b/.test(run.parsed.body.text)) continue;
      if (!isRubyImage(run.stage, catalogue)) continue;
      for (const script of scriptsOf(run)) {
        for (const operation of packageOperations(script.script)) {
          if (operation.manager !== "gem" || operation.action !== "install") continue;
          const bundler = operation.packages.find((one) => one.name === "bundler");
          if (
            !bundler ||
            bundler.version !== null ||
            operation.flags.some((flag) => /^(?:-v|--version|--pre)/.test(flag.text))
          )
            continue;
          const { command } = operation.command;
          yield {
            message:
              "The Ruby image has Bundler, and Bundler gets the version of Gemfile.lock by itself. Leave this out.",
            range: script.locate(command.from, command.to),
            fixes: () => leaveOut(model, run, script, operation),
          };
        }
      }
    }
  },
});

function leaveOut(model: Model, run: Instruction, script: Script, operation: PackageOperation): readonly Fix[] {
  if (!canChangeRun(model, run) || !isTopLevel(operation.command) || hasTemplate(model, run.span)) return [];
  const edit = editFor(model, run, script, operation);
  return edit
    ? [
        {
          title: "Do not install Bundler",
          applicability: "unsafe",
          reason: "The build then uses the Bundler of the image, or the one that Gemfile.lock names.",
          edits: [edit],
        },
      ]
    : [];
}

function editFor(model: Model, run: Instruction, script: Script, operation: PackageOperation): Edit | null {
  const bundler = operation.packages.find((one) => one.name === "bundler");
  if (bundler && operation.packages.length + operation.unknown.length > 1)
    return removeWord(model, script, bundler.word);
  if (script.script.topLevel.length > 1) return dropItem(model, script, operation.command.command.item);
  return script.kind === "line" ? removeInstruction(model, run) : null;
}
