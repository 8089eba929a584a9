import { imageUnder } from "../../catalogue/stage";
import { canEditPlaced } from "../../fixes/placed";
import { insertBefore, keywordLike } from "../../fixes/user";
import { type Instruction, locate, type Model, type Stage } from "../../model/types";
import { startOf } from "../../multistage/start";
import { defineRule, type Fix } from "../../rule";
import { canonicalSignal, stopSignals } from "./signals";
import { lastOwn } from "./starts";

export default defineRule({
  id: "nginx-stopsignal",
  theme: "runtime",
  category: "correctness",
  severity: "hint",
  recommended: true,
  since: "0.1.0",
  summary: "An image that starts nginx is not stopped by SIGQUIT.",
  why: "At SIGTERM, which is what `docker stop` sends, nginx drops all open connections. At SIGQUIT it answers what it has begun and then ends. The official image says STOPSIGNAL SIGQUIT; one that installs nginx by itself has to say so, too.",
  aliases: { tally: ["tally/prefer-nginx-sigquit"] },
  reads: ["CMD", "ENTRYPOINT", "STOPSIGNAL"],
  fixable: "unsafe",
  examples: [
    {
      title: "Installed by the file",
      code: 'FROM alpine:3.24\nRUN apk add --no-cache nginx\n[|CMD|] ["nginx", "-g", "daemon off;"]\n',
      fixed: 'FROM alpine:3.24\nRUN apk add --no-cache nginx\nSTOPSIGNAL SIGQUIT\nCMD ["nginx", "-g", "daemon off;"]\n',
    },
    {
      title: "Another signal",
      code: "FROM nginx:1.30\nSTOPSIGNAL [|SIGTERM|]\n",
      fixed: "FROM nginx:1.30\nSTOPSIGNAL SIGQUIT\n",
    },
    { title: "The official image says so itself", code: 'FROM nginx:1.30\nCMD ["nginx", "-g", "daemon off;"]\n' },
    {
      title: "Said",
      code: 'FROM alpine:3.24\nSTOPSIGNAL SIGQUIT\nCMD ["nginx", "-g", "daemon off;"]\n',
    },
    { title: "Something else starts nginx", code: 'FROM debian:trixie\nCMD ["supervisord"]\n' },
    { title: "Nobody knows the base", code: 'FROM registry.example.com/web:1\nCMD ["nginx"]\n' },
  ],
  *check({ model, catalogue }) {
    const stage = model.finalStage;
    if (!stage) return;
    const signal = lastOf(stage, "STOPSIGNAL");
    const place = lastOwn(stage, "CMD") ?? lastOwn(stage, "ENTRYPOINT");
    if (!signal && !place) return;
    const start = startOf(stage);
    if (start && !isNginx(start.commands)) return;
    const image = imageUnder(stage, catalogue);
    const isNginxImage = /(?:^|\/)(?:nginx|nginx-unprivileged|openresty)$/.test(image?.repository.name ?? "");
    if (!start && !isNginxImage) return;
    if (signal) {
      const written = [...stopSignals(model)].find(({ placed }) => placed.instruction === signal);
      if (!written || canonicalSignal(written.value) !== "SIGTERM") return;
      yield {
        message: "At SIGTERM nginx drops open connections. SIGQUIT lets it answer what it has begun.",
        range: written.span,
        fixes: () => (written.isWritten ? [toQuit([{ span: written.span, newText: "SIGQUIT" }])] : []),
      };
      return;
    }
    if (isNginxImage || !image || image.windows || !place) return;
    yield {
      message: "docker stop sends SIGTERM, at which nginx drops open connections. Add STOPSIGNAL SIGQUIT.",
      range: locate(place, place.parsed.keywordSpan),
      fixes: () => insertion(model, stage, place),
    };
  },
});

function isNginx(commands: readonly { readonly name: string }[]): boolean {
  return commands.length > 0 && commands.every(({ name }) => name === "nginx" || name === "openresty");
}

function lastOf(stage: Stage, keyword: string): Instruction | null {
  for (let link: Stage | null = stage; link; link = link.base.stage) {
    const found = lastOwn(link, keyword);
    if (found) return found;
  }
  return null;
}

function insertion(model: Model, stage: Stage, place: Instruction): readonly Fix[] {
  if (!canEditPlaced(model, { instruction: place, isTrigger: false })) return [];
  return [toQuit([insertBefore(model, place, `${keywordLike(stage, "STOPSIGNAL")} SIGQUIT`)])];
}

function toQuit(edits: NonNullable<Fix["edits"]>): Fix {
  return {
    title: "Stop nginx by SIGQUIT",
    applicability: "unsafe",
    reason: "docker stop then waits for open connections, up to its time limit.",
    edits,
  };
}
