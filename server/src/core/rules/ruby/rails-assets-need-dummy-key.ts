import { canChangeRun } from "../../fixes/mount";
import { instructionsNamed } from "../../model/index-of";
import { stageState } from "../../model/scope";
import type { Script } from "../../model/scripts";
import { scriptsOf } from "../../model/scripts";
import type { Instruction } from "../../model/types";
import { defineRule } from "../../rule";
import { mountsOf } from "../../secret/writes";
import type { EffectiveCommand } from "../../shell/commands";

export default defineRule({
  id: "rails-assets-need-dummy-key",
  theme: "ruby",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "Rails compiles its assets without a dummy key, and so asks for the real one.",
  why: "`assets:precompile` starts the application, which in production refuses to start without `SECRET_KEY_BASE`. The usual way out is to pass the real key to the build, where it stays. From Rails 7.1 on, `SECRET_KEY_BASE_DUMMY=1` makes up a key for this one command; older ones ignore it. Nothing is said where the file does not set `RAILS_ENV`: Rails then runs in development, and makes up a key of its own.",
  aliases: { tally: ["tally/ruby/asset-precompile-without-dummy-key"] },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN"],
  fixable: "safe",
  examples: [
    {
      title: "The application asks for its key",
      code: "FROM ruby:4.0\nENV RAILS_ENV=production\nCOPY . .\nRUN [|bundle exec rails assets:precompile|]\n",
      fixed:
        "FROM ruby:4.0\nENV RAILS_ENV=production\nCOPY . .\nRUN SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile\n",
    },
    {
      title: "In the middle of a list",
      code: "FROM ruby:4.0\nENV RAILS_ENV=production\nRUN bundle exec bootsnap precompile app/ && \\\n    [|RAILS_LOG_LEVEL=warn ./bin/rails assets:precompile|] && \\\n    rm -rf tmp/cache\n",
      fixed:
        "FROM ruby:4.0\nENV RAILS_ENV=production\nRUN bundle exec bootsnap precompile app/ && \\\n    SECRET_KEY_BASE_DUMMY=1 RAILS_LOG_LEVEL=warn ./bin/rails assets:precompile && \\\n    rm -rf tmp/cache\n",
    },
    {
      title: "The dummy is there",
      code: "FROM ruby:4.0\nENV RAILS_ENV=production\nRUN SECRET_KEY_BASE_DUMMY=1 ./bin/rails assets:precompile\n",
    },
    {
      title: "So is a made-up key",
      code: "FROM ruby:4.0\nENV RAILS_ENV=production\nRUN SECRET_KEY_BASE=dummy bundle exec rake assets:precompile\n",
    },
    {
      title: "A secret mount brings the key",
      code: "FROM ruby:4.0\nENV RAILS_ENV=production\nRUN --mount=type=secret,id=key,env=RAILS_MASTER_KEY bin/rails assets:precompile\n",
    },
    {
      title: "A key that is set before serves as well",
      code: "FROM ruby:4.0\nENV RAILS_ENV=production SECRET_KEY_BASE_DUMMY=1\nRUN bin/rails assets:precompile\n",
    },
    {
      title: "Other environments make up their own key",
      code: "FROM ruby:4.0\nENV RAILS_ENV=test\nRUN bin/rails assets:precompile\n",
    },
    {
      title: "Without an environment Rails develops",
      code: "FROM ruby:4.0\nRUN bundle exec rails assets:precompile\n",
    },
    {
      title: "Only a word about it",
      code: "FROM ruby:4.0\nENV RAILS_ENV=production\nRUN echo rails assets:precompile\n",
    },
  ],
  *check({ model }) {
    for (const run of instructionsNamed(model, "RUN")) {
      if (!run.stage) continue;
      // Most RUNs are turned away before anybody parses their script.
      if (!run.parsed.text.includes("assets:precompile") || hasKey(run)) continue;
      for (const script of scriptsOf(run)) {
        for (const command of script.commands) {
          if (!compilesAssets(command) || givesKey(script, command) || hasOtherEnvironment(run, script, command))
            continue;
          const { command: whole } = command;
          const start = script.locate(whole.from, whole.from + 1).start;
          // Behind a wrapper such as sudo, and in another shell's script, an assignment would not stand where it has to.
          const plain = command.wrappers.length === 0 && canChangeRun(model, run);
          yield {
            message:
              "assets:precompile asks for SECRET_KEY_BASE. Put SECRET_KEY_BASE_DUMMY=1 before it, so that no real key is needed.",
            range: script.locate(whole.from, whole.to),
            fixes: () =>
              plain
                ? [
                    {
                      title: "Put SECRET_KEY_BASE_DUMMY=1 before the command",
                      applicability: "safe",
                      edits: [{ span: { start, end: start }, newText: "SECRET_KEY_BASE_DUMMY=1 " }],
                    },
                  ]
                : [],
          };
        }
      }
    }
  },
});

const keys = ["SECRET_KEY_BASE_DUMMY", "SECRET_KEY_BASE", "RAILS_MASTER_KEY"];

function compilesAssets({ name, words }: EffectiveCommand): boolean {
  const rest = words.slice(1).map((word) => word.value ?? word.text);
  if (name === "bundle" && rest[0] === "exec")
    return /(?:^|\/)(?:rails|rake)$/.test(rest[1] ?? "") && rest.includes("assets:precompile");
  return (name === "rails" || name === "rake") && rest.includes("assets:precompile");
}

/** True when the stage, or a mount of the RUN, brings a key. */
function hasKey(run: Instruction): boolean {
  const scope = run.stage?.scope;
  if (scope && keys.some((name) => scope.lookup(name, run.index) !== null)) return true;
  // The key that decrypts the credentials does as well; the way it got there is another rule's matter.
  if (run.stage?.instructions.some((one) => one.index < run.index && one.parsed.text.includes("master.key")))
    return true;
  return mountsOf(run).some((mount) => {
    if (mount.type !== "secret") return false;
    const target = mount.get("target", "dst", "destination") ?? "";
    return keys.includes(mount.get("env") ?? "") || /(?:master|credentials\/\w+)\.key$/.test(target);
  });
}

/** True when the script sets a key for the command or before it. */
function givesKey(script: Script, command: EffectiveCommand): boolean {
  if (command.assignments.some(({ name }) => keys.includes(name))) return true;
  return script.script.definitions.some(
    ({ name, from, kind }) => keys.includes(name) && kind !== "prefix" && from < command.outer.from,
  );
}

/** True where nothing makes Rails run in production: it is told another environment, or none. */
function hasOtherEnvironment(run: Instruction, script: Script, command: EffectiveCommand): boolean {
  for (const name of ["RAILS_ENV", "RACK_ENV"]) {
    const own = command.assignments.find((one) => one.name === name)?.value?.value;
    if (own !== undefined && own !== null) return /^(?:development|test)$/.test(own);
    if (script.script.definitions.some((one) => one.name === name)) return false;
    const state = run.stage && stageState(run.stage.scope, name, run.index);
    if (state?.kind === "value" && state.value !== "") return /^(?:development|test)$/.test(state.value);
    if (run.stage?.scope.lookup(name, run.index)) return false;
  }
  return true;
}
