/** What says that a PHP image is for developing or testing. */
import { execWords, scriptsOf } from "../../model/scripts";
import type { Stage } from "../../model/types";
import { isNamedForDevelopment, startKind } from "../../multistage/purpose";
import { startOf } from "../../multistage/start";

/** True when the names of the file, of one of its folders or of the stage say that the image is for developing. */
export function isNamedDevelopment(path: string, stage: Stage): boolean {
  return isNamedForDevelopment(path, stage) || /(?:^|\/)\.?(?:dev|development|local|tests?|ci)\//i.test(path);
}

/** True when the stage runs in development, tests what it holds, or starts something that only a developer needs. */
export function isForDevelopment(stage: Stage): boolean {
  const start = startOf(stage);
  if (start && startKind(start) === "develops") return true;
  for (let one: Stage | null = stage; one; one = one.base.stage) {
    for (const instruction of one.instructions) {
      const { keyword, parsed } = instruction;
      if (keyword === "ENV" || keyword === "ARG") {
        const says = parsed.pairs.some(({ name, value }) => {
          if (/^(?:APP|SYMFONY|LARAVEL|CI|YII|WP)_?ENV(?:IRONMENT)?(?:_TYPE)?$/.test(name))
            return !/^prod/.test(value?.value ?? "prod");
          if (name === "APP_DEBUG") return /^(?:1|true)$/.test(value?.value ?? "");
          // Laravel's own server is for developing; Sail starts it by a variable.
          return /\bartisan serve\b/.test(value?.value ?? "");
        });
        if (says) return true;
      }
      if (/php\.ini-development/.test(parsed.text)) return true;
      if (
        keyword === "RUN" &&
        /phpunit|pest|phpstan|psalm|phpcs|php-cs-fixer|behat|codecept/.test(parsed.text) &&
        runsTests(instruction)
      )
        return true;
    }
  }
  return false;
}

function runsTests(instruction: Stage["from"]): boolean {
  const isTest = (name: string | null) =>
    name !== null && /^(?:phpunit|pest|phpstan|psalm|phpcs|php-cs-fixer|behat|codecept)(?:\.phar)?$/.test(name);
  const words = execWords(instruction);
  if (words) return words.some((word) => isTest(word.slice(word.lastIndexOf("/") + 1)));
  return scriptsOf(instruction).some(({ commands }) =>
    commands.some(
      ({ name, words: all }) =>
        isTest(name) ||
        (/^(?:php|composer)$/.test(name ?? "") && all.some((word) => isTest((word.value ?? "").replace(/^.*\//, "")))),
    ),
  );
}
