/** The command that takes back what a tool keeps in its settings, by tool. Sources: the manuals of the tools. */
import { flagValue } from "../shell/arguments";
import type { EffectiveCommand } from "../shell/commands";
import { settingOf } from "./git-settings";

/** What takes back what a command stored; null where that is not known, or its key is not plain. */
export function undoCommand(command: EffectiveCommand): string | null {
  const words = command.words.slice(1).map((word) => word.value);
  switch (command.name) {
    case "git": {
      const setting = settingOf(command);
      const scope = words.includes("--system") ? "--system" : "--global";
      return setting && `git config ${scope} --unset-all ${setting.key}`;
    }
    case "npm":
    case "pnpm": {
      const key = keyOf(command, words[0] === "config" ? 3 : 2);
      return key && `${command.name} config delete ${key}`;
    }
    case "yarn": {
      const key = keyOf(command, 3);
      // Yarn 1 keeps npm's keys; later ones have their own.
      return (
        key &&
        `yarn config ${/^npm[A-Z]/.test(key) ? `unset${words.includes("--home") || words.includes("-H") ? " --home" : ""}` : "delete"} ${key}`
      );
    }
    case "pip":
    case "pip3": {
      const scope = words.slice(0, words.indexOf("set")).find((word) => /^--(?:global|user|site)$/.test(word ?? ""));
      const key = keyOf(command, command.words.findIndex((word) => word.value === "set") + 1);
      return key && `${command.name} config${scope ? ` ${scope}` : ""} unset ${key}`;
    }
    case "composer": {
      if (words[0] !== "config" && words[1] !== "config") return null;
      const isGlobal = words.some((word) => /^(?:-g|--global|global)$/.test(word ?? ""));
      const key = keyOf(command, command.words.findIndex((word) => word.value === "config") + 1);
      return key && `composer config${isGlobal ? " --global" : ""} --unset ${key}`;
    }
    case "poetry": {
      const key = keyOf(command, 2);
      return key && `poetry config --unset ${key}`;
    }
    case "bundle": {
      if (words[1] !== "set") return null;
      const scope = words.find((word) => /^--(?:global|local)$/.test(word ?? ""));
      const key = keyOf(command, 3);
      return key && `bundle config unset${scope ? ` ${scope}` : ""} ${key}`;
    }
    case "hf":
      return words[0] === "auth" ? "hf auth logout" : null;
    case "huggingface-cli":
      return "huggingface-cli logout";
    case "cargo":
      return words.length === 2 ? "cargo logout" : null;
    case "dotnet": {
      const name = flagValue(command, ["--name", "-n"])?.value;
      return words[0] === "nuget" && words[1] === "add" && name && /^[\w.-]+$/.test(name)
        ? `dotnet nuget remove source ${name}`
        : null;
    }
    default:
      return null;
  }
}

/** `//registry.npmjs.org/:_authToken` of `config set KEY=VALUE` and of `config set KEY VALUE`; flags may stand before it. */
function keyOf({ words }: EffectiveCommand, from: number): string | null {
  const [first, second] = words.slice(from).filter((word) => !word.text.startsWith("-"));
  const match = /^["']?([\w@:./-]+)(=?)/.exec(first?.text ?? "");
  if (match?.[1] === undefined) return null;
  if (match[2] === "=") return second === undefined ? match[1] : null;
  return second !== undefined && first?.value === match[1] ? match[1] : null;
}
