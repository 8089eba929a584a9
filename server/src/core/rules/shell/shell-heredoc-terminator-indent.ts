import { hasTemplate } from "../../fixes/mount";
import { locate } from "../../model/types";
import { defineRule } from "../../rule";

export default defineRule({
  id: "shell-heredoc-terminator-indent",
  theme: "shell",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "The end marker of a heredoc is indented, so the heredoc does not end there.",
  why: "The builder ends `<<EOF` at a line that is exactly `EOF`; for `<<-EOF` tabs may stand before it, blanks may not. An end marker behind blanks is text like any other, and the heredoc swallows the rest of the file.",
  aliases: { tally: ["shellcheck/SC1040"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "Blanks where only tabs may stand",
      code: 'FROM alpine:3.24\nRUN <<-EOF\n  echo hello\n[|  |]EOF\nCMD ["sh"]\n',
      fixed: 'FROM alpine:3.24\nRUN <<-EOF\n  echo hello\nEOF\nCMD ["sh"]\n',
    },
    {
      title: "Indented without the dash",
      code: "FROM alpine:3.24\nCOPY <<EOF /etc/motd\nhello\n[|\t|]EOF\n",
      fixed: "FROM alpine:3.24\nCOPY <<EOF /etc/motd\nhello\nEOF\n",
    },
    { title: "Tabs behind <<-", code: "FROM alpine:3.24\nRUN <<-EOF\n\techo hello\n\tEOF\n" },
    { title: "A word within the text", code: "FROM alpine:3.24\nRUN <<EOF\necho <<X\n  EOF\nEOF\n" },
    { title: "A heredoc that ends nowhere is another fault", code: "FROM alpine:3.24\nRUN <<EOF\necho hello\n" },
  ],
  *check({ model }) {
    for (const instruction of model.instructions) {
      for (const heredoc of instruction.parsed.heredocs) {
        if (heredoc.delimiterSpan !== null) continue;
        const body = locate(instruction, heredoc.bodySpan);
        const { name, chomp } = heredoc.operator;
        const at = indentedMarker(model.text.slice(body.start, body.end), name);
        if (!at) continue;
        const range = { start: body.start + at.from, end: body.start + at.to };
        if (hasTemplate(model, range)) continue;
        yield {
          message: `${name} does not end the heredoc here, because it is indented${chomp ? " by blanks; behind <<- only tabs may stand before it" : ""}. Remove the indentation.`,
          range,
          fixes: () => [
            {
              title: `Remove the indentation of ${name}`,
              applicability: "safe",
              edits: [{ span: range, newText: "" }],
            },
          ],
        };
      }
    }
  },
});

/** The blanks before the first line that is the marker and nothing else. One pass over the body. */
function indentedMarker(body: string, name: string): { from: number; to: number } | null {
  for (let from = 0; from < body.length; ) {
    const newline = body.indexOf("\n", from);
    const end = newline < 0 ? body.length : newline;
    let to = from;
    while (to < end && (body[to] === " " || body[to] === "\t")) to++;
    if (to > from && body.slice(to, end).trimEnd() === name) return { from, to };
    from = end + 1;
  }
  return null;
}
