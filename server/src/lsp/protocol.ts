/**
 * What client and server say to each other beyond LSP: names and plain types only, so that the VS Code extension can
 * import this file without the server. Every name is optional for a client: who does not know one loses that feature.
 */

/** Requests that a client may send. */
export const clientRequests = {
  /** `ExplainParams` in, `ExplainResult | null` out. */
  explain: "plimsoll/explain",
  /** `EffectiveConfigParams` in, the settings in force as YAML text out. */
  effectiveConfig: "plimsoll/effectiveConfig",
  /** Nothing in, `PeerIds` out: to recognise what another linter has said already. */
  peerIds: "plimsoll/peerIds",
  /** `StagesParams` in, `StagesResult` out; null where the document is not open or switched off. */
  stages: "plimsoll/stages",
  /** `ScanReportParams` in, Markdown out; null where none of the document's images was scanned. */
  scanReport: "plimsoll/scanReport",
} as const;

/** Notifications that a client may send. */
export const clientNotifications = {
  /** Nothing in. The user trusts the workspace from now on; see `trusted` of the initialization options. */
  trusted: "plimsoll/trusted",
} as const;

/** Requests that the server sends, to clients that said `fileAccess: true`. */
export const serverRequests = {
  /** `ReadFileParams` in, text or null out. */
  readFile: "plimsoll/readFile",
  /** `ListFilesParams` in, names or null out. */
  listFiles: "plimsoll/listFiles",
} as const;

/** Notifications that the server sends, to clients that said `status: true`. */
export const serverNotifications = {
  /** `StatusParams`. */
  status: "plimsoll/status",
} as const;

/** Commands. The server runs them (`workspace/executeCommand`) unless the client said `ownCommands: true`. */
export const commands = {
  /** Argument: a rule id. Shows why the rule exists. */
  explainRule: "plimsoll.explainRule",
  /** Argument: a document's URI. Applies the safe fixes. */
  fixAll: "plimsoll.fixAll",
  /** Argument: a document's URI. Asks the registries, and writes the digests of its images; answers with a `PinReport`. */
  pinFile: "plimsoll.pinFile",
  /** Argument: a document's URI. The same for digests that are no longer what their tag points to. */
  updateDigests: "plimsoll.updateDigests",
  /** No argument. Pins the images of every Dockerfile of the workspace folders; answers with a `PinReport`. */
  pinWorkspace: "plimsoll.pinWorkspace",
  /** Argument: a document's URI. Lets a scanner look at its base images, and shows a message; answers with its text or null. */
  scanFile: "plimsoll.scanFile",
  /** No argument. Checks every Dockerfile of the workspace folders; answers with a `WorkspaceReport`. */
  checkWorkspace: "plimsoll.checkWorkspace",
  /**
   * Arguments: a text to show after a fix, such as how to build from now on; and, where the text holds one, the command
   * line to offer for copying.
   */
  showNote: "plimsoll.showNote",
} as const;

/** Commands that only the client has: asked for by code lenses, of clients that said `ownCommands: true`. */
export const clientCommands = {
  /** Arguments: a document's URI, a position, locations. Shows the places. */
  showReferences: "plimsoll.showReferences",
  /** Argument: a document's URI; the document in front when absent. Shows the graph of its stages. */
  showStages: "plimsoll.showStages",
} as const;

/** What a client may put into `initialize`. All parts are optional. */
export interface InitializationOptions {
  /** The client asks for diagnostics (`textDocument/diagnostic`); the server then never pushes them. Default false. */
  readonly pull?: boolean;
  /** The client runs the commands of code actions itself. Default false. */
  readonly ownCommands?: boolean;
  /** The client answers `plimsoll/readFile` and `plimsoll/listFiles`. Default false. */
  readonly fileAccess?: boolean;
  /** The client wants `plimsoll/status`. Default false. */
  readonly status?: boolean;
  /**
   * The user trusts the workspace: its `.plimsoll.yaml` may say that registries are asked, and which. Default false; then
   * only the editor's own settings may.
   */
  readonly trusted?: boolean;
  /**
   * The client shows rewrites as a difference before it applies them: their code actions carry a `PreviewMark` as data,
   * and their edits ask for no confirmation. Default false; then they ask for it, of clients that understand.
   */
  readonly previews?: boolean;
  /** Settings (the shape of the section `plimsoll`), for clients that cannot answer `workspace/configuration`. */
  readonly settings?: unknown;
  /** The day to judge ends of life by, `YYYY-MM-DD`; the computer's own day when absent. */
  readonly today?: string;
}

