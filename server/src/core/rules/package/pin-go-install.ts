import type { Stage } from "../../model/types";
import { defineRule } from "../../rule";
import { callName, callSpan, packageCalls } from "./calls";

export default defineRule({
  id: "pin-go-install",
  theme: "package",
  category: "reproducibility",
  severity: "warning",
  recommended: false,
  since: "0.1.0",
  summary: "`go install` names a module without a version, or its `@latest`.",
  why: "Two builds of the same file may build different versions of the tool, and a new one may want a newer Go. The module proxy keeps old versions, so a pin lasts. It is off by default, since many images want the newest tool on purpose. Packages of the project itself have no version and are left alone.",
  aliases: { hadolint: ["DL3062"] },
  fixable: "none",
  examples: [
    { title: "The newest", code: "FROM golang:1.27\nRUN [|go install|] golang.org/x/tools/gopls@latest\n" },
    { title: "No version", code: "FROM golang:1.27\nRUN [|go get|] github.com/pkg/errors\n" },
    { title: "With a version", code: "FROM golang:1.27\nRUN go install golang.org/x/tools/gopls@v0.21.0\n" },
    { title: "The project itself", code: "FROM golang:1.27\nRUN go install ./... && go get -d ./cmd\n" },
    { title: "The standard library", code: "FROM golang:1.27\nRUN go install std && go install cmd/vet\n" },
    { title: "A variable", code: "FROM golang:1.27\nARG V\nRUN go install golang.org/x/tools/gopls@${V}\n" },
    {
      title: "Modules that the project lists",
      code: "FROM golang:1.27\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go install github.com/air-verse/air\n",
    },
  ],
  *check({ model }) {
    const manifests = new Map<Stage, number>();
    for (const call of packageCalls(model)) {
      const { operation, step } = call;
      if (operation.manager !== "go" || operation.action !== "install") continue;
      // With a go.mod at hand a bare path is built in the version that it says.
      const since = manifests.get(step.stage) ?? manifestSince(step.stage);
      manifests.set(step.stage, since);
      const hasManifest = since < step.instruction.index;
      const found = operation.packages.filter(({ name, version, word }) => {
        if (word.value === null || !/^[a-z0-9-]+(?:\.[a-z0-9-]+)+\//i.test(name)) return false;
        return version === "latest" || (version === null && !hasManifest);
      });
      const [first] = found;
      if (!first) continue;
      yield {
        message: `\`${callName(call)}\` builds ${first.name} in whatever version is newest. Write the version: \`${first.name}@v<version>\`.`,
        range: callSpan(call),
      };
    }
  },
});

/** The first instruction of a stage that brings or makes a go.mod, as far as one can see; past the end without one. */
function manifestSince(stage: Stage): number {
  const brings = /go\.mod|\bgo mod init\b|^(?:COPY|ADD)\s+(?:--\S+\s+)*\.\/?\s|\bgit clone\b/i;
  return stage.instructions.find(({ parsed }) => brings.test(parsed.text))?.index ?? Number.POSITIVE_INFINITY;
}
