import { canChangeRun, cannotMount, insertFlag, mountOwner, mountSupport } from "../../fixes/mount";
import { defineRule } from "../../rule";
import { readMount } from "../../syntax/flags";
import { bundleInstalls, gemHome, installSetting, isConfigured, isRubyImage } from "./bundler";

export default defineRule({
  id: "bundler-cache-mount",
  theme: "ruby",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "`bundle install` downloads all gems anew whenever the Gemfile changes.",
  why: "A cache mount keeps the downloaded gems between builds, outside the image. Off by default: it needs BuildKit, and helps only where builds share a builder.",
  aliases: { tally: ["tally/ruby/prefer-bundler-cache-mount"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "No mount",
      code: "FROM ruby:4.0\nCOPY Gemfile Gemfile.lock ./\nRUN [|bundle install|]\n",
      fixed:
        "FROM ruby:4.0\nCOPY Gemfile Gemfile.lock ./\nRUN --mount=type=cache,target=/usr/local/bundle/cache bundle install\n",
    },
    {
      title: "Another folder is in force: the file says too little",
      code: "FROM ruby:4.0\nENV BUNDLE_PATH=/gems\nRUN [|bundle install|]\n",
    },
    {
      title: "A mount",
      code: "FROM ruby:4.0\nRUN --mount=type=cache,target=/usr/local/bundle/cache bundle install\n",
    },
    {
      title: "Gems that are there already",
      code: "FROM ruby:4.0\nCOPY vendor/cache vendor/cache\nRUN bundle install --local\n",
    },
    { title: "Another image", code: "FROM example.com/ruby:1\nRUN bundle install\n" },
  ],
  *check({ model, catalogue }) {
    if (mountSupport(model) === "none") return;
    for (const install of bundleInstalls(model)) {
      const { run, stage, script, operation } = install;
      if (!isRubyImage(stage, catalogue) || cannotMount(stage, catalogue)) continue;
      if (run.parsed.flags.some((flag) => readMount(flag)?.type === "cache")) continue;
      if (operation.flags.some((flag) => flag.value === "--local" || flag.value === "--prefer-local")) continue;
      const { command } = operation.command;
      yield {
        message: "Every change of the Gemfile downloads all gems again. A cache mount keeps them between builds.",
        range: script.locate(command.from, command.to),
        fixes: () => {
          const isMoved =
            ["BUNDLE_PATH", "BUNDLE_DEPLOYMENT", "GEM_HOME"].some(
              (name) => installSetting(install, name) !== undefined,
            ) ||
            operation.flags.some((flag) => /^--(?:path|deployment)/.test(flag.value ?? "")) ||
            isConfigured(install, /^(?:path|deployment)$/);
          const owner = mountOwner(run, catalogue);
          // What removes the cache would empty the mount.
          if (isMoved || owner === null || !canChangeRun(model, run) || /\brm\b/.test(script.script.text)) return [];
          return [
            {
              title: "Keep the gems in a cache mount",
              applicability: "unsafe",
              reason:
                "It needs BuildKit, and the cache is not in the image: an install that runs later in it downloads again.",
              edits: [insertFlag(model, run, `--mount=type=cache,target=${gemHome}/cache${owner}`)],
            },
          ];
        },
      };
    }
  },
});
