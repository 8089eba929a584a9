import { defineRule } from "../../rule";
import { findFlag, flagValue, operands } from "../../shell/commands";
import { readMount } from "../../syntax/flags";
import { type Call, callSpan, callsOf } from "./calls";

export default defineRule({
  id: "password-set-in-run",
  theme: "user",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A RUN sets, or clears, the password of an account.",
  why: "A password in an image is the same in every container of it, and whoever can pull the image reads it in the history, or breaks its hash at leisure. An empty one lets everybody in. Containers need no logins; where they do, use keys that are mounted at run time. `root:Docker!` is a hint only: Azure App Service lets nobody but itself in by it.",
  aliases: { checkov: ["CKV2_DOCKER_17"], dockle: ["DKL-LI-0001"] },
  scope: "instruction",
  fixable: "none",
  examples: [
    { title: "Through a pipe", code: "FROM debian:trixie\nRUN echo 'root:secret' | [|chpasswd|]\n" },
    { title: "None at all", code: "FROM debian:trixie\nRUN [|passwd -d root|]\n" },
    { title: "While the account is made", code: "FROM debian:trixie\nRUN [|useradd -p '$1$abc$def' app|]\n" },
    { title: "Of an account that exists", code: "FROM debian:trixie\nRUN [|usermod --password '' app|]\n" },
    { title: "Read from a pipe", code: "FROM fedora:44\nRUN echo secret | [|passwd --stdin app|]\n" },
    {
      title: "What Azure App Service asks for",
      code: "FROM debian:trixie\nRUN echo 'root:Docker!' | [|chpasswd|]\n",
    },
    { title: "In a trigger", code: "FROM debian:trixie\nONBUILD RUN echo 'a:b' | [|chpasswd|]\n" },
    { title: "Locked", code: "FROM debian:trixie\nRUN passwd -l root && usermod -p '*' app && usermod -L web\n" },
    { title: "No password", code: 'FROM debian:trixie\nRUN adduser --disabled-password --gecos "" app\nUSER app\n' },
    {
      title: "From a secret",
      code: "FROM debian:trixie\nRUN --mount=type=secret,id=accounts chpasswd < /run/secrets/accounts\n",
    },
    {
      title: "Nothing of it is shipped",
      code: "FROM debian:trixie AS test\nRUN echo a:b | chpasswd\n\nFROM scratch\nCOPY --from=test /app /app\n",
    },
  ],
  *check({ model }) {
    for (const call of callsOf(model, "chpasswd", "passwd", "useradd", "usermod")) {
      if (call.stage?.reachesFinal && !call.stage.ships) continue;
      const what = whatItDoes(call);
      if (what === null || readsSecret(call)) continue;
      yield {
        message: `${what} in the image, where everybody who pulls it finds it. Delete it, and let nobody log in by password.`,
        range: callSpan(call),
        ...(call.command.name === "chpasswd" && call.run.parsed.text.includes(appService)
          ? { severity: "hint" as const }
          : {}),
        aliases:
          call.command.name === "chpasswd"
            ? { checkov: ["CKV2_DOCKER_17"], dockle: ["DKL-LI-0001"] }
            : { dockle: ["DKL-LI-0001"] },
      };
    }
  },
});

/** The login of Azure App Service for SSH, which it reaches on the inside alone. Source: its guide to custom containers. */
const appService = "root:Docker!";

function whatItDoes({ command }: Call): string | null {
  switch (command.name) {
    case "chpasswd":
      return "chpasswd sets a password";
    case "passwd":
      if (findFlag(command, ["-d", "--delete"])) return "passwd -d leaves an account without a password";
      if (findFlag(command, ["--stdin"])) return "passwd sets a password";
      // Without a pipe it asks, which no build can answer.
      return command.command.pipeline.index > 0 && !findFlag(command, lockFlags) && operands(command).length <= 1
        ? "passwd sets a password"
        : null;
    default: {
      const given = flagValue(command, ["-p", "--password"]);
      if (!given?.word) return null;
      // A mark of exclamation or a star is no hash: nobody can log in.
      if (given.value !== null && /^[!*x]/.test(given.value)) return null;
      return `${command.name} ${given.value === "" ? "leaves an account without a password" : "sets a password"}`;
    }
  }
}

const lockFlags = ["-l", "--lock", "-u", "--unlock", "-e", "--expire", "-S", "--status"];

function readsSecret({ run }: Call): boolean {
  return run.parsed.flags.some((flag) => readMount(flag)?.type === "secret");
}
