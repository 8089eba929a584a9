import { distributionUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { bareUser } from "../../fixes/accounts";
import { canEditPlaced, meaningOf } from "../../fixes/placed";
import { type Instruction, locate, type Model, type Stage } from "../../model/types";
import { defineRule } from "../../rule";
import type { Word } from "../../syntax/types";
import { chainOf, createdAccounts } from "./accounts";

export default defineRule({
  id: "named-user-without-passwd",
  theme: "user",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "USER or --chown names an account that the stage cannot know.",
  why: "Names of accounts stand in `/etc/passwd`. `scratch` has no such file, and distroless images know root, nobody and nonroot alone. With another name the container does not start (`no matching entries in passwd file`), and a `--chown` stops the build. A number needs no entry.",
  aliases: { tally: ["tally/named-identity-in-passwdless-stage"] },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "VOLUME"],
  fixable: "unsafe",
  examples: [
    {
      title: "No accounts at all",
      code: 'FROM scratch\nCOPY app /app\nUSER [|app|]\nENTRYPOINT ["/app"]\n',
      fixed: 'FROM scratch\nCOPY app /app\nUSER 65532:65532\nENTRYPOINT ["/app"]\n',
    },
    {
      title: "The number that the builder gave",
      code: 'FROM alpine:3.24 AS build\nRUN adduser -D -u 1234 web\n\nFROM scratch\nCOPY --from=build /out /app\nUSER [|web|]\nENTRYPOINT ["/app"]\n',
      fixed:
        'FROM alpine:3.24 AS build\nRUN adduser -D -u 1234 web\n\nFROM scratch\nCOPY --from=build /out /app\nUSER 1234\nENTRYPOINT ["/app"]\n',
    },
    {
      title: "The owner of a file",
      code: 'FROM scratch\nCOPY --chown=[|nobody|] app /app\nUSER 65534\nENTRYPOINT ["/app"]\n',
      fixed: 'FROM scratch\nCOPY --chown=65534:65534 app /app\nUSER 65534\nENTRYPOINT ["/app"]\n',
    },
    {
      title: "Not one of the three that distroless knows",
      code: 'FROM gcr.io/distroless/static-debian13\nCOPY app /app\nUSER [|app|]\nENTRYPOINT ["/app"]\n',
      fixed: 'FROM gcr.io/distroless/static-debian13\nCOPY app /app\nUSER 65532:65532\nENTRYPOINT ["/app"]\n',
    },
    { title: "A number", code: 'FROM scratch\nCOPY app /app\nUSER 65532\nENTRYPOINT ["/app"]\n' },
    {
      title: "The accounts are copied",
      code: 'FROM alpine:3.24 AS build\nRUN adduser -D web\n\nFROM scratch\nCOPY --from=build /etc/passwd /etc/passwd\nUSER web\nENTRYPOINT ["/app"]\n',
    },
    { title: "A whole system is unpacked", code: 'FROM scratch\nADD rootfs.tar.xz /\nUSER web\nCMD ["bash"]\n' },
    {
      title: "Known to distroless",
      code: 'FROM gcr.io/distroless/static-debian13\nUSER nonroot\nENTRYPOINT ["/app"]\n',
    },
    { title: "An image with accounts", code: 'FROM node:26\nUSER node\nCMD ["node"]\n' },
    { title: "Nobody knows the name", code: 'FROM scratch\nARG NAME\nUSER $NAME\nENTRYPOINT ["/app"]\n' },
  ],
  *check({ model, catalogue }) {
    for (const stage of model.stages) {
      const known = accountsKnown(stage, catalogue);
      if (known === null || chainOf(stage).some((link) => link !== stage && link.instructions.some(bringsAccounts)))
        continue;
      for (const instruction of stage.instructions) {
        if (bringsAccounts(instruction)) break;
        const word = identityOf(instruction);
        const value = word ? meaningOf(instruction, word) : null;
        const name = value?.split(":")[0]?.trim();
        if (!word || !value || !name || known.has(name) || !/^[A-Za-z_][\w.-]*$/.test(name)) continue;
        const number = numberOf(name, stage, model);
        yield {
          message: `This stage has no account ${name}${instruction.keyword === "USER" ? ", and the container will not start" : ", and the build stops"}. Write a number, ${number}.`,
          range: locate(instruction, word),
          fixes: () =>
            word.variables.length === 0 && canEditPlaced(model, { instruction, isTrigger: false })
              ? [
                  {
                    title: `Write ${number}`,
                    applicability: "unsafe",
                    reason: "The number has to be the one that owns the files, where that matters.",
                    edits: [{ span: locate(instruction, word), newText: number }],
                  },
                ]
              : [],
        };
      }
    }
  },
});

/** Names that need no entry or have one; null where nobody knows which accounts there are. */
function accountsKnown(stage: Stage, catalogue: Catalogue): ReadonlySet<string> | null {
  if (stage.root.base.scratch) return justRoot;
  const { reference } = stage.root.base;
  if (!reference || !/distroless/.test(stage.root.base.resolved ?? "")) return null;
  return distributionUnder(stage, catalogue)?.family === "distroless" ? ofDistroless : null;
}

// Whether root needs an entry depends on the runtime: nothing is said of it.
const justRoot: ReadonlySet<string> = new Set(["root"]);
const ofDistroless: ReadonlySet<string> = new Set(["root", "nobody", "nonroot"]);

function identityOf({ keyword, parsed }: Instruction): Word | null {
  if (keyword === "USER") return parsed.words[0] ?? null;
  if (keyword !== "COPY" && keyword !== "ADD") return null;
  return parsed.flags.find((flag) => flag.name === "chown")?.value ?? null;
}

/** True for what may bring /etc/passwd: a file of that name, a folder over it, an archive, a RUN. */
function bringsAccounts(instruction: Instruction): boolean {
  const { keyword, parsed } = instruction;
  if (keyword === "RUN") return true;
  if (keyword !== "COPY" && keyword !== "ADD") return false;
  if (/\/etc\/?(?:["'\s,\]]|$)|passwd|rootfs/.test(parsed.text)) return true;
  const last = parsed.words.at(-1);
  const target = parsed.json ? (parsed.json.at(-1)?.value ?? null) : last ? meaningOf(instruction, last) : null;
  // `COPY --from=build /out /` may bring everything; a single file with an ending does not.
  if (target === null) return true;
  const whole = target.startsWith("/") ? target : `${instruction.workdir ?? "/"}/${target.replace(/^\.\/?/, "")}`;
  return /^\/*$/.test(whole) || (keyword === "ADD" && /\.(?:tar|tgz|txz|tbz2?|tar\.\w+)\b/.test(parsed.text));
}

/** The number that a stage which files come from gives to the account; else the one that images without accounts use. */
function numberOf(name: string, stage: Stage, model: Model): string {
  for (const { stage: source } of stage.copiesFrom) {
    if (!source || source.index >= stage.index) continue;
    const account = createdAccounts(source, model).find((one) => one.name === name);
    if (account && account.uid !== null)
      return account.gid === null ? String(account.uid) : `${account.uid}:${account.gid}`;
  }
  return name === "nobody" ? "65534:65534" : bareUser;
}
