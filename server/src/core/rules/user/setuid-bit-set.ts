import { defineRule } from "../../rule";
import { type ModeUse, modeUses } from "./modes";

export default defineRule({
  id: "setuid-bit-set",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A program of the shipped image gets the setuid or setgid bit.",
  why: "A program with the setuid bit runs as its owner, mostly root, whoever starts it. One fault in it makes root of any process in the container, which is what USER was to prevent. Programs that are of no use without it (`sudo`, `fixuid`, `newuidmap`, `fusermount`, the sandbox of Chrome) are left alone. The setgid bit of a folder only hands its group to new files and is not meant here.",
  aliases: { dockle: ["CIS-DI-0008"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "By number",
      code: "FROM debian:trixie\nCOPY helper /usr/local/bin/helper\nRUN chmod [|4755|] /usr/local/bin/helper\n",
      fixed: "FROM debian:trixie\nCOPY helper /usr/local/bin/helper\nRUN chmod 0755 /usr/local/bin/helper\n",
    },
    {
      title: "By letters",
      code: "FROM debian:trixie\nRUN chmod [|u+s|] /bin/ping\n",
    },
    {
      title: "Among other rights",
      code: "FROM debian:trixie\nRUN chmod [|u+xs|] /bin/ping\n",
      fixed: "FROM debian:trixie\nRUN chmod u+x /bin/ping\n",
    },
    {
      title: "While copying",
      code: "FROM debian:trixie\nCOPY --chmod=[|4755|] helper /usr/bin/helper\n",
      fixed: "FROM debian:trixie\nCOPY --chmod=0755 helper /usr/bin/helper\n",
    },
    {
      title: "The group of a program",
      code: "FROM debian:trixie\nRUN chmod [|2755|] /usr/bin/wall\n",
      fixed: "FROM debian:trixie\nRUN chmod 0755 /usr/bin/wall\n",
    },
    { title: "The group of a folder", code: "FROM debian:trixie\nRUN mkdir /srv/shared && chmod 2775 /srv/shared\n" },
    { title: "Folders by letters", code: "FROM debian:trixie\nRUN chmod -R g+rws /opt/app\n" },
    {
      title: "The bits are taken away",
      code: "FROM debian:trixie\nRUN chmod a-s /usr/bin/passwd && chmod 755 /bin/su\n",
    },
    {
      title: "A program that is made for it",
      code: "FROM debian:trixie\nRUN chown root:root /usr/local/bin/fixuid && chmod 4755 /usr/local/bin/fixuid\n",
    },
    { title: "The sticky bit", code: "FROM debian:trixie\nRUN chmod 1777 /scratch\n" },
    {
      title: "Nothing of it is shipped",
      code: "FROM debian:trixie AS build\nRUN chmod 4755 /bin/x\n\nFROM debian:trixie\nCOPY --from=build /out /out\n",
    },
  ],
  *check({ model }) {
    for (const use of modeUses(model)) {
      if (!use.instruction.stage?.ships) continue;
      const bits = bitsOf(use.mode);
      if (!bits.user && !(bits.group && isProgram(use))) continue;
      if (use.by === "mkdir" || use.paths.some((path) => path.endsWith("/"))) continue;
      if (use.paths.length > 0 && use.paths.every(isMadeForIt)) continue;
      const what = use.paths.length === 1 && (use.paths[0] ?? "").length < 40 ? use.paths[0] : "these programs";
      const better = without(use.mode);
      yield {
        message: `${use.mode} lets everybody run ${what} with the rights of its ${bits.user ? "owner" : "group"}. Leave that bit out unless the program is made for it.`,
        range: use.span,
        fixes: () => {
          const edit = better === null ? null : use.replace(better);
          return edit
            ? [
                {
                  title: `Write ${better}`,
                  applicability: "unsafe",
                  reason: "The program runs with the rights of whoever starts it, and may miss those of its owner.",
                  edits: [edit],
                },
              ]
            : [];
        },
      };
    }
  },
});

/** Programs that hand out the rights of root by design, and refuse to work without the bit. */
const madeForIt: ReadonlySet<string> = new Set([
  ...["sudo", "su", "doas", "fixuid", "newuidmap", "newgidmap", "fusermount", "fusermount3", "bwrap"],
  ...["chrome-sandbox", "chrome_sandbox"],
]);

function isMadeForIt(path: string): boolean {
  return madeForIt.has(path.slice(path.lastIndexOf("/") + 1));
}

interface Bits {
  readonly user: boolean;
  readonly group: boolean;
}

function bitsOf(mode: string): Bits {
  if (/^\d+$/.test(mode)) {
    const special = mode.length > 3 ? Number(mode[mode.length - 4]) : 0;
    return { user: (special & 4) !== 0, group: (special & 2) !== 0 };
  }
  let user = false;
  let group = false;
  for (const clause of mode.split(",")) {
    const match = /^([ugoa]*)(?:[-+=][rwxXst]*)*[+=][rwxXt]*s/.exec(clause);
    if (!match) continue;
    const who = match[1] ?? "";
    if (who === "" || /[ua]/.test(who)) user = true;
    if (who === "" || /[ga]/.test(who)) group = true;
  }
  return { user, group };
}

/** The group bit means something for programs alone: those in the folders of programs. */
function isProgram({ paths, isRecursive }: ModeUse): boolean {
  return !isRecursive && paths.some((path) => /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/.test(path));
}

/** The mode without these bits; null where nothing would be left. */
function without(mode: string): string | null {
  if (/^\d+$/.test(mode)) {
    const at = mode.length - 4;
    return `${mode.slice(0, at)}${Number(mode[at]) & 1}${mode.slice(at + 1)}`;
  }
  const clauses = mode.split(",").map((clause) => clause.replace(/(?<=[+=][rwxXt]*)s/, ""));
  return clauses.some((clause) => /[-+=]$/.test(clause)) ? null : clauses.join(",");
}
