// Applies fixes the way a user does: through the built command line, in a folder that holds the project.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "../../e2e/support/product.mjs";

/** The command line under test; another one can be named to try a build. */
export const cli = process.env.PLIMSOLL_CLI ?? path.join(root, "server", "dist", "cli.js");

/**
 * Applies the wanted fixes to the Dockerfile of a folder, one after the other. A fix is `{ rule }`, then `plimsoll fix`
 * does the work, or `{ rule, title }` for one that is not the first of its finding: then the edits that `plimsoll lint
 * --format json` lists are made here; or `{ command }` for a command of its own, such as `pin`. Returns the commands to build with that the fixes name. Throws when a fix is not
 * offered, changes nothing, or leaves its finding.
 */
export function applyFixes(folder, fixes, options = []) {
  const file = path.join(folder, "Dockerfile");
  const commands = [];
  for (const { command, rule, title, again = false } of fixes) {
    const before = readFileSync(file, "utf8");
    if (command !== undefined) {
      plimsoll(folder, [command, ...options, "Dockerfile"]);
      if (readFileSync(file, "utf8") === before) throw new Error(`plimsoll ${command} changed nothing`);
      continue;
    }
    const offers = offersOf(folder, rule, options);
    const offer = offers.find((one) => title === undefined || one.title.includes(title));
    if (offer === undefined) {
      const titles = offers.map((one) => JSON.stringify(one.title)).join(", ");
      throw new Error(`${rule} offers no fix${title ? ` "${title}"` : ""}; it offers: ${titles || "nothing"}`);
    }
    commands.push(
      ...[...(offer.note ?? "").matchAll(/\bdocker build [^\n]*?\s\.(?=\s|$)/g)].map(([command]) => command),
    );
    if (title === undefined)
      plimsoll(folder, ["fix", "--unsafe-fixes", "--rule", `${rule}=on`, "--fix-rule", rule, ...options, "Dockerfile"]);
    else applyOffer(folder, file, offer);
    if (readFileSync(file, "utf8") === before) throw new Error(`The fix of ${rule} changed nothing`);
    if (!again && offersOf(folder, rule, options).length > 0) throw new Error(`${rule} still offers a fix afterwards`);
  }
  return commands;
}

function offersOf(folder, rule, options) {
  const args = ["lint", "--format", "json", "--rule", `${rule}=on`, "--fail-on", "never", ...options, "Dockerfile"];
  const [report] = JSON.parse(plimsoll(folder, args)).files;
  if (report.error) throw new Error(`Plimsoll cannot read the Dockerfile: ${report.error}`);
  return report.findings.filter((finding) => finding.rule === rule).flatMap((finding) => finding.fixes);
}

function applyOffer(folder, file, { edits, otherFiles = [] }) {
  edit(file, edits);
  for (const other of otherFiles) {
    const place = path.join(folder, other.path);
    if (other.newText !== undefined) writeFileSync(place, other.newText);
    else edit(place, other.edits);
  }
}

function edit(file, edits) {
  let text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = ({ line, character }) => (starts[line] ?? text.length) + character;
  const places = edits.map(({ range, newText }) => ({ start: offset(range.start), end: offset(range.end), newText }));
  for (const { start, end, newText } of places.reverse()) text = text.slice(0, start) + newText + text.slice(end);
  writeFileSync(file, text);
}

function plimsoll(folder, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: "utf8" });
  // 1 says that findings are left, which is as it may be.
  if (status !== 0 && status !== 1) throw new Error(`plimsoll ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return stdout;
}
