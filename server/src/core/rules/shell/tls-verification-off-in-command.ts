import type { Fix } from "../../rule";
import { type Aliases, defineRule } from "../../rule";
import { findFlag, flagValue } from "../../shell/arguments";
import type { ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";
import { packageOperation } from "../../shell/packages";
import type { Edit } from "../../text";
import { type Call, canEdit, isPlain, removeWord, runsOf, wordSpan } from "./calls";
import { addressesOf, curlValueFlags, isPrivateHost, wgetValueFlags } from "./downloads";
import { insecureVariable } from "./tls";

export default defineRule({
  id: "tls-verification-off-in-command",
  theme: "shell",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A command of RUN switches certificate checks off.",
  why: "`curl -k`, `wget --no-check-certificate`, `pip --trusted-host` and the like accept any server that answers, so what arrives may come from anybody. Most often a certificate is missing in the image: install `ca-certificates`, or the certificate of your company. Calls to the container itself and to hosts of your own network are left alone.",
  aliases: {
    checkov: ["CKV2_DOCKER_2", "CKV2_DOCKER_3", "CKV2_DOCKER_4", "CKV2_DOCKER_13", "CKV2_DOCKER_15"],
    sonar: ["S4830"],
  },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "curl -k",
      code: "FROM debian:13\nRUN curl [|-k|] -fsSLO https://example.org/a.tgz\n",
      fixed: "FROM debian:13\nRUN curl -fsSLO https://example.org/a.tgz\n",
    },
    {
      title: "Joined with other letters",
      code: "FROM debian:13\nRUN curl [|-fsSkL|] https://example.org/a.tgz -o a.tgz\n",
      fixed: "FROM debian:13\nRUN curl -fsSL https://example.org/a.tgz -o a.tgz\n",
    },
    {
      title: "wget",
      code: "FROM debian:13\nRUN wget -q \\\n      [|--no-check-certificate|] \\\n      https://example.org/a.tgz\n",
      fixed: "FROM debian:13\nRUN wget -q \\\n      https://example.org/a.tgz\n",
    },
    {
      title: "pip",
      code: "FROM python:3.14\nRUN python -m pip install [|--trusted-host pypi.org|] flask\n",
      fixed: "FROM python:3.14\nRUN python -m pip install flask\n",
    },
    {
      title: "pip, for several hosts",
      code: "FROM python:3.14\nRUN pip install \\\n    [|--trusted-host pypi.org|] \\\n    --trusted-host=files.pythonhosted.org --trusted-host localhost flask\n",
      fixed: "FROM python:3.14\nRUN pip install --trusted-host localhost flask\n",
    },
    { title: "npm's setting", code: "FROM node:26\nRUN npm config set [|strict-ssl false|] && npm ci\n" },
    {
      title: "dnf",
      code: "FROM fedora:42\nRUN dnf install -y [|--setopt=sslverify=0|] nginx\n",
      fixed: "FROM fedora:42\nRUN dnf install -y nginx\n",
    },
    { title: "git", code: "FROM debian:13\nRUN git config --global [|http.sslVerify false|]\n" },
    {
      title: "A variable for one command",
      code: "FROM node:26\nRUN [|NODE_TLS_REJECT_UNAUTHORIZED=0|] npm ci\n",
    },
    { title: "The container asks itself", code: "FROM debian:13\nRUN curl -k https://localhost:8443/ready\n" },
    {
      title: "There is no certificate in clear text",
      code: "FROM debian:13\nRUN wget --no-check-certificate http://example.org/a.tgz\n",
    },
    {
      title: "Certificates are checked",
      code: "FROM debian:13\nRUN curl -fsSLO https://example.org/a && npm config set strict-ssl true\n",
    },
    { title: "A k in a value", code: "FROM debian:13\nRUN curl -fsSL -o k https://example.org/k -H -k\n" },
  ],
  *check({ model }) {
    for (const run of runsOf(model)) {
      for (const script of run.scripts) {
        for (const command of script.commands) {
          const call = { run, script, command };
          for (const found of switchesIn(command)) {
            const first = found.words[0];
            const last = found.words.at(-1);
            if (!first || !last || !isPlain(model, call)) continue;
            yield {
              message: `${found.shown} accepts any certificate, so the answer may come from anybody. Remove it; if a certificate is missing, install ca-certificates or your own.`,
              range: { start: wordSpan(call, first).start, end: wordSpan(call, last).end },
              aliases: found.aliases,
              fixes: () => fixesFor(found, call, canEdit(model, call)),
            };
          }
        }
      }
    }
  },
});

