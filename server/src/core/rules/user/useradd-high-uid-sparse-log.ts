import { defineRule } from "../../rule";
import { findFlag, flagValue } from "../../shell/commands";
import { callSpan, callsOf, canEditCall, wordSpan } from "./calls";

export default defineRule({
  id: "useradd-high-uid-sparse-log",
  theme: "user",
  category: "size",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "useradd makes an account with a large number and writes it to the log of last logins.",
  why: "`/var/log/lastlog` and `/var/log/faillog` hold one entry per number, so that the entry of account 1000000000 lies some 300 GB into the file. The hole before it takes no space on a disk, but a layer stores it in full: builds fill the disk or never end. `--no-log-init` leaves the logs alone.",
  aliases: { hadolint: ["DL3046"], tally: ["hadolint/DL3046"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "A large number",
      code: "FROM debian:trixie\nRUN [|useradd -u 1234567 app|]\nUSER app\n",
      fixed: "FROM debian:trixie\nRUN useradd --no-log-init -u 1234567 app\nUSER app\n",
    },
    {
      title: "A trigger is told, and left as it is",
      code: "FROM debian:trixie\nONBUILD RUN [|useradd --uid=200000 app|]\n",
    },
    { title: "The logs are left alone", code: "FROM debian:trixie\nRUN useradd -l -u 1234567 app\nUSER app\n" },
    { title: "The same in full", code: "FROM debian:trixie\nRUN useradd --no-log-init --uid 1234567 app\nUSER app\n" },
    { title: "A small number", code: "FROM debian:trixie\nRUN useradd -u 10001 app\nUSER app\n" },
    { title: "Nobody knows the number", code: "FROM debian:trixie\nARG ID\nRUN useradd -u $ID app\nUSER app\n" },
    {
      title: "adduser of busybox has no such log",
      code: "FROM alpine:3.24\nRUN adduser -D -u 1234567 app\nUSER app\n",
    },
  ],
  *check({ model }) {
    for (const call of callsOf(model, "useradd")) {
      const number = flagValue(call.command, ["-u", "--uid"])?.value ?? null;
      // The same border as hadolint: numbers of six digits and more.
      if (number === null || !/^\d{6,}$/.test(number) || Number(number) < 100_000) continue;
      if (findFlag(call.command, ["-l", "--no-log-init"], flags)) continue;
      const [name] = call.command.words;
      yield {
        message: `The log of last logins grows with the number ${number}, and the layer with it. Add --no-log-init.`,
        range: callSpan(call),
        fixes: () => {
          if (!name || !canEditCall(model, call)) return [];
          const { end } = wordSpan(call, name);
          return [
            {
              title: "Add --no-log-init",
              applicability: "safe",
              edits: [{ span: { start: end, end }, newText: " --no-log-init" }],
            },
          ];
        },
      };
    }
  },
});

/** Flags of useradd with a value, so that `-k l` is not taken for `-l`. */
const flags = ["-b", "-c", "-d", "-e", "-f", "-g", "-G", "-k", "-K", "-p", "-s", "-u", "-Z", "-R", "-P", "-F"];
