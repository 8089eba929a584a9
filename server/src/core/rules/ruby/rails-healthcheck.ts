import { hasTemplate } from "../../fixes/mount";
import { insertBefore, keywordLike } from "../../fixes/user";
import { execWords, scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import { railsServer } from "./rails";

export default defineRule({
  id: "rails-healthcheck",
  theme: "ruby",
  category: "maintainability",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A Rails image has no HEALTHCHECK, or needs curl or wget for it.",
  why: "Rails answers on `/up` from 7.1 on, and Ruby itself can ask: no other tool has to be in the image. Off by default, since Kubernetes and many platforms ask by themselves.",
  aliases: { tally: ["tally/ruby/healthcheck-rails-up-endpoint"] },
  fixable: "unsafe",
  examples: [
    {
      title: "No check",
      code: 'FROM ruby:4.0-slim\nEXPOSE 3000\n[|CMD|] ["./bin/rails", "server"]\n',
      fixed:
        'FROM ruby:4.0-slim\nEXPOSE 3000\nHEALTHCHECK CMD ["ruby", "-rnet/http", "-e", "exit Net::HTTP.get_response(URI(\'http://127.0.0.1:3000/up\')).is_a?(Net::HTTPSuccess)"]\nCMD ["./bin/rails", "server"]\n',
    },
    {
      title: "curl is there for the check alone",
      code: 'FROM ruby:4.0-slim\n[|HEALTHCHECK|] CMD curl -f http://localhost:3000/up\nCMD ["./bin/rails", "server"]\n',
    },
    {
      title: "Ruby asks",
      code: 'FROM ruby:4.0-slim\nHEALTHCHECK CMD ["ruby", "-rnet/http", "-e", "exit true"]\nCMD ["./bin/rails", "server"]\n',
    },
    { title: "Switched off", code: 'FROM ruby:4.0-slim\nHEALTHCHECK NONE\nCMD ["./bin/rails", "server"]\n' },
    { title: "A worker serves nothing", code: 'FROM ruby:4.0-slim\nENV RAILS_ENV=production\nCMD ["sidekiq"]\n' },
    { title: "Not Rails", code: 'FROM ruby:4.0-slim\nCMD ["puma"]\n' },
  ],
  *check({ model }) {
    // Most files are turned away before anybody reads their start.
    if (!/rails/i.test(model.text)) return;
    const final = model.finalStage;
    if (!final || !railsServer(final)) return;
    const check = lastCheck(final);
    const start = final.instructions.filter(({ keyword }) => keyword === "CMD" || keyword === "ENTRYPOINT").at(-1);
    if (check) {
      const tool = toolOf(check);
      if (!tool) return;
      yield {
        message: `This check needs ${tool} in the image. Ruby can ask by itself: ruby -rnet/http -e "…".`,
        range: check.keywordSpan,
      };
    } else if (start) {
      yield {
        message: "Nothing tells whether the application answers. Add a HEALTHCHECK that asks /up.",
        range: start.keywordSpan,
        fixes: () => addCheck(model, final, start),
      };
    }
  },
});

function lastCheck(stage: Stage): Instruction | null {
  for (let one: Stage | null = stage; one; one = one.base.stage) {
    const found = one.instructions.filter(({ keyword }) => keyword === "HEALTHCHECK").at(-1);
    if (found) return found;
  }
  return null;
}

function toolOf(check: Instruction): string | null {
  const first = execWords(check)?.[0];
  const names =
    first === undefined ? scriptsOf(check).flatMap(({ commands }) => commands.map(({ name }) => name)) : [first];
  return names.find((name) => name === "curl" || name === "wget") ?? null;
}

function addCheck(model: Model, final: Stage, start: Instruction): readonly Fix[] {
  if (hasTemplate(model, start.span)) return [];
  const ports = final.instructions.filter(({ keyword }) => keyword === "EXPOSE").flatMap(({ parsed }) => parsed.words);
  const port = ports.length === 0 ? "3000" : ports.length === 1 ? ports[0]?.value?.replace(/\/tcp$/, "") : undefined;
  if (!port || !/^\d+$/.test(port)) return [];
  const code = `exit Net::HTTP.get_response(URI('http://127.0.0.1:${port}/up')).is_a?(Net::HTTPSuccess)`;
  const line = `${keywordLike(final, "HEALTHCHECK")} CMD ["ruby", "-rnet/http", "-e", "${code}"]`;
  return [
    {
      title: "Add a HEALTHCHECK that asks /up",
      applicability: "unsafe",
      reason:
        "Before Rails 7.1, or behind other routes, /up does not answer, and the container then counts as unhealthy.",
      edits: [insertBefore(model, start, line)],
    },
  ];
}
