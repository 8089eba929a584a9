/**
 * How fast and how large: the engine by itself, the language server beside one that does nothing, the command line, and
 * the bundles. Needs `npm run build`. Figures are of this machine; ratios and differences travel better than times.
 *
 *     npm run bench
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundledCatalogue } from "../src/core/catalogue/catalogue";
import { lint } from "../src/core/lint";
import type { InstructionCache } from "../src/core/model/build";
import { buildModel, createInstructionCache } from "../src/core/model/build";
import { resolveConfig } from "../src/core/preset";
import { allRules } from "../src/core/rules/index";
import type { Client } from "./bench/lsp-client";
import { startClient } from "./bench/lsp-client";

const root = join(__dirname, "../..");
const sizes = [40, 1000, 10_000];
const edits = 60;
const openFiles = 200;

async function main(): Promise<void> {
  engine();
  await server();
  commandLine();
  bundles();
}

/** A Dockerfile of about so many lines, of stages as people write them. */
function dockerfile(lines: number): string {
  const stage = (number: number) =>
    [
      `FROM node:24-slim AS stage${number}`,
      "ARG NODE_ENV=production",
      "ENV NODE_ENV=$NODE_ENV PATH=/app/node_modules/.bin:$PATH",
      "WORKDIR /app",
      "COPY package.json package-lock.json ./",
      "RUN apt-get update && \\",
      "    apt-get install -y --no-install-recommends \\",
      "      curl \\",
      "      git && \\",
      "    rm -rf /var/lib/apt/lists/*",
      "# the application",
      "COPY . .",
      "RUN npm ci && npm run build",
      "EXPOSE 3000",
      "USER node",
      'CMD ["node", "server.js"]',
      "",
    ].join("\n");
  return Array.from({ length: Math.max(1, Math.round(lines / 16)) }, (_, number) => stage(number)).join("\n");
}

function engine(): void {
  const config = resolveConfig(allRules);
  const catalogue = bundledCatalogue();
  const check = (text: string, cache: InstructionCache) =>
    lint({ model: buildModel(text, { cache }), rules: allRules, config, catalogue, today: "2026-09-01" });
  const rows = sizes.map((lines) => {
    const text = dockerfile(lines);
    const rounds = Math.max(5, Math.round(4000 / lines));
    const warm = createInstructionCache();
    check(text, warm);
    let typed = 0;
    return {
      lines,
      model: median(rounds, () => buildModel(text, { cache: createInstructionCache() })),
      full: median(rounds, () => check(text, createInstructionCache())),
      edit: median(rounds, () => {
        const at = text.lastIndexOf("server.js");
        check(`${text.slice(0, at)}${"x".repeat(++typed)}${text.slice(at)}`, warm);
      }),
    };
  });
  console.log("Engine, ms (median)");
  table(
    ["lines", "model, cold", "model and lint, cold", "after one edit"],
    rows.map((row) => [String(row.lines), ms(row.model), ms(row.full), ms(row.edit)]),
  );
  const [, middle, large] = rows;
  if (middle && large) {
    console.log(
      `Ten times the lines: ${(large.full / middle.full).toFixed(1)} times the time, ${(large.edit / middle.edit).toFixed(1)} times for an edit\n`,
    );
  }
}

async function server(): Promise<void> {
  const bundle = join(root, "server/dist/server.js");
  if (!existsSync(bundle)) {
    console.log("Language server: not built\n");
    return;
  }
  const floor = await startClient(join(__dirname, "bench/floor-server.mjs"));
  const ours = await startClient(bundle);
  try {
    console.log("Language server: from an edit to its diagnostics, ms");
    const rows: string[][] = [];
    for (const lines of sizes) {
      const text = dockerfile(lines);
      const uri = `file:///bench/${lines}/Dockerfile`;
      await Promise.all([floor.open(uri, text), ours.open(uri, text)]);
      const floorTimes: number[] = [];
      const ourTimes: number[] = [];
      // In turn, so that a busy moment of the machine meets both.
      for (let i = 0; i < edits; i++) {
        floorTimes.push(await timedEdit(floor, uri, text, i));
        ourTimes.push(await timedEdit(ours, uri, text, i));
      }
      const [a, b] = [quantile(floorTimes, 0.5), quantile(ourTimes, 0.5)];
      rows.push([String(lines), ms(a), ms(b), ms(b - a), ms(quantile(floorTimes, 0.95)), ms(quantile(ourTimes, 0.95))]);
    }
    table(["lines", "nothing, p50", "plimsoll, p50", "difference", "nothing, p95", "plimsoll, p95"], rows);
    const [floorOpen, ourOpen] = [await timedOpen(floor), await timedOpen(ours)];
    console.log(`${openFiles} files opened at once: nothing ${ms(floorOpen)} ms, plimsoll ${ms(ourOpen)} ms`);
    console.log(
      `Start to initialized: nothing ${ms(floor.startMilliseconds)} ms, plimsoll ${ms(ours.startMilliseconds)} ms\n`,
    );
  } finally {
    floor.stop();
    ours.stop();
  }
}

// The keyword of the first RUN gains a letter and loses it again, so that the findings differ each time.
async function timedEdit(client: Client, uri: string, text: string, number: number): Promise<number> {
  const line = text.slice(0, text.indexOf("RUN ")).split("\n").length - 1;
  const typed = number % 2 === 0;
  const end = { line, character: typed ? 3 : 4 };
  const start = performance.now();
  await client.change(uri, { range: { start: { line, character: 3 }, end }, text: typed ? "X" : "" });
  return performance.now() - start;
}

async function timedOpen(client: Client): Promise<number> {
  const text = dockerfile(40);
  const start = performance.now();
  await Promise.all(
    Array.from({ length: openFiles }, (_, i) => client.open(`file:///bench/open/${i}/Dockerfile`, text)),
  );
  return performance.now() - start;
}

function commandLine(): void {
  const cli = join(root, "server/dist/cli.js");
  if (!existsSync(cli)) {
    console.log("Command line: not built\n");
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));
  try {
    const file = join(folder, "Dockerfile");
    writeFileSync(file, dockerfile(40));
    const node = (args: string[]) => median(7, () => spawnSync(process.execPath, args, { cwd: folder }));
    const [empty, version, run] = [node(["-e", "0"]), node([cli, "--version"]), node([cli, "lint", file])];
    console.log("Command line, ms (median)");
    table(
      ["node alone", "plimsoll --version", "plimsoll lint, one file", "of that ours"],
      [[ms(empty), ms(version), ms(run), ms(run - empty)]],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bundles(): void {
  const files = ["server/dist", "client/dist"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))
    .filter((path) => path.endsWith(".js"));
  const packages = readdirSync(root).filter((name) => name.endsWith(".vsix"));
  console.log("Size, KB");
  table(
    ["file", "raw", "gzip"],
    [...files, ...packages].map((path) => {
      const bytes = readFileSync(join(root, path));
      return [path, kb(bytes.length), path.endsWith(".vsix") ? "" : kb(gzipSync(bytes).length)];
    }),
  );
}

function median(rounds: number, run: () => unknown): number {
  run();
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return quantile(times, 0.5);
}

function quantile(times: readonly number[], part: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0)))
      .join("  ");
  for (const row of [head, ...rows]) console.log(line(row));
  console.log();
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

function kb(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}

void main();
