import { rewriteBase, withTag } from "../../fixes/base";
import { compareTags, readTag, type TagParts } from "../../image/tag";
import type { Model, Stage } from "../../model/types";
import type { WorkspaceBase } from "../../model/workspace-bases";
import { defineRule, type Fix } from "../../rule";

export default defineRule({
  id: "workspace-base-drift",
  theme: "base-image",
  category: "reproducibility",
  severity: "hint",
  recommended: false,
  since: "0.1.0",
  summary: "The same image is used with different versions in Dockerfiles of one workspace.",
  why: "Services that were started from one template drift apart: one gets the security update, another keeps last year's release, and what works in one fails in the next. Only versions of the same variant are compared, `24-slim` with `26-slim`. Off by default, since a workspace may hold examples for many versions on purpose.",
  aliases: {},
  reads: [],
  fixable: "unsafe",
  examples: [
    {
      title: "Others have moved on",
      code: "FROM node:[|24-slim|]\nUSER node\n",
      path: "web/Dockerfile",
      others: { "api/Dockerfile": "FROM node:26-slim\n", "jobs/Dockerfile": "FROM node:26-slim\n" },
      fixed: "FROM node:26-slim\nUSER node\n",
    },
    {
      title: "One against one: the newer is meant",
      code: "FROM golang:[|1.26|] AS build\nRUN go build ./...\n",
      path: "web/Dockerfile",
      others: { "api/Dockerfile": "FROM golang:1.27\n" },
      fixed: "FROM golang:1.27 AS build\nRUN go build ./...\n",
    },
    {
      title: "The version of an ARG",
      code: "ARG NODE=24\nFROM [|node:${NODE}|]\n",
      path: "web/Dockerfile",
      others: { "api/Dockerfile": "FROM node:26\n", "jobs/Dockerfile": "FROM node:26\n" },
      fixed: "ARG NODE=26\nFROM node:${NODE}\n",
    },
    {
      title: "All agree",
      code: "FROM node:26-slim\n",
      path: "web/Dockerfile",
      others: { "api/Dockerfile": "FROM node:26-slim\n" },
    },
    {
      title: "Another variant serves another purpose",
      code: "FROM node:24\n",
      path: "web/Dockerfile",
      others: { "api/Dockerfile": "FROM node:26-slim\n" },
    },
    {
      title: "The newer of two",
      code: "FROM node:26\n",
      path: "web/Dockerfile",
      others: { "api/Dockerfile": "FROM node:24\n" },
    },
    { title: "A file by itself", code: "FROM node:24\nFROM node:26\n" },
  ],
  *check({ model, facts, path }) {
    const others = facts.bases?.();
    if (!others) return;
    for (const stage of model.stages) {
      const own = stage.base.reference;
      if (!own?.tag || own.digest || !stage.base.span) continue;
      const parts = readTag(own.tag);
      if (parts.version === null) continue;
      const image = `${own.registry}/${own.path}`;
      const same = others.filter((one) => one.path !== path && one.image === image && isSameKind(parts, one.tag));
      const [best, newest] = choose(parts, same);
      if (!best || best.tag === own.tag) continue;
      const { start, end } = stage.base.span;
      const at = model.text.slice(start, end).lastIndexOf(`:${own.tag}`);
      yield {
        message: `${own.repository}:${own.tag} here, but ${own.repository}:${best.tag} in ${shown(best.paths)}. Use one version in the whole workspace.`,
        range: at < 0 ? { start, end } : { start: start + at + 1, end: start + at + 1 + own.tag.length },
        subject: "base",
        fixes: () => [best, newest].flatMap((choice) => (choice ? moveTo(model, stage, choice.tag) : [])),
      };
    }
  },
});

interface Choice {
  readonly tag: string;
  /** The files that have it, each once. */
  readonly paths: readonly string[];
}

/** True for a tag that differs in its version alone, and is as precise: `24-slim` and `26-slim`. */
function isSameKind(own: TagParts, tag: string): boolean {
  const other = readTag(tag);
  return (
    other.version !== null &&
    other.prefix === own.prefix &&
    other.precision === own.precision &&
    (other.prerelease === null) === (own.prerelease === null) &&
    other.variants.join("-") === own.variants.join("-")
  );
}

/** The tag of most files, this one included, among equals the newest; then the newest of all where that is another. */
function choose(own: TagParts, others: readonly WorkspaceBase[]): readonly [Choice | null, Choice | null] {
  const paths = new Map<string, Set<string>>([[own.text, new Set([""])]]);
  for (const { tag, path } of others) {
    const known = paths.get(tag);
    if (known) known.add(path);
    else paths.set(tag, new Set([path]));
  }
  const choices = [...paths].map(([tag, files]) => ({ tag, paths: [...files].filter((file) => file !== "") }));
  const count = (choice: Choice) => paths.get(choice.tag)?.size ?? 0;
  const isNewer = (a: Choice, b: Choice) => (compareTags(readTag(a.tag), readTag(b.tag)) ?? 0) > 0;
  let best: Choice | null = null;
  let newest: Choice | null = null;
  for (const choice of choices) {
    if (!best || count(choice) > count(best) || (count(choice) === count(best) && isNewer(choice, best))) best = choice;
    if (!newest || isNewer(choice, newest)) newest = choice;
  }
  return [best, newest && newest.tag !== best?.tag && newest.tag !== own.text ? newest : null];
}

function shown(paths: readonly string[]): string {
  const [first, ...rest] = [...paths].sort();
  if (rest.length === 0) return String(first);
  return rest.length === 1 ? `${first} and ${rest[0]}` : `${first} and ${rest.length} others`;
}

function moveTo(model: Model, stage: Stage, tag: string): readonly Fix[] {
  const { reference } = stage.base;
  const wanted = reference && withTag(reference, tag);
  const edits = wanted ? rewriteBase(model, stage, wanted) : null;
  if (!edits || !wanted) return [];
  return [
    {
      title: `Use ${wanted}, as others of the workspace do`,
      applicability: "unsafe",
      reason: "Another version of the image may bring other versions of what it holds.",
      edits,
    },
  ];
}
