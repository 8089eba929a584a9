import { canEditRun } from "../../fixes/shell-list";
import type { Model } from "../../model/types";
import type { Fix } from "../../rule";
import { defineRule } from "../../rule";
import type { NamedPackage, PackageOperation } from "../../shell/packages";
import { callName, type PackageCall, packageCalls } from "./calls";

export default defineRule({
  id: "sort-package-list",
  theme: "package",
  category: "style",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "A list of packages over several lines is not sorted.",
  why: "A sorted list is easier to read, shows doubles, and merges without conflicts. It is a matter of style and off by default. Lists with comments, several packages on one line or variables in them have an order of their own and are left alone.",
  aliases: { tally: ["tally/sort-packages"], sonar: ["S7018"] },
  scope: "instruction",
  fixable: "safe",
  examples: [
    {
      title: "One package a line",
      code: "FROM debian:trixie\nRUN apt-get update && apt-get install -y \\\n    [|git \\\n    curl=8.14.1-2 \\\n    ca-certificates|] \\\n    && rm -rf /var/lib/apt/lists/*\n",
      fixed:
        "FROM debian:trixie\nRUN apt-get update && apt-get install -y \\\n    ca-certificates \\\n    curl=8.14.1-2 \\\n    git \\\n    && rm -rf /var/lib/apt/lists/*\n",
    },
    {
      title: "Flags stay where they are",
      code: "FROM alpine:3.24\nRUN apk add --no-cache \\\n    [|git \\\n    --virtual .build \\\n    curl|]\n",
      fixed: "FROM alpine:3.24\nRUN apk add --no-cache \\\n    curl \\\n    --virtual .build \\\n    git\n",
    },
    { title: "Sorted", code: "FROM alpine:3.24\nRUN apk add --no-cache \\\n    curl \\\n    git\n" },
    { title: "On one line", code: "FROM alpine:3.24\nRUN apk add --no-cache git curl\n" },
    {
      title: "Two on a line",
      code: "FROM alpine:3.24\nRUN apk add --no-cache \\\n    git curl \\\n    bash\n",
    },
    {
      title: "Comments tell of another order",
      code: "FROM alpine:3.24\nRUN apk add --no-cache \\\n    git \\\n    # for the health check\n    curl\n",
    },
    {
      title: "A variable",
      code: "FROM alpine:3.24\nRUN apk add --no-cache \\\n    git \\\n    $PACKAGES \\\n    curl\n",
    },
    {
      title: "Capitals do not count",
      code: "FROM python:3.14\nRUN pip install --no-cache-dir \\\n    flask==3.1.2 \\\n    Jinja2==3.1.6 \\\n    uvicorn==0.38.0\n",
    },
  ],
  *check({ model }) {
    for (const call of packageCalls(model)) {
      const { operation, script } = call;
      const list = listOf(operation);
      if (!list || isSorted(list) || !standsOnLines(model, call, list)) continue;
      const first = list[0] as NamedPackage;
      const last = list.at(-1) as NamedPackage;
      yield {
        message: `The packages of \`${callName(call)}\` are not in alphabetical order. Sort them.`,
        range: script.locate(first.word.from, last.word.to),
        fixes: () => sort(model, call, list),
      };
    }
  },
});

function listOf({ action, packages, unknown, command, tool }: PackageOperation): readonly NamedPackage[] | null {
  if (action !== "install" || packages.length < 2 || unknown.length > 0 || command.wrappers.includes("xargs"))
    return null;
  // The first of several Go modules or cargo crates is as good as the last; so it is everywhere but for local files.
  if (tool.syntax === "goals" || packages.some(({ kind, word }) => kind !== "name" || word.value === null)) return null;
  return packages;
}

function keyOf({ word }: NamedPackage): string {
  return (word.value ?? word.text).toLowerCase();
}

function isSorted(list: readonly NamedPackage[]): boolean {
  for (let i = 1; i < list.length; i++)
    if (keyOf(list[i - 1] as NamedPackage) > keyOf(list[i] as NamedPackage)) return false;
  return true;
}

/** True where each package has a line of its own and no comment stands among them. */
function standsOnLines(model: Model, { script }: PackageCall, list: readonly NamedPackage[]): boolean {
  let end = -1;
  for (const { word } of list) {
    const span = script.locate(word.from, word.to);
    if (end >= 0) {
      const gap = model.text.slice(end, span.start);
      if (!gap.includes("\n") || gap.includes("#")) return false;
    }
    end = span.end;
  }
  return true;
}

function sort(model: Model, { step, script }: PackageCall, list: readonly NamedPackage[]): readonly Fix[] {
  if (!canEditRun(model, step.run, step.isTrigger)) return [];
  const order = (one: NamedPackage, other: NamedPackage) =>
    keyOf(one) < keyOf(other) ? -1 : keyOf(one) > keyOf(other) ? 1 : one.word.from - other.word.from;
  const sorted = [...list].sort(order);
  const edits = list.flatMap(({ word }, place) => {
    const text = sorted[place]?.word.text ?? word.text;
    return text === word.text ? [] : [{ span: script.locate(word.from, word.to), newText: text }];
  });
  return [{ title: "Sort the packages", applicability: "safe", edits }];
}
