/** The rules that a configuration file names, wherever it does: for links to their pages. */
import type { AnyRule, Span } from "../core/index";
import { ruleIds } from "./rule-ids";

/** A word of the file that means a rule. */
export interface RuleLink {
  readonly span: Span;
  /** Our id of the rule. */
  readonly rule: string;
}

/**
 * The links of a file. Ids are words that mean nothing else in these files, ours have a hyphen and those of others capitals,
 * so no YAML is read: it works in a file that is being written, too. An id that stands for several rules leads nowhere.
 */
export function ruleLinks(text: string, rules: readonly AnyRule[]): readonly RuleLink[] {
  const ids = ruleIds(rules);
  const links: RuleLink[] = [];
  let lineStart = 0;
  for (const line of text.split("\n")) {
    const comment = /(?:^|\s)#/.exec(line);
    const said = comment ? line.slice(0, comment.index) : line;
    for (const word of said.matchAll(
      /(?<![\w./*-])(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)+|[A-Z][A-Z0-9]*(?:[_-]?[A-Z0-9]+)+)(?![\w./*-])/g,
    )) {
      const [rule, other] = ids.resolve(word[0]);
      if (!rule || other) continue;
      const start = lineStart + word.index;
      links.push({ span: { start, end: start + word[0].length }, rule: rule.id });
    }
    lineStart += line.length + 1;
  }
  return links;
}
