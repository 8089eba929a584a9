import { canChangeRun } from "../../fixes/mount";
import { isTopLevel, removeWord } from "../../fixes/shell-list";
import { compareNumbers, numbersOf } from "../../image/tag";
import type { Model } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import type { ShellWord } from "../../shell/ast";
import type { Edit } from "../../text";
import { type BundleInstall, bundleInstalls, pinnedBundler, rubyLine } from "./bundler";

export default defineRule({
  id: "ruby-deprecated-bundler-flags",
  theme: "ruby",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "`bundle install` gets flags that Bundler 4 no longer knows.",
  why: "Flags that Bundler remembered for later commands (`--without`, `--deployment`, `--path` and their kin) have been deprecated since Bundler 2.1 and are gone in Bundler 4, which Ruby 4.0 brings: the build stops there. `bundle config set --local` says the same and is remembered just so.",
  aliases: { tally: ["tally/ruby/deprecated-bundler-install-flags"] },
  reads: ["RUN"],
  fixable: "safe",
  examples: [
    {
      title: "Groups to leave out",
      code: "FROM ruby:3.4\nRUN [|bundle install --jobs 4 --without development test|]\n",
      fixed: "FROM ruby:3.4\nRUN bundle config set --local without 'development test' && bundle install --jobs 4\n",
    },
    {
      title: "Several flags",
      code: "FROM ruby:4.0\nRUN gem list && [|bundle install --deployment --path=vendor/bundle|]\n",
      fixed:
        "FROM ruby:4.0\nRUN gem list && bundle config set --local deployment true && bundle config set --local path vendor/bundle && bundle install\n",
    },
    { title: "A flag without a setting", code: "FROM ruby:4.0\nRUN [|bundle install --binstubs|]\n" },
    { title: "Flags that stay", code: "FROM ruby:4.0\nRUN bundle install --jobs=4 --retry=3 --quiet\n" },
    {
      title: "A Bundler that is too old for the other way",
      code: "FROM ruby:2.5\nRUN bundle install --without test\n",
    },
    {
      title:
        "A Bundler that takes them with a warning; where the Gemfile lies elsewhere, the setting has no place of its own",
      code: "FROM ruby:3.1\nRUN gem install bundler --version 2.4.17 && [|bundle install --gemfile=/app/Gemfile --path=/gems|]\n",
    },
    {
      title: "An old Bundler that the file itself installs",
      code: "FROM ruby:2.7\nRUN gem install bundler -v 1.17.3\nRUN bundle install --path vendor\n",
    },
    { title: "Set beforehand", code: "FROM ruby:4.0\nRUN bundle config set --local without test && bundle install\n" },
  ],
  *check({ model, catalogue }) {
    for (const install of bundleInstalls(model)) {
      const old = oldFlags(install);
      const line = rubyLine(install.stage, catalogue);
      if (old.length === 0) continue;
      const pin = pinnedBundler(install);
      // Bundler 2.1 is the first with `bundle config set`; Ruby 2.7 brings it.
      if (pin !== null && compareNumbers(numbersOf(pin), [2, 1]) < 0) continue;
      if (pin === null && line !== null && compareNumbers(numbersOf(line), [2, 7]) < 0) continue;
      const staysBelow = pin !== null && compareNumbers(numbersOf(pin), [4]) < 0;
      const { command } = install.operation.command;
      const names = old.map(({ name }) => name).join(" and ");
      yield {
        message: staysBelow
          ? `Bundler ${pin} takes ${names} with a warning, Bundler 4 no longer. Set it by bundle config before the install.`
          : `Bundler 4 no longer takes ${names}. Set it by bundle config before the install.`,
        range: install.script.locate(command.from, command.to),
        ...(staysBelow ? { severity: "info" as const } : {}),
        tags: ["deprecated"],
        fixes: () => useConfig(model, install, old, line !== null || pin !== null),
      };
    }
  },
});

interface OldFlag {
  readonly name: string;
  /** Name of the setting, or null where there is none. */
  readonly setting: string | null;
  /** Null where it is not known. */
  readonly value: string | null;
  readonly words: readonly ShellWord[];
}

/** The settings that the flags stand for. Source: bundle-config(1), bundle-install(1). */
const settings: Readonly<Record<string, { readonly setting: string | null; readonly takes: "none" | "one" | "many" }>> =
  {
    "--deployment": { setting: "deployment", takes: "none" },
    "--frozen": { setting: "frozen", takes: "none" },
    "--clean": { setting: "clean", takes: "none" },
    "--no-prune": { setting: "no_prune", takes: "none" },
    "--system": { setting: "path.system", takes: "none" },
    "--path": { setting: "path", takes: "one" },
    "--without": { setting: "without", takes: "many" },
    "--with": { setting: "with", takes: "many" },
    "--shebang": { setting: "shebang", takes: "one" },
    "--binstubs": { setting: null, takes: "one" },
  };

function oldFlags({ operation }: BundleInstall): readonly OldFlag[] {
  const { words } = operation.command;
  const found: OldFlag[] = [];
  for (let at = 1; at < words.length; at++) {
    const word = words[at] as ShellWord;
    const [name = "", ...rest] = word.text.split("=");
    const known = Object.hasOwn(settings, name) ? settings[name] : undefined;
    if (!known) continue;
    const own = [word];
    if (known.takes !== "none" && rest.length === 0) {
      while (words[at + 1] && !words[at + 1]?.text.startsWith("-") && (known.takes === "many" || own.length === 1)) {
        own.push(words[++at] as ShellWord);
      }
    }
    const values =
      rest.length > 0 ? [word.value?.slice(name.length + 1) ?? null] : own.slice(1).map((one) => one.value);
    const value = known.takes === "none" ? "true" : values.includes(null) ? null : values.join(" ");
    found.push({ name, setting: known.setting, value, words: own });
  }
  return found;
}

function useConfig(
  model: Model,
  { run, script, operation }: BundleInstall,
  old: readonly OldFlag[],
  isKnown: boolean,
): readonly Fix[] {
  const { command } = operation.command;
  const isPlain =
    isTopLevel(operation.command) && operation.command.wrappers.length === 0 && command.assignments.length === 0;
  if (
    !isPlain ||
    command.pipeline.length > 1 ||
    command.before === "||" ||
    command.after === "||" ||
    command.after === "&"
  )
    return [];
  // A local setting goes beside the Gemfile that is found from the current folder, not beside another one.
  if (operation.flags.some(({ text }) => text.startsWith("--gemfile")) || !canChangeRun(model, run)) return [];
  const commands: string[] = [];
  const edits: Edit[] = [];
  for (const { setting, value, words } of old) {
    if (setting === null || value === null || value === "" || value.includes("'")) return [];
    commands.push(`bundle config set --local ${setting} ${/^[\w./:-]+$/.test(value) ? value : `'${value}'`}`);
    for (const word of words) {
      const edit = removeWord(model, script, word);
      if (!edit) return [];
      edits.push(edit);
    }
  }
  const { start } = script.locate(command.from, command.from + 1);
  edits.unshift({ span: { start, end: start }, newText: `${commands.join(" && ")} && ` });
  const title = commands.length === 1 ? "Set it by bundle config" : "Set them by bundle config";
  if (isKnown) return [{ title, applicability: "safe", edits }];
  return [
    { title, applicability: "unsafe", reason: "It needs Bundler 2.1 or later, which comes with Ruby 2.7.", edits },
  ];
}
