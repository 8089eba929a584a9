import { defineRule } from "../../rule";
import type { EffectiveCommand } from "../../shell/commands";
import { type Call, callSpan, isPlain, type Run, runsOf } from "./calls";
import { addressesOf, checksDownloads, downloadsIn, isPrivateHost, targetOf } from "./downloads";

export default defineRule({
  id: "unverified-download",
  theme: "shell",
  category: "security",
  severity: "info",
  recommended: false,
  since: "0.1.0",
  summary: "A file is downloaded and used without any checksum or signature check in the same RUN.",
  why: 'The address stays, the file behind it may not: a taken-over account or server puts another one there, and your next build takes it. A SHA-256 in the Dockerfile (`echo "<sum>  file" | sha256sum -c -`, or `ADD --checksum=sha256:<sum>`) makes the build stop instead. Off by default: most real Dockerfiles would be marked, and not every file is worth it. A download piped into a shell is left to `pipe-download-to-shell`.',
  aliases: {},
  scope: "instruction",
  fixable: "none",
  examples: [
    {
      title: "Unpacked as it comes",
      code: "FROM debian:13\nRUN [|curl -fsSLO https://example.org/tool-1.2.tar.gz|] && tar xzf tool-1.2.tar.gz\n",
    },
    {
      title: "Piped into tar",
      code: "FROM debian:13\nRUN [|wget -qO- https://example.org/tool-1.2.tar.gz|] | tar xz -C /opt\n",
    },
    {
      title: "Made executable",
      code: "FROM debian:13\nRUN [|curl -fsSLo /usr/local/bin/tool https://example.org/tool|] && chmod +x /usr/local/bin/tool\n",
    },
    {
      title: "Its sum is checked",
      code: 'FROM debian:13\nRUN curl -fsSLO https://example.org/t.tgz && echo "$SUM  t.tgz" | sha256sum -c - && tar xzf t.tgz\n',
    },
    {
      title: "Its signature is checked",
      code: "FROM debian:13\nRUN curl -fsSLO https://example.org/t.tgz && gpg --verify t.tgz.asc t.tgz && tar xzf t.tgz\n",
    },
    { title: "Stored, not used", code: "FROM debian:13\nRUN curl -fsSLo /usr/share/words https://example.org/words\n" },
  ],
  *check({ model }) {
    for (const run of runsOf(model)) {
      const downloads = downloadsIn(run);
      if (downloads.length === 0 || checksDownloads(run)) continue;
      const uses = usesOf(run);
      for (const call of downloads) {
        const addresses = addressesOf(call.command);
        if (addresses.length === 0 || addresses.some(({ host }) => host !== null && isPrivateHost(host))) continue;
        const use = useOf(call, uses);
        if (!use || !isPlain(model, call)) continue;
        yield {
          message: `What ${addresses[0]?.host ?? "the server"} sends is ${use} without a check. Compare its SHA-256 first, or use ADD --checksum.`,
          range: callSpan(call),
        };
      }
    }
  },
});

/** What a RUN does with files, looked up once for all its downloads. */
interface Uses {
  /** By the last part of a path: the last use of such a file, with the offset of its command. */
  readonly files: ReadonlyMap<string, { readonly verb: string; readonly from: number }>;
  /** Pipes that end in unpacking. */
  readonly unpacking: ReadonlySet<string>;
}

function usesOf(run: Run): Uses {
  const files = new Map<string, { verb: string; from: number }>();
  const unpacking = new Set<string>();
  for (const script of run.scripts) {
    for (const command of script.commands) {
      if (/^(?:tar|bsdtar|cpio|unzip|funzip)$/.test(command.name ?? "")) unpacking.add(pipeOf(command));
      const use = verb(command);
      if (!use) continue;
      for (const word of command.words) {
        const name = word.text.replaceAll(/["']/g, "").split("/").pop();
        if (name) files.set(name, { verb: use, from: command.command.from });
      }
    }
  }
  return { files, unpacking };
}

/** A key for a command's pipe; those of scripts within scripts count apart. */
function pipeOf({ command, outer }: EffectiveCommand): string {
  return command === outer ? `${command.pipeline.id}` : `${outer.index}/${command.pipeline.id}`;
}

/** What is done with a download later in its RUN, or null. */
function useOf({ command }: Call, uses: Uses): string | null {
  const target = targetOf(command);
  if (target.kind === "stdout")
    return command.command.pipeline.length > 1 && uses.unpacking.has(pipeOf(command)) ? "unpacked" : null;
  if (target.kind !== "file") return null;
  const use = uses.files.get(target.name.split("/").pop() ?? "");
  return use && use.from > command.command.from ? use.verb : null;
}

function verb({ name, words }: EffectiveCommand): string | null {
  const [first] = words;
  if (name === null) return null;
  if (/^(?:tar|bsdtar|unzip|gunzip|7z|7za|rpm2cpio|unxz)$/.test(name)) return "unpacked";
  if (/^(?:dpkg|rpm|apt|apt-get|dnf|yum|apk|installer)$/.test(name)) return "installed";
  if (/^(?:sh|bash|ash|zsh|python[\d.]*|perl|node|php|java)$/.test(name)) return "run";
  if (name === "chmod" && words.some((word) => /^(?:[ugoa]*\+[rwX]*x|0?[0-7]*[1357][0-7]*)/.test(word.value ?? ""))) {
    return "made executable";
  }
  return first?.text.includes("/") ? "run" : null;
}
