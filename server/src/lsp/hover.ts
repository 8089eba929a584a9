/** What is shown under the pointer, as Markdown: the findings of a place, and what is known of a base image. */

import { type Group, meets } from "../core/group";
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
  // What is wrong comes first: the editor shows the message right above, and few people scroll in a card.
  for (const report of reports) parts.push(reportText(report, pageOf, facts !== null));
  if (image && facts) parts.push(imageText(image.reference, facts, today, catalogue.date));
  if (parts.length === 0) return null;
  return { span: facts && image ? image.span : (reports[0] as Report).span, markdown: parts.join("\n\n---\n\n") };
}

/** What the language means behind what was found; the place is that of the finding. */
export function joinHovers(found: HoverText | null, meaning: HoverText | null): HoverText | null {
  if (!found || !meaning) return found ?? meaning;
  return { span: found.span, markdown: `${found.markdown}\n\n---\n\n${meaning.markdown}` };
}

/** The image that is named at an offset: behind FROM, or in `--from=` of COPY, ADD and a RUN mount. */
export function imageAt(model: Model, offset: number): { reference: ImageReference; span: Span } | null {
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

/** Why it matters and how to silence it. What is wrong, and by which rule, the editor says itself next to it. */
function reportText({ rule }: Report, pageOf: (rule: string) => string, isBrief: boolean): string {
  const why = rule.why.trim();
  const more = `[More](${pageOf(rule.id)})`;
  const silence = `# plimsoll ignore=${rule.id}`;
  // Beside what is known of the image there is room for one line.
  if (isBrief) return `${firstSentences(why, 0)} ${more} · Silence: \`${silence}\``;
  return `${firstSentences(why, longestWhy)} ${more}\n\nSilence it with \`${silence} -- reason\` above the instruction.`;
}

/** Characters of a reason that are read in a card; where a rule draws its limits, the page says behind "More". */
const longestWhy = 280;

/** The first sentence, and those behind it that end before so many characters. */
function firstSentences(text: string, most: number): string {
  let end = 0;
  for (const { index, 0: stop } of text.matchAll(/[.!?](?=\s+[A-Z`]|$)/g)) {
    if (end > 0 && index + stop.length > most) break;
    end = index + stop.length;
  }
  return end === 0 ? text : text.slice(0, end);
}

/** What is known of an image. Says nothing where nothing is known. */
export function imageText(reference: ImageReference, facts: ImageFacts, today: Day, date: Day): string {
  const { repository } = facts;
  const lines: string[] = [];
  const figures = [versionText(facts), facts.size ? sizeText(facts.size, facts.tag) : ""].filter((part) => part !== "");
  const known = figures.join(", ");
  if (known !== "") lines.push(known.charAt(0).toUpperCase() + known.slice(1));
  lines.push(...endTexts(facts.ends, today));
  if (facts.dropped) lines.push(`No longer rebuilt: left the list of tags on ${facts.dropped}`);
  if (facts.user) lines.push(userText(facts.user));
  if (facts.distribution) lines.push(distributionText(facts.distribution));
  const { deprecation } = repository;
  if (deprecation) {
    const to = deprecation.successors.map((name) => `\`${name}\``).join(", ");
    lines.push(`**${deprecation.kind}**: ${deprecation.reason}${to ? ` Use ${to}.` : ""}`);
  }
  if (reference.digest) lines.push("Pinned by digest: what the tag means today may be another image");
  const kind = repository.official ? ", Docker official image" : "";
  const title = `**${repository.name}:${facts.tag}** · ${repository.label}${kind} · as of ${date}`;
  return [title, lines.map((line) => `- ${line}`).join("\n")].filter((part) => part !== "").join("\n\n");
}

/** The version, and one other name: the shortest that says more than the tag itself. */
function versionText({ version, tag, aliases, lts }: ImageFacts): string {
  const term = lts ? ", long-term support" : "";
  if (version && version !== tag) return `Version ${version} today${term}`;
  const other = aliases.filter((alias) => alias !== tag).sort((a, b) => a.length - b.length)[0];
  return other === undefined ? "" : `Same image as \`${other}\`${term}`;
}

function endTexts(ends: readonly EndOfLife[], today: Day): readonly string[] {
  const over = ends.filter(({ end }) => end <= today);
  const coming = ends.filter(({ end }) => end > today).map(({ subject, end }) => `${subject} until ${end}`);
  return [
    ...over.map(({ subject, end }) => `⚠ ${subject} has had no free updates since ${end}`),
    ...(coming.length > 0 ? [`Free updates: ${coming.join(", ")}`] : []),
  ];
}

function sizeText(size: ImageSize, tag: string): string {
  const isExact = size.kind !== "estimate" && size.tag === tag;
  return `${isExact ? "" : "about "}${megabytes(size.bytes)} compressed (linux/amd64)`;
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
  const { label, version, codename, packageManager, libc, shell } = distribution;
  const name = [label, version, codename ? `(${codename})` : null].filter((part) => part !== null).join(" ");
  const parts = [
    libc && libc !== "none" ? libc : null,
    packageManager && packageManager !== "none" ? packageManager : null,
    shell === "none" ? "no shell" : shell ? `/bin/sh is ${shell}` : null,
  ].filter((part) => part !== null);
  return `${name}${parts.length > 0 ? `; ${parts.join(", ")}` : ""}`;
}
