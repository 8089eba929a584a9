import { userAtEnd } from "../../catalogue/stage";
import { hasTemplate } from "../../fixes/mount";
import { insertBefore, keywordLike } from "../../fixes/user";
import type { Instruction, Model, Stage } from "../../model/types";
import { type Copy, readCopy } from "../../multistage/copies";
import { defineRule, type Fix } from "../../rule";
import { railsServer } from "./rails";

export default defineRule({
  id: "ruby-state-paths-not-writable",
  theme: "ruby",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A Rails application runs as another user than root, but its folders for state belong to root.",
  why: "Rails writes to `log` and `tmp` when it starts, to `storage` for uploads and SQLite. COPY gives everything to root unless `--chown` says otherwise, so the server stops with `Permission denied`.",
  aliases: { tally: ["tally/ruby/state-paths-not-writable-as-non-root"] },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "VOLUME"],
  fixable: "unsafe",
  examples: [
    {
      title: "Everything belongs to root",
      code: 'FROM ruby:4.0-slim\nWORKDIR /rails\nCOPY . .\nRUN useradd rails\nUSER [|rails|]\nCMD ["./bin/rails", "server"]\n',
      fixed:
        'FROM ruby:4.0-slim\nWORKDIR /rails\nCOPY . .\nRUN useradd rails\nRUN mkdir -p db log storage tmp && chown -R rails: db log storage tmp\nUSER rails\nCMD ["./bin/rails", "server"]\n',
    },
    {
      title: "Copied from the stage that built it",
      code: 'FROM ruby:4.0 AS build\nWORKDIR /rails\nCOPY . .\nFROM ruby:4.0-slim\nENV RAILS_ENV=production\nWORKDIR /rails\nCOPY --from=build /rails /rails\nUSER [|1000:1000|]\nCMD ["./bin/rails", "server"]\n',
      fixed:
        'FROM ruby:4.0 AS build\nWORKDIR /rails\nCOPY . .\nFROM ruby:4.0-slim\nENV RAILS_ENV=production\nWORKDIR /rails\nCOPY --from=build /rails /rails\nRUN mkdir -p db log storage tmp && chown -R 1000:1000 db log storage tmp\nUSER 1000:1000\nCMD ["./bin/rails", "server"]\n',
    },
    {
      title: "Copied after the user was switched",
      code: 'FROM ruby:4.0-slim\nRUN useradd rails\nWORKDIR /rails\nUSER [|rails|]\nCOPY . .\nCMD ["./bin/rails", "server"]\n',
    },
    {
      title: "Given to the user",
      code: 'FROM ruby:4.0-slim\nWORKDIR /rails\nCOPY . .\nRUN useradd rails && chown -R rails:rails db log storage tmp\nUSER rails\nCMD ["./bin/rails", "server"]\n',
    },
    {
      title: "Copied as the user's",
      code: 'FROM ruby:4.0-slim\nRUN useradd rails\nWORKDIR /rails\nCOPY --chown=rails:rails . .\nUSER rails\nCMD ["./bin/rails", "server"]\n',
    },
    {
      title: "Logs go to the output, and the folders are mounted",
      code: 'FROM ruby:4.0-slim\nWORKDIR /rails\nCOPY . .\nVOLUME /rails/log /rails/tmp\nUSER 1000\nCMD ["./bin/rails", "server"]\n',
    },
    {
      title: "Root",
      code: 'FROM ruby:4.0-slim\nWORKDIR /rails\nCOPY . .\nCMD ["./bin/rails", "server"]\n',
    },
  ],
  *check({ model, catalogue }) {
    // Most files are turned away before anybody reads their start.
    if (!/rails/i.test(model.text)) return;
    const final = model.finalStage;
    if (final?.userAtEnd.kind !== "set" || !railsServer(final)) return;
    if (userAtEnd(final, catalogue).kind !== "other" || mayBeGiven(final)) return;
    const user = final.userAtEnd.instruction;
    const argument = user.parsed.argumentsSpan;
    const copy = applicationCopy(model, final);
    if (!copy || !argument) return;
    yield {
      message: `${final.userAtEnd.name} runs the application, but log, tmp and storage belong to root, so it cannot write there. Give these folders to the user.`,
      range: { start: user.blockStart + argument.from, end: user.blockStart + argument.to },
      related: [{ message: "The application is copied here, for root.", range: copy.instruction.span }],
      fixes: () => giveFolders(model, final, user, copy),
    };
  },
});

/** True when anything in the stage or below it may have given files to somebody, or state lies elsewhere. */
function mayBeGiven(final: Stage): boolean {
  for (let one: Stage | null = final; one; one = one.base.stage) {
    for (const { keyword, parsed } of one.instructions) {
      if (keyword === "VOLUME" || keyword === "ONBUILD") return true;
      if (keyword === "RUN" && /chown|chmod|chgrp|install\s+-|setfacl|fix-permissions|\.sh\b/.test(parsed.body.text))
        return true;
      if (keyword === "RUN" && parsed.heredocs.length > 0) return true;
      if ((keyword === "COPY" || keyword === "ADD") && parsed.flags.some((flag) => /^(?:chown|chmod)$/.test(flag.name)))
        return true;
    }
  }
  return false;
}

/** The COPY that brings the whole application into the folder where it starts. */
function applicationCopy(model: Model, final: Stage): Copy | null {
  const folder = final.workdirAtEnd;
  if (folder === null || folder === "/") return null;
  for (let one: Stage | null = final; one; one = one.base.stage) {
    for (const instruction of one.instructions) {
      if (instruction.keyword !== "COPY") continue;
      const copy = readCopy(model, instruction, null);
      if (!copy || copy.destination.replace(/\/$/, "") !== folder) continue;
      const isWhole = copy.sources.some((source) =>
        copy.from === null ? /^\.?\/?$/.test(source) : /^\/[\w.-]+(?:\/[\w.-]+)?\/?$/.test(source),
      );
      if (isWhole) return copy;
    }
  }
  return null;
}

function giveFolders(model: Model, final: Stage, user: Instruction, copy: Copy): readonly Fix[] {
  const state = final.userAtEnd;
  const isBefore = copy.instruction.index < user.index;
  // Whoever runs before this USER has to be root, and the folders lie where the application does.
  if (!isBefore || state.kind !== "set" || user.stage !== final || user.workdir !== final.workdirAtEnd) return [];
  if (user.user.kind !== "base" || user.shell.kind !== "posix" || hasTemplate(model, user.span)) return [];
  if (!/^[\w-]+$/.test(state.name) || (state.group !== null && !/^[\w-]+$/.test(state.group))) return [];
  const owner =
    state.group !== null ? `${state.name}:${state.group}` : /^\d+$/.test(state.name) ? state.name : `${state.name}:`;
  const folders = "db log storage tmp";
  return [
    {
      title: `Give log, tmp, storage and db to ${state.name}`,
      applicability: "unsafe",
      reason: "The folders are made where they are missing, and the user can write to them.",
      edits: [
        insertBefore(model, user, `${keywordLike(final, "RUN")} mkdir -p ${folders} && chown -R ${owner} ${folders}`),
      ],
    },
  ];
}
