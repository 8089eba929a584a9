/** What stands under the pointer, explained: instructions, flags, variables with their values, stages, silenced rules. */
import { userAtEnd } from "../catalogue/stage";
import type { Catalogue } from "../catalogue/types";
import { instructionAt } from "../model/at";
import { scriptsOf } from "../model/scripts";
import { type Instruction, locate, type Model, type Stage } from "../model/types";
import type { AnyRule } from "../rule";
import { packageOperations } from "../shell/packages";
import { readMount } from "../syntax/flags";
import type { Flag, ParsedInstruction } from "../syntax/types";
import type { Span } from "../text";
import { valueText } from "./complete-variable";
import { directiveHelp, type FlagHelp, instructionHelp, mountHelp, platformHelp, referenceLink } from "./help";
import { baseAsWritten, labelOfStage, nameAt, roleOfStage, roleText, usesOf } from "./names";
import { copiedPaths } from "./stage-arrows";
import type { VariableUse } from "./variable-uses";

/** Markdown about a stretch of the text. */
export interface Explanation {
  readonly span: Span;
  readonly markdown: string;
}

/** What explaining needs to know. */
export interface ExplainContext {
  readonly catalogue: Catalogue;
  readonly rules: readonly AnyRule[];
  /** Address of a rule's page. */
  readonly pageOf: (rule: string) => string;
}

/** What is known at an offset, or null: nothing is said that is not known. */
export function explainAt(model: Model, offset: number, context: ExplainContext): Explanation | null {
  const rule = explainRuleAt(model, offset, context);
  if (rule) return rule;
  const directive = model.directives.find(({ start, end }) => start <= offset && offset <= end);
  if (directive) {
    const help = directiveHelp[directive.name];
    return help ? { span: directive, markdown: `**# ${directive.name}=** ${help.text}` } : null;
  }
  const instruction = instructionAt(model, offset);
  if (!instruction || offset > instruction.span.end) return null;
  const named = nameAt(model, offset);
  if (named?.kind === "variable") {
    const markdown = variableText(model, named.use);
    return markdown === null ? null : { span: named.use.whole, markdown };
  }
  if (named?.kind === "stage") {
    return { span: named.span, markdown: stageText(model, named.stage, context.catalogue) };
  }
  return explainSyntax(instruction.parsed, instruction, offset) ?? commandAt(model, instruction, offset);
}

/** The keyword, a flag, or a field of a mount; of the instruction inside an ONBUILD too. */
function explainSyntax(parsed: ParsedInstruction, instruction: Instruction, offset: number): Explanation | null {
  const keywordSpan = locate(instruction, parsed.keywordSpan);
  if (holds(keywordSpan, offset)) {
    const markdown = keywordText(parsed.keyword);
    return markdown === null ? null : { span: keywordSpan, markdown };
  }
  for (const flag of parsed.flags) {
    if (!holds(locate(instruction, flag), offset)) continue;
    return explainFlag(parsed.keyword, flag, instruction, offset);
  }
  return parsed.trigger && explainSyntax(parsed.trigger, instruction, offset);
}

function keywordText(keyword: string): string | null {
  const help = instructionHelp[keyword];
  if (!help) return null;
  const forms = help.signatures.map((signature) => signature.label).join("\n");
  return `${help.text}\n\n\`\`\`dockerfile\n${forms}\n\`\`\`\n\n[Reference](${referenceLink(keyword)})`;
}

function explainFlag(keyword: string, flag: Flag, instruction: Instruction, offset: number): Explanation | null {
  const help = instructionHelp[keyword]?.flags[flag.name];
  if (!help) return null;
  const mount = readMount(flag);
  const field = mount?.fields.find((one) => holds(locate(instruction, one), offset));
  if (mount && field && flag.value && locate(instruction, flag.value).start <= offset) {
    const span = locate(instruction, field);
    const type = mountHelp[mount.type];
    const text = field.key === "type" ? type?.text : type?.fields[aliases[field.key] ?? field.key]?.text;
    return text === undefined ? null : { span, markdown: `**${field.key}** ${text}` };
  }
  return {
    span: locate(instruction, { from: flag.from, to: flag.nameSpan.to }),
    markdown: `${flagText(flag.name, help)}\n\n[Reference](${referenceLink(keyword, flag.name)})`,
  };
}

const aliases: { readonly [field: string]: string } = {
  dst: "target",
  destination: "target",
  src: "source",
  ro: "readonly",
};

function flagText(name: string, help: FlagHelp): string {
  const value = help.value === null ? "" : `=${help.value}`;
  const choices = (help.choices ?? []).filter((choice) => choice.text !== "");
  const list = choices.map((choice) => `- \`${choice.value}\` ${choice.text}`).join("\n");
  return `\`--${name}${value}\` ${help.text}${list === "" ? "" : `\n\n${list}`}`;
}

