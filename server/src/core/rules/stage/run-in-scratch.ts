import type { Instruction, Stage } from "../../model/types";
import { defineRule } from "../../rule";
import { readMount } from "../../syntax/flags";

export default defineRule({
  id: "run-in-scratch",
  theme: "stage",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A RUN in shell form stands in a scratch stage that has no shell.",
  why: "The shell form needs `/bin/sh`, and `scratch` has no files at all, so the build stops there. Run the command in a stage that has a shell and copy what it made.",
  aliases: { tally: ["tally/shell-run-in-scratch"] },
  reads: ["ADD", "COPY", "RUN"],
  fixable: "none",
  examples: [
    { title: "There is no shell", code: "FROM scratch\nCOPY app /opt/app\n[|RUN|] chmod +x /opt/app\n" },
    {
      title: "Nor in a stage on top of it",
      code: "FROM scratch AS base\nENV A=1\nFROM base\n[|RUN|] mkdir /data\n",
    },
    {
      title: "A whole file system was put there",
      code: "FROM scratch\nADD rootfs.tar.xz /\nRUN apk update\n",
    },
    {
      title: "A shell was copied",
      code: "FROM busybox:1.38 AS tools\nFROM scratch\nCOPY --from=tools /bin/busybox /bin/sh\nRUN mkdir /data\n",
    },
    { title: "The exec form needs no shell", code: 'FROM scratch\nCOPY app /app\nRUN ["/app", "--init"]\n' },
    {
      title: "A mount brings the tools",
      code: "FROM scratch\nRUN --mount=from=busybox,source=/bin,target=/bin mkdir /data\n",
    },
    {
      title: "Another shell is set",
      code: 'FROM scratch\nCOPY busybox /opt/busybox\nSHELL ["/opt/busybox", "sh", "-c"]\nRUN mkdir /data\n',
    },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (!stage.root.base.scratch) continue;
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "RUN" || instruction.parsed.json || instruction.shell.words) continue;
        if (instruction.shell.kind !== "posix" || bringsTools(instruction)) continue;
        if (mayHaveShell(stage, instruction)) break;
        yield {
          message: "scratch has no shell, so this RUN cannot start. Run it in an earlier stage and copy the result.",
          range: instruction.keywordSpan,
        };
        // What comes behind stops for the same reason.
        break;
      }
    }
  },
});

function bringsTools(run: Instruction): boolean {
  return run.parsed.flags.some((flag) => {
    const mount = readMount(flag);
    return mount !== null && mount.type === "bind";
  });
}

/** True when something before the RUN may have put a shell there: an archive, a folder, an exec form, a file in /bin. */
function mayHaveShell(stage: Stage, run: Instruction): boolean {
  for (let one: Stage | null = stage; one; one = one.base.stage) {
    for (const instruction of one.instructions) {
      if (instruction.index >= run.index) break;
      const { keyword, parsed } = instruction;
      if (keyword === "ADD" || keyword === "RUN" || keyword === "ONBUILD") return true;
      if (keyword !== "COPY") continue;
      const target = parsed.json ? parsed.json.at(-1)?.value : parsed.words.at(-1)?.value;
      if (target == null || !/^\/(?!(?:s?bin|usr)\b)[\w.-]+\/[\w./-]*[\w-]$/.test(target)) return true;
    }
  }
  return false;
}
