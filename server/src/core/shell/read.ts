/** Turns the parser's tree of a script into ours, in one walk. */
import type {
  Assignment,
  Command,
  CommandNode,
  CompoundList,
  ParsedScript,
  PipelineNode,
  Script,
  Statement,
  TestCommand,
  TestExpression,
  Word,
} from "unbash";
import type {
  ListItem,
  ShellCommand,
  ShellConnector,
  ShellDefinition,
  ShellPipeline,
  ShellRedirection,
  ShellScript,
  ShellStage,
  ShellVariable,
  ShellWord,
} from "./ast";
import { connectorAfter, endOf, type FoundConnector, type Place, startOf, within } from "./place";
import {
  readArithmetic,
  readAssignment,
  readAssignmentWord,
  readRedirection,
  readWord,
  spanOf,
  type WordSink,
} from "./words";

/** Converts the parser's result for `text`. Recursion is bounded by the parser's own limit of nesting. */
export function readScript(text: string, tree: ParsedScript): ShellScript {
  const reading = startReading(text);
  noteErrors(reading, tree, { source: text, offsets: null, context: [] });
  const entries = readList(reading, tree.commands, { source: text, offsets: null, context: [] }, true);
  const commands = reading.commands.filter((command) => command !== null);
  const topLevel = entries.map((entry): ListItem => {
    const { from, to, connector, connectorSpan, kind } = entry;
    return { from, to, connector, connectorSpan, kind, commands: commands.slice(entry.first, entry.last) };
  });
  const pipelines = reading.pipelines.map(({ id, from, to, stages }): ShellPipeline => {
    const resolved = stages.map((stage): ShellStage => {
      const { first, last, ...rest } = stage;
      return { ...rest, commands: commands.slice(first, last) };
    });
    return { id, from, to, stages: resolved };
  });
  pipelines.sort((a, b) => a.from - b.from);
  const { variables, definitions, redirections, errors } = reading;
  const wellFormed = errors.length === 0;
  return { text, commands, pipelines, variables, definitions, redirections, topLevel, errors, wellFormed };
}

/** What the walk has gathered so far. */
interface Reading extends WordSink {
  /** A place is taken before the words are read, so that a command comes before those inside it. */
  readonly commands: (ShellCommand | null)[];
  readonly pipelines: { id: number; from: number; to: number; stages: readonly StageEntry[] }[];
  readonly variables: ShellVariable[];
  readonly definitions: ShellDefinition[];
  readonly redirections: ShellRedirection[];
  readonly errors: { message: string; at: number }[];
  nextPipeline: number;
  /** The item of the outermost list that is being read. */
  item: number;
}

interface CommandRange {
  /** First command within, as a place in `Reading.commands`, and the one behind the last. */
  readonly first: number;
  readonly last: number;
}

type StageEntry = Omit<ShellStage, "commands"> & CommandRange;
type ItemEntry = Omit<ListItem, "commands"> & CommandRange;

/** The pipe and the list item that a command stands in. */
interface Surroundings {
  readonly pipeline: ShellCommand["pipeline"];
  readonly before: ShellConnector | null;
  readonly after: ShellConnector | null;
}

function startReading(text: string): Reading {
  const reading: Reading = {
    text,
    commands: [],
    pipelines: [],
    variables: [],
    definitions: [],
    redirections: [],
    errors: [],
    nextPipeline: 0,
    item: 0,
    readNested(script, place) {
      noteErrors(reading, script, place);
      readList(reading, script.commands, place, false);
    },
  };
  return reading;
}

function noteErrors(reading: Reading, script: Script & Pick<ParsedScript, "errors">, place: Place): void {
  for (const error of script.errors ?? []) {
    reading.errors.push({ message: error.message, at: startOf(place, error.pos) });
  }
}

function readList(reading: Reading, statements: readonly Statement[], place: Place, outermost: boolean): ItemEntry[] {
  const parts = statements.flatMap((statement, index) =>
    itemsOf(statement, place.source, index === statements.length - 1),
  );
  return parts.map(({ node, found }, index): ItemEntry => {
    if (outermost) reading.item = index;
    const first = reading.commands.length;
    const before = parts[index - 1]?.found?.connector ?? null;
    const after = found?.connector ?? null;
    const kind = readPipeline(reading, node, place, before, after);
    const [from, to] = spanOf(place, node);
    const connectorSpan = found ? { from: startOf(place, found.from), to: endOf(place, found.to) } : null;
    return { from, to, connector: after, connectorSpan, kind, first, last: reading.commands.length };
  });
}

