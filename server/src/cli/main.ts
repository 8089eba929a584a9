/** The command line: picks the command, turns mistakes into messages and exit codes. */
import { didYouMean } from "../config/suggest";
import { commandHelp, commands, generalHelp } from "./help";
import { exit, type Product, type Terminal, UsageError } from "./terminal";

/** Runs a command line without the names of the interpreter and the script. Resolves to the exit code; never rejects. */
export async function main(args: readonly string[], terminal: Terminal, product: Product): Promise<number> {
  try {
    return await dispatch(args, terminal, product);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.stderr.write(`plimsoll: ${error.message}\n`);
      return exit.fault;
    }
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.stderr.write(`plimsoll: This is a fault of Plimsoll; please report it.\n${what}\n`);
    return exit.fault;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal, product: Product): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    terminal.stdout.write(name === "help" && rest[0] !== undefined ? helpOf(rest[0]) : generalHelp(product.version));
    return exit.clean;
  }
  if (name === "--version" || name === "-V" || name === "version") {
    terminal.stdout.write(`${product.version}\n`);
    return exit.clean;
  }
  const command = findCommand(name);
  const end = rest.indexOf("--");
  const own = end < 0 ? rest : rest.slice(0, end);
  if (own.includes("--help") || own.includes("-h")) {
    terminal.stdout.write(commandHelp(command));
    return exit.clean;
  }
  // Each command is loaded when it is called, so none pays for the others.
  switch (command) {
    case "lint":
    case "fix":
      return (await import("./commands/lint")).runLint(rest, { fix: command === "fix" }, terminal, product);
    case "format":
      return (await import("./commands/format")).runFormat(rest, terminal, product);
    case "stages":
      return (await import("./commands/stages")).runStages(rest, terminal, product);
    case "rules":
      return (await import("./commands/rules")).runRules(rest, terminal, product);
    case "explain":
      return (await import("./commands/explain")).runExplain(rest, terminal, product);
    case "init":
      return (await import("./commands/init")).runInit(rest, terminal, product);
    case "pin":
      return (await import("./pin")).runPin(rest, terminal, product);
    case "verify":
      return (await import("./commands/verify")).runVerify(rest, terminal, product);
    case "scan":
      return (await import("./commands/scan")).runScan(rest, terminal, product);
    case "lsp":
      return (await import("./commands/lsp")).runLsp(rest, terminal);
  }
}

function helpOf(name: string): string {
  return commandHelp(findCommand(name));
}

function findCommand(name: string) {
  const command = commands.find((item) => item === name);
  if (command) return command;
  if (name.startsWith("-")) throw new UsageError(`Unknown option ${name}. \`plimsoll --help\` shows the commands.`);
  const meant = didYouMean(name, commands);
  // A path in the place of a command is the commonest slip.
  const hint = /[/.]|file/i.test(name) ? ` To lint a file: \`plimsoll lint ${name}\`.` : "";
  throw new UsageError(`Unknown command "${name}"${meant || "."}${hint} Commands: ${commands.join(", ")}.`);
}
