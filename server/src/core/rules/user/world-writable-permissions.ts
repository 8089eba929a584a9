import { scriptsOf } from "../../model/scripts";
import { defineRule } from "../../rule";
import { type ModeUse, modeUses } from "./modes";
import { openedFor } from "./open-folders";

export default defineRule({
  id: "world-writable-permissions",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "Files of the shipped image become writable for every account.",
  why: "A file that everybody may write is one that any process of the container can change, also one that was broken into as another user: a program, a script that root starts, a setting. `chmod 777` mostly stands in for giving the files to the account that needs them. The sticky bit, as on `/tmp`, keeps accounts apart and counts as care. Silent for the homes of toolchains (`CARGO_HOME`, `GOPATH` …); a hint where ENV HOME names the folder, or a comment says that it is for every user.",
  aliases: { tally: ["tally/world-writable-state-path-workaround"], sonar: ["S2612"] },
  reads: ["RUN", "COPY", "ADD", "$", "#"],
  fixable: "unsafe",
  examples: [
    {
      title: "Everything for everybody",
      code: "FROM alpine:3.24\nRUN mkdir /data && chmod -R [|777|] /data\n",
      fixed: "FROM alpine:3.24\nRUN mkdir /data && chmod -R 755 /data\n",
    },
    {
      title: "By letters",
      code: "FROM alpine:3.24\nRUN chmod [|a+rwx|] /data\n",
      fixed: "FROM alpine:3.24\nRUN chmod u+rwx,go+rx /data\n",
    },
    {
      title: "While copying",
      code: "FROM alpine:3.24\nCOPY --chmod=[|0666|] app.conf /etc/app.conf\n",
      fixed: "FROM alpine:3.24\nCOPY --chmod=0644 app.conf /etc/app.conf\n",
    },
    {
      title: "A folder for files of all",
      code: "FROM alpine:3.24\nRUN mkdir -m [|777|] /tmp\n",
      fixed: "FROM alpine:3.24\nRUN mkdir -m 1777 /tmp\n",
    },
    {
      title: "A home for whoever the container runs as",
      code: "FROM alpine:3.24\n# All users can use it as their home.\nENV HOME=/home/user\nRUN mkdir $HOME/.cache \\\n && chmod -R [|777|] $HOME\n",
      fixed:
        "FROM alpine:3.24\n# All users can use it as their home.\nENV HOME=/home/user\nRUN mkdir $HOME/.cache \\\n && chmod -R 1777 $HOME\n",
    },
    {
      title: "A comment says that it is for everybody",
      code: "FROM alpine:3.24\n# Any user may run this image.\nRUN chmod [|a+rwx|] /work\n",
      fixed: "FROM alpine:3.24\n# Any user may run this image.\nRUN chmod a+rwxt /work\n",
    },
    {
      title: "Toolchains are filled by whoever builds",
      code: "FROM debian:trixie\nENV RUSTUP_HOME=/opt/rustup CARGO_HOME=/opt/cargo\nRUN chmod -R a+wrX ${RUSTUP_HOME} /opt/cargo\n",
    },
    { title: "Nothing says who may read", code: "FROM alpine:3.24\nRUN chmod [|o+w|] /data\n" },
    { title: "The owner alone may write", code: "FROM alpine:3.24\nRUN chmod 755 /app && chmod go-w,u+x /app\n" },
    { title: "The sticky bit", code: "FROM alpine:3.24\nRUN chmod 1777 /scratch && chmod a+rwxt /other\n" },
    { title: "Within what the umask lets pass", code: "FROM alpine:3.24\nRUN chmod +w /data\n" },
    {
      title: "A folder that goes with the RUN",
      code: 'FROM alpine:3.24\nRUN tmp="$(mktemp -d)" && chmod 777 "$tmp" && make -C "$tmp" && rm -rf "$tmp"\n',
    },
    {
      title: "Open while the RUN writes, and closed again",
      code: "FROM alpine:3.24\nRUN chmod 666 /etc/sudoers && echo 'app ALL=(ALL) ALL' >> /etc/sudoers && chmod 440 /etc/sudoers\n",
    },
    {
      title: "A second chmod that only adds",
      code: "FROM alpine:3.24\nRUN chmod [|777|] /app && chmod +x /app\n",
      fixed: "FROM alpine:3.24\nRUN chmod 755 /app && chmod +x /app\n",
    },
    {
      title: "What was removed before is made anew",
      code: "FROM alpine:3.24\nRUN rm -rf /data && mkdir /data && chmod [|777|] /data\n",
      fixed: "FROM alpine:3.24\nRUN rm -rf /data && mkdir /data && chmod 755 /data\n",
    },
    { title: "A named pipe", code: "FROM alpine:3.24\nRUN mkfifo /run/trigger && chmod 622 /run/trigger\n" },
    { title: "A group", code: "FROM alpine:3.24\nRUN chgrp -R 0 /data && chmod -R g=u /data\n" },
    { title: "A mode in a variable", code: "FROM alpine:3.24\nARG MODE=777\nRUN chmod $MODE /data\n" },
    {
      title: "Nothing of it is shipped",
      code: "FROM alpine:3.24 AS build\nRUN chmod 777 /src\n\nFROM scratch\nCOPY --from=build /out /out\n",
    },
  ],
  *check({ model }) {
    for (const use of modeUses(model)) {
      if (!use.instruction.stage?.ships || !isOpen(use.mode)) continue;
      if (use.paths.length > 0 && use.paths.every((path) => /^\/(?:dev|proc|sys)\//.test(path))) continue;
      // A named pipe is there to be written to.
      if (use.instruction.parsed.text.includes("mkfifo")) continue;
      if (use.paths.length > 0 && use.paths.every((path) => isShut(use, path))) continue;
      const purpose = openedFor(use, model);
      if (purpose === "toolchain") continue;
      const isShared = use.paths.length > 0 && use.paths.every((path) => sharedFolders.has(path));
      const isForAll = isShared || purpose === "everybody";
      const better = (isForAll ? sticky(use.mode) : null) ?? narrower(use);
      const what = use.paths.length === 1 && (use.paths[0] ?? "").length < 40 ? use.paths[0] : "these files";
      yield {
        message: messageOf(use.mode, what ?? "", better),
        range: use.span,
        ...(purpose === "everybody" ? { severity: "hint" as const } : {}),
        fixes: () => {
          const edit = better === null ? null : use.replace(better);
          return edit && better !== null
            ? [
                {
                  title: `Write ${better}`,
                  applicability: "unsafe",
                  reason: isSticky(better)
                    ? "Accounts can no longer delete each other's files."
                    : "Processes of other accounts can no longer write there; give the files to their account where they have to.",
                  edits: [edit],
                },
              ]
            : [];
        },
      };
    }
  },
});

function messageOf(mode: string, what: string, better: string | null): string {
  if (better !== null && isSticky(better)) {
    return `${mode} leaves ${what} without the sticky bit, so every account may delete what others keep there. Write ${better}.`;
  }
  return `${mode} lets every account change ${what}. ${better ? `Give write access to the owner alone: ${better}.` : "Give them to the account that needs them with chown."}`;
}

/** Modes after which nothing is left of the rights that others had; `+x` is none. */
const setsOthers = /^(?:\d{3,4}|[ug]*[oa]+(?:=|-[rxX]*w).*)$/;

/** True when the RUN removes the path afterwards, or gives it another mode, so that nobody finds it open in the image. */
function isShut({ instruction, by, span }: ModeUse, path: string): boolean {
  if (by === "--chmod" || instruction.keyword !== "RUN") return false;
  return scriptsOf(instruction).some(({ commands, locate }) =>
    commands.some(
      ({ name, words, command }) =>
        (name === "rm" || (name === "chmod" && words.some(({ value }) => setsOthers.test(value ?? "")))) &&
        words.some((word) => (word.value ?? word.text).replace(/\/$/, "") === path) &&
        locate(command.from, command.to).start > span.start,
    ),
  );
}

function isOpen(mode: string): boolean {
  if (/^\d+$/.test(mode)) {
    const special = mode.length > 3 ? Number(mode[mode.length - 4]) : 0;
    return (Number(mode[mode.length - 1]) & 2) !== 0 && (special & 1) === 0;
  }
  return !mode.includes("t") && mode.split(",").some(opens);
}

/** `a+w`, `o=rwx`, `ugo+rw`; without a letter in front the umask takes the right away again. */
function opens(clause: string): boolean {
  const match = /^([ugoa]+)((?:[-+=][rwxXst]*)+)$/.exec(clause);
  return match !== null && /[oa]/.test(match[1] ?? "") && /[+=][rxXst]*w/.test(match[2] ?? "");
}

const sharedFolders: ReadonlySet<string> = new Set(["/tmp", "/var/tmp", "/tmp/", "/var/tmp/"]);

/** The same rights for everybody in a folder, each account's files apart; null for modes that are not for folders. */
function sticky(mode: string): string | null {
  if (/^\d+$/.test(mode)) return (Number(mode.at(-1)) & 1) === 1 ? `1${mode.slice(-3)}` : null;
  return /^(?:a|ugo)[+=][rwxX]*[xX][rwxX]*$/.test(mode) ? `${mode}t` : null;
}

function isSticky(mode: string): boolean {
  return /^1\d{3}$|t$/.test(mode);
}

/** A mode with which only the owner may write; null where nobody can tell what is meant. */
function narrower({ mode }: ModeUse): string | null {
  if (/^\d+$/.test(mode)) {
    const digits = [...mode];
    const other = digits.length - 1;
    const group = other - 1;
    // What holds for everybody was meant for everybody; a group that has more is kept.
    if (digits[group] === digits[other]) digits[group] = String(Number(digits[group]) & ~2);
    digits[other] = String(Number(digits[other]) & ~2);
    return digits.join("");
  }
  const match = /^(a|ugo)([+=])([rwxX]+)$/.exec(mode);
  if (!match) return null;
  const [, , operator = "+", rights = ""] = match;
  const rest = rights.replace("w", "");
  return rest === "" ? `u${operator}${rights}` : `u${operator}${rights},go${operator}${rest}`;
}
