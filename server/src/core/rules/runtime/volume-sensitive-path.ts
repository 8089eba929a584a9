import { canEditPlaced, meaningOf, placedInstructions } from "../../fixes/placed";
import { removeParts } from "../../fixes/remove";
import { locate } from "../../model/types";
import { type Aliases, defineRule } from "../../rule";

export default defineRule({
  id: "volume-sensitive-path",
  theme: "runtime",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "VOLUME names a folder of the system, or the socket of Docker.",
  why: "A volume over `/etc` or `/usr` freezes those files as they were when it was made: a newer image changes nothing any more. The socket of Docker makes whoever holds it root of the host, and VOLUME cannot bring it anyway; that is for whoever starts the container to decide.",
  aliases: { semgrep: ["dockerfile-dockerd-socket-mount"], dockle: ["DKL-DI-0002"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "The socket of Docker",
      code: "FROM alpine:3.24\nVOLUME [|/var/run/docker.sock|]\n",
      fixed: "FROM alpine:3.24\n",
    },
    {
      title: "Settings of the system beside data",
      code: "FROM alpine:3.24\nVOLUME /data [|/etc|]\n",
      fixed: "FROM alpine:3.24\nVOLUME /data\n",
    },
    {
      title: "In a list",
      code: 'FROM alpine:3.24\nVOLUME [[|"/usr/"|], "/data"]\n',
      fixed: 'FROM alpine:3.24\nVOLUME ["/data"]\n',
    },
    { title: "Folders of a program", code: "FROM alpine:3.24\nVOLUME /data /etc/app /var/lib/app\n" },
    { title: "What systemd needs", code: 'FROM fedora:44\nVOLUME ["/sys/fs/cgroup", "/run"]\n' },
    { title: "Nobody knows the variable", code: "FROM alpine:3.24\nARG DIR\nVOLUME $DIR\n" },
  ],
  *check({ model }) {
    for (const placed of placedInstructions(model, "VOLUME")) {
      const { instruction } = placed;
      const { json, words } = instruction.parsed;
      const parts = json ?? words;
      for (const part of parts) {
        const value = "text" in part ? meaningOf(instruction, part) : part.value;
        const path = value?.replace(/\/+/g, "/").replace(/(.)\/$/, "$1");
        if (path === undefined) continue;
        const isSocket = /^(?:\/var)?\/run\/docker\.sock$/.test(path);
        if (!isSocket && !folders.has(path)) continue;
        const aliases: Aliases = isSocket
          ? { semgrep: ["dockerfile-dockerd-socket-mount"], dockle: ["DKL-DI-0002"] }
          : { dockle: ["DKL-DI-0002"] };
        yield {
          message: isSocket
            ? "The socket of Docker gives its holder the whole host. Delete it here; who runs the container can mount it with -v."
            : `A volume over ${path} keeps the files of the system as they are, also under newer images. Delete it.`,
          range: locate(instruction, part),
          aliases,
          fixes: () =>
            canEditPlaced(model, placed) && !instruction.parsed.brokenJson
              ? [
                  {
                    title: parts.length === 1 ? "Delete this VOLUME" : `Delete ${path}`,
                    applicability: "unsafe",
                    reason: "Containers started without -v no longer get a volume there.",
                    edits: removeParts(model, instruction, parts, new Set([part])),
                  },
                ]
              : [],
        };
      }
    }
  },
});

const folders: ReadonlySet<string> = new Set([
  ...["/", "/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/sbin", "/sys", "/usr", "/usr/bin", "/usr/lib"],
]);
