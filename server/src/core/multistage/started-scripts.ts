/** Scripts of the build context that a container starts with: their texts, for what they need is nowhere else to be seen. */
import { execWords } from "../model/scripts";
import type { Stage } from "../model/types";
import type { Facts } from "../rule";
import { contextFile } from "./context-files";
import { type Copy, landsAt } from "./copies";
import type { Build } from "./detect";
import { installedPackages } from "./installed";
import { baseName, isWithin, resolvePath } from "./paths";
import { folderAt } from "./run-commands";
import { healthCheck } from "./runtime-packages";

/**
 * The texts of the scripts that ENTRYPOINT and CMD name, comments taken away. Null when one of them cannot be read.
 * `trees` are folders of installed programs, which are none, and `programs` names more that are none.
 */
export function startedScripts(
  { start, image }: Build,
  all: readonly Copy[],
  trees: readonly string[],
  programs: RegExp,
  facts: Facts,
): readonly string[] | null {
  // Several services in one container lean on more of the image than their own packages.
  if (start.commands.length > 1 && start.commands.some(({ name }) => services.test(name))) return null;
  const copies = all.filter(({ from }) => from === null);
  const texts: string[] = [];
  for (const instruction of start.instructions) {
    const words = execWords(instruction) ?? start.commands.map(({ name }) => name);
    const folder = folderAt(instruction, image.repository.name);
    for (const [index, word] of words.entries()) {
      const isScript = /\.(?:ba|z)?sh$/.test(word);
      if ((index > 0 && !isScript && execWords(instruction)) || programs.test(baseName(word))) continue;
      const path = pathOf(word, folder, copies);
      if (path === null || trees.some((tree) => isWithin(path, tree)) || isOfSystem(path, copies)) continue;
      const file = contextFile(path, copies, facts);
      if (!file) return null;
      const text = file.text.replace(/^\s*#(?!!).*$/gm, "");
      if (startsServices.test(text)) return null;
      texts.push(text);
    }
  }
  return texts;
}

const services =
  /^(?:service|systemctl|rc-service|nginx|httpd|apache2ctl|apachectl|redis-server|memcached|crond?|rsyslogd|sshd)$/;
const startsServices =
  /(?:^|[;&|]\s*|exec\s+)\s*(?:service|systemctl|rc-service|nginx|apache2ctl|apachectl|redis-server|memcached|crond?|supervisord|sshd)(?=\s|$|;)/m;

/** Where a word's program lies; null for one that is looked for on PATH and that no COPY brings by that name. */
function pathOf(word: string, folder: string | null, copies: readonly Copy[]): string | null {
  if (word.includes("/")) return resolvePath(word, folder);
  for (const copy of copies) {
    const source = copy.sources.find((one) => baseName(landsAt(copy, one)) === word);
    if (source !== undefined) return landsAt(copy, source);
  }
  return /\.(?:ba|z)?sh$/.test(word) ? resolvePath(word, folder) : null;
}

/** True for programs of the system: nothing is copied to where they lie. */
function isOfSystem(path: string, copies: readonly Copy[]): boolean {
  if (!/^\/(?:usr\/)?(?:local\/)?s?bin\//.test(path)) return false;
  return !copies.some((copy) => isWithin(path, copy.destination.replace(/\/$/, "") || "/") && copy.destination !== "/");
}

/** Programs that the full images of languages bring and the slim ones lack. Source: docker-library/buildpack-deps. */
export const onlyInFull =
  /\b(?:git|hg|svn|ssh|ssh-keygen|scp|gpg|unzip|xz|file|convert|identify|ps|pkill|psql|mysql|mysqldump|pg_config|sqlite3|bzip2)\b/;

/**
 * Packages with the programs that scripts and the health check call and that a slim image lacks; null where a program of
 * the health check is not known. `own`: programs that the image or the installed packages bring.
 */
export function programsFor(stage: Stage, scripts: readonly string[], own: RegExp): readonly string[] | null {
  const found = new Set<string>();
  for (const text of scripts) {
    for (const [tool] of text.matchAll(/\b(?:curl|wget)\b/g)) found.add(tool);
  }
  const present = new Set(installedPackages(stage).map((one) => one.package.name));
  for (const tool of healthCheck(stage).programs) {
    if (tool === "curl" || tool === "wget") found.add(tool);
    else if (!own.test(tool) && !present.has(tool)) return null;
  }
  return [...found];
}
