/** What may stand behind a keyword, word by word. */
import { scriptsOf } from "../model/scripts";
import type { Model } from "../model/types";
import { packageOperations } from "../shell/packages";
import { parseShell } from "../shell/parse";
import { choiceOffers, completeFlag, flagOffers } from "./complete-flag";
import { completeImage, stagesAbove } from "./complete-image";
import { type CompletionContext, type CompletionList, nothing, type Offer, offer } from "./complete-item";
import { completeKeyword } from "./complete-keyword";
import type { ArgumentPlace } from "./complete-place";
import { userOffers } from "./complete-user";
import { argumentOffers, variableOffers, variablePartial } from "./complete-variable";
import { labels, shells, signals } from "./help";
import { environment, ports } from "./known-values";
import { usualPackages } from "./usual-packages";

/** Completes the word at the cursor. */
export function completeArgument(
  model: Model,
  offset: number,
  place: ArgumentPlace,
  context: CompletionContext,
): CompletionList {
  const { keyword, words, partial, flags, before, stage, instruction } = place;
  const inShell = keyword === "RUN" || keyword === "CMD" || keyword === "ENTRYPOINT" || keyword === "HEALTHCHECK";
  const variable = variablePartial(inShell ? before : partial);
  if (variable) {
    const close = variable.braced && model.text[offset] !== "}" ? "}" : "";
    const global = stage === null || keyword === "FROM";
    return offer(offset, variable.name, variableOffers(model, stage, instruction.index, global, close));
  }
  const inFlags = words.length === flags;
  if (inFlags && partial.startsWith("-")) return completeFlag(model, offset, place, context);
  const more = inFlags && partial === "" ? flagOffers(place) : [];
  const at = words.length - flags;
  // A list that opens at every blank would be in the way where most words are one's own.
  if (context.trigger === " " && ownWords.has(keyword)) {
    return keyword === "RUN" ? completePackage(model, offset, place) : nothing;
  }
  switch (keyword) {
    case "FROM":
      return completeFrom(model, offset, place, context, more);
    case "COPY":
    case "ADD":
      return completePath(offset, place, context, more);
    case "RUN":
      return more.length > 0 ? offer(offset, partial, more) : completePackage(model, offset, place);
    case "USER":
      return at === 0 ? offer(offset, partial, userOffers(model, place, context)) : nothing;
    case "ARG":
      return offer(offset, partial, partial.includes("=") ? [] : argumentOffers(model, stage));
    case "ENV":
      return offer(offset, partial, partial.includes("=") ? [] : environmentOffers(place));
    case "LABEL":
      if (partial.includes("=")) return nothing;
      return offer(
        offset,
        partial,
        choiceOffers(labels, "property").map((one) => ({ ...one, insert: `${one.insert}=`, goesOn: true })),
      );
    case "WORKDIR":
      return at === 0 ? offer(offset, partial, folderOffers(model, place)) : nothing;
    case "EXPOSE":
      return offer(offset, partial, choiceOffers(ports));
    case "STOPSIGNAL":
      return at === 0 ? offer(offset, partial, choiceOffers(signals)) : nothing;
    case "SHELL":
      return at === 0 ? offer(offset, partial, choiceOffers(shells)) : nothing;
    case "HEALTHCHECK":
      return at === 0 ? offer(offset, partial, [...healthcheckForms, ...more]) : nothing;
    case "ONBUILD":
      return completeKeyword(model, offset, { partial, inOnbuild: true }, context);
    default:
      return nothing;
  }
}

const ownWords: ReadonlySet<string> = new Set(["RUN", "ENV", "LABEL", "EXPOSE", "WORKDIR", "VOLUME"]);

const healthcheckForms: readonly Offer[] = [
  { kind: "keyword", label: "CMD", insert: "CMD ", documentation: "The command that checks." },
  { kind: "keyword", label: "NONE", insert: "NONE", documentation: "Switches off the check of the base image." },
];

const stageNames: readonly string[] = ["build", "deps", "test", "dev", "base", "production"];

function completeFrom(
  model: Model,
  offset: number,
  place: ArgumentPlace,
  context: CompletionContext,
  flags: readonly Offer[],
): CompletionList {
  const { partial, words, stage } = place;
  const at = words.length - place.flags;
  if (at === 0) {
    const scratch: Offer = { kind: "image", label: "scratch", insert: "scratch", detail: "nothing at all" };
    return completeImage(offset, partial, stagesAbove(model, stage), context, [scratch, ...flags]);
  }
  if (at === 1) {
    return offer(offset, partial, [{ kind: "keyword", label: "AS", insert: "AS ", detail: "names the stage" }]);
  }
  if (at !== 2) return nothing;
  const taken = new Set(model.stages.map((one) => one.name));
  const free = stageNames.filter((name) => !taken.has(name));
  return offer(
    offset,
    partial,
    choiceOffers(
      free.map((value) => ({ value, text: "" })),
      "stage",
    ),
  );
}

