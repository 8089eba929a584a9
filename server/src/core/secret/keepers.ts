/** Tools that keep what they are told in settings of their own. */
import type { EffectiveCommand } from "../shell/commands";

/** A tool that keeps in a file of its own what this command tells it. */
export interface Keeper {
  readonly programs: readonly string[];
  /** The command's words, one blank between them, behind the program. */
  readonly words: RegExp;
  readonly file: string;
  /** What takes it back, in the text of the RUN behind the command. */
  readonly undo: RegExp;
}

const keepers: readonly Keeper[] = [
  {
    programs: ["npm", "pnpm"],
    words: /^(?:config )?set /,
    file: ".npmrc",
    undo: /\bp?npm\s+(?:config\s+(?:delete|rm|unset)|logout)|rm\s[^\n;&|]*\.npmrc/,
  },
  {
    programs: ["yarn"],
    words: /^config set /,
    file: ".yarnrc.yml",
    undo: /yarn\s+config\s+(?:unset|delete)|rm\s[^\n;&|]*\.yarnrc/,
  },
  {
    programs: ["pip", "pip3"],
    words: /^config (?:\S+ )?set /,
    file: "pip.conf",
    undo: /pip3?\s+config\s+(?:\S+\s+)?unset|rm\s[^\n;&|]*pip\.conf/,
  },
  {
    programs: ["composer"],
    words: /^(?:\S+ )?config /,
    file: "auth.json",
    undo: /composer\s[^\n;&|]*--unset|rm\s[^\n;&|]*auth\.json/,
  },
  {
    programs: ["bundle"],
    words: /^config /,
    file: ".bundle/config",
    undo: /bundle\s+config\s+(?:unset|--delete)|rm\s[^\n;&|]*\.bundle/,
  },
  {
    programs: ["poetry"],
    words: /^config /,
    file: "auth.toml",
    undo: /poetry\s+config\s[^\n;&|]*--unset|rm\s[^\n;&|]*(?:auth\.toml|pypoetry)/,
  },
  { programs: ["aws"], words: /^configure set /, file: ".aws/credentials", undo: /rm\s[^\n;&|]*\.aws/ },
  {
    programs: ["cargo"],
    words: /^login /,
    file: ".cargo/credentials.toml",
    undo: /cargo\s+logout|rm\s[^\n;&|]*credentials/,
  },
  {
    programs: ["huggingface-cli", "hf"],
    words: /^(?:auth )?login /,
    file: "the Hugging Face token file",
    undo: /logout|rm\s[^\n;&|]*huggingface/,
  },
  {
    programs: ["gem"],
    words: /^sources? /,
    file: ".gemrc",
    undo: /gem\s+sources?\s[^\n;&|]*(?:-r|--remove)|rm\s[^\n;&|]*\.gemrc/,
  },
  {
    programs: ["dotnet", "nuget"],
    words: /^(?:nuget )?(?:add|update|sources?) /,
    file: "NuGet.Config",
    undo: /nuget\s[^\n;&|]*remove|rm\s[^\n;&|]*nuget\.config/i,
  },
  {
    programs: ["docker", "podman", "helm", "crane", "oras", "skopeo"],
    words: /^(?:registry |auth )?login /,
    file: ".docker/config.json",
    undo: /\blogout\b|rm\s[^\n;&|]*(?:config\.json|\.docker)/,
  },
];

/** The tool that keeps what this command says, or null. */
export function keeperOf({ name, words }: EffectiveCommand): Keeper | null {
  const keeper = keepers.find(({ programs }) => programs.includes(name ?? ""));
  const said = words.slice(1).map((word) => word.value ?? word.text);
  return keeper?.words.test(said.join(" ")) ? keeper : null;
}