/** Part of the data of a code action. */
export interface PreviewMark {
  /** True for a rewrite that is to be looked at before it is applied. */
  readonly preview?: boolean;
}

export interface ScanReportParams {
  readonly uri: string;
}

export interface ExplainParams {
  readonly rule: string;
}

export interface ExplainResult {
  readonly rule: string;
  /** One sentence. */
  readonly summary: string;
  /** The whole page, Markdown. */
  readonly markdown: string;
  /** Address of the page on the web. */
  readonly url: string;
}

/** Ids of other tools that a rule answers to, by rule. */
export type PeerIds = { readonly [rule: string]: readonly string[] };

export interface EffectiveConfigParams {
  readonly uri: string;
}

export interface ReadFileParams {
  readonly uri: string;
}

export interface ListFilesParams {
  readonly uri: string;
  /**
   * `folder`: the names inside the folder `uri`, folders with a slash at the end. `dockerfiles`: the URIs of all
   * Dockerfiles below the workspace folder `uri`.
   */
  readonly what: "folder" | "dockerfiles";
}

export interface StagesParams {
  readonly uri: string;
  /** Whether the picture carries its style. False for a page that brings `StagesResult.style` itself. Default true. */
  readonly styled?: boolean;
}

/** The stages of a document: as data, and drawn. */
export interface StagesResult {
  readonly uri: string;
  readonly version: number | null;
  /** What ships, on what it stands, who runs in it and what stays behind, in sentences. */
  readonly summary: string;
  /** Stages first, in the order of the file; then the images that they take from. */
  readonly nodes: readonly StageInfo[];
  readonly arrows: readonly StageArrowInfo[];
  /** A picture, as SVG. An element with `data-node="N"` belongs to `nodes[N]`. */
  readonly svg: string;
  /** CSS for the picture. */
  readonly style: string;
  /** The same as a Mermaid flowchart. */
  readonly mermaid: string;
  /** The same as plain text. */
  readonly text: string;
}

export interface StageInfo {
  readonly kind: "stage" | "image" | "unknown";
  readonly label: string;
  /** `ships`: the image; `part`: under it; `needed`: gives it files on the way; `unused`: left out of its build. */
  readonly role: "ships" | "part" | "needed" | "unused";
  /** What is known of it, in short lines. */
  readonly facts: readonly string[];
  /** Who runs at the end of a stage; null where that is not known. */
  readonly user: string | null;
  /** Compressed size of the image underneath in bytes (linux/amd64), or null. What a stage adds is not known. */
  readonly baseBytes: number | null;
  /** Its FROM; for an image the first place that names it. */
  readonly range: Range;
}

/** `to` takes something from `from`; both are indices of `nodes`. */
export interface StageArrowInfo {
  readonly from: number;
  readonly to: number;
  readonly kind: "base" | "copy";
  /** `/app/dist → /srv`. */
  readonly taken: readonly string[];
  readonly range: Range;
}

/** As LSP counts: lines from 0, characters in UTF-16 units. */
export interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** Why a document shows what it shows. */
export interface StatusParams {
  readonly uri: string;
  /** `checked`: findings are what there is. `silent`: nothing is reported, `message` says why. `problem`: ask the user. */
  readonly state: "checked" | "silent" | "problem";
  /** One short sentence. */
  readonly message: string;
  /** More, or null. */
  readonly detail: string | null;
  readonly findings: number;
  /** How many stages the document has; 0 where it was not read. */
  readonly stages: number;
  /** URI of the config file in force, or null. */
  readonly configFile: string | null;
}

/** What came of pinning. */
export interface PinReport {
  /** Files and images that were changed. */
  readonly files: number;
  readonly images: number;
  /** Images that were left alone, since it is not clear where to write. */
  readonly left: number;
  /** Images of which the registry did not say what they are. */
  readonly unknown: number;
  /** Why, as sentences. */
  readonly faults: readonly string[];
  /** True when it was stopped before the end; then nothing was changed. */
  readonly stopped: boolean;
}

export interface WorkspaceReport {
  readonly files: number;
  readonly findings: number;
  /** True when it was stopped before the end. */
  readonly stopped: boolean;
}
