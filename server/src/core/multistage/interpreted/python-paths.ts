/** What leads past a virtual environment that a program of the image is to run in: paths, PATH, and who resets it. */
import type { Stage } from "../../model/types";
import { type Copy, landsAt } from "../copies";

/** Places of the interpreter of the image, where nothing of the program lies any more. */
export const oldPlaces =
  /\/usr\/local\/lib\/python|site-packages|dist-packages|\/usr\/local\/bin\/(?:python|pip|uv|poetry|gunicorn|uvicorn|celery|flask|django)/;

/** True when PATH leads to the new environment wherever something is started, and nothing names the old places. */
export function allowsNewPath(stage: Stage, copies: readonly Copy[], scripts: readonly string[]): boolean {
  if (scripts.some((text) => oldPlaces.test(text) || /\bPATH=/.test(text))) return false;
  for (const { keyword, parsed } of stage.instructions) {
    if (keyword !== "FROM" && keyword !== "LABEL" && oldPlaces.test(parsed.body.text)) return false;
    if (keyword === "ENV") {
      for (const { name, value } of parsed.pairs) {
        if (/^(?:PYTHONHOME|PYTHONUSERBASE|VIRTUAL_ENV)$/.test(name)) return false;
        if (
          name === "PATH" &&
          (!/\$\{?PATH\}?/.test(value?.text ?? "") || /\/usr\/local\/bin.*\$/.test(value?.text ?? ""))
        )
          return false;
      }
    }
    if (keyword !== "CMD" && keyword !== "ENTRYPOINT" && keyword !== "HEALTHCHECK") continue;
    if (changesPath.test(parsed.body.text)) return false;
    // A program that pip put beside the interpreter.
    for (const [path] of parsed.body.text.matchAll(/\/usr\/local\/bin\/[\w.-]+/g)) {
      if (!copies.some((copy) => copy.sources.some((source) => landsAt(copy, source) === path))) return false;
    }
  }
  return true;
}

/** Programs that reset PATH. */
export const changesPath =
  /(?:^|[\s"'[,;&|])(?:su|sudo|cron|crond)(?=$|[\s"',])|\bbash\s+-\w*l|"-\w*l\w*c?"|--login\b/m;
