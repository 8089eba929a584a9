/** What a Dockerfile means: built in one forward pass over its instructions, read-only afterwards. */
import type { ImageReference } from "../image/reference";
import type { Directive, Escape, Pair, ParsedInstruction, ProblemCode, Word } from "../syntax/types";
import type { LineIndex, LocalSpan, Span } from "../text";

export interface Model {
  readonly text: string;
  readonly lines: LineIndex;
  readonly escape: Escape;
  readonly lineEnding: "\n" | "\r\n";
  readonly directives: readonly Directive[];
  readonly instructions: readonly Instruction[];
  /** Comment lines outside instructions and inside them, in order; directives are not among them. */
  readonly comments: readonly Comment[];
  readonly stages: readonly Stage[];
  /** The stage that ships: `target` where one was given and exists, else the last one. Null without any FROM. */
  readonly finalStage: Stage | null;
  readonly globals: Scope;
  /** What the builder would refuse. */
  readonly problems: readonly Problem[];
  readonly suppressions: readonly Suppression[];
  /** Spans of template syntax (`{{ }}`, `{% %}`, `<% %>`, `@NAME@`): opaque. Empty in a plain Dockerfile. */
  readonly templates: readonly Span[];
  /** True when the file is a template of a Dockerfile: template code decides which lines exist. Nothing is reported then. */
  readonly isTemplate: boolean;
  /** The `# syntax=` directive's frontend, e.g. `docker/dockerfile:1`, or null. */
  readonly frontend: string | null;
}

export interface Problem {
  /** `no-stage`: the file has no FROM, or something stands before the first one. */
  readonly kind: "syntax" | "unknown-instruction" | "no-stage";
  readonly span: Span;
  readonly message: string;
  /** What exactly is wrong, where there is a name for it; null for all else. */
  readonly code: ProblemCode | null;
}

export interface Comment {
  /** From the `#` sign to the end of the line. */
  readonly span: Span;
  /** Without the `#` sign, trimmed. */
  readonly text: string;
  /** The instruction it stands in, or null. */
  readonly inside: Instruction | null;
  /** The instruction that follows the comment's block with only comments and blank lines between, or null. */
  readonly above: Instruction | null;
}

/** One instruction in its place. `parsed` is shared between versions; everything here belongs to this version. */
export interface Instruction {
  readonly parsed: ParsedInstruction;
  readonly keyword: string;
  /** Position in `model.instructions`. */
  readonly index: number;
  /** Offset of its block: add it to a local offset, or call `locate`. */
  readonly blockStart: number;
  readonly span: Span;
  readonly keywordSpan: Span;
  /** Null before the first FROM. */
  readonly stage: Stage | null;
  /** The user as whom it runs, before the instruction takes effect. */
  readonly user: UserState;
  /** The shell that runs its shell form. */
  readonly shell: ShellState;
  /** WORKDIR in force: an absolute path, or null where it is not known (base image's own, or a variable). */
  readonly workdir: string | null;
}

export interface Stage {
  readonly index: number;
  /** Lower case name of `AS name`, or null. */
  readonly name: string | null;
  readonly nameSpan: Span | null;
  readonly from: Instruction;
  /** The FROM itself and all that follows it. */
  readonly instructions: readonly Instruction[];
  readonly base: Base;
  /** The stage at the root of its FROM chain: the one whose base is an image, scratch or unknown. Itself, mostly. */
  readonly root: Stage;
  readonly scope: Scope;
  /** Stages that this one takes files from (COPY/ADD --from, RUN --mount from), each named once. */
  readonly copiesFrom: readonly StageUse[];
  /** True when the final stage needs it: it is the final stage, a parent of it, or copied from on the way. */
  readonly reachesFinal: boolean;
  /** True when its layers are part of the shipped image: the final stage and its FROM chain. */
  readonly ships: boolean;
  /** State at the end of the stage. */
  readonly userAtEnd: UserState;
  readonly shellAtEnd: ShellState;
  readonly workdirAtEnd: string | null;
}

/** What stands behind FROM. */
export interface Base {
  /** The word as written, or null when missing. */
  readonly word: Word | null;
  readonly span: Span | null;
  /** The word with all variables replaced, or null when one of them is not known. */
  readonly resolved: string | null;
  /** The stage it names, or null. */
  readonly stage: Stage | null;
  readonly scratch: boolean;
  /** Parsed `resolved`, where it is an image; null for stages, scratch, unknown or invalid. */
  readonly reference: ImageReference | null;
  /** Value of `--platform` after expansion, or null. */
  readonly platform: string | null;
  /** Global ARGs that the word uses. */
  readonly arguments: readonly Binding[];
}

export interface StageUse {
  readonly instruction: Instruction;
  /** The stage, or null when `--from` names an image or something unknown. */
  readonly stage: Stage | null;
  /** The image when it is one. */
  readonly reference: ImageReference | null;
  readonly span: Span;
}

/** Who runs. `unknown`: a variable without value. `base`: no USER in the chain, so the base image decides. */
export type UserState =
  | { readonly kind: "base" }
  | { readonly kind: "unknown"; readonly instruction: Instruction }
  | {
      readonly kind: "set";
      /** The part before the colon, expanded: `node`, `1000`. */
      readonly name: string;
      readonly group: string | null;
      readonly instruction: Instruction;
    };

export interface ShellState {
  /** `posix`: sh and its kin. `other`: a SHELL that we do not know; `unknown`: it holds a variable. */
  readonly kind: "posix" | "powershell" | "cmd" | "other" | "unknown";
  /** Words of SHELL, or null while the base image's default holds. */
  readonly words: readonly string[] | null;
  readonly instruction: Instruction | null;
}

/** One name's declaration. */
export interface Binding {
  readonly name: string;
  readonly kind: "arg" | "env" | "platform" | "build-arg" | "proxy";
  /** The value, or null when it is not known (no default, or made of unknown values). */
  readonly value: string | null;
  /** Declared without a value (`ARG NAME`). */
  readonly unset: boolean;
  readonly instruction: Instruction | null;
  readonly pair: Pair | null;
  /** Order of declaration: the index of its instruction, -1 for predefined ones. */
  readonly at: number;
}

/** Names visible in a stage, or before the first FROM. Lookups cost the logarithm of a name's redeclarations. */
export interface Scope {
  /** The binding of a name as seen by the instruction at `index` (declared before it), or null. */
  lookup(name: string, index: number): Binding | null;
  /** All bindings declared here, in order; those inherited through FROM are not repeated. */
  readonly bindings: readonly Binding[];
  /** The scope of the stage that this one builds on, or null. */
  readonly parent: Scope | null;
}

/** A comment that silences findings. */
export interface Suppression {
  readonly dialect: "plimsoll" | "hadolint" | "buildkit" | "trivy" | "checkov" | "kics" | "tally" | "dockerfile-utils";
  /** Ids as written, of ours or of any peer; `all` (or `*`) means every rule. */
  readonly ids: readonly SuppressedId[];
  readonly reach: "instruction" | "stage" | "file" | "lines";
  /** What is covered; for `file` the whole text. */
  readonly covers: Span;
  readonly reason: string | null;
  /** The comment. */
  readonly span: Span;
}

export interface SuppressedId {
  readonly text: string;
  readonly span: Span;
}

/** Absolute span of something local to an instruction. */
export function locate(instruction: Instruction, local: LocalSpan): Span {
  return { start: instruction.blockStart + local.from, end: instruction.blockStart + local.to };
}
