import { distributionUnder } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { execForm } from "../../fixes/exec-form";
import { canEditPlaced, meaningOf, type Placed, placedInstructions } from "../../fixes/placed";
import { execWords } from "../../model/scripts";
import { type Instruction, locate, type Stage } from "../../model/types";
import { defineRule } from "../../rule";
import { isShellForm, shellFormCause } from "./starts";

export default defineRule({
  id: "shell-form-in-shell-less-base",
  theme: "runtime",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "A command is written in shell form in a stage that has no shell.",
  why: "The shell form is run by `/bin/sh -c`. In `scratch` and in distroless images there is no `/bin/sh`: the image builds, and every container of it ends with `no such file or directory`. Silent as soon as the stage may have brought a shell with it.",
  aliases: {},
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN"],
  fixable: "safe",
  examples: [
    {
      title: "Distroless",
      code: "FROM gcr.io/distroless/static-debian13:nonroot\nCOPY server /server\nENTRYPOINT [|/server --port 8080|]\n",
      fixed:
        'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY server /server\nENTRYPOINT ["/server", "--port", "8080"]\n',
    },
    {
      title: "Nothing at all",
      code: "FROM golang:1.26 AS build\nRUN go build -o /app .\n\nFROM scratch\nCOPY --from=build /app /app\nUSER 65532\nCMD [|/app|]\n",
      fixed:
        'FROM golang:1.26 AS build\nRUN go build -o /app .\n\nFROM scratch\nCOPY --from=build /app /app\nUSER 65532\nCMD ["/app"]\n',
    },
    {
      title: "A check",
      code: 'FROM gcr.io/distroless/static-debian13:nonroot\nHEALTHCHECK CMD [|/server check|]\nCMD ["/server"]\n',
      fixed: 'FROM gcr.io/distroless/static-debian13:nonroot\nHEALTHCHECK CMD ["/server", "check"]\nCMD ["/server"]\n',
    },
    {
      title: "Only a shell knows the variable",
      code: "FROM gcr.io/distroless/static-debian13:nonroot\nENTRYPOINT [|/server --port $PORT|]\n",
    },
    { title: "The JSON form", code: 'FROM scratch\nCOPY app /app\nUSER 65532\nCMD ["/app"]\n' },
    {
      title: "The debug images have a shell",
      code: "FROM gcr.io/distroless/static-debian13:debug\nUSER 65532\nCMD /app\n",
    },
    { title: "A whole system is unpacked", code: "FROM scratch\nADD rootfs.tar.xz /\nCMD bash\n" },
    {
      title: "A shell is copied",
      code: "FROM scratch\nCOPY --from=busybox:1.38 /bin/busybox /bin/sh\nCMD /app\n",
    },
    { title: "An image with a shell", code: "FROM alpine:3.24\nUSER nobody\nCMD exec server\n" },
  ],
  *check({ model, catalogue }) {
    const shellLess = new Map<Stage, boolean>();
    for (const placed of placedInstructions(model, "CMD", "ENTRYPOINT", "HEALTHCHECK")) {
      const { instruction, isTrigger } = placed;
      const { stage, shell, parsed } = instruction;
      if (!stage || isTrigger || shell.words !== null || !parsed.argumentsSpan || parsed.problems.length > 0) continue;
      if (!isShell(instruction)) continue;
      const known = shellLess.get(stage) ?? hasNoShell(stage, catalogue);
      shellLess.set(stage, known);
      if (!known) continue;
      const command = parsed.keyword === "HEALTHCHECK" ? parsed.words[1] : null;
      const whole = locate(instruction, parsed.argumentsSpan);
      const span = command ? { start: locate(instruction, command).start, end: whole.end } : whole;
      yield {
        message: `${parsed.keyword} in shell form needs /bin/sh, which this stage does not have: it will not start. Write a JSON list.`,
        range: span,
        cause: shellFormCause(instruction),
        fixes: () => fixesOf(placed, span, canEditPlaced(model, placed)),
      };
    }
  },
});

function isShell(instruction: Instruction): boolean {
  if (instruction.keyword !== "HEALTHCHECK") return isShellForm(instruction);
  const [type, command] = instruction.parsed.words;
  return (
    type?.text.toUpperCase() === "CMD" &&
    command !== undefined &&
    !command.text.startsWith("[") &&
    execWords(instruction) === null
  );
}

function fixesOf({ instruction }: Placed, span: { readonly start: number; readonly end: number }, canEdit: boolean) {
  const form = canEdit ? execForm(instruction) : null;
  if (!form || form.needsShell) return [];
  return [{ title: "Write a JSON list", applicability: "safe" as const, edits: [{ span, newText: form.json }] }];
}

/** Folders that bring a shell when something unknown is put there. */
const shellFolders =
  /^\/(?:bin|sbin|usr|usr\/bin|usr\/local|usr\/local\/bin|busybox)?$|\/(?:sh|ash|dash|bash|busybox)$/;

function hasNoShell(stage: Stage, catalogue: Catalogue): boolean {
  if (distributionUnder(stage, catalogue)?.shell !== "none") return false;
  for (let link: Stage | null = stage; link; link = link.base.stage) {
    for (const instruction of link.instructions) {
      if (instruction.keyword === "RUN") return false;
      if ((instruction.keyword === "COPY" || instruction.keyword === "ADD") && mayBringShell(instruction)) return false;
    }
  }
  return true;
}

function mayBringShell(instruction: Instruction): boolean {
  const { json, words } = instruction.parsed;
  const last = words[words.length - 1];
  const target = json ? (json[json.length - 1]?.value ?? null) : last ? meaningOf(instruction, last) : null;
  if (target === null) return true;
  if (/busybox|rootfs|\/bin\/(?:ba|da|a)?sh\b/.test(instruction.parsed.text)) return true;
  const folder = target.startsWith("/") ? target : `${instruction.workdir ?? ""}/${target.replace(/^\.\/?/, "")}`;
  return shellFolders.test(folder.replace(/(.)\/+$/, "$1"));
}
