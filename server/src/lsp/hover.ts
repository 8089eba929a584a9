/** What is shown under the pointer, as Markdown: the findings of a place, and what is known of a base image. */

import type { ImageReference } from "../core/image/reference";
import type {
  Catalogue,
  Day,
  DefaultUser,
  Distribution,
  EndOfLife,
  ImageFacts,
  ImageSize,
  Model,
  Report,
  Span,
} from "../core/index";
import { instructionAt, stageOf } from "./locate";
import { type Group, meets } from "./merge";

export interface HoverText {
  readonly span: Span;
  readonly markdown: string;
}

/** What is known at an offset, or null. `pageOf` gives the address of a rule's page. */
export function hoverAt(
  model: Model,
  groups: readonly Group[],
  catalogue: Catalogue,
  today: Day,
  offset: number,
  pageOf: (rule: string) => string,
): HoverText | null {
  const place = { start: offset, end: offset };
  const reports = groups.filter((group) => meets(group, place)).flatMap((group) => group.reports);
  const image = imageAt(model, offset);
  const facts = image && catalogue.image(image.reference);
  const parts: string[] = [];
  if (image && facts) parts.push(imageText(image.reference, facts, today, catalogue.date));
  for (const report of reports) parts.push(reportText(report, pageOf));
  if (parts.length === 0) return null;
  return { span: facts && image ? image.span : (reports[0] as Report).span, markdown: parts.join("\n\n---\n\n") };
}

/** The image that is named at an offset: behind FROM, or in `--from=` of COPY, ADD and a RUN mount. */
function imageAt(model: Model, offset: number): { reference: ImageReference; span: Span } | null {
  const instruction = instructionAt(model, offset);
  if (!instruction) return null;
  const opened = stageOf(instruction);
  if (opened) {
    const { reference, span } = opened.base;
    return reference && span && holds(span, offset) ? { reference, span } : null;
  }
  const use = instruction.stage?.copiesFrom.find(
    (item) => item.instruction === instruction && holds(item.span, offset),
  );
  return use?.reference ? { reference: use.reference, span: use.span } : null;
}

function holds(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

function reportText(report: Report, pageOf: (rule: string) => string): string {
  const { rule } = report;
  return [
    `**[${rule.id}](${pageOf(rule.id)})** · ${report.severity} · ${rule.category}`,
    rule.why.trim(),
    `To silence it here: \`# plimsoll ignore=${rule.id} -- reason\` above the instruction. For the workspace: \`rules: { ${rule.id}: off }\` in \`.plimsoll.yaml\`.`,
  ].join("\n\n");
}

/** What is known of an image. Says nothing where nothing is known. */
export function imageText(reference: ImageReference, facts: ImageFacts, today: Day, date: Day): string {
  const { repository } = facts;
  const lines: string[] = [];
  const others = facts.aliases.filter((alias) => alias !== facts.tag).slice(0, 4);
  if (facts.version) lines.push(`Version today: ${facts.version}${facts.lts ? " (long-term support)" : ""}`);
  if (others.length > 0) lines.push(`Same image as ${others.map((tag) => `\`${tag}\``).join(", ")}`);
  for (const end of facts.ends) lines.push(endText(end, today));
  if (facts.dropped) lines.push(`No longer rebuilt: left the list of tags on ${facts.dropped}`);
  if (facts.size) lines.push(sizeText(facts.size, facts.tag));
  if (facts.user) lines.push(userText(facts.user));
  if (facts.distribution) lines.push(distributionText(facts.distribution));
  const { deprecation } = repository;
  if (deprecation) {
    const to = deprecation.successors.map((name) => `\`${name}\``).join(", ");
    lines.push(`**${deprecation.kind}**: ${deprecation.reason}${to ? ` Use ${to}.` : ""}`);
  }
  const kind = repository.official ? ", Docker official image" : "";
  const title = `**${repository.name}:${facts.tag}** · ${repository.label}${kind}`;
  const digest = reference.digest ? ["Pinned by digest: what the tag means today may be another image."] : [];
  return [title, lines.map((line) => `- ${line}`).join("\n"), ...digest, `*As of ${date}, without asking a registry.*`]
    .filter((part) => part !== "")
    .join("\n\n");
}

function endText(end: EndOfLife, today: Day): string {
  if (end.end <= today) return `⚠ ${end.subject} has had no free updates since ${end.end}`;
  const security = end.securityEnd;
  if (!security) return `${end.subject} gets free updates until ${end.end}`;
  const tense = security <= today ? "ended" : "ends";
  return `${end.subject} gets free updates until ${end.end} (regular security support ${tense} ${security})`;
}

function sizeText(size: ImageSize, tag: string): string {
  const figure = megabytes(size.bytes);
  const how = size.kind === "estimate" || size.tag !== tag ? "about " : "";
  const of = size.tag === tag ? "" : `, measured on \`${size.tag}\``;
  return `Size: ${how}${figure} compressed (linux/amd64${of})`;
}

function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  return value >= 1000 ? `${(value / 1000).toFixed(1)} GB` : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} MB`;
}

function userText(user: DefaultUser): string {
  const ready = user.ready;
  const account = ready
    ? `\`${ready.write ?? ready.name}\`${ready.uid === null ? "" : ` (uid ${ready.uid})`}`
    : "another user";
  const hedge = user.verified ? "" : " (to the best of our knowledge)";
  if (user.how === "declared") return `Runs as \`${user.runsAs}\`, not root${hedge}`;
  if (user.how === "entrypoint") return `Starts as root; its entrypoint switches to ${account}${hedge}`;
  if (user.how === "shipped") return `Runs as root; ships ${account} to switch to${hedge}`;
  return `Runs as root${hedge}`;
}

function distributionText(distribution: Distribution): string {
  const { family, version, codename, packageManager, libc, shell } = distribution;
  const name = [family, version, codename ? `(${codename})` : null].filter((part) => part !== null).join(" ");
  const parts = [
    libc && libc !== "none" ? libc : null,
    packageManager && packageManager !== "none" ? packageManager : null,
    shell === "none" ? "no shell" : shell ? `/bin/sh is ${shell}` : null,
  ].filter((part) => part !== null);
  return `System: ${name}${parts.length > 0 ? `; ${parts.join(", ")}` : ""}`;
}
