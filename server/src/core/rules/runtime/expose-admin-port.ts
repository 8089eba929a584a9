import { canEditPlaced } from "../../fixes/placed";
import { type ExposedPort, exposedPorts } from "../../fixes/ports";
import { removeParts } from "../../fixes/remove";
import type { Instruction, Model, Stage } from "../../model/types";
import { startOf } from "../../multistage/start";
import { type Aliases, defineRule } from "../../rule";

/** Ports of remote administration, with what listens there by convention. */
const services: ReadonlyMap<number, string> = new Map([
  [22, "SSH"],
  [23, "Telnet"],
  [3389, "Remote Desktop"],
  [5800, "VNC"],
  [5900, "VNC"],
]);

export default defineRule({
  id: "expose-admin-port",
  theme: "runtime",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "EXPOSE opens a port of remote administration, such as 22 for SSH.",
  why: "A container is looked into with `docker exec` or `kubectl exec`, and needs no login of its own. A server for logins, or for a screen, is one more door to guard, with keys and passwords of its own. Where the image starts an SSH server, or one for Git, that is its very purpose and nothing is said; where it only looks so, this is an information.",
  aliases: {
    trivy: ["DS-0004"],
    checkov: ["CKV_DOCKER_1"],
    kics: ["Exposing Port 22 (SSH)"],
    sonar: ["S6473"],
  },
  reads: ["CMD", "ENTRYPOINT", "EXPOSE", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "SSH beside the server",
      code: 'FROM debian:trixie\nEXPOSE 80 [|22|]\nCMD ["nginx"]\n',
      fixed: 'FROM debian:trixie\nEXPOSE 80\nCMD ["nginx"]\n',
    },
    {
      title: "Nothing but Remote Desktop",
      code: 'FROM debian:trixie\nEXPOSE [|3389/tcp|]\nCMD ["app"]\n',
      fixed: 'FROM debian:trixie\nCMD ["app"]\n',
    },
    { title: "In a range", code: "FROM debian:trixie\nEXPOSE [|20-25|]\n" },
    { title: "Other ports", code: "FROM debian:trixie\nEXPOSE 80 443 2222\n" },
    {
      title: "A server for SSH, by purpose",
      code: 'FROM alpine:3.24\nRUN apk add --no-cache openssh tini\nEXPOSE 22\nENTRYPOINT ["/sbin/tini", "--"]\nCMD ["/usr/sbin/sshd", "-D"]\n',
    },
    { title: "Another protocol", code: "FROM debian:trixie\nEXPOSE 22/udp\n" },
    {
      title: "Not part of what is shipped",
      code: "FROM debian:trixie AS tools\nEXPOSE 22\n\nFROM debian:trixie\nCOPY --from=tools /app /app\n",
    },
  ],
  *check({ model }) {
    let servers: readonly string[] | null = null;
    let isPurpose: boolean | null = null;
    for (const port of exposedPorts(model, mayBeAdmin)) {
      const { placed, span, range, protocol, value, isWritten } = port;
      const { stage } = placed.instruction;
      if (!stage?.ships || range === null || (protocol !== null && protocol.toLowerCase() === "udp")) continue;
      if (protocol !== null && protocol.toLowerCase() !== "tcp" && protocol !== "") continue;
      const found = [...services.keys()].find((one) => range.first <= one && one <= range.last);
      if (found === undefined || range.last - range.first > 1000) continue;
      const service = services.get(found) ?? "";
      servers ??= startedBy(model.finalStage);
      if (service === "SSH" && servers.some((name) => sshServers.test(name))) continue;
      isPurpose ??= servers.some((name) => loginServers.test(name)) || bringsLogins(model);
      yield {
        message: `Port ${found} is that of ${service}${value === String(found) ? "" : `, and ${value} opens it`}. ${adviceOf(service, isPurpose)}`,
        range: span,
        ...(isPurpose ? { severity: "info" as const } : {}),
        aliases: aliasesOf(range),
        fixes: () =>
          isWritten && range.first === range.last && canEditPlaced(model, placed) ? [removal(model, port)] : [],
      };
    }
  },
});

/** A glance at the text: one of the ports stands there, or a range, or a variable. */
function mayBeAdmin({ parsed }: Instruction): boolean {
  return glance.test(parsed.text);
}

const glance = new RegExp(`[-$\\\\\`"']|(?:${[...services.keys()].join("|")})`);

/** What to do instead: a screen cannot be had by `docker exec`. */
function adviceOf(service: string, isPurpose: boolean): string {
  if (service === "VNC" || service === "Remote Desktop")
    return "Whoever reaches it may see and steer the screen. Delete the port unless the image is there for that.";
  return isPurpose
    ? "To look into a container, docker exec is enough. Delete the port unless the image is there for logins."
    : "A container needs no login of its own: use docker exec, and delete the port.";
}

function removal(model: Model, { placed, word, value }: ExposedPort) {
  const { instruction } = placed;
  const { words } = instruction.parsed;
  return {
    title: words.length === 1 ? `Delete EXPOSE ${value}` : `Delete ${value}`,
    applicability: "unsafe" as const,
    reason: "docker run -P no longer publishes the port, and tools no longer see it.",
    edits: removeParts(model, instruction, words, new Set([word])),
  };
}

function aliasesOf(range: { readonly first: number; readonly last: number }): Aliases {
  const isSsh = range.first <= 22 && 22 <= range.last;
  return isSsh
    ? {
        trivy: ["DS-0004"],
        checkov: ["CKV_DOCKER_1"],
        kics: ["Exposing Port 22 (SSH)"],
        sonar: ["S6473"],
      }
    : { sonar: ["S6473"] };
}

/** True when nothing but such ports is opened, and a server for them is installed: that is what the image is for. */
function bringsLogins(model: Model): boolean {
  for (const { range, placed } of exposedPorts(model)) {
    if (placed.instruction.stage?.ships && !(range && services.has(range.first))) return false;
  }
  return model.instructions.some(
    ({ keyword, parsed, stage }) =>
      keyword === "RUN" && stage?.ships && /\b(?:openssh|sshd|dropbear|xrdp|telnetd|\w*vnc\w*)\b/i.test(parsed.text),
  );
}

/** Servers for logins, copies (SFTP) and Git by SSH. */
const sshServers = /^(?:sshd|dropbear|.*ssh.*|gogs|gitea|forgejo)$/i;

const loginServers = /^(?:sshd|dropbear|telnetd|in\.telnetd|xrdp.*|.*vnc.*|.*ssh.*)$/i;

/** The programs that the container starts. */
function startedBy(stage: Stage | null): readonly string[] {
  const start = stage && startOf(stage);
  return start?.commands.map(({ name }) => name) ?? [];
}