interface Switch {
  /** As the message names it. */
  readonly shown: string;
  readonly words: readonly ShellWord[];
  /** The same switch for other hosts of the same call, which only go together with this one. */
  readonly others?: readonly (readonly ShellWord[])[];
  readonly aliases: Aliases;
  /** What the fix leaves of the words: null where there is none to offer, empty to remove them. */
  readonly left: string | null;
}

function switchesIn(command: EffectiveCommand): readonly Switch[] {
  const variables = command.assignments.flatMap(({ name, value }): Switch[] => {
    const known = insecureVariable(name);
    if (!known || value?.value == null || !known.off.test(value.value)) return [];
    const word = { ...value, from: value.from - name.length - 1 };
    return [{ shown: `${name}=${value.value}`, words: [word], aliases: { sonar: ["S4830"] }, left: null }];
  });
  const { name } = command;
  if (name === null) return variables;
  const found = name === "export" ? exported(command) : findSwitch(name, command);
  return found ? [...variables, found] : variables;
}

function exported(command: EffectiveCommand): Switch | null {
  for (const word of command.words.slice(1)) {
    const [name = "", value = ""] = (word.value ?? "").split("=", 2);
    if (insecureVariable(name)?.off.test(value)) {
      return { shown: `${name}=${value}`, words: [word], aliases: { sonar: ["S4830"] }, left: null };
    }
  }
  return null;
}

function findSwitch(name: string, command: EffectiveCommand): Switch | null {
  switch (name) {
    case "curl":
      return needsNone(command)
        ? null
        : flagSwitch(command, "curl", "-k", "--insecure", curlValueFlags, "CKV2_DOCKER_2");
    case "wget":
      return needsNone(command)
        ? null
        : flagSwitch(command, "wget", null, "--no-check-certificate", wgetValueFlags, "CKV2_DOCKER_3");
    case "git":
      return gitSwitch(command);
    case "npm":
    case "pnpm":
    case "yarn":
      return strictSsl(name, command);
    case "yum":
    case "dnf":
    case "microdnf":
    case "dnf5":
    case "yum-config-manager":
      return sslVerify(name, command);
    case "apt-get":
    case "apt":
      return aptSwitch(name, command);
    default:
      return /^(?:pip\d*(?:\.\d+)?|python[\d.]*|uv)$/.test(name) ? trustedHost(command) : null;
  }
}

/** True where there is no certificate to check, which cleartext-download speaks of, or none that anybody could have. */
function needsNone(command: EffectiveCommand): boolean {
  const addresses = addressesOf(command);
  const isPrivate = addresses.every(({ host }) => host !== null && isPrivateHost(host));
  return addresses.length > 0 && (isPrivate || addresses.every(({ scheme }) => scheme === "http"));
}

function flagSwitch(
  command: EffectiveCommand,
  name: string,
  short: string | null,
  long: string,
  valueFlags: readonly string[],
  checkov: string,
): Switch | null {
  const word = findFlag(command, short ? [short, long] : [long], valueFlags);
  if (!word) return null;
  const { text } = word;
  const aliases = { checkov: [checkov], sonar: ["S4830"] };
  if (text === short || text === long) return { shown: `${name} ${text}`, words: [word], aliases, left: "" };
  // `-fsSkL`: the letter goes, the others stay. `-k` before a letter with a value is still a letter.
  const letter = short?.charAt(1) ?? "";
  const at = text.indexOf(letter, 1);
  const plain = word.quoted === "none" && /^-[A-Za-z]+$/.test(text) && letter !== "" && at > 0;
  return {
    shown: `${name} ${short ?? long}`,
    words: [word],
    aliases,
    left: plain ? text.slice(0, at) + text.slice(at + 1) : null,
  };
}

function gitSwitch(command: EffectiveCommand): Switch | null {
  const aliases = { sonar: ["S4830"] };
  const { words } = command;
  for (let i = 1; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const value = word.value ?? "";
    if (/^http(?:\..+)?\.sslverify=(?:false|0|no|off)$/i.test(value) && words[i - 1]?.value === "-c") {
      return { shown: `git -c ${value}`, words: [words[i - 1] as ShellWord, word], aliases, left: "" };
    }
    const next = words[i + 1];
    if (/^http(?:\..+)?\.sslverify$/i.test(value) && /^(?:false|0|no|off)$/i.test(next?.value ?? "")) {
      return { shown: `git's ${value} ${next?.value}`, words: [word, next as ShellWord], aliases, left: null };
    }
  }
  return null;
}

