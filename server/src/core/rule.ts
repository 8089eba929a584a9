/** The contract of a rule: data, examples that are documentation and tests, and one pure function. */
import type { Catalogue, Day } from "./catalogue/types";
import type { RegistryFacts, RemoteImage } from "./image/registry";
import type { SignatureFacts, SignatureReport } from "./image/signature";
import type { ScanFacts, Vulnerability } from "./image/vulnerability";
import type { Model, SuppressedId } from "./model/types";
import type { WorkspaceBase } from "./model/workspace-bases";
import type { ShellCheckRemark, ShellCheckScript } from "./shell/shellcheck";
import type { Edit, Span } from "./text";

export type Severity = "error" | "warning" | "info" | "hint";

/** Most severe first. */
export const severities: readonly Severity[] = ["error", "warning", "info", "hint"];

export type Category =
  | "security"
  | "correctness"
  | "reproducibility"
  | "size"
  | "performance"
  | "maintainability"
  | "style";

/** The folder a rule lives in. */
export type Theme =
  | "base-image"
  | "user"
  | "secret"
  | "stage"
  | "package"
  | "shell"
  | "copy"
  | "instruction"
  | "label"
  | "layout"
  | "runtime"
  | "gpu"
  | "ruby"
  | "php"
  | "suppression"
  | "windows";

/** Tools whose rule ids we answer to. */
export type Peer =
  | "hadolint"
  | "buildkit"
  | "tally"
  | "trivy"
  | "checkov"
  | "kics"
  | "semgrep"
  | "sonar"
  | "dockerfile-utils"
  | "dockle"
  | "docker-language-server";

export type Aliases = { readonly [peer in Peer]?: readonly string[] };

/** One option of a rule. Becomes config schema and documentation. */
export type OptionSpec =
  | { readonly type: "boolean"; readonly default: boolean; readonly description: string }
  | { readonly type: "number"; readonly default: number; readonly description: string }
  | { readonly type: "string"; readonly default: string; readonly description: string }
  | {
      readonly type: "enum";
      readonly values: readonly string[];
      readonly default: string;
      readonly description: string;
    }
  | { readonly type: "strings"; readonly default: readonly string[]; readonly description: string };

export type OptionSpecs = { readonly [name: string]: OptionSpec };

/** The values of options, typed by their specification. */
export type OptionValues<S extends OptionSpecs> = {
  readonly [K in keyof S]: S[K] extends { type: "boolean" }
    ? boolean
    : S[K] extends { type: "number" }
      ? number
      : S[K] extends { type: "strings" }
        ? readonly string[]
        : string;
};

/** One example. `[|…|]` marks where the finding is expected; no mark: the rule must be silent. */
export interface Example {
  readonly title: string;
  readonly code: string;
  /** The text after the first fix of the first finding; leave out when the finding offers none. */
  readonly fixed?: string;
  /** Options of the rule for this example. */
  readonly options?: { readonly [name: string]: boolean | number | string | readonly string[] };
  /** Where the file lies, for rules that look at names. Default `Dockerfile`. */
  readonly path?: string;
  /** Files of the build context, for rules that look at it. */
  readonly files?: { readonly [path: string]: string };
  /** Other Dockerfiles of the workspace, for rules that compare them. */
  readonly others?: { readonly [path: string]: string };
  /** What registries say of images, by the image as written, without its digest: `node:24`. */
  readonly registry?: { readonly [image: string]: ExampleImage };
  /** What came of checking signatures, by the image as written, without its digest. */
  readonly signatures?: { readonly [image: string]: Partial<SignatureReport> };
  /** What a scanner said, by the image as written, without its digest. */
  readonly scans?: { readonly [image: string]: readonly Vulnerability[] };
  /** What ShellCheck says of scripts, by their text, for the rule that hands it on. */
  readonly shellcheck?: { readonly [text: string]: readonly ShellCheckRemark[] };
}

/** What a registry says of one image in an example; what is left out is not known. */
export interface ExampleImage {
  /** What the tag points to. */
  readonly digest?: string;
  /** All tags of the repository. */
  readonly tags?: readonly string[];
  readonly image?: Partial<RemoteImage>;
}

/**
 * `safe`: the image and its behaviour stay; may be applied without a look. `unsafe`: the build or the running
 * container may change, and `reason` says how.
 */
export type Applicability = "safe" | "unsafe";

export interface Fix {
  /** Says the effect: "Pin to node:26, the line that latest means today". */
  readonly title: string;
  readonly applicability: Applicability;
  /** Required for unsafe fixes: what may change. One sentence. */
  readonly reason?: string;
  /** Edits of this file; null where they need something that is not known offline. */
  readonly edits: readonly Edit[] | null;
  /** What `edits: null` waits for. */
  readonly needs?: "registry";
  /**
   * For `edits: null`: the edits, once the registry has answered what it asks here. Undefined: an answer is missing, and
   * is noted as wanted. Null: there is nothing to write. Pure.
   */
  readonly later?: (registry: RegistryFacts) => readonly Edit[] | null | undefined;
  /** Default `quickfix`. `refactor` opens as a diff and never belongs to fix-all. */
  readonly kind?: "quickfix" | "refactor";
  /** Other files that change together with this one; paths relative to the Dockerfile's folder. */
  readonly otherFiles?: readonly OtherFile[];
  /** Shown after the fix was applied, e.g. the build command that passes a secret. */
  readonly note?: string;
  /** The command line within the note, for editors that offer to copy it: `docker build --secret id=TOKEN .` */
  readonly command?: string;
}

