/** `plimsoll lsp --stdio`: the language server, for editors that start it by the name of the command line. */
import { commonOptions, type OptionSpec, readOptions } from "../options";
import { exit, type Terminal, UsageError } from "../terminal";

export const lspOptions: readonly OptionSpec[] = [
  { name: "stdio", help: "Speak the protocol over stdin and stdout. The only way there is, and to be given." },
  ...commonOptions,
];

/** Runs the server until it ends. Resolves to the exit code. */
export async function runLsp(args: readonly string[], terminal: Terminal): Promise<number> {
  // Editors add options of their own (--clientProcessId=…); the server reads them itself.
  const known = args.filter((arg) => !/^--clientProcessId(?:=|$)/.test(arg));
  const given = readOptions(known, lspOptions, "lsp");
  if (!given.has("stdio")) throw new UsageError("The server speaks over stdin and stdout: `plimsoll lsp --stdio`.");
  await terminal.startServer();
  return exit.clean;
}