/** The items of one statement, each with the connector behind it. */
function itemsOf(
  statement: Statement,
  source: string,
  last: boolean,
): { node: PipelineNode; found: FoundConnector | null }[] {
  const { command } = statement;
  const nodes = command.type === "AndOr" ? command.commands : [command];
  return nodes.map((node, index) => {
    const found = connectorAfter(source, node.end);
    const end = index === nodes.length - 1;
    if (end && last && !statement.background) return { node, found: null };
    return { node, found };
  });
}

function readPipeline(
  reading: Reading,
  node: PipelineNode,
  place: Place,
  before: ShellConnector | null,
  after: ShellConnector | null,
): ListItem["kind"] {
  const id = reading.nextPipeline++;
  if (node.type !== "Pipeline") {
    return readCommandNode(reading, node, place, { pipeline: { id, index: 0, length: 1 }, before, after });
  }
  const negated = node.prefixes.some((prefix) => prefix.type === "Negation");
  const inner = negated ? within(place, "negated") : place;
  const { length } = node.commands;
  const stages = node.commands.map((command, index): StageEntry => {
    const first = reading.commands.length;
    const kind = readCommandNode(reading, command, inner, { pipeline: { id, index, length }, before, after });
    const [from, to] = spanOf(place, command);
    return { from, to, kind, first, last: reading.commands.length };
  });
  if (length === 1) return stages[0]?.kind ?? "command";
  const [from, to] = spanOf(place, node);
  reading.pipelines.push({ id, from, to, stages });
  return "pipeline";
}

function readCommandNode(
  reading: Reading,
  node: CommandNode,
  place: Place,
  around: Surroundings,
): "command" | "compound" {
  switch (node.type) {
    case "Command":
      readCommand(reading, node, place, around);
      return "command";
    case "TestCommand":
      readTest(reading, node, place, around);
      return "command";
    case "Redirected": {
      readCommandNode(reading, node.command, place, around);
      for (const redirect of node.redirects) reading.redirections.push(readRedirection(reading, redirect, place));
      return "compound";
    }
    case "Subshell":
      readBody(reading, node.body, within(place, "subshell"));
      return "compound";
    case "BraceGroup":
      readBody(reading, node.body, within(place, "group"));
      return "compound";
    case "If": {
      const inner = within(place, "if");
      const condition = within(place, "if", "condition");
      readBody(reading, node.clause, condition);
      readBody(reading, node.then, inner);
      for (const branch of node.elif) {
        readBody(reading, branch.clause, condition);
        readBody(reading, branch.then, inner);
      }
      if (node.else) readBody(reading, node.else, inner);
      return "compound";
    }
    case "While":
      readBody(reading, node.clause, within(place, "loop", "condition"));
      readBody(reading, node.body, within(place, "loop"));
      return "compound";
    case "For":
    case "Select":
      define(reading, node.name, place, "loop");
      for (const word of node.wordlist ?? []) readWord(reading, word, place);
      readBody(reading, node.body, within(place, "loop"));
      return "compound";
    case "ArithmeticFor":
      readArithmetic(reading, node.initialize, place);
      readArithmetic(reading, node.test, place);
      readArithmetic(reading, node.update, place);
      readBody(reading, node.body, within(place, "loop"));
      return "compound";
    case "ArithmeticCommand":
      readArithmetic(reading, node.expression, place);
      return "compound";
    case "Case":
      readWord(reading, node.word, place);
      for (const item of node.items) {
        for (const pattern of item.pattern) readWord(reading, pattern, place);
        readBody(reading, item.body, within(place, "case"));
      }
      return "compound";
    case "Function":
      readInner(reading, node.body, within(place, "function"), around);
      return "compound";
    case "Coproc":
      readInner(reading, node.body, within(place, "subshell"), around);
      return "compound";
  }
}

function readInner(reading: Reading, body: CommandNode | CompoundList, place: Place, around: Surroundings): void {
  if (body.type === "CompoundList") readBody(reading, body, place);
  else readCommandNode(reading, body, place, around);
}

