import { imageUnder } from "../../catalogue/stage";
import { canEditPlaced } from "../../fixes/placed";
import { insertBefore, keywordLike } from "../../fixes/user";
import { execWords } from "../../model/scripts";
import { type Instruction, locate, type Stage } from "../../model/types";
import { defineRule } from "../../rule";
import { lastOwn } from "./starts";

export default defineRule({
  id: "systemd-stopsignal",
  theme: "runtime",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "An image that starts systemd is not stopped by SIGRTMIN+3.",
  why: "systemd reads its settings again at SIGTERM and goes on. `docker stop` then waits ten seconds and kills everything in the container at once. SIGRTMIN+3 tells systemd to stop its services and to end (systemd's own notes on running in containers).",
  aliases: { tally: ["tally/prefer-systemd-sigrtmin-plus-3"] },
  reads: ["CMD", "ENTRYPOINT", "RUN", "STOPSIGNAL"],
  fixable: "unsafe",
  examples: [
    {
      title: "By its path",
      code: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y systemd\n[|CMD|] ["/lib/systemd/systemd"]\n',
      fixed:
        'FROM debian:trixie\nRUN apt-get update && apt-get install -y systemd\nSTOPSIGNAL SIGRTMIN+3\nCMD ["/lib/systemd/systemd"]\n',
    },
    {
      title: "As init of a distribution with systemd",
      code: 'FROM fedora:44\nRUN dnf install -y systemd\n[|ENTRYPOINT|] ["/sbin/init"]\n',
      fixed: 'FROM fedora:44\nRUN dnf install -y systemd\nSTOPSIGNAL SIGRTMIN+3\nENTRYPOINT ["/sbin/init"]\n',
    },
    { title: "Said", code: 'FROM fedora:44\nSTOPSIGNAL SIGRTMIN+3\nCMD ["/usr/sbin/init"]\n' },
    { title: "Another init", code: 'FROM alpine:3.24\nCMD ["/sbin/init"]\n' },
    { title: "A program of another name", code: 'FROM debian:trixie\nCMD ["dumb-init", "server"]\n' },
    { title: "Nobody knows whose init it is", code: 'FROM registry.example.com/base:1\nCMD ["/sbin/init"]\n' },
  ],
  *check({ model, catalogue }) {
    const stage = model.finalStage;
    if (!stage) return;
    const entrypoint = lastOwn(stage, "ENTRYPOINT");
    const place = entrypoint ?? lastOwn(stage, "CMD");
    const program = place && execWords(place)?.[0];
    if (!place || !program || !/\/(?:systemd|init)$/.test(program)) return;
    const image = imageUnder(stage, catalogue);
    if (!isSystemd(program, image?.distribution?.family ?? null, stage) || saysSignal(stage)) return;
    // The images that bring systemd themselves say how to stop it.
    if (/init$|systemd/.test(image?.repository.name ?? "")) return;
    yield {
      message:
        "systemd does not end at the SIGTERM of docker stop, and is killed with all its services. Add STOPSIGNAL SIGRTMIN+3.",
      range: locate(place, place.parsed.keywordSpan),
      fixes: () => {
        if (!canEditPlaced(model, { instruction: place, isTrigger: false })) return [];
        return [
          {
            title: "Stop systemd by SIGRTMIN+3",
            applicability: "unsafe",
            reason: "docker stop lets the services end in good order instead of killing them.",
            edits: [insertBefore(model, place, `${keywordLike(stage, "STOPSIGNAL")} SIGRTMIN+3`)],
          },
        ];
      },
    };
  },
});

const withSystemd: ReadonlySet<string> = new Set([
  ...["debian", "ubuntu", "fedora", "centos", "centos-stream", "rhel", "rocky", "almalinux", "oraclelinux", "opensuse"],
]);

function isSystemd(program: string, family: string | null, stage: Stage): boolean {
  if (/^\/(?:usr\/)?lib\/systemd\/systemd$/.test(program)) return true;
  if (!/^\/(?:usr\/)?sbin\/init$/.test(program)) return false;
  return family !== null && withSystemd.has(family) && !stage.instructions.some(bringsOtherInit);
}

function bringsOtherInit({ keyword, parsed }: Instruction): boolean {
  return keyword === "RUN" && /\b(?:sysvinit-core|upstart|runit-init|openrc|busybox-init)\b/.test(parsed.text);
}

function saysSignal(stage: Stage): boolean {
  for (let link: Stage | null = stage; link; link = link.base.stage) if (lastOwn(link, "STOPSIGNAL")) return true;
  return false;
}
