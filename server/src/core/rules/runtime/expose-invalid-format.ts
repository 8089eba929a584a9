import { exposedPorts } from "../../fixes/ports";
import { defineRule } from "../../rule";

export default defineRule({
  id: "expose-invalid-format",
  theme: "runtime",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "EXPOSE holds an address or a port of the host besides the container's port.",
  why: "EXPOSE notes on which ports the container listens. It cannot publish them: the builder drops the address and the port of the host, and whoever counts on them waits in vain. They belong to `docker run -p` or to the `ports` of Compose.",
  aliases: { buildkit: ["ExposeInvalidFormat"], tally: ["buildkit/ExposeInvalidFormat"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "A port of the host",
      code: "FROM alpine:3.24\nEXPOSE [|8080:80|]\n",
      fixed: "FROM alpine:3.24\nEXPOSE 80\n",
    },
    {
      title: "An address too",
      code: "FROM alpine:3.24\nEXPOSE 443 [|127.0.0.1:5353:53/udp|]\n",
      fixed: "FROM alpine:3.24\nEXPOSE 443 53/udp\n",
    },
    { title: "By a variable", code: 'FROM alpine:3.24\nENV PORTS="80:80"\nEXPOSE [|$PORTS|]\n' },
    { title: "Ports of the container", code: "FROM alpine:3.24\nEXPOSE 80/tcp 8000-8010\n" },
    { title: "Nobody knows the port", code: "FROM alpine:3.24\nARG PORT\nEXPOSE $PORT:80\n" },
  ],
  *check({ model }) {
    for (const { value, host, port, protocol, span, isWritten, range } of exposedPorts(model)) {
      if (host === null || host === "") continue;
      const kept = protocol === null ? port : `${port}/${protocol}`;
      yield {
        message: `EXPOSE cannot map ports: of ${value} the builder keeps ${kept} alone. Name the container's port here, and publish it with docker run -p or in Compose.`,
        range: span,
        fixes: () =>
          isWritten && range !== null
            ? [{ title: `Keep ${kept} alone`, applicability: "safe", edits: [{ span, newText: kept }] }]
            : [],
      };
    }
  },
});