export interface OtherFile {
  readonly path: string;
  /** Lines to append (creating the file when absent). */
  readonly append: string;
}

/** What a check yields. */
export interface Finding {
  /** What is wrong, naming the thing in the user's file; then what to do. Never contains a secret's value. */
  readonly message: string;
  readonly range: Span;
  /** Where it differs from the rule's. */
  readonly severity?: Severity;
  /** The peer ids that this very finding answers to, where fewer than the rule's. */
  readonly aliases?: Aliases;
  /** `base`: one of the findings about a FROM line that the editor merges into one. */
  readonly subject?: "base";
  /** Findings of different rules with the same cause are one: only the most severe is reported. E.g. `root:0`.
   * It names a place by the number of its instruction or stage, or (in rules without `reads`) by an offset. */
  readonly cause?: string;
  readonly related?: readonly Related[];
  readonly tags?: readonly ("unnecessary" | "deprecated")[];
  /** Computed only when somebody asks. The first is the best one. */
  readonly fixes?: () => readonly Fix[];
}

export interface Related {
  readonly message: string;
  readonly range: Span;
}

/** What the world outside the file said. Offline and in tests it knows nothing. */
export interface Facts {
  /** Text of a file of the build context, null when it does not exist, undefined when not (yet) known. */
  file(path: string): string | null | undefined;
  /** Paths (relative to the context) or undefined when not (yet) known. */
  list(folder: string): readonly string[] | undefined;
  /** Base images of the Dockerfiles of the workspace; undefined while they are not known. Absent: nobody looked. */
  readonly bases?: (() => readonly WorkspaceBase[] | undefined) | undefined;
  /** What registries said. Absent: nobody may ask them, which is how it is unless the user wants it. */
  readonly registry?: RegistryFacts | undefined;
  /** What came of checking signatures of images. Absent: nobody checks any. */
  readonly signatures?: SignatureFacts | undefined;
  /** What scanners said of images. Absent: none was run, which is how it is unless the user runs one. */
  readonly scans?: ScanFacts | undefined;
  /** What ShellCheck says of scripts, in their order; undefined where that is not (yet) known. Absent: nobody asked it. */
  readonly shellcheck?:
    | ((scripts: readonly ShellCheckScript[]) => readonly (readonly ShellCheckRemark[] | undefined)[])
    | undefined;
}

/** What a check is given. */
export interface RuleContext<S extends OptionSpecs = OptionSpecs> {
  readonly model: Model;
  readonly catalogue: Catalogue;
  readonly facts: Facts;
  readonly today: Day;
  readonly options: OptionValues<S>;
  /** Path of the file relative to the workspace or as given, with forward slashes; `Dockerfile` for untitled ones. */
  readonly path: string;
}

export interface Rule<S extends OptionSpecs = OptionSpecs> {
  readonly id: string;
  readonly theme: Theme;
  readonly category: Category;
  readonly severity: Severity;
  readonly recommended: boolean;
  /** The version that brought it. */
  readonly since: string;
  /** One sentence: the pattern that is found. */
  readonly summary: string;
  /** What goes wrong, for whom, in two or three sentences. Markdown. */
  readonly why: string;
  readonly aliases: Aliases;
  /**
   * `instruction`: the check looks at each instruction by itself (its text, its shell, user and work folder, the values of
   * the variables that the builder replaces in it, the image at the root of its stage, whether the stage ships) and at
   * nothing else: no other instruction, no other variables, no facts, no path. The engine then keeps its findings with the instruction. Left out: the check looks at the whole file.
   */
  readonly scope?: "instruction";
  /**
   * For rules that look at the whole file: the keywords (upper case) of the instructions whose text decides what is found,
   * `$` for any that may read a variable, `#` for lines between instructions, `problem` for what the builder refuses. FROM, ARG, ENV, USER, WORKDIR, SHELL, ONBUILD and whatever names another stage
   * count always. An edit elsewhere only moves the findings; the engine then does not ask again. Left out: all count.
   */
  readonly reads?: readonly string[];
  readonly options?: S;
  /** Best applicability its fixes can have; `none` when it never offers one. */
  readonly fixable: "safe" | "unsafe" | "none";
  readonly examples: readonly Example[];
  /** True when the severity of each finding comes from elsewhere and stays, also under presets that stand in for others. */
  readonly graded?: boolean;
  check(context: RuleContext<S>): Iterable<Finding>;
  /** For rules about the run itself (suppressions): called when all other findings are known. */
  review?(context: RuleContext<S>, outcome: Outcome): Iterable<Finding>;
}

/** What a run came to, before `review`. */
export interface Outcome {
  /** Ids in suppressions that silenced something. */
  readonly used: ReadonlySet<SuppressedId>;
  /** Ids of our rules that an id of ours or of any peer stands for; null when it stands for none. */
  rulesOf(id: string): readonly string[] | null;
  /** True when the rule was on in this run. */
  isOn(rule: string): boolean;
  /** Ids of all rules of ours. */
  readonly known: readonly string[];
}

/** A rule whose option types have been forgotten, as lists of rules hold it. */
export type AnyRule = Rule<OptionSpecs>;

/** Declares a rule, inferring the types of its options. */
export function defineRule<const S extends OptionSpecs = Record<never, never>>(rule: Rule<S>): AnyRule {
  return rule as unknown as AnyRule;
}
