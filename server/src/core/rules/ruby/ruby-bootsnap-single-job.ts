import { canChangeRun } from "../../fixes/mount";
import { scriptsOf } from "../../model/scripts";
import { defineRule } from "../../rule";
import type { ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";

export default defineRule({
  id: "ruby-bootsnap-single-job",
  theme: "ruby",
  category: "correctness",
  severity: "info",
  recommended: true,
  since: "0.1.0",
  summary: "Bootsnap compiles with several processes, which hangs or crashes where the build is emulated.",
  why: "Under QEMU, as when an Intel machine builds for arm64, Bootsnap's parallel processes are known to hang the build (rails/bootsnap#495). With `-j 1` it takes a moment longer and works everywhere; Rails writes new Dockerfiles like that.",
  aliases: { tally: ["tally/ruby/bootsnap-precompile-without-j1"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "Several processes",
      code: "FROM ruby:4.0\nRUN [|bundle exec bootsnap precompile app/ lib/|]\n",
      fixed: "FROM ruby:4.0\nRUN bundle exec bootsnap precompile -j 1 app/ lib/\n",
    },
    {
      title: "For the gems",
      code: "FROM ruby:4.0\nRUN bundle install && \\\n    [|bundle exec bootsnap precompile --gemfile|]\n",
      fixed: "FROM ruby:4.0\nRUN bundle install && \\\n    bundle exec bootsnap precompile -j 1 --gemfile\n",
    },
    { title: "One process", code: "FROM ruby:4.0\nRUN bundle exec bootsnap precompile -j 1 --gemfile\n" },
    { title: "Written together", code: "FROM ruby:4.0\nRUN bundle exec bootsnap precompile --jobs=0 --gemfile\n" },
    { title: "Only a word about it", code: "FROM ruby:4.0\nRUN echo bootsnap precompile\n" },
  ],
  *check({ model }) {
    for (const run of model.instructions) {
      if (run.keyword !== "RUN" || !run.parsed.text.includes("bootsnap")) continue;
      for (const { commands, locate } of scriptsOf(run)) {
        for (const command of commands) {
          const verb = precompiles(command);
          if (!verb || command.words.some((word) => /^(?:-j|--jobs)/.test(word.text))) continue;
          const { end } = locate(verb.from, verb.to);
          yield {
            message: "In an emulated build (QEMU) Bootsnap's parallel processes can hang. Add -j 1.",
            range: locate(command.command.from, command.command.to),
            fixes: () =>
              canChangeRun(model, run)
                ? [
                    {
                      title: "Add -j 1",
                      applicability: "safe",
                      edits: [{ span: { start: end, end }, newText: " -j 1" }],
                    },
                  ]
                : [],
          };
        }
      }
    }
  },
});

/** The word `precompile` of a call of Bootsnap, or null. */
function precompiles({ name, words }: EffectiveCommand): ShellWord | null {
  const at = name === "bootsnap" ? 0 : name === "bundle" && words[1]?.value === "exec" ? 2 : -1;
  if (at < 0 || !/(?:^|\/)bootsnap$/.test(words[at]?.value ?? "")) return null;
  const verb = words[at + 1];
  return verb?.value === "precompile" ? verb : null;
}
