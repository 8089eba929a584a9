/** Splits a stage that builds a web site with Node.js and serves the finished files with a small server. */
import { execWords, scriptsOf } from "../../model/scripts";
import type { Instruction } from "../../model/types";
import type { Fix, RuleContext } from "../../rule";
import { operands } from "../../shell/commands";
import { packageOperations } from "../../shell/packages";
import type { Build } from "../detect";
import { stableNginx } from "../runtime-base";
import { buildStageName, type Role, splitStage } from "../split";
import type { Site } from "./site";

/** Where nginx images look for files. */
const siteFolder = "/usr/share/nginx/html";

/** The way to split the stage; empty where folder or port are not known or the server does more than serve files. */
export function splitNodeSite(
  build: Build,
  { model, catalogue }: Pick<RuleContext, "model" | "catalogue">,
): readonly Fix[] {
  const { stage, site, artefact } = build;
  if (!site?.plain || artefact === null || site.server === "nginx" || !allowsHeredoc(model.frontend)) return [];
  const own = stage.instructions.filter((instruction) => instruction !== stage.from);
  const port = portOf(site, own);
  const version = stableNginx(catalogue);
  if (port === null || version === null) return [];
  // Below 1024 not every host lets an ordinary user listen, so there nginx starts as root, as the file did before.
  const isLow = port < 1024;
  const repository = isLow ? "nginx" : "nginxinc/nginx-unprivileged";

  const roles = new Map<Instruction, Role>();
  for (const instruction of own) {
    const role = roleOf(instruction, isLow);
    if (role === null) return [];
    roles.set(instruction, role);
  }
  const lines = [
    `COPY --from=${buildStageName(stage)} ${artefact} ${siteFolder}`,
    "COPY <<'EOF' /etc/nginx/conf.d/default.conf",
    "server {",
    `    listen ${port};`,
    `    root ${siteFolder};`,
    "    location / {",
    `        try_files $uri $uri.html $uri/ ${site.singlePage ? "/index.html" : "=404"};`,
    "    }",
    "}",
    "EOF",
  ];
  const base = `${repository}:${version}`;
  const plan = { model, stage, base, roles, instead: new Map(), first: lines, edits: [] };
  const edits = splitStage(plan);
  if (!edits) return [];
  const said =
    typeof site.port === "number"
      ? "as before"
      : own.some(({ keyword }) => keyword === "EXPOSE")
        ? "which the file exposes"
        : `the default of ${site.server}`;
  return [
    {
      title: `Build in an earlier stage, serve with nginx`,
      applicability: "unsafe",
      reason: `nginx serves ${artefact} on port ${port}, ${said}; headers, redirects and listings of folders differ.`,
      kind: "refactor",
      edits,
    },
  ];
}

/** Heredocs came with version 1.4 of the frontend. */
function allowsHeredoc(frontend: string | null): boolean {
  const version = /^docker(?:\.io)?\/dockerfile(?:-upstream)?:(\d+)(?:\.(\d+))?/.exec(frontend ?? "");
  if (!version) return true;
  return Number(version[1]) > 1 || version[2] === undefined || Number(version[2]) >= 4;
}

/** The port that the site is served on: as asked for, as exposed, or the server's own. Null when it is not known. */
function portOf(site: Site, own: readonly Instruction[]): number | null {
  if (typeof site.port === "number") return site.port;
  const declaresPort = own.some(
    ({ parsed }) => parsed.keyword === "ENV" && parsed.pairs.some((one) => one.name === "PORT"),
  );
  if (site.port === "unknown" || declaresPort) return null;
  const defaults = { serve: 3000, "http-server": 8080, "vite preview": 4173, nginx: 80 };
  const exposed = own.filter(({ keyword }) => keyword === "EXPOSE").flatMap(({ parsed }) => parsed.words);
  if (exposed.length === 0) return defaults[site.server];
  const [word] = exposed;
  const number = Number(/^(\d+)(?:\/tcp)?$/.exec(word?.value ?? "")?.[1] ?? 0);
  return exposed.length === 1 && number > 0 ? number : null;
}

function roleOf(instruction: Instruction, isLow: boolean): Role | null {
  switch (instruction.keyword) {
    case "CMD":
    case "ENTRYPOINT":
      return "drop";
    case "EXPOSE":
    case "LABEL":
    case "MAINTAINER":
      return "final";
    case "STOPSIGNAL":
      return "drop";
    case "HEALTHCHECK":
      return checksByCurl(instruction) ? "final" : null;
    case "USER":
      return isLow ? null : "build";
    case "VOLUME":
    case "SHELL":
    case "ONBUILD":
      return null;
    case "RUN":
      return installsServer(instruction) ? "drop" : "build";
    default:
      return "build";
  }
}

/** nginx images bring curl; `wget localhost` may try IPv6 first, where nothing listens. */
function checksByCurl(instruction: Instruction): boolean {
  const words = execWords(instruction);
  if (words) return words[0] === "curl";
  const names = scriptsOf(instruction).flatMap((script) => script.commands.map((command) => command.name));
  return names.includes("curl") && names.every((name) => name === "curl" || name === "exit");
}

const servers: ReadonlySet<string> = new Set(["serve", "http-server", "serve-handler"]);

/** `RUN npm install -g serve` and nothing else. */
function installsServer(instruction: Instruction): boolean {
  const scripts = scriptsOf(instruction);
  const commands = scripts.flatMap((script) => script.commands);
  if (commands.length !== 1 || !commands[0]) return false;
  const [operation] = scripts.flatMap(({ script }) => packageOperations(script));
  if (operation?.action !== "install" || operation.packages.length === 0) return false;
  const isGlobal = operation.flags.some((flag) => flag.value === "-g" || flag.value === "--global");
  if (!isGlobal && operands(commands[0])[0]?.value !== "global") return false;
  return operation.packages.every((one) => servers.has(one.name));
}
