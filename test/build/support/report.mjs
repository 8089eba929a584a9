// The table of what was built, for the terminal and as a page.
const heads = ["Project", "Kind", "Fix", "Size", "User", "Secret found in", "Built and ran"];

/** The rows of `prove` as lines of text. */
export function asText(rows) {
  const table = [heads, ...rows.map(cells)];
  const widths = heads.map((_, column) => Math.max(...table.map((line) => line[column].length)));
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The proofs, `{ builder, rows }` for each builder, as a page in Markdown, with the day on which they were made. */
export function asPage(proofs, day) {
  const [main, ...others] = proofs;
  const line = (columns) => `| ${columns.join(" | ")} |`;
  const columns = [...heads, ...others.map(({ builder }) => `With ${builder}`)];
  const rows = main.rows.map((row) => [
    ...cells(row),
    ...others.map((other) => verdict(other.rows.find(({ name }) => name === row.name))),
  ]);
  const table = [columns, columns.map(() => "---"), ...rows.map((row) => row.map(escapePipes))].map(line).join("\n");
  return `# Fixes, built

\`npm run test:build\` builds each project of [test/build/projects](../test/build/projects), runs it, applies the fix,
builds it again with the command that the fix names, and runs it again: it must answer the same. Made on ${day} with
${main.builder}. Images are called what people call them; what stands in for each is a Debian 13 with Debian's toolchain
([test/build](../test/build/README.md)), so sizes compare before with after and say nothing about the real images. A size
is the sum of the unpacked layers, in MB of a million bytes; a user is the number of the first process.

${table}
`;
}

function cells(row) {
  const { name, kind, fixes, before, after, notBuilt } = row;
  if (notBuilt !== undefined) return [name, kind, rules(fixes), "", "", "", verdict(row)];
  return [
    name,
    kind,
    rules(fixes),
    change(row.failed ? "fails" : megabytes(before?.size), megabytes(after?.size)),
    change(row.failed ? "fails" : text(before?.user), text(after?.user)),
    before?.found === undefined ? "" : change(places(before.found), places(after?.found)),
    verdict(row),
  ];
}

function rules(fixes) {
  return [...new Set(fixes.map(({ rule, command }) => rule ?? `plimsoll ${command}`))].join(", ");
}

function verdict({ problems, notBuilt }) {
  return notBuilt !== undefined ? `not built: ${notBuilt}` : problems.length === 0 ? "yes" : "no";
}

function change(before, after) {
  return `${before} → ${after}`;
}

function megabytes(bytes) {
  return bytes === undefined ? "?" : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function places(found) {
  return found === undefined ? "?" : found.length === 0 ? "nothing" : found.join(", ");
}

function text(value) {
  return value === undefined ? "?" : String(value);
}

function escapePipes(cell) {
  return cell.replaceAll("|", "\\|");
}
