/** How far a command is, where somebody is looking. */
import type { Terminal } from "./terminal";

export interface Progress {
  show(done: number, all: number): void;
  end(): void;
}

/** One line that is written over and over. `noun`: what is counted, in the plural. */
export function createProgress({ stderr }: Terminal, quiet: boolean, noun: string): Progress {
  const isShown = stderr.isTTY && !quiet;
  return {
    show(done, all) {
      if (!isShown) return;
      const full = Math.round((20 * done) / all);
      stderr.write(`\r\x1b[K${"█".repeat(full)}${"░".repeat(20 - full)} ${done} of ${all} ${noun}`);
    },
    end() {
      if (isShown) stderr.write("\r\x1b[K");
    },
  };
}
