import { hasTemplate } from "../../fixes/mount";
import { locate } from "../../model/types";
import { isNamedForDevelopment } from "../../multistage/purpose";
import { defineRule } from "../../rule";

export default defineRule({
  id: "debug-mode-env",
  theme: "shell",
  category: "security",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "An ENV switches a debug or development mode on in the shipped stage.",
  why: "Debug modes answer with stack traces and settings, some (Flask, Werkzeug) with a console that runs code. Frameworks also turn caches and safeguards off. Set the production value in the image and the other one where you develop (`docker run -e`, compose). Files and stages that are named for development are left alone.",
  aliases: { sonar: ["S4507"] },
  reads: ["CMD", "ENTRYPOINT", "RUN"],
  fixable: "unsafe",
  examples: [
    {
      title: "Flask's debugger",
      code: 'FROM python:3.14\nENV [|FLASK_DEBUG=1|]\nCMD ["flask", "run"]\n',
      fixed: 'FROM python:3.14\nENV FLASK_DEBUG=0\nCMD ["flask", "run"]\n',
    },
    {
      title: "Node.js in development mode",
      code: 'FROM node:26\nENV PORT=80 [|NODE_ENV="development"|]\nCMD ["node", "."]\n',
      fixed: 'FROM node:26\nENV PORT=80 NODE_ENV=production\nCMD ["node", "."]\n',
    },
    {
      title: "The old form",
      code: "FROM php:8.4-apache\nENV [|APP_DEBUG true|]\n",
      fixed: "FROM php:8.4-apache\nENV APP_DEBUG false\n",
    },
    {
      title: "A stage to develop in",
      code: 'FROM node:26 AS dev\nENV NODE_ENV=development\nCMD ["npm", "run", "dev"]\n',
    },
    {
      title: "The mode of the build stage does not ship",
      code: "FROM node:26 AS build\nENV NODE_ENV=development\nRUN npm ci\nFROM nginx:1.30\nCOPY --from=build /app /usr/share/nginx/html\n",
    },
    {
      title: "A later line sets it right",
      code: "FROM node:26\nENV NODE_ENV=development\nRUN npm ci\nENV NODE_ENV=production\n",
    },
    { title: "A file to develop with", path: "Dockerfile.dev", code: "FROM node:26\nENV NODE_ENV=development\n" },
    { title: "Production", code: "FROM node:26\nENV NODE_ENV=production DEBUG=\n" },
  ],
  *check({ model, path }) {
    for (const stage of model.stages) {
      if (!stage.ships || isNamedForDevelopment(path, stage)) continue;
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== "ENV") continue;
        for (const pair of instruction.parsed.pairs) {
          const mode = modes.get(pair.name);
          const value = pair.value?.value;
          if (!mode || value == null || !mode.debug.test(value)) continue;
          const last = model.finalStage?.scope.lookup(pair.name, Number.POSITIVE_INFINITY);
          const range = locate(instruction, pair);
          if (last?.pair !== pair || hasTemplate(model, range)) continue;
          const wanted = mode.production(value);
          const word = pair.value;
          yield {
            message: `${pair.name}=${value} ships ${mode.what}. Set it to ${wanted} here and to ${value} only where you develop.`,
            range,
            fixes: () =>
              word
                ? [
                    {
                      title: `Set ${pair.name} to ${wanted}`,
                      applicability: "unsafe",
                      reason: `Containers of this image no longer start with ${mode.what}.`,
                      edits: [{ span: locate(instruction, word), newText: wanted }],
                    },
                  ]
                : [],
          };
        }
      }
    }
  },
});

interface Mode {
  readonly debug: RegExp;
  readonly what: string;
  production(value: string): string;
}

const development = /^dev(?:elopment)?$/i;
const on = /^(?:1|true|yes|on)$/i;

const environment = (who: string): Mode => ({
  debug: development,
  what: `${who} in development mode`,
  production: (value) => (/^[A-Z]/.test(value) ? "Production" : /^dev$/i.test(value) ? "prod" : "production"),
});
const flag = (who: string): Mode => ({ debug: on, what: `${who} in debug mode`, production: off });

/** The value that says no in the same way as the present one says yes. */
function off(value: string): string {
  if (value === "1") return "0";
  const word = /^true$/i.test(value) ? "false" : /^yes$/i.test(value) ? "no" : "off";
  if (/^[A-Z]+$/.test(value)) return word.toUpperCase();
  return /^[A-Z]/.test(value) ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}

/** Variables that the frameworks themselves read. `DEBUG` means many things; only Django-like names are certain. */
const modes: ReadonlyMap<string, Mode> = new Map<string, Mode>([
  ["NODE_ENV", { ...environment("Node.js"), production: () => "production" }],
  ["RAILS_ENV", { ...environment("Rails"), production: () => "production" }],
  ["RACK_ENV", { ...environment("Rack"), production: () => "production" }],
  ["FLASK_ENV", { ...environment("Flask"), production: () => "production" }],
  ["FLASK_DEBUG", flag("Flask")],
  ["DJANGO_DEBUG", flag("Django")],
  ["APP_DEBUG", flag("the application")],
  ["ASPNETCORE_ENVIRONMENT", environment("ASP.NET Core")],
  ["DOTNET_ENVIRONMENT", environment(".NET")],
  ["QUARKUS_LAUNCH_DEVMODE", flag("Quarkus")],
]);