function strictSsl(name: string, command: EffectiveCommand): Switch | null {
  const aliases = { checkov: ["CKV2_DOCKER_13"], sonar: ["S4830"] };
  const { words } = command;
  for (let i = 1; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const value = (word.value ?? "").toLowerCase();
    if (value === "--strict-ssl=false" || value === "--no-strict-ssl") {
      return { shown: `${name} ${word.value}`, words: [word], aliases, left: "" };
    }
    if (value === "strict-ssl=false")
      return { shown: `${name}'s strict-ssl=false`, words: [word], aliases, left: null };
    const next = words[i + 1];
    if (/^(?:--)?strict-ssl$|^enablestrictssl$/.test(value) && next?.value === "false") {
      const left = value.startsWith("--") ? "" : null;
      return { shown: `${name}'s ${word.value} false`, words: [word, next], aliases, left };
    }
  }
  return null;
}

function sslVerify(name: string, command: EffectiveCommand): Switch | null {
  const aliases = { checkov: ["CKV2_DOCKER_15"], sonar: ["S4830"] };
  for (const word of command.words) {
    const value = word.value ?? "";
    if (/^--setopt=(?:.+\.)?sslverify=(?:false|0|no)$/i.test(value)) {
      return { shown: `${name} ${value}`, words: [word], aliases, left: "" };
    }
  }
  const given = flagValue(command, ["--setopt"]);
  if (given?.word && given.word !== given.flag && /^(?:.+\.)?sslverify=(?:false|0|no)$/i.test(given.value ?? "")) {
    return { shown: `${name}'s ${given.value}`, words: [given.flag, given.word], aliases, left: "" };
  }
  return null;
}

function aptSwitch(name: string, command: EffectiveCommand): Switch | null {
  const { words } = command;
  for (let i = 1; i < words.length; i++) {
    const word = words[i] as ShellWord;
    const value = word.value ?? "";
    if (!/^(?:-o)?Acquire::https(?:::.+)?::Verify-(?:Peer|Host)=(?:false|0|no)$/i.test(value)) continue;
    const flag = words[i - 1];
    const own =
      !value.startsWith("-o") && flag && (flag.value === "-o" || flag.value === "--option") ? [flag, word] : [word];
    return { shown: `${name}'s ${value.replace(/^-o/, "")}`, words: own, aliases: { sonar: ["S4830"] }, left: "" };
  }
  return null;
}

function trustedHost(command: EffectiveCommand): Switch | null {
  const operation = packageOperation(command);
  if (operation?.tool.family !== "python") return null;
  const [words, ...others] = trustedHosts(operation.command.words);
  if (!words) return null;
  return {
    shown: "pip --trusted-host",
    words,
    others,
    aliases: { checkov: ["CKV2_DOCKER_4"], sonar: ["S4830"] },
    left: "",
  };
}

/** Each `--trusted-host` with its value, those of hosts in one's own network left out. */
function trustedHosts(words: readonly ShellWord[]): readonly (readonly ShellWord[])[] {
  const found: (readonly ShellWord[])[] = [];
  for (const [at, word] of words.entries()) {
    const [flag, inside] = (word.value ?? word.text).split("=", 2);
    const next = words[at + 1];
    if (flag !== "--trusted-host" || (inside === undefined && !next)) continue;
    const host = inside ?? next?.value ?? null;
    if (host !== null && isPrivateHost(host.replace(/:\d+$/, ""))) continue;
    found.push(inside === undefined && next ? [word, next] : [word]);
  }
  return found;
}

function fixesFor(found: Switch, call: Call, editable: boolean): readonly Fix[] {
  const [first] = found.words;
  if (!editable || found.left === null || !first) return [];
  const edits: Edit[] = [];
  for (const words of found.left === "" ? [found.words, ...(found.others ?? [])] : []) {
    const [start, last] = [words[0], words.at(-1)];
    const removed = start && removeWord(call, start);
    if (!removed || !last) return [];
    edits.push({ span: { start: removed.span.start, end: wordSpan(call, last).end }, newText: "" });
  }
  if (found.left !== "") edits.push({ span: wordSpan(call, first), newText: found.left });
  return [
    {
      title: "Check certificates again",
      applicability: "unsafe",
      reason: "The step fails where the server's certificate is not trusted in the image.",
      edits,
    },
  ];
}
