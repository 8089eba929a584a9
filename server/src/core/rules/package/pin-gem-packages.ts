import { defineRule } from "../../rule";
import { withoutVersion } from "./pins";

export default defineRule({
  id: "pin-gem-packages",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "`gem install` names gems without a version.",
  why: "Two builds of the same file may install different versions, and a new major version may break the program. RubyGems keeps old versions, so a pin lasts; a Gemfile with its lock file is better still. It is off by default, since many images want the newest tool on purpose.",
  aliases: { hadolint: ["DL3028"], kics: ["Gem Install Without Version"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "No version", code: "FROM ruby:4.0\nRUN [|gem install|] bundler\n" },
    { title: "With a version", code: "FROM ruby:4.0\nRUN gem install bundler:2.7.2\n" },
    { title: "By a flag", code: "FROM ruby:4.0\nRUN gem install bundler -v 2.7.2 --no-document\n" },
    { title: "A file", code: "FROM ruby:4.0\nRUN gem install ./tool.gem\n" },
  ],
  check: (context) =>
    withoutVersion(context, {
      looks: ({ manager, action }) => manager === "gem" && action === "install",
      isFixed: () => false,
      form: (name) => `${name}:<version>`,
    }),
});
