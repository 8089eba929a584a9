/** Our own configuration files while they are being written: faults at once, completion, hover. */
import { TextDocument, type TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import type { Explanation, Proposal } from "../config/assist";
import { type ConfigFile, configNames, nameOf } from "../config/index";
import type { RuleLink } from "../config/rule-links";
import { type AnyRule, indexLines, type LineIndex } from "../core/index";

/** The open configuration files of a session. */
export interface ConfigDocuments {
  /** True when the document is one of ours by its name: all other YAML is none of our business. */
  concerns(uri: string): boolean;
  open(uri: string, version: number, text: string): void;
  change(uri: string, version: number, changes: TextDocumentContentChangeEvent[]): void;
  close(uri: string): void;
  isOpen(uri: string): boolean;
  /** What may be written at a position; null when the document is not open here. */
  proposals(uri: string, position: Position): Promise<{ text: string; proposals: readonly Proposal[] } | null>;
  /** The rules that an open file names, with its lines; null when the document is not open here. */
  links(uri: string): Promise<{ lines: LineIndex; links: readonly RuleLink[] } | null>;
  /** What the word at a position means, or null. */
  hover(uri: string, position: Position): Promise<{ text: string; explanation: Explanation } | null>;
}

interface Position {
  readonly line: number;
  readonly character: number;
}

/** `show` is called with what is wrong in a version of an open file. */
export function createConfigDocuments(
  rules: readonly AnyRule[],
  show: (file: ConfigFile, version: number) => void,
): ConfigDocuments {
  const documents = new Map<string, TextDocument>();
  const check = async (uri: string): Promise<void> => {
    // Most sessions never open such a file; the YAML parser is loaded for the first.
    const { parseConfig } = await import("../config/read");
    const document = documents.get(uri);
    if (document) show(parseConfig(document.getText(), uri, rules), document.version);
  };
  return {
    concerns: (uri) => configNames.includes(nameOf(uri)),
    open(uri, version, text) {
      documents.set(uri, TextDocument.create(uri, "yaml", version, text));
      void check(uri);
    },
    change(uri, version, changes) {
      const document = documents.get(uri);
      if (!document) return;
      TextDocument.update(document, changes, version);
      void check(uri);
    },
    close(uri) {
      documents.delete(uri);
    },
    isOpen: (uri) => documents.has(uri),
    async proposals(uri, position) {
      const { proposalsAt } = await import("../config/assist");
      const document = documents.get(uri);
      if (!document) return null;
      const text = document.getText();
      return { text, proposals: proposalsAt(text, document.offsetAt(position), rules) };
    },
    async links(uri) {
      const { ruleLinks } = await import("../config/rule-links");
      const text = documents.get(uri)?.getText();
      return text === undefined ? null : { lines: indexLines(text), links: ruleLinks(text, rules) };
    },
    async hover(uri, position) {
      const { explanationAt } = await import("../config/assist");
      const document = documents.get(uri);
      if (!document) return null;
      const text = document.getText();
      const explanation = explanationAt(text, document.offsetAt(position), rules);
      return explanation && { text, explanation };
    },
  };
}
