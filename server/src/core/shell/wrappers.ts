/** Commands that run another command, as data. Source of the flags: the programs' own manual pages. */

/** How to find the command that a wrapper runs. */
export interface Wrapper {
  /** Flags that take the next word as their value. */
  readonly valueFlags: readonly string[];
  /** `NAME=value` words may stand before the command. */
  readonly assignments?: true;
  /** Words before the command that are neither flags nor assignments (a user, a duration). */
  readonly operands?: number;
  /** With one of these the wrapper does not run a command. */
  readonly unless?: readonly string[];
  /** It runs a command only with one of these. */
  readonly onlyWith?: readonly string[];
}

/** By base name. */
export const wrappers: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  [
    "sudo",
    {
      valueFlags: [
        ...["-a", "-C", "-c", "-D", "-g", "-h", "-p", "-R", "-r", "-T", "-t", "-U", "-u"],
        ...["--auth-type", "--chdir", "--chroot", "--close-from", "--command-timeout", "--group", "--host"],
        ...["--other-user", "--prompt", "--role", "--type", "--user"],
      ],
      assignments: true,
      unless: ["-e", "--edit", "-l", "--list", "-v", "--validate", "-V", "--version"],
    },
  ],
  ["doas", { valueFlags: ["-a", "-C", "-u"] }],
  [
    "env",
    {
      valueFlags: ["-u", "--unset", "-C", "--chdir"],
      assignments: true,
      unless: ["-S", "--split-string"],
    },
  ],
  ["exec", { valueFlags: ["-a"] }],
  ["command", { valueFlags: [], unless: ["-v", "-V"] }],
  ["builtin", { valueFlags: [] }],
  ["nohup", { valueFlags: [] }],
  ["setsid", { valueFlags: [] }],
  ["time", { valueFlags: ["-f", "--format", "-o", "--output"] }],
  ["nice", { valueFlags: ["-n", "--adjustment"] }],
  ["ionice", { valueFlags: ["-c", "--class", "-n", "--classdata"], unless: ["-p", "--pid", "-P", "-u"] }],
  ["chronic", { valueFlags: [] }],
  ["timeout", { valueFlags: ["-k", "--kill-after", "-s", "--signal"], operands: 1 }],
  ["stdbuf", { valueFlags: ["-i", "--input", "-o", "--output", "-e", "--error"] }],
  ["eatmydata", { valueFlags: [] }],
  ["fakeroot", { valueFlags: ["-l", "--lib", "--faked", "-s", "-i", "-b"] }],
  ["gosu", { valueFlags: [], operands: 1 }],
  ["su-exec", { valueFlags: [], operands: 1 }],
  ["setuidgid", { valueFlags: [], operands: 1 }],
  ["runuser", { valueFlags: ["-u", "--user", "-g", "--group", "-G", "--supp-group"], onlyWith: ["-u", "--user"] }],
  ["dumb-init", { valueFlags: ["-r", "--rewrite"] }],
  ["tini", { valueFlags: ["-p", "-e"] }],
  ["busybox", { valueFlags: [], unless: ["--install", "--list", "--list-full", "--help"] }],
  [
    "xargs",
    {
      valueFlags: [
        ...["-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s"],
        ...["--arg-file", "--delimiter", "--max-args", "--max-procs", "--max-chars", "--process-slot-var"],
      ],
    },
  ],
]);
