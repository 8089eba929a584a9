import { distributionUnder, rootStage } from "../../catalogue/stage";
import { canEditPlaced } from "../../fixes/placed";
import { exposedPorts } from "../../fixes/ports";
import { insertBefore, keywordLike } from "../../fixes/user";
import type { Instruction, Model, Stage } from "../../model/types";
import { locate } from "../../model/types";
import { defineRule, type Fix, type RuleContext } from "../../rule";
import { lastOwn } from "./starts";

export default defineRule({
  id: "missing-healthcheck",
  theme: "runtime",
  category: "maintainability",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "The shipped stage has no HEALTHCHECK.",
  why: "Docker and Swarm take a container for well as long as its process runs, also when it answers nothing any more. A HEALTHCHECK asks it. Kubernetes never looks at it, and a tool that runs once needs none; that is why the rule is off unless you want it.",
  aliases: {
    hadolint: ["DL3057"],
    trivy: ["DS-0026"],
    checkov: ["CKV_DOCKER_2"],
    kics: ["Healthcheck Instruction Missing"],
    dockle: ["CIS-DI-0006"],
    tally: ["hadolint/DL3057"],
  },
  fixable: "unsafe",
  examples: [
    {
      title: "A server on Alpine, which has wget",
      code: 'FROM node:26-alpine\nUSER node\nEXPOSE 8080\n[|CMD|] ["node", "server.js"]\n',
      fixed:
        'FROM node:26-alpine\nUSER node\nEXPOSE 8080\nHEALTHCHECK CMD wget -q -O /dev/null http://localhost:8080/ || exit 1\nCMD ["node", "server.js"]\n',
    },
    { title: "Nobody knows what to ask", code: 'FROM node:26\nUSER node\n[|CMD|] ["node", "server.js"]\n' },
    { title: "What starts is the image's own", code: "[|FROM|] nginx:1.30\nCOPY site /usr/share/nginx/html\n" },
    { title: "A check", code: 'FROM node:26\nUSER node\nHEALTHCHECK CMD ["check"]\nCMD ["node", "server.js"]\n' },
    { title: "None on purpose", code: 'FROM node:26\nUSER node\nHEALTHCHECK NONE\nCMD ["node", "server.js"]\n' },
    {
      title: "The check of the stage below",
      code: 'FROM node:26 AS base\nHEALTHCHECK CMD ["check"]\n\nFROM base\nUSER node\nCMD ["node", "server.js"]\n',
    },
    { title: "Nothing starts", code: "FROM scratch\nCOPY files /\n" },
  ],
  *check(context) {
    const stage = context.model.finalStage;
    if (!stage) return;
    for (let link: Stage | null = stage; link; link = link.base.stage) if (lastOwn(link, "HEALTHCHECK")) return;
    const start = lastOwn(stage, "CMD") ?? lastOwn(stage, "ENTRYPOINT");
    if (!start && rootStage(stage).base.scratch) return;
    const place = start ?? stage.from;
    yield {
      message:
        "Nothing tells whether a container of this image is well. Add a HEALTHCHECK, or HEALTHCHECK NONE where none is needed.",
      range: locate(place, place.parsed.keywordSpan),
      fixes: () => (start ? fixesOf(context, stage, firstStart(stage) ?? start) : []),
    };
  },
});

function firstStart(stage: Stage): Instruction | null {
  return stage.instructions.find(({ keyword }) => keyword === "CMD" || keyword === "ENTRYPOINT") ?? null;
}

/** A question over HTTP, where the stage has one port and a program to ask with. */
function fixesOf({ model, catalogue }: RuleContext, stage: Stage, start: Instruction): readonly Fix[] {
  const system = distributionUnder(stage, catalogue);
  if (system?.family !== "alpine" || start.shell.kind !== "posix" || start.shell.words !== null) return [];
  const port = onlyPort(model, stage);
  if (port === null || !canEditPlaced(model, { instruction: start, isTrigger: false })) return [];
  const check = `${keywordLike(stage, "HEALTHCHECK")} CMD wget -q -O /dev/null http://localhost:${port}/ || exit 1`;
  return [
    {
      title: `Ask port ${port} over HTTP`,
      applicability: "unsafe",
      reason: "It assumes that the program answers GET / on this port; Docker asks every 30 seconds.",
      edits: [insertBefore(model, start, check)],
    },
  ];
}

function onlyPort(model: Model, stage: Stage): number | null {
  const ports = [...exposedPorts(model)].filter(
    ({ placed, protocol }) => placed.instruction.stage === stage && (protocol === null || protocol === "tcp"),
  );
  const [one] = ports;
  return ports.length === 1 && one?.range && one.range.first === one.range.last ? one.range.first : null;
}
