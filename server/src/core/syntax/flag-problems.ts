/** Flags at which the builder stops (BuildKit: instructions/bflag.go and the commands' own). */
import { keywords } from "./keywords";
import { mountProblems } from "./mounts";
import { isKnownOwner, isLinked } from "./owner";
import { shorten, syntax } from "./problem";
import type { Flag, LocalProblem, ParsedInstruction } from "./types";

type Parsed = Pick<ParsedInstruction, "keyword" | "flags">;

/** The faults of the flags of an instruction. */
export function flagProblems(parsed: Parsed): LocalProblem[] {
  const allowed = keywords[parsed.keyword]?.flags ?? {};
  const seen = new Set<string>();
  const problems: LocalProblem[] = [];
  // HEALTHCHECK NONE and the trigger of ONBUILD bring no flags of their own.
  for (const flag of parsed.flags) {
    const times = Object.hasOwn(allowed, flag.name) ? allowed[flag.name] : undefined;
    if (times === undefined) {
      const known = Object.keys(allowed);
      const hint =
        known.length > 0 ? ` It takes ${known.map((name) => `--${name}`).join(", ")}.` : " It takes no flags.";
      problems.push(syntax(flag, `${parsed.keyword} has no flag --${shorten(flag.name)}.${hint}`, "unknown-flag"));
    } else if (times === "once" && seen.has(flag.name)) {
      problems.push(syntax(flag, `${parsed.keyword} takes --${flag.name} only once.`, "duplicate-flag"));
    } else if (flag.value === null && !booleanFlags.has(flag.name)) {
      problems.push(syntax(flag, `--${flag.name} needs a value: --${flag.name}=….`, "flag-value"));
    } else if (booleanFlags.has(flag.name) && flag.value?.text && !isBoolean(flag.value.value ?? flag.value.text)) {
      problems.push(syntax(flag, `--${flag.name} is true or false, not ${shorten(flag.value.text)}.`, "flag-value"));
    } else if (flag.name === "mount") problems.push(...mountProblems(flag));
    else problems.push(...wordProblems(flag));
    seen.add(flag.name);
  }
  return problems.length > 0 ? problems : linkProblems(parsed);
}

/** A layer that `--link` makes lies on nothing, so that no name of an account has a number there but root's. */
function linkProblems({ flags }: Parsed): LocalProblem[] {
  const owner = flags.find(({ name }) => name === "chown");
  const value = owner?.value?.value;
  if (!owner || !value || !isLinked(flags) || isKnownOwner(value)) return [];
  const message = `With --link the builder knows no names of accounts, so --chown takes numbers: ${shorten(value)} stops it.`;
  return [syntax(owner, message)];
}

/** Flags that take one of a few words. The builder reads them before it replaces variables. */
function wordProblems(flag: Flag): readonly LocalProblem[] {
  const words = Object.hasOwn(wordFlags, flag.name) ? wordFlags[flag.name] : undefined;
  const value = flag.value && (flag.value.value ?? flag.value.text);
  if (!words || !value || words.includes(value)) return [];
  return [syntax(flag, `--${flag.name} is one of ${words.join(", ")}, not ${shorten(value)}.`)];
}

const wordFlags: { readonly [name: string]: readonly string[] } = {
  network: ["default", "none", "host"],
  security: ["sandbox", "insecure"],
};

const booleanFlags = new Set(["link", "parents", "keep-git-dir", "unpack"]);

// BuildKit knows these two words alone, in any case, and replaces no variables first (instructions/bflag.go).
function isBoolean(value: string): boolean {
  return /^(?:true|false)$/i.test(value);
}
