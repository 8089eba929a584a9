/** What completion offers, and what it needs to know. */
import type { Catalogue, Day } from "../catalogue/types";
import type { AnyRule } from "../rule";
import type { Span } from "../text";

/** What an entry stands for; editors show an icon for it. */
export type CompletionKind =
  | "keyword"
  | "snippet"
  | "flag"
  | "value"
  | "variable"
  | "stage"
  | "image"
  | "tag"
  | "user"
  | "file"
  | "folder"
  | "rule"
  | "property"
  | "package";

/** One entry. Entries are in the order in which they are to be shown. */
export interface Completion {
  readonly kind: CompletionKind;
  readonly label: string;
  /** What is put in place of `span`; with `snippet`, in the snippet syntax of LSP. */
  readonly insert: string;
  readonly snippet?: boolean;
  /** Lies in one line and ends at the cursor. */
  readonly span: Span;
  /** Short; shown beside the label. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  readonly deprecated?: boolean;
  /** After it one goes on choosing: it ends in `=`, `:` or a slash. */
  readonly goesOn?: boolean;
  /** An image whose description can be asked for when the entry is looked at. */
  readonly image?: string;
}

/** The entries; `isIncomplete`: there are more, to be asked for as the user goes on typing. */
export interface CompletionList {
  readonly items: readonly Completion[];
  readonly isIncomplete: boolean;
}

/** What the world knows. */
export interface CompletionContext {
  readonly catalogue: Catalogue;
  readonly today: Day;
  readonly rules: readonly AnyRule[];
  /** Findings of the file as far as they are known: their rules are offered first where they can be silenced. */
  readonly findings: readonly { readonly rule: string; readonly span: Span }[];
  /** True when the editor understands snippets. */
  readonly snippets: boolean;
  /** The character that was typed, where that is what asked; null when the user did. */
  readonly trigger: string | null;
  /** Names in a folder of the build context (`""` is its root), folders with a slash; undefined while not known. */
  list(folder: string): readonly string[] | undefined;
}

export const nothing: CompletionList = { items: [], isIncomplete: false };

/** An entry without its place. */
export type Offer = Omit<Completion, "span">;

/** Entries in place of what stands before the cursor. */
export function offer(offset: number, partial: string, offers: readonly Offer[], isIncomplete = false): CompletionList {
  const span = { start: offset - partial.length, end: offset };
  return { items: offers.map((one) => ({ ...one, span })), isIncomplete };
}
