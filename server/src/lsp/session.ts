/**
 * The one place of the language server that remembers something: open documents, their last findings, settings and
 * folders. It speaks in the engine's words and knows neither LSP nor the transport.
 */
import { TextDocument, type TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import { type ConfigFile, isConfigName, parentOf } from "../config/index";
import type { Group } from "../core/group";
import { type Config, createInstructionCache, createLintMemory, type FileReader, type Model } from "../core/index";
import {
  type CheckHost,
  type CheckMemory,
  createChecker,
  describeFault,
  longestText,
  type Result,
} from "./check-document";
import type { Clock } from "./clock";
import { type Configurations, createConfigurations, type DocumentConfig } from "./configuration";
import { type ContextFacts, createContextFacts } from "./facts";
import { defaultFeatures, type FeatureSettings } from "./feature-settings";
import { type GuestFacts, withKnownAnswers, withShellCheck } from "./guest";
import { concerns, isExcludedName } from "./names";
import { createScheduler } from "./schedule";
import { readSettings } from "./settings";
import { caretAfter, typingPause, withoutUnfinished } from "./unfinished";
import { createWorkspaceBases } from "./workspace-bases";

/** What the session needs from whoever runs it. */
export interface SessionHost extends CheckHost {
  /** Reads URIs. */
  readonly files: FileReader;
  readonly clock: Clock;
  /** True: documents are checked as they change. False: only when somebody asks. */
  readonly eager: boolean;
  /** New findings of a document. `late`: the text is the same, something else became known. */
  show(result: Result, late: boolean): void;
  /** A document was closed: what was shown goes. */
  clear(uri: string): void;
  /** A config file was read; its problems may be none. */
  showConfig(file: ConfigFile): void;
}

export interface Session {
  open(uri: string, languageId: string, version: number, text: string): void;
  change(uri: string, version: number, changes: TextDocumentContentChangeEvent[]): void;
  close(uri: string): void;
  /** The document was saved: a good moment to look at the build context again. */
  saved(uri: string): void;
  /** What is known of the document as it is now, checked if need be; null when it is not open or no Dockerfile. */
  current(uri: string): Promise<Result | null>;
  /**
   * The model of the document as it is now, without checking it: for features that need no findings. Null when it is not
   * open, switched off or too large. Kept by version; the next check uses the same one.
   */
  model(uri: string): Promise<Model | null>;
  /** Which hints and lenses are wanted for an open document; to be asked after `model`. */
  featuresOf(uri: string): FeatureSettings;
  /** The version of an open document, or null. */
  versionOf(uri: string): number | null;
  /** Reads and checks a file that is not open; null when it is open, unreadable or no Dockerfile. */
  checkFile(uri: string): Promise<Result | null>;
  /** How a document is configured, open or not. */
  configOf(uri: string): Promise<DocumentConfig>;
  /** Workspace folders, as URIs. */
  setFolders(folders: readonly string[]): void;
  readonly folders: readonly string[];
  /** Settings sections as the editor gave them, by folder; null for what lies outside of all folders. */
  setSettings(sections: ReadonlyMap<string | null, unknown>): Promise<void>;
  /** Whether config files may say that registries are asked. Documents are looked at again where that changes something. */
  setTrusted(trusted: boolean): void;
  /** A registry said something new: documents that want to hear of it are checked again. */
  heardOnline(): void;
  /** A scanner said something: all documents are checked again. */
  heardScans(): void;
  /** Fetches what fixes asked about the build context; true when it was news, so that they may say more now. */
  learnMore(uri: string): Promise<boolean>;
  /** Files were created, changed or deleted on disk. */
  filesChanged(uris: readonly string[]): void;
  /** Resolves when settings are there; documents wait for it. To be called before the first document is opened. */
  waitFor(ready: Promise<void>): void;
  /** Blocks parsed for a document since it was opened, for tests that count work. */
  parsedBlocks(uri: string): number;
}

interface OpenDocument extends Required<CheckMemory> {
  readonly facts: GuestFacts | ContextFacts;
  readonly text: TextDocument;
  /** Null until it is known for the first time. */
  config: DocumentConfig | null;
  /** The look-up under way; the last one wins. */
  settling: Promise<void> | null;
  result: Result | null;
  /** The model of one version under one configuration. */
  built: { readonly version: number; readonly config: Config; readonly model: Model } | null;
  /** The quicker of the last two checks, in milliseconds: one pause of the garbage collector slows nobody down. */
  cost: number;
  lastCost: number;
  /** Where somebody is typing, until they pause. */
  typing: { readonly caret: number; readonly stop: () => void } | null;
  /** What was shown last. */
  shown: readonly Group[];
}

export function createSession(host: SessionHost): Session {
  const documents = new Map<string, OpenDocument>();
  const configurations: Configurations = createConfigurations(host.files, host.rules);
  let ready: Promise<void> = Promise.resolve();
  let isReady = true;

  const check = (uri: string): void => {
    const document = documents.get(uri);
    if (!document?.config) return;
    const before = host.clock.now();
    const { text, config } = document;
    document.result = examine(text, config, document, text.version, () => modelOf(document, config.config));
    const cost = host.clock.now() - before;
    document.cost = Math.min(cost, document.lastCost);
    document.lastCost = cost;
    showTyped(document, document.result);
    if (document.facts.wanting) void learn(uri, document, document.facts.fetch());
  };

  /** Shows what was found, but what is being written only once typing pauses. */
  const showTyped = (document: OpenDocument, result: Result): void => {
    const { checked } = result;
    const told =
      checked && document.typing ? withoutUnfinished(checked, document.typing.caret, document.shown) : checked;
    document.shown = told?.groups ?? [];
    host.show(told === checked ? result : { ...result, checked: told }, false);
  };

  const noteTyping = (uri: string, document: OpenDocument, caret: number | null): void => {
    document.typing?.stop();
    document.typing = null;
    if (caret === null || !host.eager) return;
    const paused = (): void => {
      document.typing = null;
      const { result, text, shown } = document;
      // A check that still waits says all of it.
      if (documents.get(uri) !== document || result?.version !== text.version) return;
      if ((result.checked?.groups.length ?? 0) !== shown.length) showTyped(document, result);
    };
    document.typing = { caret, stop: host.clock.after(typingPause, paused) };
  };

  const scheduler = createScheduler(host.clock, check);

  const bases = createWorkspaceBases(host.files, (folder) => {
    for (const [uri, document] of documents) if (document.config?.folder === folder) renew(uri, document);
  });

  const { examine, build, noteOf } = createChecker(host, bases);

  /** Checks again once answers about the build context came, if they say anything new. */
  const learn = async (uri: string, document: OpenDocument, answers: Promise<boolean>): Promise<void> => {
    const learnt = await answers.catch(() => false);
    if (learnt && documents.get(uri) === document) renew(uri, document);
  };

  /** What was known of the document no longer holds although its text is the same. */
  const renew = (uri: string, document: OpenDocument): void => {
    const shown = document.result;
    document.result = null;
    document.findings.last = null;
    if (host.eager) scheduler.queue(uri);
    else if (shown) host.show(shown, true);
  };

  const modelOf = (document: OpenDocument, config: Config): Model => {
    const { text, built } = document;
    if (built?.version === text.version && built.config === config) return built.model;
    const model = build(text.getText(), config, document);
    document.built = { version: text.version, config, model };
    return model;
  };

  /** The folder of a Dockerfile is its build context where it is the workspace's own, or has a `.dockerignore`. */
  const factsOf = (uri: string, config: () => DocumentConfig | null): ContextFacts => {
    const folder = parentOf(uri) ?? uri;
    return createContextFacts(host.files, folder, (holds) => config()?.folder === folder || holds(".dockerignore"));
  };

  /** The same with ShellCheck's answers, which come later, for an open document. */
  const factsOfOpen = (uri: string): GuestFacts | ContextFacts => {
    const facts = factsOf(uri, () => documents.get(uri)?.config ?? null);
    const guest = host.shellcheck;
    if (!guest) return facts;
    return withShellCheck(facts, {
      guest,
      clock: host.clock,
      isOn: () => documents.get(uri)?.config?.shellcheck === true,
      answered(learnt) {
        const document = documents.get(uri);
        if (!document) return;
        if (learnt) return renew(uri, document);
        // Why it is silent is said where the status of the document is.
        if (document.result && document.config) {
          document.result = { ...document.result, note: noteOf(document.config) };
          host.show(document.result, true);
        }
      },
    });
  };

  /** Looks the configuration up, again if need be, and checks as soon as it is there. */
  const settle = (uri: string, document: OpenDocument): Promise<void> => {
    const settling = ready
      .then(() => configurations.of(uri))
      .then((config) => {
        // Closed, or asked again since: a newer answer is on its way.
        if (documents.get(uri) !== document || document.settling !== settling) return;
        document.config = config;
        if (config.file) host.showConfig(config.file);
        renew(uri, document);
      })
      .catch((error: unknown) => host.log.error(`the configuration could not be read: ${describeFault(error)}`))
      .finally(() => {
        if (document.settling === settling) document.settling = null;
      });
    document.settling = settling;
    return settling;
  };

  const settleAll = (): void => {
    // Until then every document waits, and will find what is there by then.
    if (!isReady) return;
    for (const [uri, document] of documents) void settle(uri, document);
  };

  return {
    open(uri, languageId, version, text) {
      if (!concerns(uri, languageId)) return;
      const document: OpenDocument = {
        text: TextDocument.create(uri, languageId, version, text),
        cache: createInstructionCache(),
        facts: factsOfOpen(uri),
        findings: createLintMemory(),
        config: null,
        settling: null,
        result: null,
        built: null,
        cost: 0,
        lastCost: 0,
        typing: null,
        shown: [],
      };
      documents.set(uri, document);
      void settle(uri, document);
    },

    change(uri, version, changes) {
      const document = documents.get(uri);
      if (!document) return;
      const caret = caretAfter(document.text, changes);
      TextDocument.update(document.text, changes, version);
      noteTyping(uri, document, caret);
      if (host.eager && document.config) scheduler.changed(uri, document.cost);
    },

    close(uri) {
      const document = documents.get(uri);
      if (!documents.delete(uri)) return;
      document?.typing?.stop();
      if (document && "drop" in document.facts) document.facts.drop();
      scheduler.drop(uri);
      host.clear(uri);
    },

    saved(uri) {
      const document = documents.get(uri);
      if (document) void learn(uri, document, document.facts.refresh());
    },

    async current(uri) {
      const document = documents.get(uri);
      if (!document) return null;
      while (document.settling) await document.settling;
      if (documents.get(uri) !== document || !document.config) return null;
      if (document.result?.version !== document.text.version) {
        scheduler.drop(uri);
        check(uri);
      }
      return document.result;
    },

    async learnMore(uri) {
      const document = documents.get(uri);
      if (!document?.facts.wanting) return false;
      await learn(uri, document, document.facts.fetch());
      return document.result === null;
    },

    async model(uri) {
      const document = documents.get(uri);
      if (!document) return null;
      while (document.settling) await document.settling;
      if (documents.get(uri) !== document || !document.config?.enabled) return null;
      if (document.text.getText().length > longestText) return null;
      try {
        return modelOf(document, document.config.config);
      } catch (error) {
        host.log.error(`a file could not be read: ${describeFault(error)}`);
        return null;
      }
    },

    featuresOf: (uri) => documents.get(uri)?.config?.features ?? defaultFeatures,

    versionOf: (uri) => documents.get(uri)?.text.version ?? null,

    async checkFile(uri) {
      if (documents.has(uri) || isExcludedName(uri)) return null;
      await ready;
      const [text, config] = await Promise.all([host.files.read(uri).catch(() => null), configurations.of(uri)]);
      if (text === null || documents.has(uri)) return null;
      if (config.file) host.showConfig(config.file);
      const document = TextDocument.create(uri, "dockerfile", 0, text);
      const context = factsOf(uri, () => config);
      const facts = host.shellcheck && config.shellcheck ? withKnownAnswers(context, host.shellcheck) : context;
      let result = examine(document, config, { facts }, null);
      // Answers may lead to further questions; what is not known by then stays unknown.
      const learns = async (): Promise<boolean> =>
        (facts.wanting && (await facts.fetch())) || (config.folder !== null && (await bases.settle(config.folder)));
      for (let round = 0; round < 3 && (await learns()); round++) {
        result = examine(document, config, { facts }, null);
      }
      host.show(result, false);
      return result;
    },

    configOf: async (uri) => {
      await ready;
      return configurations.of(uri);
    },

    setFolders(folders) {
      configurations.setFolders(folders);
      settleAll();
    },

    get folders() {
      return configurations.folders;
    },

    async setSettings(sections) {
      for (const [folder, raw] of sections) configurations.setSettings(folder, await readSettings(raw, host.rules));
      settleAll();
    },

    setTrusted(trusted) {
      configurations.setTrusted(trusted);
      settleAll();
    },

    heardOnline() {
      for (const [uri, document] of documents) if (document.config?.registry.online) renew(uri, document);
    },

    heardScans() {
      for (const [uri, document] of documents) if (document.config) renew(uri, document);
    },

    filesChanged(uris) {
      if (uris.some(isConfigName)) {
        configurations.clear();
        settleAll();
      }
      bases.changed(uris);
      for (const [uri, document] of documents) {
        const folder = parentOf(uri) ?? uri;
        if (!uris.some((changed) => changed.startsWith(folder) && !isConfigName(changed))) continue;
        void learn(uri, document, document.facts.refresh());
      }
    },

    waitFor(promise) {
      isReady = false;
      ready = promise.then(() => {
        isReady = true;
      });
    },

    parsedBlocks: (uri) => documents.get(uri)?.cache.parsed ?? 0,
  };
}