/** What a variable holds where it stands; null for those of a script, and those that nobody declares. */
function variableText(model: Model, { instruction, name, role }: VariableUse): string | null {
  const { stage, index } = instruction;
  const isGlobal = stage === null || stage.from === instruction;
  const scope = isGlobal ? model.globals : stage.scope;
  // A declaration shows what it makes, everything else what holds before the instruction.
  const binding = scope.lookup(name, role === "declare" ? index + 1 : index);
  const platform = platformHelp[name];
  if (!binding) return platform && isGlobal ? `\`${name}\` ${platform}` : null;
  const lines = [
    `\`${name}\` = ${binding.value === null || binding.value === "" ? valueText(binding) : code(binding.value)}`,
  ];
  if (platform) lines.push(platform);
  const declared = binding.instruction;
  if (declared && declared !== instruction) {
    const line = model.lines.positionAt(declared.span.start).line + 1;
    lines.push(`${binding.kind === "env" ? "ENV" : "ARG"} in line ${line}`);
  }
  if (binding.kind === "build-arg") lines.push("Given as a build argument");
  else if (binding.kind === "arg") lines.push(`Another value: \`docker build --build-arg ${name}=…\``);
  return lines.join("\n\n");
}

const mostUses = 6;

/** The card of a stage: where it comes from, who runs it, what others take from it. */
function stageText(model: Model, stage: Stage, catalogue: Catalogue): string {
  const lineOf = (at: number): number => model.lines.positionAt(at).line + 1;
  const facts: string[] = [`From ${code(baseAsWritten(stage))}${rootText(stage)}`];
  const user = userAtEnd(stage, catalogue);
  if (user.kind !== "unknown" && user.name !== null) facts.push(`Runs as \`${user.name}\` at its end`);
  if (stage.workdirAtEnd !== null) facts.push(`Work folder \`${stage.workdirAtEnd}\``);
  const uses = usesOf(model, stage);
  for (const use of uses.slice(0, mostUses)) {
    const by = labelOfStage(use.by);
    const line = lineOf(use.span.start);
    if (use.kind === "from") facts.push(`\`${by}\` builds on it (line ${line})`);
    else if (use.kind === "mount") facts.push(`Mounted in \`${by}\` (line ${line})`);
    else facts.push(`\`${by}\` copies ${copied(use.instruction)} (line ${line})`);
  }
  if (uses.length > mostUses) facts.push(`… and ${uses.length - mostUses} more uses`);
  return `**${labelOfStage(stage)}** · ${roleText[roleOfStage(model, stage)]}\n\n${facts.map((fact) => `- ${fact}`).join("\n")}`;
}

function rootText(stage: Stage): string {
  return stage.root === stage ? "" : `, from ${code(baseAsWritten(stage.root))}`;
}

/** What a COPY takes and where it puts it, as written. */
function copied(instruction: Instruction): string {
  const { sources, destination } = copiedPaths(instruction);
  const shown = sources.length > 3 ? [...sources.slice(0, 3).map(code), "…"] : sources.map(code);
  return `${shown.join(", ")} to ${code(destination)}`;
}

/** Where a program that a RUN calls was installed, if the file says so by its name. */
function commandAt(model: Model, instruction: Instruction, offset: number): Explanation | null {
  if (instruction.keyword !== "RUN" || !instruction.stage) return null;
  for (const { commands, locate: place } of scriptsOf(instruction)) {
    for (const { words, name } of commands) {
      const [word] = words;
      if (!word || name === null) continue;
      const span = place(word.from, word.to);
      if (!holds(span, offset)) continue;
      const where = installedIn(instruction.stage, name, instruction.index);
      if (!where) return null;
      const line = model.lines.positionAt(where.instruction.span.start).line + 1;
      return { span, markdown: `\`${name}\` is installed by ${where.manager} in line ${line}.` };
    }
  }
  return null;
}

function installedIn(stage: Stage, name: string, before: number): { manager: string; instruction: Instruction } | null {
  for (let link: Stage | null = stage; link; link = link.base.stage) {
    for (const instruction of link.instructions) {
      if (instruction.keyword !== "RUN" || instruction.index > before || !instruction.parsed.text.includes(name))
        continue;
      for (const { script } of scriptsOf(instruction)) {
        for (const { manager, action, packages } of packageOperations(script)) {
          if (action === "install" && packages.some((one) => one.name === name)) return { manager, instruction };
        }
      }
    }
  }
  return null;
}

/** A rule that a comment silences. */
function explainRuleAt(model: Model, offset: number, { rules, pageOf }: ExplainContext): Explanation | null {
  for (const { ids, span } of model.suppressions) {
    if (!holds(span, offset)) continue;
    for (const id of ids) {
      if (!holds(id.span, offset)) continue;
      const rule = rules.find((one) => one.id === id.text.toLowerCase()) ?? ruleOfPeer(rules, id.text);
      if (!rule) return null;
      const name = rule.id === id.text.toLowerCase() ? "" : `\`${id.text}\` is our `;
      return {
        span: id.span,
        markdown: `${name}**[${rule.id}](${pageOf(rule.id)})** ${rule.summary}\n\n${rule.why.trim()}`,
      };
    }
  }
  return null;
}

function ruleOfPeer(rules: readonly AnyRule[], id: string): AnyRule | undefined {
  return rules.find((rule) => Object.values(rule.aliases).some((list) => list?.includes(id)));
}

function holds(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** Text of the user as code in Markdown, cut when long. */
function code(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 199)}…` : text;
  return short.includes("`") ? `\`\` ${short} \`\`` : `\`${short}\``;
}
