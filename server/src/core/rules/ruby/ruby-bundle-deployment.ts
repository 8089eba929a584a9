import { hasTemplate } from "../../fixes/mount";
import { insertBefore, keywordLike } from "../../fixes/user";
import type { Model } from "../../model/types";
import { defineRule, type Facts } from "../../rule";
import { hasOperationFlag } from "../../shell/packages";
import {
  type BundleInstall,
  bundleInstalls,
  copiedSources,
  installSetting,
  isConfigured,
  isForProduction,
  isFromContext,
} from "./bundler";

export default defineRule({
  id: "ruby-bundle-deployment",
  theme: "ruby",
  category: "reproducibility",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A production image installs gems without holding on to Gemfile.lock.",
  why: "When Gemfile and Gemfile.lock disagree, a plain `bundle install` resolves anew and installs versions that nobody tested. With `BUNDLE_FROZEN=1` (or `BUNDLE_DEPLOYMENT=1`, which also moves the gems) the build stops and says so. Reported only where the lock file is known to be there and the image is for production.",
  aliases: { tally: ["tally/ruby/missing-bundle-deployment"] },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "The lock file is copied, and may be passed over",
      code: "FROM ruby:4.0-slim\nENV RAILS_ENV=production\nCOPY Gemfile Gemfile.lock ./\nRUN [|bundle install|]\n",
      fixed:
        "FROM ruby:4.0-slim\nENV RAILS_ENV=production\nCOPY Gemfile Gemfile.lock ./\nENV BUNDLE_FROZEN=1\nRUN bundle install\n",
    },
    {
      title: "The lock file lies in the build context",
      code: "FROM ruby:4.0-slim\nENV RACK_ENV=production\nCOPY . .\nRUN [|bundle install|]\n",
      fixed: "FROM ruby:4.0-slim\nENV RACK_ENV=production\nCOPY . .\nENV BUNDLE_FROZEN=1\nRUN bundle install\n",
      files: { Gemfile: "", "Gemfile.lock": "" },
    },
    {
      title: "Deployment mode",
      code: "FROM ruby:4.0-slim\nENV RAILS_ENV=production BUNDLE_DEPLOYMENT=1\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\n",
    },
    {
      title: "Set by bundle config",
      code: "FROM ruby:4.0-slim\nENV RAILS_ENV=production\nCOPY Gemfile Gemfile.lock ./\nRUN bundle config set --local deployment true && bundle install\n",
    },
    {
      title: "Not for production",
      code: "FROM ruby:4.0-slim\nENV RAILS_ENV=development\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\n",
    },
    {
      title: "A build argument decides what it is for",
      code: "FROM ruby:4.0-slim\nARG RAILS_ENV=production\nENV RAILS_ENV=$RAILS_ENV\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\n",
    },
    {
      title: "Nobody knows whether there is a lock file",
      code: "FROM ruby:4.0-slim\nENV RAILS_ENV=production\nCOPY . .\nRUN bundle install\n",
    },
  ],
  *check({ model, facts }) {
    for (const install of bundleInstalls(model)) {
      const { run, stage, script, operation } = install;
      if (hasOperationFlag(operation, ["--frozen", "--deployment"])) continue;
      if (["BUNDLE_FROZEN", "BUNDLE_DEPLOYMENT"].some((name) => installSetting(install, name) !== undefined)) continue;
      if (!isForProduction(model, install) || !hasLock(model, install, facts)) continue;
      if (isConfigured(install, /^(?:deployment|frozen)$/)) continue;
      const { command } = operation.command;
      yield {
        message:
          "Where Gemfile.lock does not fit the Gemfile, this installs other versions and says nothing. Set BUNDLE_FROZEN=1 before it.",
        range: script.locate(command.from, command.to),
        fixes: () =>
          hasTemplate(model, run.span)
            ? []
            : [
                {
                  title: "Set BUNDLE_FROZEN=1",
                  applicability: "unsafe",
                  reason: "The build stops when Gemfile.lock does not fit the Gemfile, or names no Linux platform.",
                  edits: [insertBefore(model, run, `${keywordLike(stage, "ENV")} BUNDLE_FROZEN=1`)],
                },
              ],
      };
    }
  },
});

/** True when a COPY before the install names the lock file, or brings the context that is known to have one. */
function hasLock(model: Model, { run, stage }: BundleInstall, facts: Facts): boolean {
  const isThere = typeof facts.file("Gemfile.lock") === "string";
  return stage.instructions.some((one) => {
    if (one.index >= run.index || one.keyword !== "COPY") return false;
    if (!isFromContext(one)) return false;
    const sources = copiedSources(model, one);
    const isNamed = sources.some((source) => /(?:^|\/)Gemfile\.lock$/.test(source));
    const mayBring = sources.some((source) => /^(?:\.?\/)*(?:\.|\*)?$|(?:^|\/)Gemfile[.*]/.test(source));
    return isNamed || (isThere && mayBring);
  });
}
