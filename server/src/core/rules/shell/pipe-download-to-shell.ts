import { defineRule } from "../../rule";
import type { ShellScript, ShellStage } from "../../shell/ast";
import { type EffectiveCommand, unwrap } from "../../shell/commands";
import { runsOf } from "./calls";
import { addressesOf, isPrivateHost } from "./downloads";

export default defineRule({
  id: "pipe-download-to-shell",
  theme: "shell",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A download is piped straight into an interpreter.",
  why: "Whatever the server sends today runs in your build, as root most of the time, and nobody ever sees it: next week it may be another script. A transfer that breaks off runs half of it. Download a fixed version to a file, check it (`sha256sum -c`, `ADD --checksum=…`), then run it; or take the tool from a package or an image (`COPY --from=`).",
  aliases: {},
  scope: "instruction",
  fixable: "none",
  examples: [
    {
      title: "An installer from the web",
      code: "FROM debian:13\nRUN [|curl -fsSL https://get.example.org/install.sh | bash|]\n",
    },
    {
      title: "Through sudo, with arguments",
      code: "FROM ubuntu:24.04\nRUN apt-get update && [|curl -fsSL https://deb.example.org/setup_22.x | sudo -E bash -|] && apt-get install -y nodejs\n",
    },
    {
      title: "In a substitution",
      code: 'FROM debian:13\nRUN [|sh -c "$(curl -fsSL https://example.org/install.sh)"|]\n',
    },
    {
      title: "As a file of bash",
      code: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\nRUN [|bash <(curl -fsSL https://example.org/install.sh)|]\n',
    },
    {
      title: "Another interpreter",
      code: "FROM php:8.4-cli\nRUN [|curl -sS https://getcomposer.org/installer | php -- --quiet|]\n",
    },
    {
      title: "An archive is unpacked, not run",
      code: "FROM debian:13\nRUN curl -fsSL https://example.org/a.tgz | tar xz\n",
    },
    {
      title: "A key is stored",
      code: "FROM debian:13\nRUN curl -fsSL https://example.org/key.asc | gpg --dearmor -o /etc/apt/keyrings/a.gpg\n",
    },
    {
      title: "Downloaded data goes into a program of one's own",
      code: "FROM python:3.14\nRUN curl -fsSL https://example.org/a.json | python -m json.tool > a.json\n",
    },
    { title: "A script prints, curl sends nothing", code: "FROM debian:13\nRUN cat install.sh | bash\n" },
  ],
  *check({ model }) {
    for (const run of runsOf(model)) {
      for (const { script, locate } of run.scripts) {
        for (const { from, to, shown, program } of runDownloads(script)) {
          yield {
            message: `${shown} goes straight into ${program}: whatever the server sends runs in the build, unseen. Download a fixed version to a file, check its SHA-256, then run it.`,
            range: locate(from, to),
          };
        }
      }
    }
  },
});

interface Found {
  readonly from: number;
  readonly to: number;
  /** Where the download comes from, as the message begins. */
  readonly shown: string;
  readonly program: string;
}

function* runDownloads(script: ShellScript): Iterable<Found> {
  for (const { stages, from, to } of script.pipelines) {
    const source = stages.slice(0, -1).map(download).find(Boolean);
    const last = stages.at(-1);
    const program = source && last ? interpreterOf(last) : null;
    if (source && program) yield { from, to, shown: source, program };
  }
  for (const command of script.commands) {
    const effective = unwrap(command);
    const program = effective.name;
    if (program === null || !shells.has(program)) continue;
    const word = effective.words.find(({ text }) =>
      /^"?(?:\$\(|<\()\s*(?:curl|wget)\s|^"?`\s*(?:curl|wget)\s/.test(text),
    );
    if (!word) continue;
    const inner = script.commands.find(
      (one) => one.from >= word.from && one.to <= word.to && (one.name === "curl" || one.name === "wget"),
    );
    const shown = inner && sourceOf(unwrap(inner));
    if (shown) yield { from: effective.words[0]?.from ?? command.from, to: command.to, shown, program };
  }
}

/** The place a stage downloads from, as the message names it; null when it downloads nothing from the outside. */
function download(stage: ShellStage): string | null {
  if (stage.kind !== "command") return null;
  const [command] = stage.commands;
  return command ? sourceOf(unwrap(command)) : null;
}

function sourceOf(command: EffectiveCommand): string | null {
  if (command.name !== "curl" && command.name !== "wget") return null;
  const addresses = addressesOf(command);
  if (addresses.some(({ host }) => host !== null && isPrivateHost(host))) return null;
  const host = addresses.find((address) => address.host !== null)?.host;
  return host ? `The download from ${host}` : "A download";
}

const shells: ReadonlySet<string> = new Set(["sh", "bash", "zsh", "ash", "dash", "ksh"]);

/** The interpreter that runs what the pipe brings, or null where the pipe only feeds data to a script or module. */
function interpreterOf(stage: ShellStage): string | null {
  if (stage.kind !== "command") return null;
  const command = stage.commands[0] && unwrap(stage.commands[0]);
  const name = command?.name ?? null;
  if (!command || name === null) return null;
  const rest = command.words.slice(1).map((word) => word.value ?? word.text);
  const [first] = rest.filter((word) => word !== "-" && word !== "--" && !/^[-+][a-zA-Z]$/.test(word));
  if (shells.has(name)) {
    // `bash -c …` and `bash script.sh` read their script elsewhere; `-s` and `-` read the pipe.
    if (rest.includes("-s") || rest.includes("-") || rest.includes("/dev/stdin")) return name;
    return first === undefined || /^-[a-z]*s[a-z]*$/.test(first) || (first.startsWith("-") && !first.includes("c"))
      ? name
      : null;
  }
  if (!/^(?:python[\d.]*|perl|node|ruby|php[\d.]*)$/.test(name)) return null;
  const [head] = rest;
  return head === undefined || head === "-" || head === "--" ? name : null;
}
