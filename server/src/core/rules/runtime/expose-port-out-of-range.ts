import { type ExposedPort, exposedPorts } from "../../fixes/ports";
import { defineRule } from "../../rule";

export default defineRule({
  id: "expose-port-out-of-range",
  theme: "runtime",
  category: "correctness",
  severity: "error",
  recommended: true,
  since: "0.1.0",
  summary: "EXPOSE names a port that is no number from 0 to 65535.",
  why: "Ports are numbers of 16 bits. The builder stops at anything else, be it too large, a name such as `http`, a list with commas, or a range that runs backwards.",
  aliases: {
    hadolint: ["DL3011"],
    trivy: ["DS-0008"],
    kics: ["UNIX Ports Out Of Range"],
    semgrep: ["invalid-port"],
    "dockerfile-utils": ["INVALID_PORT"],
    tally: ["hadolint/DL3011"],
  },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "Too large", code: "FROM alpine:3.24\nEXPOSE 80 [|80443|]\n" },
    { title: "A name", code: "FROM alpine:3.24\nEXPOSE [|http|]\n" },
    { title: "Commas", code: "FROM alpine:3.24\nEXPOSE [|80,443|]\n" },
    { title: "Backwards", code: "FROM alpine:3.24\nEXPOSE [|9000-8000/udp|]\n" },
    { title: "A default", code: "FROM alpine:3.24\nARG PORT=99999\nEXPOSE [|$PORT|]\n" },
    { title: "In a trigger", code: "FROM alpine:3.24\nONBUILD EXPOSE [|70000|]\n" },
    { title: "Ports and ranges", code: "FROM alpine:3.24\nEXPOSE 0 65535/udp 8000-8010\n" },
    { title: "Nobody knows the port", code: "FROM alpine:3.24\nARG PORT\nEXPOSE ${PORT}\n" },
    { title: "A comment is another matter", code: "FROM alpine:3.24\nEXPOSE 80 # http and more\n" },
  ],
  *check({ model }) {
    for (const port of exposedPorts(model)) {
      const fault = faultOf(port);
      if (fault === null) continue;
      yield {
        message: `${fault} The builder stops here. Write the number of a port, from 0 to 65535.`,
        range: port.span,
        ...(port.range ? {} : { aliases: { "dockerfile-utils": ["INVALID_PORT"], semgrep: ["invalid-port"] } }),
      };
    }
  },
});

function faultOf({ port, range }: ExposedPort): string | null {
  const shown = port.length > 30 ? `${port.slice(0, 29)}…` : port;
  if (range === null) {
    if (/^[\d,]+$/.test(port) && port.includes(","))
      return `Blanks, not commas, stand between ports: ${shown} is none.`;
    return port === "" ? "Here no port stands." : `${shown} is no number.`;
  }
  if (range.first > 65535 || range.last > 65535) return `There is no port ${shown}.`;
  return range.last < range.first ? `The range ${shown} runs backwards.` : null;
}