/** Files of the build context; of another stage only its folders are known. */
function completePath(
  offset: number,
  place: ArgumentPlace,
  context: CompletionContext,
  flags: readonly Offer[],
): CompletionList {
  const { before, words, partial } = place;
  const inList = /(?:^|\s)\[/.test(before.replace(/^(?:--\S+\s+)*/, " "));
  const path = inList ? /["]([^"]*)$/.exec(partial)?.[1] : partial;
  if (path === undefined || /^<<|[$'"\\]/.test(path)) return nothing;
  const source = words.slice(0, place.flags).find((word) => word.startsWith("--from="));
  const offers: Offer[] = [];
  const isLater = words.length > place.flags;
  const workdir = place.instruction.workdir;
  if (isLater && !inList && path === "") {
    offers.push({
      kind: "folder",
      label: "./",
      insert: "./",
      detail: workdir ? `work folder, ${workdir}` : "work folder",
    });
  }
  if (source !== undefined) {
    const name = source.slice("--from=".length).toLowerCase();
    const stage = place.instruction.stage?.copiesFrom.find((use) => use.stage?.name === name)?.stage;
    const folder = stage?.workdirAtEnd;
    if (folder?.startsWith(path)) {
      offers.push({
        kind: "folder",
        label: `${folder}/`.replace("//", "/"),
        insert: `${folder}/`.replace("//", "/"),
        detail: "its work folder",
      });
    }
    return offer(offset, path, [...offers, ...flags]);
  }
  if (path.startsWith("/") && isLater) return nothing;
  const slash = path.lastIndexOf("/") + 1;
  const names = context.list(
    path
      .slice(0, slash)
      .replace(/^(?:\.?\/)+/, "")
      .replace(/\/$/, ""),
  );
  const files = (names ?? [])
    .filter((name) => !/[\s"'$\\]/.test(name))
    .map(
      (name): Offer =>
        name.endsWith("/")
          ? { kind: "folder", label: name, insert: name, goesOn: true }
          : { kind: "file", label: name, insert: name },
    );
  if (slash > 0) return offer(offset, path.slice(slash), files);
  return offer(offset, path, [...files, ...offers, ...flags]);
}

/** Packages that the file installs elsewhere with the same kind of package manager, and those that are usual. */
function completePackage(model: Model, offset: number, place: ArgumentPlace): CompletionList {
  const { before, partial, instruction } = place;
  if (instruction.shell.kind !== "posix" || /["'=/]/.test(partial)) return nothing;
  const head = before.slice(0, before.length - partial.length).trimEnd();
  const operation = packageOperations(parseShell(head)).at(-1);
  if (operation?.action !== "install" || operation.command.command.to < head.length || !operation.subcommand)
    return nothing;
  const there = new Set(operation.packages.map((one) => one.name));
  const offers = new Map<string, Offer>();
  for (const other of model.instructions) {
    if (other.keyword !== "RUN") continue;
    for (const { script } of scriptsOf(other)) {
      for (const { tool, packages } of packageOperations(script)) {
        if (tool.family !== operation.tool.family) continue;
        for (const { name, kind } of packages) {
          if (kind !== "name" || there.has(name) || (other === instruction && name === partial)) continue;
          offers.set(name, { kind: "package", label: name, insert: name, detail: "installed in this file" });
        }
      }
    }
  }
  for (const { name, text } of usualPackages(operation.tool.family)) {
    if (offers.has(name) || there.has(name)) continue;
    offers.set(name, { kind: "package", label: name, insert: name, detail: text });
  }
  return offer(offset, partial, [...offers.values()]);
}

function environmentOffers(place: ArgumentPlace): readonly Offer[] {
  const declared = new Set(place.stage?.scope.bindings.map((binding) => binding.name));
  return environment
    .filter(({ value }) => !declared.has(value.split("=", 1)[0] ?? ""))
    .map(({ value, text }) => ({ kind: "variable", label: value, insert: value, documentation: text }));
}

/** Work folders of the file. */
function folderOffers(model: Model, place: ArgumentPlace): readonly Offer[] {
  const folders = new Set<string>();
  for (const { workdirAtEnd } of model.stages)
    if (workdirAtEnd !== null && workdirAtEnd !== "/") folders.add(workdirAtEnd);
  folders.delete(place.partial);
  for (const usual of ["/app", "/src", "/workspace"]) folders.add(usual);
  return [...folders].map((folder) => ({ kind: "folder", label: folder, insert: folder }));
}
