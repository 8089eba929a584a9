import { defineRule } from "../../rule";
import { flagValue } from "../../shell/arguments";
import type { ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";
import { canEdit, isPlain, wordSpan } from "./calls";
import { downloadsOf } from "./downloads";

export default defineRule({
  id: "weak-tls-version",
  theme: "shell",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A download asks for an old version of TLS or SSL.",
  why: "SSL 2 and 3, TLS 1.0 and 1.1 are broken or withdrawn (RFC 8996), and current systems refuse them. `--tlsv1.2` is the least that should be asked for. A bare `--tlsv1` is left alone: it means 1.x or later and ends up with the newest.",
  aliases: { sonar: ["S4423"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "TLS 1.0 with curl",
      code: "FROM debian:13\nRUN curl [|--tlsv1.0|] -fsSLO https://example.org/a\n",
      fixed: "FROM debian:13\nRUN curl --tlsv1.2 -fsSLO https://example.org/a\n",
    },
    {
      title: "SSL 3 with wget",
      code: "FROM debian:13\nRUN wget -q [|--secure-protocol=SSLv3|] https://example.org/a\n",
      fixed: "FROM debian:13\nRUN wget -q --secure-protocol=TLSv1_2 https://example.org/a\n",
    },
    {
      title: "At most TLS 1.1",
      code: "FROM debian:13\nRUN curl --tls-max [|1.1|] -fsSLO https://example.org/a\n",
      fixed: "FROM debian:13\nRUN curl --tls-max 1.2 -fsSLO https://example.org/a\n",
    },
    {
      title: "TLS 1.2",
      code: "FROM debian:13\nRUN curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs -o r.sh\n",
    },
    { title: "Any TLS", code: "FROM debian:13\nRUN curl --tlsv1 -fsSLO https://example.org/a\n" },
  ],
  *check({ model }) {
    for (const call of downloadsOf(model)) {
      const found = call.command.name === "curl" ? weakCurl(call.command) : weakWget(call.command);
      if (!found || !isPlain(model, call)) continue;
      yield {
        message: `${found.shown} is broken or withdrawn. Ask for TLS 1.2 or newer.`,
        range: wordSpan(call, found.word),
        fixes: () =>
          canEdit(model, call) && found.word.quoted === "none"
            ? [
                {
                  title: "Ask for TLS 1.2",
                  applicability: "unsafe",
                  reason: "The download fails where the server has nothing newer.",
                  edits: [{ span: wordSpan(call, found.word), newText: found.better }],
                },
              ]
            : [],
      };
    }
  },
});

interface Weak {
  readonly word: ShellWord;
  readonly shown: string;
  readonly better: string;
}

function weakCurl(command: EffectiveCommand): Weak | null {
  for (const word of command.words) {
    const name = curlFlags[word.value ?? ""];
    if (name !== undefined) return { word, shown: name, better: "--tlsv1.2" };
  }
  const most = flagValue(command, ["--tls-max"]);
  const version = most?.value;
  if (!most?.word || (version !== "1.0" && version !== "1.1")) return null;
  return { word: most.word, shown: `TLS ${version}`, better: most.word === most.flag ? "--tls-max=1.2" : "1.2" };
}

const curlFlags: { readonly [flag: string]: string | undefined } = {
  "--sslv2": "SSL 2",
  "-2": "SSL 2",
  "--sslv3": "SSL 3",
  "-3": "SSL 3",
  "--tlsv1.0": "TLS 1.0",
  "--tlsv1.1": "TLS 1.1",
};

function weakWget(command: EffectiveCommand): Weak | null {
  const given = flagValue(command, ["--secure-protocol"]);
  const match = /^(SSLv[23]|TLSv1(?:_1)?)$/i.exec(given?.value ?? "");
  if (!given?.word || !match) return null;
  const shown = (match[1] as string).replace(
    /^(SSL|TLS)v(\d)(?:_(\d))?$/i,
    (_, kind: string, major: string, minor?: string) =>
      kind.toUpperCase() === "SSL" ? `SSL ${major}` : `TLS ${major}.${minor ?? "0"}`,
  );
  return { word: given.word, shown, better: given.word === given.flag ? "--secure-protocol=TLSv1_2" : "TLSv1_2" };
}
