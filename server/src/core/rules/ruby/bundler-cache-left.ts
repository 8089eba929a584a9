import { canChangeRun } from "../../fixes/mount";
import { appendCommand, isTopLevel } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import { isWithin } from "../../multistage/paths";
import { defineRule, type Fix } from "../../rule";
import { readMount } from "../../syntax/flags";
import {
  type BundleInstall,
  bundleInstalls,
  gemHome,
  gemPath,
  gemsShip,
  installSetting,
  isConfigured,
  isRubyImage,
} from "./bundler";

export default defineRule({
  id: "bundler-cache-left",
  theme: "ruby",
  category: "size",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "`bundle install` leaves the archives of all gems in the image.",
  why: "Bundler keeps the downloaded `.gem` files beside the gems it unpacked from them, and nothing in a container reads them again. Remove them in the same RUN: a later one does not make the image smaller.",
  aliases: { tally: ["tally/ruby/leftover-bundler-cache"] },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "The archives stay",
      code: "FROM ruby:4.0-slim\nCOPY Gemfile Gemfile.lock ./\nRUN [|bundle install|]\n",
      fixed:
        "FROM ruby:4.0-slim\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install && rm -rf /usr/local/bundle/cache /usr/local/bundle/ruby/*/cache\n",
    },
    {
      title: "They are copied with the gems",
      code: "FROM ruby:4.0 AS build\nCOPY Gemfile Gemfile.lock ./\nRUN gem list && \\\n    [|bundle install|]\nFROM ruby:4.0-slim\nCOPY --from=build /usr/local/bundle /usr/local/bundle\n",
      fixed:
        "FROM ruby:4.0 AS build\nCOPY Gemfile Gemfile.lock ./\nRUN gem list && \\\n    bundle install && \\\n    rm -rf /usr/local/bundle/cache /usr/local/bundle/ruby/*/cache\nFROM ruby:4.0-slim\nCOPY --from=build /usr/local/bundle /usr/local/bundle\n",
    },
    {
      title: "Removed in the same RUN",
      code: 'FROM ruby:4.0-slim\nRUN bundle install && rm -rf ~/.bundle/ "${BUNDLE_PATH}"/ruby/*/cache\n',
    },
    {
      title: "A cache mount holds them",
      code: "FROM ruby:4.0-slim\nRUN --mount=type=cache,target=/usr/local/bundle/cache bundle install\n",
    },
    {
      title: "A stage that does not ship",
      code: "FROM ruby:4.0 AS assets\nRUN bundle install\nFROM nginx:1.30\nCOPY --from=assets /app/public /usr/share/nginx/html\n",
    },
    {
      title: "The gems were moved",
      code: "FROM ruby:4.0-slim\nRUN bundle config set path /srv/vendor && bundle install\n",
    },
    { title: "Another image may keep them elsewhere", code: "FROM example.com/ruby:1\nRUN bundle install\n" },
  ],
  *check({ model, catalogue }) {
    for (const install of bundleInstalls(model)) {
      const { stage, script, operation } = install;
      if (!isRubyImage(stage, catalogue) || isCleared(install) || !gemsShip(model, install)) continue;
      // Then the gems, and the archives with them, lie where the configuration says.
      if (isConfigured(install, /path/)) continue;
      const { command } = operation.command;
      yield {
        message: "The archives of all gems stay beside the gems. Remove Bundler's cache in the same RUN.",
        range: script.locate(command.from, command.to),
        fixes: () => removeCache(model, install),
      };
    }
  },
});

function isCleared({ run, stage, script, operation }: BundleInstall): boolean {
  const holds = run.parsed.flags.some((flag) => {
    const mount = readMount(flag);
    const target = mount?.get("target", "dst", "destination");
    return (
      target != null &&
      (mount?.type === "cache" || mount?.type === "tmpfs") &&
      (isWithin(target, gemHome) || /bundle|gems/.test(target))
    );
  });
  if (holds || operation.command.assignments.some((one) => one.name === "BUNDLE_CACHE_PATH")) return true;
  const removes = (text: string) => /\b(?:rm|find)\b[^\n]*(?:cache|\.gem\b|\.bundle)/.test(text);
  if (removes(script.script.text)) return true;
  // In a stage that does not ship, a later RUN is as good.
  return (
    !stage.ships &&
    stage.instructions.some((one) => one.index > run.index && one.keyword === "RUN" && removes(one.parsed.body.text))
  );
}

function removeCache(model: Model, install: BundleInstall): readonly Fix[] {
  const { run, script, operation } = install;
  if (!canChangeRun(model, run) || !isTopLevel(operation.command) || operation.command.wrappers.length > 0) return [];
  const path = installSetting(install, "BUNDLE_PATH");
  if (path === null || operation.flags.some((flag) => /^--(?:path|deployment)/.test(flag.value ?? ""))) return [];
  const isMoved = installSetting(install, "BUNDLE_DEPLOYMENT") !== undefined && path === undefined;
  const folder = gemPath(install);
  const command = isMoved
    ? "rm -rf vendor/bundle/ruby/*/cache"
    : folder === gemHome
      ? `rm -rf ${gemHome}/cache ${gemHome}/ruby/*/cache`
      : `rm -rf ${folder}/ruby/*/cache`;
  const edit = appendCommand(model, run, script, operation.command.command.item, command);
  return edit
    ? [
        {
          title: "Remove Bundler's cache behind it",
          applicability: "unsafe",
          reason: "A later bundle install in this image has to download the gems again.",
          edits: [edit],
        },
      ]
    : [];
}
