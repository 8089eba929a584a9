/** What the rules about packages without a version share. They are off by default; see the `why` of each. */
import type { Aliases, Finding, RuleContext } from "../../rule";
import type { ShellWord } from "../../shell/ast";
import type { NamedPackage, PackageOperation } from "../../shell/packages";
import { callName, callSpan, packageCalls } from "./calls";

/** One family of pins. */
export interface Pins {
  /** True for the calls that are looked at. */
  readonly looks: (operation: PackageOperation) => boolean;
  /** True for a package that needs no version, besides files, addresses and those with one. */
  readonly isFixed: (one: NamedPackage, operation: PackageOperation) => boolean;
  /** How a version is written: "curl=<version>". */
  readonly form: (name: string) => string;
  readonly aliases?: (operation: PackageOperation) => Aliases | null;
}

/** One finding for each call that names packages without a version. Words that depend on variables are skipped. */
export function* withoutVersion({ model }: Pick<RuleContext, "model">, pins: Pins): Iterable<Finding> {
  for (const call of packageCalls(model)) {
    const { operation } = call;
    if (!pins.looks(operation)) continue;
    const found = operation.packages.filter(
      (one) => one.kind === "name" && one.version === null && !isOpen(one.word) && !pins.isFixed(one, operation),
    );
    const [first] = found;
    if (!first) continue;
    const aliases = pins.aliases?.(operation) ?? null;
    yield {
      message: `\`${callName(call)}\` installs ${listed(found.map(({ name }) => name))} in whatever version is newest. Write the version: \`${pins.form(first.name)}\`.`,
      range: callSpan(call),
      ...(aliases ? { aliases } : {}),
    };
  }
}

/** A word that a variable or a pattern completes. */
function isOpen(word: ShellWord): boolean {
  return word.value === null || /[$`*{]/.test(word.value);
}

/** At most three names. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(", ")} and ${rest} more`;
  const last = shown.at(-1) ?? "";
  return shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${last}` : last;
}
