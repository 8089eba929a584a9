import { hasTemplate } from "../../fixes/mount";
import { insertBefore, keywordLike } from "../../fixes/user";
import { defineRule } from "../../rule";
import { hasOperationFlag } from "../../shell/packages";
import { bundleInstalls, gemsShip, installSetting, isConfigured, isForProduction } from "./bundler";

export default defineRule({
  id: "ruby-bundle-without-development",
  theme: "ruby",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A production image installs the gems of development and test as well.",
  why: "Consoles, debuggers and test drivers make the image larger, and some of them are doors: a web console runs code for whoever reaches it. Bundler installs every group unless it is told which to leave out.",
  aliases: { tally: ["tally/ruby/missing-bundle-without-development"] },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "All groups",
      code: "FROM ruby:4.0-slim\nENV RAILS_ENV=production\nCOPY Gemfile Gemfile.lock ./\nRUN [|bundle install|]\n",
      fixed:
        "FROM ruby:4.0-slim\nENV RAILS_ENV=production\nCOPY Gemfile Gemfile.lock ./\nENV BUNDLE_WITHOUT=development:test\nRUN bundle install\n",
    },
    {
      title: "Left out by a variable",
      code: "FROM ruby:4.0-slim\nENV RAILS_ENV=production BUNDLE_WITHOUT=development:test\nRUN bundle install\n",
    },
    {
      title: "Left out by bundle config",
      code: "FROM ruby:4.0-slim\nENV RAILS_ENV=production\nRUN bundle config set --local without development:test && bundle install\n",
    },
    {
      title: "The Gemfile has no such group",
      code: "FROM ruby:4.0-slim\nENV RAILS_ENV=production\nCOPY . .\nRUN bundle install\n",
      files: { Gemfile: 'source "https://rubygems.org"\ngem "sinatra"\n' },
    },
    { title: "Not for production", code: "FROM ruby:4.0-slim\nENV RAILS_ENV=development\nRUN bundle install\n" },
    {
      title: "The gems do not ship",
      code: "FROM ruby:4.0 AS assets\nENV RAILS_ENV=production\nRUN bundle install\nFROM nginx:1.30\nCOPY --from=assets /app/public /usr/share/nginx/html\n",
    },
  ],
  *check({ model, facts }) {
    const gemfile = facts.file("Gemfile");
    if (typeof gemfile === "string" && !/\b(?:development|test)\b/.test(gemfile)) return;
    for (const install of bundleInstalls(model)) {
      const { run, stage, script, operation } = install;
      if (hasOperationFlag(operation, ["--without", "--with"])) continue;
      if (["BUNDLE_WITHOUT", "BUNDLE_ONLY"].some((name) => installSetting(install, name) !== undefined)) continue;
      if (!isForProduction(model, install) || !gemsShip(model, install)) continue;
      if (isConfigured(install, /^(?:without|only)$/)) continue;
      const { command } = operation.command;
      yield {
        message:
          "This also installs the gems of development and test, and the image is for production. Set BUNDLE_WITHOUT=development:test before it.",
        range: script.locate(command.from, command.to),
        cause: `development:${run.index}`,
        fixes: () =>
          hasTemplate(model, run.span)
            ? []
            : [
                {
                  title: "Set BUNDLE_WITHOUT=development:test",
                  applicability: "unsafe",
                  reason: "What the application loads in production has to stand outside these groups.",
                  edits: [insertBefore(model, run, `${keywordLike(stage, "ENV")} BUNDLE_WITHOUT=development:test`)],
                },
              ],
      };
    }
  },
});