function readBody(reading: Reading, body: CompoundList, place: Place): void {
  readList(reading, body.commands, place, false);
}

function readCommand(reading: Reading, node: Command, place: Place, around: Surroundings): void {
  const index = reading.commands.push(null) - 1;
  const { item } = reading;
  const assignments = [];
  const redirections = [];
  const words: ShellWord[] = [];
  for (const part of node.prefix) {
    if (part.type !== "Assignment") redirections.push(readRedirection(reading, part, place));
    else {
      const assignment = readAssignment(reading, part, place);
      assignments.push(assignment);
      note(reading, assignment.name, assignment.from, node.name ? "prefix" : "assign");
    }
  }
  if (node.name) words.push(readWord(reading, node.name, place));
  for (const part of node.suffix) {
    if (part.type === "Word") words.push(readWord(reading, part, place));
    else if (part.type === "Assignment") {
      words.push(readAssignmentWord(reading, part, place));
      defineDeclared(reading, part, place);
    } else redirections.push(readRedirection(reading, part, place));
  }
  const name = words[0]?.value ?? null;
  if (name === "read") defineRead(reading, words);
  const [from, to] = spanOf(place, node);
  const { context } = place;
  reading.commands[index] = { index, name, words, assignments, redirections, from, to, ...around, context, item };
}

/** `[[ a == b ]]`, as a command whose words are the operands and operators in the order of the text. */
function readTest(reading: Reading, node: TestCommand, place: Place, around: Surroundings): void {
  const index = reading.commands.push(null) - 1;
  const { item } = reading;
  const words: ShellWord[] = [plainWord(reading, place, node.pos, node.pos + 2)];
  readTestExpression(reading, node.expression, place, words);
  if (place.source.startsWith("]]", node.end - 2)) words.push(plainWord(reading, place, node.end - 2, node.end));
  const [from, to] = spanOf(place, node);
  const { context } = place;
  const rest = { assignments: [], redirections: [], from, to, ...around, context, item };
  reading.commands[index] = { index, name: "[[", words, ...rest };
}

function readTestExpression(reading: Reading, test: TestExpression, place: Place, words: ShellWord[]): void {
  switch (test.type) {
    case "TestUnary":
      if (place.source.startsWith(test.operator, test.pos) && test.operator !== "") {
        words.push(plainWord(reading, place, test.pos, test.pos + test.operator.length));
      }
      words.push(readWord(reading, test.operand, place));
      return;
    case "TestBinary": {
      words.push(readWord(reading, test.left, place));
      const at = place.source.indexOf(test.operator, test.left.end);
      if (at >= 0 && at < test.right.pos) words.push(plainWord(reading, place, at, at + test.operator.length));
      words.push(readWord(reading, test.right, place));
      return;
    }
    case "TestLogical":
      for (const operand of test.operands) readTestExpression(reading, operand, place, words);
      return;
    case "TestNot":
      readTestExpression(reading, test.operand, place, words);
      return;
    case "TestGroup":
      readTestExpression(reading, test.expression, place, words);
      return;
  }
}

function plainWord(reading: Reading, place: Place, start: number, end: number): ShellWord {
  const from = startOf(place, start);
  const to = endOf(place, end);
  const value = place.source.slice(start, end);
  return { text: reading.text.slice(from, to), value, from, to, variables: [], quoted: "none" };
}

function define(reading: Reading, name: Word, place: Place, kind: ShellDefinition["kind"]): void {
  note(reading, name.value, startOf(place, name.pos), kind);
}

/** `export A=1`; the parser takes `A=1` for an assignment only behind a builtin that declares. */
function defineDeclared(reading: Reading, assignment: Assignment, place: Place): void {
  note(reading, assignment.name, startOf(place, assignment.pos), "declare");
}

function defineRead(reading: Reading, words: readonly ShellWord[]): void {
  for (const word of words.slice(1)) {
    if (word.value !== null && /^[A-Za-z_]\w*$/.test(word.value)) note(reading, word.value, word.from, "read");
  }
}

function note(reading: Reading, name: string, from: number, kind: ShellDefinition["kind"]): void {
  reading.definitions.push({ name, from, to: from + name.length, kind });
}
