import { canChangeRun } from "../../fixes/mount";
import { removeInstruction } from "../../fixes/remove";
import { dropItem, isTopLevel, removeWord } from "../../fixes/shell-list";
import { instructionsNamed } from "../../model/index-of";
import { type Script, scriptsOf } from "../../model/scripts";
import type { Instruction, Model } from "../../model/types";
import { defineRule, type Fix } from "../../rule";
import type { ShellWord } from "../../shell/ast";
import type { EffectiveCommand } from "../../shell/commands";
import { packageOperation } from "../../shell/packages";
import type { Edit } from "../../text";
import { isForDevelopment, isNamedDevelopment } from "./purpose";

export default defineRule({
  id: "php-xdebug-in-final",
  theme: "php",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "Xdebug is installed in the shipped stage.",
  why: "Xdebug slows every request, and where its remote debugging is switched on, whoever reaches it runs code in the container. Install it in a stage for development that the shipped one does not stand on.",
  aliases: { tally: ["tally/php/no-xdebug-in-final-image"] },
  reads: ["ADD", "CMD", "COPY", "ENTRYPOINT", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Installed and enabled",
      code: "FROM php:8.5-apache\nRUN [|pecl install xdebug|] && docker-php-ext-enable xdebug\nCOPY . /var/www/html\n",
      fixed: "FROM php:8.5-apache\nCOPY . /var/www/html\n",
    },
    {
      title: "Among other extensions",
      code: "FROM php:8.5-fpm\nRUN [|install-php-extensions gd xdebug intl|]\n",
      fixed: "FROM php:8.5-fpm\nRUN install-php-extensions gd intl\n",
    },
    {
      title: "From the distribution",
      code: "FROM debian:13\nRUN apt-get update && [|apt-get install -y php-fpm php-xdebug|]\n",
      fixed: "FROM debian:13\nRUN apt-get update && apt-get install -y php-fpm\n",
    },
    {
      title: "A stage for development that does not ship",
      code: "FROM php:8.5-fpm AS base\nFROM base AS dev\nRUN pecl install xdebug\nFROM base\nCOPY . .\n",
    },
    { title: "A file for development", code: "FROM php:8.5-fpm AS dev\nRUN pecl install xdebug\n" },
    {
      title: "A build argument decides",
      code: 'FROM php:8.5-fpm\nARG XDEBUG=0\nRUN if [ "$XDEBUG" = 1 ]; then pecl install xdebug; fi\n',
    },
    {
      title: "The application runs in development",
      code: "FROM php:8.5-fpm\nENV APP_ENV=dev\nRUN pecl install xdebug\n",
    },
    {
      title: "The container starts the server for developing",
      code: 'FROM ubuntu:24.04\nENV SUPERVISOR_PHP_COMMAND="/usr/bin/php /var/www/html/artisan serve --host=0.0.0.0"\nRUN apt-get update && apt-get install -y php8.4-cli php8.4-xdebug\nENTRYPOINT ["start-container"]\n',
    },
    {
      title: "Removed again",
      code: "FROM php:8.5-fpm\nRUN apt-get install -y php-xdebug && apt-get purge -y php-xdebug\n",
    },
  ],
  *check({ model, path }) {
    const final = model.finalStage;
    if (!final || !/xdebug/i.test(model.text) || isNamedDevelopment(path, final) || !isEnabled(model)) return;
    for (const run of instructionsNamed(model, "RUN")) {
      if (!run.stage?.ships || !/xdebug/i.test(run.parsed.text)) continue;
      for (const script of scriptsOf(run)) {
        const found = script.commands.filter((command) => bringsXdebug(command) && command.outer.context.length === 0);
        const first = found[0];
        if (!first || removesXdebug(script) || isForDevelopment(final)) continue;
        yield {
          message: "Xdebug ships with this image, where it slows every request. Install it in a stage for development.",
          range: script.locate(first.command.from, first.command.to),
          fixes: () => leaveOut(model, run, script, found),
        };
        return;
      }
    }
  },
});

/** True when something switches Xdebug on: PECL alone only puts it there. */
function isEnabled(model: Model): boolean {
  // `PHP_EXTENSIONS_DISABLE=xdebug`, `XDEBUG_MODE=off`: somebody has seen to it.
  const isOff = model.instructions.some(
    ({ keyword, parsed }) =>
      keyword === "ENV" &&
      parsed.pairs.some(({ name, value }) =>
        name === "XDEBUG_MODE" ? value?.value === "off" : /disable/i.test(name) && /xdebug/.test(value?.text ?? ""),
      ),
  );
  if (isOff) return false;
  return model.instructions.some((run) => {
    if (run.keyword !== "RUN" || !run.stage?.ships || !/xdebug/i.test(run.parsed.text)) return false;
    if (/zend_extension\s*=[^\n]*xdebug/.test(run.parsed.text)) return true;
    return scriptsOf(run).some(({ commands }) =>
      commands.some((command) => bringsXdebug(command) && command.name !== "pecl"),
    );
  });
}

/** The word that names Xdebug in a command that installs or enables it, or null. */
function bringsXdebug(command: EffectiveCommand): ShellWord | null {
  const word = command.words.find(({ value }, index) => index > 0 && isXdebug(value ?? ""));
  if (!word) return null;
  if (/^(?:docker-php-ext-(?:install|enable)|install-php-extensions|phpenmod)$/.test(command.name ?? "")) return word;
  return packageOperation(command)?.action === "install" ? word : null;
}

function isXdebug(word: string): boolean {
  return /^(?:php[\d.]*-(?:pecl-)?)?xdebug(?:[-=@^][\w.]+)?$/.test(word);
}

function removesXdebug({ commands }: Script): boolean {
  return commands.some((command) => {
    if (!command.words.some(({ text }) => /xdebug/.test(text))) return false;
    return /^(?:phpdismod|rm|sed)$/.test(command.name ?? "") || packageOperation(command)?.action === "remove";
  });
}

function leaveOut(model: Model, run: Instruction, script: Script, found: readonly EffectiveCommand[]): readonly Fix[] {
  if (!canChangeRun(model, run) || found.some((command) => !isTopLevel(command))) return [];
  // A setting written for Xdebug would be left without it.
  const rest = script.commands.filter((command) => !found.includes(command));
  if (rest.some(({ command }) => /xdebug/i.test(script.script.text.slice(command.from, command.to)))) return [];
  const edits = editsFor(model, run, script, found);
  return edits
    ? [
        {
          title: "Leave Xdebug out",
          applicability: "unsafe",
          reason: "Nobody can debug in this image any more.",
          edits,
        },
      ]
    : [];
}

function editsFor(
  model: Model,
  run: Instruction,
  script: Script,
  found: readonly EffectiveCommand[],
): readonly Edit[] | null {
  const whole = found.filter((command) => isAlone(command));
  if (whole.length === script.script.topLevel.length)
    return script.kind === "line" ? [removeInstruction(model, run)] : null;
  const edits: Edit[] = [];
  for (const command of found) {
    const word = bringsXdebug(command);
    // Two neighbouring items cannot both be cut out with what joins them.
    const edit = whole.includes(command)
      ? whole.length === 1 && dropItem(model, script, command.command.item)
      : word && removeWord(model, script, word);
    if (!edit) return null;
    edits.push(edit);
  }
  return edits;
}

/** True when the command names nothing but Xdebug. */
function isAlone(command: EffectiveCommand): boolean {
  const operation = packageOperation(command);
  if (operation) return operation.packages.length + operation.unknown.length === 1;
  return command.words.slice(1).filter(({ text }) => !text.startsWith("-")).length === 1;
}
