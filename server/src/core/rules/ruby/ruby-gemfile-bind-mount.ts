import { canChangeRun, cannotMount, hasTemplate, insertFlag, mountSupport } from "../../fixes/mount";
import { removeInstruction } from "../../fixes/remove";
import type { Instruction, Model } from "../../model/types";
import { bringsEverything, readCopy } from "../../multistage/copies";
import { defineRule, type Fix } from "../../rule";
import { type BundleInstall, bundleInstalls, installSetting } from "./bundler";

export default defineRule({
  id: "ruby-gemfile-bind-mount",
  theme: "ruby",
  category: "performance",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "Gemfile and Gemfile.lock are copied for `bundle install`, and copied again with the application.",
  why: "A bind mount lends the two files to the one RUN that reads them, which saves a layer. Off by default: the copy costs little, and a mount cannot be written to, so it needs a frozen lock file.",
  aliases: { tally: ["tally/ruby/prefer-gemfile-bind-mounts"] },
  fixable: "unsafe",
  examples: [
    {
      title: "The copy serves the install alone",
      code: "FROM ruby:4.0\nWORKDIR /app\nENV BUNDLE_FROZEN=1\n[|COPY|] Gemfile Gemfile.lock ./\nRUN bundle install\nCOPY . .\n",
      fixed:
        "FROM ruby:4.0\nWORKDIR /app\nENV BUNDLE_FROZEN=1\nRUN --mount=type=bind,source=Gemfile,target=Gemfile --mount=type=bind,source=Gemfile.lock,target=Gemfile.lock bundle install\nCOPY . .\n",
    },
    {
      title: "The install may write the lock file",
      code: "FROM ruby:4.0\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\nCOPY . .\n",
    },
    {
      title: "Nothing brings the files later",
      code: "FROM ruby:4.0\nWORKDIR /app\nENV BUNDLE_FROZEN=1\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\nCOPY app app\n",
    },
    {
      title: "More is copied",
      code: "FROM ruby:4.0\nWORKDIR /app\nENV BUNDLE_FROZEN=1\nCOPY Gemfile Gemfile.lock app.gemspec ./\nRUN bundle install\nCOPY . .\n",
    },
  ],
  *check({ model, catalogue }) {
    if (mountSupport(model) === "none") return;
    for (const install of bundleInstalls(model)) {
      const { run, stage } = install;
      const before = stage.instructions.filter(({ index }) => index < run.index);
      const copying = before.filter(({ keyword }) => keyword === "COPY").at(-1);
      if (!copying || cannotMount(stage, catalogue) || !isFrozen(install)) continue;
      // What stands between the copy and the install may read the files too.
      const between = before.slice(before.indexOf(copying) + 1);
      if (between.some(({ keyword }) => keyword === "RUN" || keyword === "WORKDIR" || keyword === "USER")) continue;
      const after = stage.instructions.filter(({ index }) => index > run.index);
      const next = after.find(({ keyword }) => keyword === "RUN" || keyword === "COPY");
      const later = next?.keyword === "COPY" ? readCopy(model, next, null) : null;
      if (!later || !bringsEverything(later) || !copiesGemfile(model, copying)) continue;
      yield {
        message:
          "The application is copied later, so this copy serves bundle install alone. Mount the two files there.",
        range: copying.keywordSpan,
        fixes: () => mountBoth(model, copying, run),
      };
    }
  },
});

function isFrozen(install: BundleInstall): boolean {
  return ["BUNDLE_FROZEN", "BUNDLE_DEPLOYMENT"].some((name) =>
    /^(?:1|true)$/.test(installSetting(install, name) ?? ""),
  );
}

/** True for `COPY Gemfile Gemfile.lock ./` into the working folder. */
function copiesGemfile(model: Model, copying: Instruction): boolean {
  const copy = readCopy(model, copying, null);
  if (!copy || copy.from !== null || copying.parsed.flags.length > 0 || copying.workdir === null) return false;
  const sources = copy.sources.map((source) => source.replace(/^\.\//, ""));
  const isBoth = sources.length === 2 && sources.includes("Gemfile") && sources.includes("Gemfile.lock");
  return isBoth && copy.destination === `${copying.workdir.replace(/\/$/, "")}/`;
}

function mountBoth(model: Model, copying: Instruction, run: Instruction): readonly Fix[] {
  if (!canChangeRun(model, run) || hasTemplate(model, copying.span)) return [];
  const mounts = ["Gemfile", "Gemfile.lock"].map((name) => `--mount=type=bind,source=${name},target=${name}`);
  return [
    {
      title: "Mount Gemfile and Gemfile.lock where they are read",
      applicability: "unsafe",
      reason: "It needs BuildKit, and the two files are in the image only from the later COPY on.",
      edits: [removeInstruction(model, copying), insertFlag(model, run, mounts.join(" "))],
    },
  ];
}
