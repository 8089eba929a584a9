import { canChangeRun } from "../../fixes/mount";
import { insertAfter } from "../../fixes/shell-list";
import { instructionsNamed } from "../../model/index-of";
import { type Script, scriptsOf } from "../../model/scripts";
import type { Instruction, Stage } from "../../model/types";
import { defineRule, type Facts } from "../../rule";
import { hasOperationFlag, type PackageOperation, packageOperation } from "../../shell/packages";
import { isForDevelopment, isNamedDevelopment } from "./purpose";

export default defineRule({
  id: "php-composer-no-dev",
  theme: "php",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "`composer install` in the shipped stage also brings the development packages.",
  why: "Test frameworks and debug bars make the image larger, and some are doors: PHPUnit's eval script in a public vendor folder has been scanned for since 2017. `--no-dev` leaves them out.",
  aliases: { tally: ["tally/php/composer-no-dev-in-production"] },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "All packages",
      code: "FROM php:8.5-apache\nCOPY . /var/www/html\nRUN [|composer install --optimize-autoloader|]\n",
      fixed: "FROM php:8.5-apache\nCOPY . /var/www/html\nRUN composer install --no-dev --optimize-autoloader\n",
    },
    {
      title: "By the phar",
      code: "FROM php:8.5-fpm\nRUN [|php composer.phar install|]\n",
      fixed: "FROM php:8.5-fpm\nRUN php composer.phar install --no-dev\n",
    },
    { title: "Left out", code: "FROM php:8.5-apache\nRUN composer install --no-dev\n" },
    { title: "Left out by a variable", code: "FROM php:8.5-apache\nENV COMPOSER_NO_DEV=1\nRUN composer install\n" },
    { title: "A stage for development", code: "FROM php:8.5-apache AS dev\nRUN composer install\n" },
    {
      title: "The application runs in development",
      code: "FROM php:8.5-apache\nENV APP_ENV=dev\nRUN composer install\n",
    },
    {
      title: "The packages are tested in the same stage",
      code: "FROM php:8.5-cli\nRUN composer install\nRUN vendor/bin/phpunit\n",
    },
    {
      title: "There are none",
      code: "FROM php:8.5-apache\nCOPY . .\nRUN composer install\n",
      files: { "composer.json": '{ "require": {} }' },
    },
    {
      title: "A condition decides",
      code: 'FROM php:8.5-apache\nARG ENV\nRUN if [ "$ENV" = dev ]; then composer install; else composer install --no-dev; fi\n',
    },
    { title: "A tool for everybody", code: "FROM php:8.5-cli\nRUN composer global require laravel/installer\n" },
  ],
  *check({ model, facts, path }) {
    const final = model.finalStage;
    if (!final || !model.text.includes("composer") || bringsNone(facts)) return;
    if (isNamedDevelopment(path, final)) return;
    for (const run of instructionsNamed(model, "RUN")) {
      const { stage } = run;
      if (!stage?.ships || !run.parsed.text.includes("composer")) continue;
      for (const script of scriptsOf(run)) {
        for (const operation of composerCalls(script)) {
          if (!isProjectInstall(operation) || leavesOut(operation, run, stage)) continue;
          if (operation.command.outer.context.length > 0 || isForDevelopment(final)) continue;
          const { subcommand, command } = operation;
          yield {
            message: "This also installs the packages for development, and the image ships with them. Add --no-dev.",
            range: script.locate(command.command.from, command.command.to),
            cause: `development:${run.index}`,
            fixes: () =>
              subcommand && canChangeRun(model, run)
                ? [
                    {
                      title: "Add --no-dev",
                      applicability: "unsafe",
                      reason: "What the application loads when it runs has to be listed under require.",
                      edits: [insertAfter(script, subcommand, " --no-dev")],
                    },
                  ]
                : [],
          };
        }
      }
    }
  },
});

/** `composer …`, and `php composer.phar …` as Composer's own instructions have it. */
function composerCalls({ commands }: Script): readonly PackageOperation[] {
  return commands.flatMap((command) => {
    const isPhar = command.name === "php" && /(?:^|\/)composer(?:\.phar)?$/.test(command.words[1]?.value ?? "");
    const call = isPhar ? { ...command, name: "composer", words: command.words.slice(1) } : command;
    return packageOperation(call) ?? [];
  });
}

function isProjectInstall(operation: PackageOperation): boolean {
  return operation.manager === "composer" && (operation.verb === "install" || operation.verb === "i");
}

function leavesOut(operation: PackageOperation, run: Instruction, stage: Stage): boolean {
  if (hasOperationFlag(operation, ["--no-dev", "--dry-run", "--download-only"])) return true;
  // A flag that a variable holds may be the one.
  if (operation.command.words.some((word) => word.value === null)) return true;
  if (operation.command.assignments.some((one) => one.name === "COMPOSER_NO_DEV")) return true;
  return stage.scope.lookup("COMPOSER_NO_DEV", run.index) !== null;
}

/** True when composer.json is known to list no development packages. */
function bringsNone(facts: Facts): boolean {
  const text = facts.file("composer.json");
  return typeof text === "string" && !/"require-dev"\s*:\s*\{\s*"/.test(text);
}
