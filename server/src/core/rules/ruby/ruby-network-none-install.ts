import { mountSupport } from "../../fixes/mount";
import { defineRule } from "../../rule";
import { bundleInstalls } from "./bundler";

export default defineRule({
  id: "ruby-network-none-install",
  theme: "ruby",
  category: "security",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "`bundle install --local` needs no network, but has it.",
  why: "With `--local` all gems come from vendor/cache. `RUN --network=none` makes sure of it: an install script of a gem cannot fetch anything either. Off by default; it is for builds that want to be closed.",
  aliases: { tally: ["tally/ruby/prefer-network-none-install"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    {
      title: "The network is open",
      code: "FROM ruby:4.0\nCOPY . .\nRUN [|bundle install --local|]\n",
    },
    { title: "It is closed", code: "FROM ruby:4.0\nCOPY . .\nRUN --network=none bundle install --local\n" },
    { title: "Gems are downloaded", code: "FROM ruby:4.0\nRUN bundle install\n" },
    {
      title: "Another command of the RUN needs it",
      code: "FROM ruby:4.0\nRUN apt-get update && bundle install --local\n",
    },
  ],
  *check({ model }) {
    if (mountSupport(model) === "none") return;
    for (const { run, script, operation } of bundleInstalls(model)) {
      if (!operation.flags.some((flag) => flag.value === "--local")) continue;
      if (run.parsed.flags.some((flag) => flag.name === "network")) continue;
      if (
        script.commands.some(
          ({ name }) => !/^(?:bundle|bundler|rm|mkdir|cd|set|export|true|echo|chown|chmod)$/.test(name ?? ""),
        )
      )
        continue;
      const { command } = operation.command;
      yield {
        message: "All gems are there, so this needs no network. Close it with RUN --network=none.",
        range: script.locate(command.from, command.to),
      };
    }
  },
});
