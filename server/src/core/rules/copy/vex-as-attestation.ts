import { defineRule } from "../../rule";
import { baseName, copiesOf } from "./copies";

export default defineRule({
  id: "vex-as-attestation",
  theme: "copy",
  category: "security",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A VEX document is copied into the image instead of being attached to it.",
  why: "A VEX document says which vulnerabilities do not matter. Inside the image it is as old as the image; attached as an attestation it can be renewed without a build, and scanners find it. Off by default, for few images have one.",
  aliases: { tally: ["tally/prefer-vex-attestation"] },
  fixable: "none",
  examples: [
    { title: "OpenVEX", code: "FROM alpine:3.24\nCOPY [|app.openvex.json|] /usr/share/vex/\n" },
    { title: "Any name with vex in it", code: "FROM alpine:3.24\nCOPY [|security/vex.json|] /vex.json\n" },
    { title: "Another file", code: "FROM alpine:3.24\nCOPY vexing.json convex.js /\n" },
    { title: "In a stage that does not ship", code: "FROM alpine:3.24 AS a\nCOPY vex.json /\nFROM alpine:3.24\n" },
  ],
  *check({ model }) {
    for (const stage of model.stages) {
      if (!stage.ships) continue;
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
        for (const { value, span } of copiesOf(instruction)?.sources ?? []) {
          if (value === null || !/(?:^|[._-])(?:open)?vex[._-](?:.*\.)?(?:json|xml)$/i.test(baseName(value))) continue;
          yield {
            message:
              "This VEX document becomes part of the image, where nobody can renew it. Attach it as an attestation instead.",
            range: span,
          };
        }
      }
    }
  },
});
