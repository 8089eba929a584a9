/** What says that an image runs Rails. */
import type { Stage } from "../../model/types";
import { type StartCommand, startOf } from "../../multistage/start";

/** The command that serves the application, or null where the stage is not known to run Rails as a server. */
export function railsServer(stage: Stage): StartCommand | null {
  const start = startOf(stage);
  if (!start || !usesRails(stage, start.commands)) return null;
  return (
    start.commands.find(({ name, arguments: words }) => {
      if (name === "rails") return words.includes("server") || words.includes("s");
      return name === "puma" || name === "unicorn" || name === "thrust" || name === "falcon";
    }) ?? null
  );
}

function usesRails(stage: Stage, commands: readonly StartCommand[]): boolean {
  if (
    commands.some(
      ({ name, arguments: words }) => name === "rails" || words.some((word) => /(?:^|\/)rails$/.test(word ?? "")),
    )
  )
    return true;
  return stage.scope.lookup("RAILS_ENV", Number.POSITIVE_INFINITY) !== null;
}
