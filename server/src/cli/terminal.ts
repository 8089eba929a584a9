/** What the command line needs of the world around it; tests bring their own. */
import type { AnyRule, Catalogue, Day, FileReader, ProcessRunner } from "../core/index";
import type { RegistryPorts } from "../registry/ports";

/** A stream of text. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width in columns, or null where it has none. */
  readonly columns: number | null;
}

export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: { readonly [name: string]: string | undefined };
  /** Absolute path. */
  readonly cwd: string;
  readonly today: Day;
  /** Reads configuration files; paths are absolute, with forward slashes. */
  readonly reader: FileReader;
  readStdin(): Promise<Uint8Array>;
  /**
   * What asking registries needs: the network, Docker's credentials, a cache. Called by `pin` and by runs that are online,
   * and by nothing else. `authorities`: files with certificates.
   */
  readonly registry: (authorities: readonly string[]) => RegistryPorts;
  /** Runs programs that an option names: git, ShellCheck. */
  readonly processes: ProcessRunner;
  /** Runs the language server that lies beside the command line; resolves when it has ended. */
  startServer(): Promise<void>;
}

/** What the product is made of; tests bring rules of their own. */
export interface Product {
  readonly version: string;
  readonly rules: readonly AnyRule[];
  /** Called once, when it is needed. */
  readonly catalogue: () => Catalogue;
}

/** A mistake in the use of the command line. Its message goes to stderr, the exit code is 2. */
export class UsageError extends Error {}

/** Exit codes. `fault` wins over `found`. */
export const exit = { clean: 0, found: 1, fault: 2 } as const;
