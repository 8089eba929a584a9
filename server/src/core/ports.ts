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
