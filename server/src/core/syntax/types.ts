/** The shape of one instruction as it stands in the file. Every offset is local to its block, so the whole is cacheable. */
import type { LogicalText } from "../shell/body";
import type { LocalSpan } from "../text";

/** The escape character of a file: set by `# escape=`, a backslash by default. */
export type Escape = "\\" | "`";

/** A stretch of whole lines: one instruction with all that belongs to it, one comment line, or one directive. */
export interface Block {
  readonly kind: "instruction" | "comment" | "directive";
  /** Offset of the first character of the first line. */
  readonly start: number;
  /** Offset behind the last character of the last line, its line end not included. */
  readonly end: number;
  /** For an instruction: where its header ends (the line before the first heredoc body); absolute. Else `end`. */
  readonly headerEnd: number;
  /** Bodies of its heredocs, in order. */
  readonly heredocs: readonly HeredocBody[];
}

/** Where a heredoc's body lies; absolute offsets. */
export interface HeredocBody {
  readonly operator: HeredocOperator;
  /** First character of the body; the line after the header or the delimiter before it. */
  readonly start: number;
  /** Behind the last line end of the body: where the delimiter's line starts (or the file ends). */
  readonly end: number;
  /** The delimiter's line, or null when the file ends first. */
  readonly delimiter: { readonly start: number; readonly end: number } | null;
}

/** `<<EOF`, `<<-EOF`, `3<<"EOF"`. Offsets are into the joined header text of the instruction. */
export interface HeredocOperator {
  readonly name: string;
  /** `<<-`: leading tabs are dropped. */
  readonly chomp: boolean;
  /** False when the delimiter is quoted: variables stay as they are. */
  readonly expand: boolean;
  readonly descriptor: number;
}

/** `# name=value` at the top of the file; absolute offsets. */
export interface Directive {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** One instruction, parsed. */
export interface ParsedInstruction {
  /** Text of the block, from the start of its first line. */
  readonly text: string;
  readonly escape: Escape;
  /** Upper case: `RUN`. Empty never. */
  readonly keyword: string;
  /** The keyword as written. */
  readonly keywordSpan: LocalSpan;
  /** From the keyword to the last character that belongs to the instruction, heredoc bodies and delimiters included. */
  readonly span: LocalSpan;
  /** What follows the keyword in the header, joined as the builder joins it, flags included. */
  readonly body: LogicalText;
  /** `--name=value` right after the keyword, where the instruction takes flags. */
  readonly flags: readonly Flag[];
  /** Offset in `body.text` where the flags end and the arguments start. */
  readonly argumentsFrom: number;
  /** Where the arguments lie, without flags, keyword and surrounding blanks; null when there are none. */
  readonly argumentsSpan: LocalSpan | null;
  /** Words of the arguments, as the builder splits them: quotes kept in `text`, dropped in `value`. */
  readonly words: readonly Word[];
  /** The arguments as a JSON array of strings (exec form), else null. */
  readonly json: readonly JsonItem[] | null;
  /** True when the arguments look like a JSON array but are not one, so that the shell form applies. */
  readonly brokenJson: boolean;
  readonly heredocs: readonly Heredoc[];
  /** `NAME=value` pairs of ENV, ARG and LABEL (also `ENV NAME value`); empty for others. */
  readonly pairs: readonly Pair[];
  /** Where files are taken from besides the build context: the values of `--from` and of the `from` of mounts. */
  readonly sources: readonly Source[];
  /** The instruction inside ONBUILD, with offsets local to the same block. */
  readonly trigger: ParsedInstruction | null;
  /** Comment lines inside the instruction; their text without the `#` sign. */
  readonly comments: readonly InnerComment[];
  readonly problems: readonly LocalProblem[];
}

export interface InnerComment extends LocalSpan {
  readonly text: string;
}

/** Something that the builder would refuse, with its place. */
export interface LocalProblem extends LocalSpan {
  readonly kind: "syntax" | "unknown-instruction";
  readonly message: string;
  /** What exactly is wrong, where there is a name for it; null for all else. */
  readonly code: ProblemCode | null;
}

/** The faults that have a name of their own, so that one can speak of them, mend them and silence them apart. */
export type ProblemCode =
  | "duplicate-directive"
  | "duplicate-flag"
  | "extra-argument"
  | "flag-value"
  | "forbidden-trigger"
  | "from-as"
  | "escape-directive"
  | "key-value"
  | "missing-argument"
  | "trailing-comment"
  | "unknown-flag"
  | "unknown-trigger";

/** The name of a stage or an image that files are taken from; the span is that of the flag's value. */
export interface Source extends LocalSpan {
  readonly name: string;
}

/** `--mount=type=cache,target=/x`. */
export interface Flag extends LocalSpan {
  /** Without dashes, as written. */
  readonly name: string;
  readonly nameSpan: LocalSpan;
  /** Null for a flag without `=`. */
  readonly value: Word | null;
}

/** One word. `text` is the joined source text; `value` what it means without variables, else null. */
export interface Word extends LocalSpan {
  readonly text: string;
  /** The word after quote and escape removal; null when it holds variables (then expand it through a scope). */
  readonly value: string | null;
  readonly variables: readonly Variable[];
  /** True when any part is quoted. */
  readonly quoted: boolean;
}

/** `$NAME`, `${NAME}`, `${NAME:-word}`, `${NAME#pattern}`, `${NAME/pattern/text}`; nested ones are listed too. */
export interface Variable extends LocalSpan {
  readonly name: string;
  readonly nameSpan: LocalSpan;
  /** `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`, `/`, `//`, or empty. */
  readonly modifier: string;
  /** The raw text behind the modifier; empty without one. */
  readonly operand: string;
  /** True when it stands inside the operand of another variable. */
  readonly nested: boolean;
}

/** One string of a JSON array. */
export interface JsonItem extends LocalSpan {
  /** Decoded value. The span covers the quotes. */
  readonly value: string;
}

/** One `NAME=value`. */
export interface Pair extends LocalSpan {
  readonly name: string;
  readonly nameSpan: LocalSpan;
  /** Null for `ARG NAME` without a default. */
  readonly value: Word | null;
  /** True for the old form `ENV NAME value`. */
  readonly legacy: boolean;
}

export interface Heredoc {
  readonly operator: HeredocOperator;
  /** The operator in the header, `<<EOF`. */
  readonly operatorSpan: LocalSpan;
  /** The body with its last line end. */
  readonly bodySpan: LocalSpan;
  readonly delimiterSpan: LocalSpan | null;
}
