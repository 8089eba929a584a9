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

/** The rows of `prove` as a page in Markdown, with the day and the builders that they were built with. */
export function asPage(rows, { day, builders, notBuilt }) {
  const line = (columns) => `| ${columns.join(" | ")} |`;
  const table = [line(heads), line(heads.map(() => "---")), ...rows.map((row) => line(cells(row).map(escapePipes)))];
  return `# Fixes, built

\`npm run test:build\` builds each project of \`test/build/projects\`, runs it, applies the fix through the command line,
and builds and runs it again: it must answer the same. Made on ${day} with ${builders.join(" and ")}. Images are named
as people name them; what stands in for each is a Debian 13 with Debian's toolchain
(see [test/build](../test/build/README.md)), so sizes compare before with after and say nothing about the real images.
A size is the sum of the unpacked layers.

${table.join("\n")}

${notBuilt}
`;
}

function cells({ name, kind, fixes, before, after, problems }) {
  return [
    name,
    kind,
    [...new Set(fixes.map(({ rule }) => rule))].join(", "),
    change(megabytes(before?.size), megabytes(after?.size)),
    change(text(before?.user), text(after?.user)),
    before?.found === undefined ? "" : change(places(before.found), places(after?.found)),
    problems.length === 0 ? "yes" : "no",
  ];
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
