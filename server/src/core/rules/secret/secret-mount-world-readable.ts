import { userAt } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { hasTemplate, mountOwner } from "../../fixes/mount";
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model } from "../../model/types";
import { locate } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import { mountsOf, secretTarget } from "../../secret/writes";
import type { Mount, MountField } from "../../syntax/flags";
import { readMount } from "../../syntax/flags";

export default defineRule({
  id: "secret-mount-world-readable",
  theme: "secret",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A secret or SSH mount can be read by every user.",
  why: "A secret that every user can read is open to every program of the RUN, such as the install script of a dependency. By default only the owner can read it, and `uid=` makes another user the owner.",
  aliases: { sonar: ["S6469"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "Root reads it also without that",
      code: "FROM node:26\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,[|mode=0444|] npm ci\n",
      fixed: "FROM node:26\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc,mode=0400 npm ci\n",
    },
    {
      title: "Another user becomes the owner",
      code: "FROM node:26\nUSER node\nRUN --mount=type=secret,id=npmrc,target=/home/node/.npmrc,[|mode=644|] npm ci\n",
      fixed:
        "FROM node:26\nUSER node\nRUN --mount=type=secret,id=npmrc,target=/home/node/.npmrc,mode=0400,uid=1000,gid=1000 npm ci\n",
    },
    {
      title: "An SSH socket",
      code: "FROM alpine:3.24\nRUN --mount=type=ssh,[|mode=0666|] git clone git@git.example.com:o/r\n",
      fixed: "FROM alpine:3.24\nRUN --mount=type=ssh,mode=0600 git clone git@git.example.com:o/r\n",
    },
    {
      title: "Nobody knows the number of this user",
      code: "FROM alpine:3.24\nUSER builder\nRUN --mount=type=secret,id=x,[|mode=0444|] cat /run/secrets/x > /dev/null\n",
    },
    {
      title: "The owner alone, or the group as well",
      code: "FROM alpine:3.24\nRUN --mount=type=secret,id=x,mode=0400 --mount=type=secret,id=y,mode=0440 true\n",
    },
    { title: "A cache is no secret", code: "FROM alpine:3.24\nRUN --mount=type=cache,target=/c,mode=0777 true\n" },
    {
      title: "Certificates are for everybody",
      code: "FROM debian:13\nRUN --mount=type=secret,id=CA,mode=0444,dst=/etc/ssl/certs/ca-certificates.crt apt-get update\n",
    },
    {
      title: "A variable has no mode",
      code: "FROM alpine:3.24\nRUN --mount=type=secret,id=X,env=X,mode=0444 true\n",
    },
  ],
  *check({ model, catalogue }) {
    for (const instruction of model.instructions) {
      const trigger = instruction.parsed.trigger;
      const mounts = trigger ? trigger.flags.flatMap((flag) => readMount(flag) ?? []) : mountsOf(instruction);
      for (const mount of mounts) {
        if (!isOpen(mount)) continue;
        const field = modeOf(mount);
        if (!field) continue;
        const what = mount.type === "ssh" ? "the SSH socket" : `the secret ${mount.get("id") ?? ""}`.trim();
        const span = locate(instruction, field);
        if (hasTemplate(model, span)) continue;
        yield {
          message: `Every user in this RUN can read ${what}. Write mode=${closedMode(mount)}, and uid= where its user is not root.`,
          range: span,
          fixes: () => (trigger ? [] : close(model, catalogue, instruction, mount)),
        };
      }
    }
  },
});

function isOpen(mount: Mount): boolean {
  if (mount.type !== "secret" && mount.type !== "ssh") return false;
  const target = mount.type === "secret" ? secretTarget(mount) : "";
  if (target === null && mount.get("env") !== null) return false;
  // Certificates of authorities are mounted as secrets for convenience, and every program has to read them.
  if (target !== null && /\.crt$|^\/etc\/ssl\/certs\//.test(target)) return false;
  const mode = mount.get("mode");
  return mode !== null && /^[0-7]{3,5}$/.test(mode) && (Number.parseInt(mode, 8) & 0o004) !== 0;
}

function close(model: Model, catalogue: Catalogue, run: Instruction, mount: Mount): readonly Fix[] {
  const field = modeOf(mount);
  if (!field) return [];
  const span = locate(run, field);
  // A field that a continuation splits has no place of its own.
  if (!/^mode=[0-7]+$/i.test(model.text.slice(span.start, span.end))) return [];
  if (changesUser(run)) return [];
  const hasOwner = mount.get("uid") !== null;
  if (hasOwner && !ownsIt(run, catalogue, mount)) return [];
  const owner = hasOwner ? "" : mountOwner(run, catalogue);
  if (owner === null) return [];
  const mode = closedMode(mount);
  return [
    {
      title: `Write mode=${mode}${owner}`,
      applicability: "safe",
      edits: [{ span, newText: `mode=${mode}${owner}` }],
    },
  ];
}

/** What is closed to all but the owner; a socket has to be written to as well. */
function closedMode(mount: Mount): string {
  return mount.type === "ssh" ? "0600" : "0400";
}

/** True when the mount's owner is the user that runs the command, or that user is root, who reads everything. */
function ownsIt(run: Instruction, catalogue: Catalogue, mount: Mount): boolean {
  if (userAt(run, catalogue).kind === "root") return true;
  return mountOwner(run, catalogue)?.startsWith(`,uid=${mount.get("uid")}`) ?? false;
}

/** A RUN that goes on as somebody else may have opened the file for that user. */
function changesUser(run: Instruction): boolean {
  const scripts = scriptsOf(run);
  if (scripts.length === 0 && !run.parsed.json) return true;
  const changers = new Set(["sudo", "su", "gosu", "su-exec", "runuser", "setpriv", "doas", "setuidgid", "chroot"]);
  const named = run.parsed.json?.some((item) => changers.has(item.value)) ?? false;
  return (
    named ||
    scripts.some(({ commands }) =>
      commands.some((command) => changers.has(command.name ?? "") || command.wrappers.some((one) => changers.has(one))),
    )
  );
}

/** The builder heeds the last one. */
function modeOf(mount: Mount): MountField | undefined {
  return mount.fields.filter((one) => one.key === "mode").at(-1);
}
