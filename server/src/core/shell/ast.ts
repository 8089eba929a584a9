/**
 * Plimsoll's own tree of a shell script: plain data, only what rules and fixes ask for. All offsets are UTF-16 code
 * units in `ShellScript.text`; `from` is included, `to` is not.
 */

/** How a list item is joined to the next one. */
export type ShellConnector = "&&" | "||" | ";" | "&" | "\n";

/**
 * What a command stands in, outermost first. `condition` follows `if` or `loop` for the commands that are only asked
 * for their exit status; `substitution` also stands for here-documents that run commands.
 */
export type ShellContext =
  | "subshell"
  | "group"
  | "if"
  | "loop"
  | "condition"
  | "case"
  | "function"
  | "substitution"
  | "negated";

/** A parsed script. Never missing: damaged text gives what could be read, with errors. */
export interface ShellScript {
  readonly text: string;
  /**
   * Every simple command wherever it stands, in the order of reading: a command comes before those inside its words, and
   * those in a here-document follow the command that the document belongs to.
   */
  readonly commands: readonly ShellCommand[];
  /** Every pipe of two or more stages. */
  readonly pipelines: readonly ShellPipeline[];
  /** Every variable that is read, wherever it stands. */
  readonly variables: readonly ShellVariable[];
  /** Every name that the script sets itself. */
  readonly definitions: readonly ShellDefinition[];
  /** Redirections of compound commands: `{ …; } > file`, `done < file`. */
  readonly redirections: readonly ShellRedirection[];
  /** The outermost list. */
  readonly topLevel: readonly ListItem[];
  readonly errors: readonly { readonly message: string; readonly at: number }[];
  /** True when the text holds no syntax error. */
  readonly wellFormed: boolean;
}

/** One item of the outermost list, with what joins it to the next. */
export interface ListItem {
  readonly from: number;
  readonly to: number;
  /** What joins this item to the next one; null for the last, unless it runs in the background (`&`). */
  readonly connector: ShellConnector | null;
  /** Where the connector stands; null when there is none. */
  readonly connectorSpan: { readonly from: number; readonly to: number } | null;
  readonly kind: "command" | "pipeline" | "compound";
  /** All commands within, also nested ones. */
  readonly commands: readonly ShellCommand[];
}

/** A pipe of at least two stages. */
export interface ShellPipeline {
  /** The same as `ShellCommand.pipeline.id` of the commands that are stages themselves. */
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly stages: readonly ShellStage[];
}

/** One stage of a pipe: a simple command, or a compound one with the commands within. */
export interface ShellStage {
  readonly from: number;
  readonly to: number;
  readonly kind: "command" | "compound";
  readonly commands: readonly ShellCommand[];
}

/** A simple command. `[[ … ]]` counts as one, with its operators as words. */
export interface ShellCommand {
  /** Place in `ShellScript.commands`. */
  readonly index: number;
  /** The value of the first word as written, path included; null when it is not known or there is none. */
  readonly name: string | null;
  /** All words, the name included, assignments before it not. */
  readonly words: readonly ShellWord[];
  /** The assignments before the name, and those that are a command of their own. */
  readonly assignments: readonly ShellAssignment[];
  readonly redirections: readonly ShellRedirection[];
  readonly from: number;
  readonly to: number;
  /** Its pipe: `length` is 1 when it stands alone. */
  readonly pipeline: { readonly id: number; readonly index: number; readonly length: number };
  /** What joins the list item that holds this command to the one before it. */
  readonly before: ShellConnector | null;
  /** What joins that list item to the next one. */
  readonly after: ShellConnector | null;
  readonly context: readonly ShellContext[];
  /** Place in `ShellScript.topLevel` of the item that holds it. */
  readonly item: number;
}

/** A word, with quotes as written in `text` and taken away in `value`. */
export interface ShellWord {
  readonly text: string;
  /** The one value that the word always has; null when it depends on an expansion. Globs stay as they are. */
  readonly value: string | null;
  readonly from: number;
  readonly to: number;
  /** Every variable read within, also inside command substitutions. */
  readonly variables: readonly ShellVariable[];
  /** `single` and `double` when one pair of quotes holds the whole word. */
  readonly quoted: "none" | "single" | "double" | "mixed";
}

/** `NAME=value` before a command or alone. */
export interface ShellAssignment {
  readonly name: string;
  /** Null for an array. */
  readonly value: ShellWord | null;
  readonly from: number;
  readonly to: number;
}

/** A place where a variable is read: `$X`, `${X…}`, or a bare name in arithmetic. */
export interface ShellVariable {
  /** The name without `$`; also `1`, `@`, `?`. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly nameFrom: number;
  readonly nameTo: number;
  readonly braced: boolean;
  /** True between double quotes, where the value stays one word. */
  readonly quoted: boolean;
  /** The operator behind the name: `:-`, `#`, `/` …; `length` for `${#X}`, `indirect` for `${!X}`; null without one. */
  readonly operator: string | null;
  /** The value behind `-`, `:-`, `=`, `:=` when it is a plain text. */
  readonly defaultValue: string | null;
}

/** A place where the script gives a variable a value. */
export interface ShellDefinition {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** `prefix`: for one command only (`X=1 make`). `declare`: export, local, readonly, declare, typeset. */
  readonly kind: "assign" | "prefix" | "declare" | "loop" | "read";
}

/** A redirection or here-document. */
export interface ShellRedirection {
  /** `>`, `>>`, `<`, `2>&1` gives `>&`, `<<`, `<<-`, `<<<` … */
  readonly operator: string;
  readonly descriptor: number | null;
  /** Null for a here-document, or where the target is missing. */
  readonly target: ShellWord | null;
  readonly from: number;
  readonly to: number;
  readonly heredoc: ShellHeredoc | null;
}

/** The body of a here-document, without its end mark. */
export interface ShellHeredoc {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** True when nothing in the body is expanded (`<<'EOF'`). */
  readonly quoted: boolean;
}
