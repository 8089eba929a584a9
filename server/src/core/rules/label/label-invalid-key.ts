import { instructionsNamed } from "../../model/index-of";
import { defineRule } from "../../rule";
import { keySpan, labelsIn } from "./labels";

export default defineRule({
  id: "label-invalid-key",
  theme: "label",
  category: "style",
  severity: "hint",
  recommended: true,
  since: "0.1.0",
  summary: "A label key breaks Docker's rules for keys, or lies in a namespace that Docker keeps for itself.",
  why: "Docker asks for keys of lower-case letters, digits, single dots and hyphens, with a letter first and a letter or digit last, and keeps `com.docker.`, `io.docker.` and `org.dockerproject.` for its own use. Other keys work, but tools that filter by label may not find them. Underscores are left alone, since so many keys have them.",
  aliases: { hadolint: ["DL3048"], tally: ["tally/labels/valid-key"] },
  scope: "instruction",
  fixable: "unsafe",
  examples: [
    {
      title: "Capitals",
      code: "FROM alpine:3.24\nLABEL [|Maintainer|]=me\n",
      fixed: "FROM alpine:3.24\nLABEL maintainer=me\n",
    },
    {
      title: "A blank",
      code: 'FROM alpine:3.24\nLABEL [|"my key"|]=1\n',
      fixed: "FROM alpine:3.24\nLABEL my-key=1\n",
    },
    { title: "A namespace of Docker's", code: "FROM alpine:3.24\nLABEL [|com.docker.thing|]=1\n" },
    {
      title: "Two dots",
      code: "FROM alpine:3.24\nLABEL [|com..example|]=1\n",
      fixed: "FROM alpine:3.24\nLABEL com.example=1\n",
    },
    { title: "Underscores", code: "FROM alpine:3.24\nLABEL build_date=1\n" },
    { title: "As it should be", code: "FROM alpine:3.24\nLABEL com.example.my-key2=1 maintainer=me\n" },
    {
      title: "Labels that Docker Desktop reads",
      code: "FROM alpine:3.24\nLABEL com.docker.desktop.extension.icon=x\n",
    },
    {
      title: "Commands for podman container runlabel",
      code: 'FROM fedora:44\nLABEL INSTALL="podman run IMAGE /install.sh" RUN="podman run IMAGE"\n',
    },
    { title: "A variable decides", code: "FROM alpine:3.24\nARG K\nLABEL X$K=1\n" },
  ],
  *check({ model }) {
    for (const instruction of instructionsNamed(model, "LABEL")) {
      for (const label of labelsIn(instruction)) {
        const { key } = label;
        // Most keys are as they should be, which one look tells.
        if ((plain.test(key) && !reserved.test(key)) || runLabels.has(key)) continue;
        const judged = key.replaceAll("_", "-").replace(/-+/g, "-");
        const isReserved = reserved.test(key) && !extensions.test(key);
        if (valid.test(judged) && !isReserved) continue;
        yield {
          message: isReserved
            ? `Docker keeps the namespace of the label key ${key} for itself. Use one of your own, such as that of your domain.`
            : `The label key ${key} has other signs than lower-case letters, digits, single dots and hyphens between. Rename it.`,
          range: keySpan(label),
          fixes: () => {
            const wanted = legal(key);
            return isReserved || wanted === key || !valid.test(wanted)
              ? []
              : [
                  {
                    title: `Rename the key to ${wanted}`,
                    applicability: "unsafe",
                    reason: "Whatever reads the old key no longer finds it.",
                    edits: [{ span: keySpan(label), newText: wanted }],
                  },
                ];
          },
        };
      }
    }
  },
});

const plain = /^[a-z][a-z0-9]*(?:\.[a-z0-9]+)*$/;
const valid = /^[a-z](?:[a-z0-9]|[.-](?=[a-z0-9]))*$/;
const reserved = /^(?:com\.docker|io\.docker|org\.dockerproject)\./;

/** Commands that a label keeps, in capitals by custom. Sources: podman-container-runlabel(1), atomic(1). */
const runLabels: ReadonlySet<string> = new Set(["INSTALL", "UNINSTALL", "RUN", "STOP", "UPDATE", "DEBUG", "HELP"]);

// Keys that Docker's own documentation asks authors to write.
const extensions = /^com\.docker\.(?:desktop\.|extension\.|image\.source\.|compose\.|service\.|volume\.|network\.)/;

function legal(key: string): string {
  return key
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .replace(/([.-])[.-]+/g, "$1")
    .replace(/^[^a-z]+|[.-]+$/g, "");
}
