/** What BuildKit's parser would refuse; the model has found it already. */
import { defineRule } from "../../rule";
import { faultCause } from "./faults";

export default defineRule({
  id: "syntax-error",
  theme: "instruction",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "The builder cannot parse the file.",
  why: "The build stops before the first step. The message tells what the builder expects at this place.",
  aliases: {
    hadolint: ["DL1000"],
    tally: ["tally/parse-error"],
    sonar: ["S2260"],
    "docker-language-server": ["BuildError"],
  },
  fixable: "none",
  examples: [
    { title: "A value with blanks needs quotes", code: "FROM alpine:3.22\nENV GREETING=hello [|world|]\n" },
    { title: "A heredoc that never ends", code: "FROM alpine:3.22\nRUN [|<<EOF|]\necho hello\n" },
    { title: "A flag that the instruction does not have", code: "FROM alpine:3.22\nCOPY [|--form=build|] a b\n" },
    { title: "A quote that never closes", code: "FROM alpine:3.22\nCOPY app [|/srv/app'|]\n" },
    { title: "A blank ends a name, also between quotes", code: 'FROM alpine:3.22\nCOPY [|"my|] app" /srv/app/\n' },
    {
      title: "A field that no mount has",
      code: "FROM alpine:3.22\nRUN --mount=type=cache,[|taget=/root/.cache|] make\n",
    },
    { title: "A list may hold names with blanks", code: 'FROM alpine:3.22\nCOPY ["my app", "/srv/app/"]\n' },
    { title: "Quotes hold a value together", code: 'FROM alpine:3.22\nENV GREETING="hello world"\n' },
    { title: "A template is not yet a Dockerfile", code: "FROM alpine:3.22\n{% if debug %}\nENV A b c\n{% endif %}\n" },
  ],
  *check({ model }) {
    for (const problem of model.problems) {
      if (problem.kind !== "syntax") continue;
      // Where a rule knows more of the same fault, its finding stands for this one.
      yield { message: problem.message, range: problem.span, cause: faultCause(problem.span) };
    }
  },
});
