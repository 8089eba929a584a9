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
      for (const call of downloads) {
        const addresses = addressesOf(call.command);
        if (addresses.length === 0 || addresses.some(({ host }) => host !== null && isPrivateHost(host))) continue;
        const use = useOf(call, run);
        if (!use || !isPlain(model, call)) continue;
        yield {
          message: `What ${addresses[0]?.host ?? "the server"} sends is ${use} without a check. Compare its SHA-256 first, or use ADD --checksum.`,
          range: callSpan(call),
        };
      }
    }
  },
});

/** What is done with a download later in its RUN, or null. */
function useOf(call: Call, run: Run): string | null {
  const target = targetOf(call.command);
  const commands = run.scripts.flatMap((script) => script.commands);
  if (target.kind === "stdout") {
    const { id, index, length } = call.command.command.pipeline;
    if (length < 2) return null;
    const next = commands.find(({ command }) => command.pipeline.id === id && command.pipeline.index > index);
    return next && /^(?:tar|bsdtar|cpio|unzip|funzip)$/.test(next.name ?? "") ? "unpacked" : null;
  }
  if (target.kind !== "file") return null;
  const base = target.name.split("/").pop() ?? "";
  if (base === "") return null;
  for (const command of commands) {
    if (command.command.from <= call.command.command.from) continue;
    const use = verb(command);
    if (use && command.words.some((word) => names(word.text, base))) return use;
  }
  return null;
}

function names(text: string, base: string): boolean {
  const plain = text.replaceAll(/["']/g, "");
  return plain === base || plain.endsWith(`/${base}`);
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
