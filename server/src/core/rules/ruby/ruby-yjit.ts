import { hasTemplate } from "../../fixes/mount";
import { insertAfter, keywordLike } from "../../fixes/user";
import { compareNumbers, numbersOf } from "../../image/tag";
import { startKind } from "../../multistage/purpose";
import { startOf } from "../../multistage/start";
import { defineRule } from "../../rule";
import { rubyLine } from "./bundler";

export default defineRule({
  id: "ruby-yjit",
  theme: "ruby",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A server runs on a Ruby that has YJIT, and does not switch it on.",
  why: "From Ruby 3.3 on, the compiler YJIT makes long-running programs noticeably quicker for some memory. Rails 7.2 and later switches it on by itself; other programs need `RUBY_YJIT_ENABLE=1`. Off by default, since that depends on the application.",
  aliases: { tally: ["tally/ruby/yjit-not-enabled-on-supported-runtime"] },
  fixable: "unsafe",
  examples: [
    {
      title: "A server",
      code: 'FROM [|ruby:4.0-slim|]\nCOPY . .\nCMD ["bundle", "exec", "puma"]\n',
      fixed: 'FROM ruby:4.0-slim\nENV RUBY_YJIT_ENABLE=1\nCOPY . .\nCMD ["bundle", "exec", "puma"]\n',
    },
    { title: "Switched on", code: 'FROM ruby:4.0-slim\nENV RUBY_YJIT_ENABLE=1\nCMD ["bundle", "exec", "puma"]\n' },
    { title: "By an option", code: 'FROM ruby:4.0-slim\nENV RUBYOPT="--yjit"\nCMD ["bundle", "exec", "puma"]\n' },
    { title: "An older Ruby", code: 'FROM ruby:3.2-slim\nCMD ["bundle", "exec", "puma"]\n' },
    { title: "Nothing that runs long", code: 'FROM ruby:4.0-slim\nCMD ["irb"]\n' },
  ],
  *check({ model, catalogue }) {
    const final = model.finalStage;
    if (!final?.root.base.span) return;
    const line = rubyLine(final, catalogue);
    if (line === null || compareNumbers(numbersOf(line), [3, 3]) < 0) return;
    const start = startOf(final);
    if (!start || startKind(start) !== "runs") return;
    if (!start.commands.some(({ name }) => /^(?:puma|unicorn|thin|falcon|rackup|rails|sidekiq|thrust)$/.test(name)))
      return;
    // Whatever is said of it anywhere, somebody has thought of it.
    if (/yjit/i.test(model.text)) return;
    const { root } = final;
    yield {
      message: `Ruby ${line} can compile a server while it runs, which makes it quicker. Set RUBY_YJIT_ENABLE=1.`,
      range: root.base.span as NonNullable<typeof root.base.span>,
      fixes: () =>
        hasTemplate(model, final.from.span)
          ? []
          : [
              {
                title: "Switch YJIT on",
                applicability: "unsafe",
                reason: "The program takes more memory.",
                edits: [insertAfter(model, final.from, `${keywordLike(final, "ENV")} RUBY_YJIT_ENABLE=1`)],
              },
            ],
    };
  },
});
