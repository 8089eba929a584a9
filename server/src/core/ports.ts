/** What the engine's hosts bring with them: the only doors to the outside. Node and the browser each implement them. */

/** Reads files; every path is as the host names it (absolute path or URI). */
export interface FileReader {
  /** The text of a file; null when it does not exist or cannot be read. */
  read(path: string): Promise<string | null>;
  /** Names in a folder; folders end in a slash. Null when it does not exist. */
  list(path: string): Promise<readonly string[] | null>;
}

/** Where the host writes what a user never reads unless something is wrong. */
export interface Log {
  error(message: string): void;
  info(message: string): void;
}

/** Tells whether the asker lost interest. The engine's own small type, so that it needs no AbortSignal. */
export interface Signal {
  readonly aborted: boolean;
}

/** One program to run. */
export interface ProcessCall {
  /** Looked for on the PATH of the host, never in the current folder. */
  readonly program: string;
  readonly args: readonly string[];
  /** Working folder, as the host names it; the host's own when absent. */
  readonly folder?: string;
  /** Written to its standard input. */
  readonly input?: string;
  /** Texts by name: written into a new folder, which is then the working folder and goes when the program has ended. */
  readonly files?: { readonly [name: string]: string };
  /** Variables of the environment that it does not get. */
  readonly unset?: readonly string[];
  /** Variables of the environment that it gets beside the host's own. */
  readonly set?: { readonly [name: string]: string };
  /** Milliseconds after which it is ended. */
  readonly limit: number;
  /** Called once it runs, with what ends it early; it has then failed. Not called by `runNow`. */
  readonly onStart?: (stop: () => void) => void;
}

/** What came of it. `absent`: there is no such program. `failed`: it could not run, ran too long or wrote too much. */
export type ProcessOutcome =
  | { readonly kind: "done"; readonly code: number; readonly out: string; readonly err: string }
  | { readonly kind: "absent" }
  | { readonly kind: "failed"; readonly reason: string };

/** Runs programs. Hosts without processes have none; nobody calls it unless the user asked for that program. */
export interface ProcessRunner {
  /** Never rejects. */
  run(call: ProcessCall): Promise<ProcessOutcome>;
  /** The same, waiting: for hosts where nobody types meanwhile. Never throws. */
  runNow(call: ProcessCall): ProcessOutcome;
}
