import { imageUnder, userAtEnd } from "../../catalogue/stage";
import type { ImageFacts } from "../../catalogue/types";
import { canEditPlaced } from "../../fixes/placed";
import { type ExposedPort, exposedPorts } from "../../fixes/ports";
import type { Stage } from "../../model/types";
import { defineRule } from "../../rule";
import { chainOf } from "./accounts";

export default defineRule({
  id: "privileged-port-as-nonroot",
  theme: "user",
  category: "correctness",
  severity: "hint",
  recommended: true,
  since: "0.1.0",
  summary: "An image that does not run as root opens a port below 1024.",
  why: "Linux keeps ports below 1024 for root. Docker lifts that for its containers since version 20.10; Kubernetes, Podman and host networks need not, and there the program fails with `permission denied`. Behind a port above 1024 it runs everywhere, and a mapping such as `-p 80:8080` shows the same to the world.",
  aliases: {},
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "EXPOSE", "RUN", "VOLUME"],
  fixable: "unsafe",
  examples: [
    {
      title: "The image listens on 8080",
      code: "FROM nginxinc/nginx-unprivileged:1.30\nEXPOSE [|80|]\n",
      fixed: "FROM nginxinc/nginx-unprivileged:1.30\nEXPOSE 8080\n",
    },
    {
      title: "A configuration of one's own may listen on 80",
      code: "FROM nginxinc/nginx-unprivileged:1.30\nCOPY site.conf /etc/nginx/conf.d/default.conf\nEXPOSE [|80|]\n",
    },
    {
      title: "A server of one's own",
      code: 'FROM node:26\nUSER node\nEXPOSE [|80|] 8443\nCMD ["node", "server.js"]\n',
    },
    { title: "Root", code: 'FROM debian:trixie\nUSER root\nEXPOSE 80\nCMD ["server"]\n' },
    { title: "A high port", code: 'FROM node:26\nUSER node\nEXPOSE 8080\nCMD ["node", "server.js"]\n' },
    {
      title: "The program was given the right",
      code: 'FROM debian:trixie\nRUN setcap cap_net_bind_service=+ep /usr/bin/server\nUSER 1234\nEXPOSE 80\nCMD ["server"]\n',
    },
    { title: "Nobody knows who runs", code: 'FROM registry.example.com/app:1\nEXPOSE 80\nCMD ["server"]\n' },
    {
      title: "Windows keeps no ports",
      code: "FROM mcr.microsoft.com/windows/nanoserver:ltsc2025\nUSER ContainerUser\nEXPOSE 80\n",
    },
  ],
  *check({ model, catalogue }) {
    const stage = model.finalStage;
    if (!stage) return;
    let isConcerned: boolean | null = null;
    let image: ImageFacts | null = null;
    for (const port of exposedPorts(model)) {
      const { range, placed, span, isWritten } = port;
      if (!range || range.first >= 1024 || range.last === 0 || !placed.instruction.stage?.ships || placed.isTrigger)
        continue;
      if (isConcerned === null) {
        image = imageUnder(stage, catalogue);
        isConcerned = userAtEnd(stage, catalogue).kind === "other" && image?.windows !== true && !hasRight(stage);
      }
      if (!isConcerned) return;
      const better = listensOn(port, stage, image);
      yield {
        message: better
          ? `This image listens on port ${better}, not on ${range.first}. Write ${better}.`
          : `Outside Docker only root may listen on port ${range.first}, and this image does not run as root. Let the program use a port above 1024, such as 8080.`,
        range: span,
        fixes: () =>
          better && isWritten && canEditPlaced(model, placed)
            ? [
                {
                  title: `Write ${better}`,
                  applicability: "unsafe",
                  reason: "Whoever maps the port from outside has to name the new one.",
                  edits: [{ span: { start: span.start, end: span.start + port.port.length }, newText: better }],
                },
              ]
            : [],
      };
    }
  },
});

function hasRight(stage: Stage): boolean {
  return chainOf(stage).some((link) =>
    link.instructions.some(
      ({ keyword, parsed }) =>
        keyword === "RUN" && /setcap|cap_net_bind|authbind|ip_unprivileged_port/i.test(parsed.text),
    ),
  );
}

function setsUpNginx(stage: Stage): boolean {
  return chainOf(stage).some((link) =>
    link.instructions.some(
      ({ keyword, parsed }) => buildSteps.has(keyword) && /\/etc\/nginx|\.conf\b|\blisten\b/.test(parsed.text),
    ),
  );
}

const buildSteps: ReadonlySet<string> = new Set(["COPY", "ADD", "RUN"]);

/** The port on which the image's own program listens by default instead; null when that is not known. */
function listensOn({ range, host }: ExposedPort, stage: Stage, image: ImageFacts | null): string | null {
  if (range?.first !== 80 || range.last !== 80 || host !== null) return null;
  const name = image?.repository.name;
  // A configuration of one's own may listen anywhere.
  if (name === "nginxinc/nginx-unprivileged") return setsUpNginx(stage) ? null : "8080";
  // Since .NET 8 the images set ASPNETCORE_HTTP_PORTS=8080.
  if (name !== "mcr.microsoft.com/dotnet/aspnet" || Number(image?.line ?? "0") < 8) return null;
  const isMoved = chainOf(stage).some((link) =>
    link.instructions.some(({ parsed }) => /ASPNETCORE_|DOTNET_URLS|--urls/.test(parsed.text)),
  );
  return isMoved ? null : "8080";
}
