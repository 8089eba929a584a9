/**
 * Makes the catalogue of images that ships with Plimsoll.
 *
 *   tsx server/scripts/catalogue.ts --official-images DIR --endoflife DIR [--date YYYY-MM-DD]
 *       [--tag-history FILE] [--out FILE] [--examples] [--check]
 *
 * DIRs are clones of docker-library/official-images and endoflife-date/endoflife.date. The date is that of the newer of
 * their last commits; without git it must be given: there is no clock here, the same sources give the same bytes.
 * Tags that were live in the present file and are gone are added to `server/facts/retired-tags.json`, with the date;
 * `--tag-history` (JSON: repository → day → tags joined by spaces, from the git history of official-images) makes that
 * file anew. `--examples` writes the small frozen catalogue of the rule tests as well; leave it
 * out to refresh the data without moving the examples. `--check` writes nothing and fails when a file would change.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createCatalogue } from "../src/core/catalogue/catalogue";
import { parseReference } from "../src/core/image/reference";
import { composeCatalogue } from "./catalogue/compose";
import { readProducts } from "./catalogue/endoflife";
import { readFacts } from "./catalogue/facts";
import { readOfficialImages } from "./catalogue/official";
import { isFloating, pack, type RetiredTags, renewRetired } from "./catalogue/retired";

const server = join(dirname(fileURLToPath(import.meta.url)), "..");
const factsFolder = join(server, "facts");
const coreFolder = join(server, "src/core/catalogue");

/** The repositories of the frozen catalogue. */
const exampleRepositories: readonly string[] = [
  "almalinux",
  "alpine",
  "amazoncorretto",
  "amazonlinux",
  "buildpack-deps",
  "busybox",
  "caddy",
  "centos",
  "composer",
  "debian",
  "docker",
  "eclipse-temurin",
  "fedora",
  "gcr.io/distroless/base-debian12",
  "gcr.io/distroless/base-debian13",
  "gcr.io/distroless/nodejs22-debian13",
  "gcr.io/distroless/nodejs24-debian13",
  "gcr.io/distroless/static-debian12",
  "gcr.io/distroless/static-debian13",
  "golang",
  "gradle",
  "grafana/grafana",
  "httpd",
  "jenkins/jenkins",
  "mariadb",
  "maven",
  "mcr.microsoft.com/dotnet/aspnet",
  "mcr.microsoft.com/dotnet/runtime",
  "mcr.microsoft.com/dotnet/runtime-deps",
  "mcr.microsoft.com/dotnet/sdk",
  "mcr.microsoft.com/windows/nanoserver",
  "mcr.microsoft.com/windows/servercore",
  "mongo",
  "mysql",
  "nginx",
  "nginxinc/nginx-unprivileged",
  "node",
  "nvidia/cuda",
  "openjdk",
  "oraclelinux",
  "oven/bun",
  "php",
  "postgres",
  "python",
  "quay.io/centos/centos",
  "rabbitmq",
  "redis",
  "rockylinux",
  "rockylinux/rockylinux",
  "ruby",
  "rust",
  "tomcat",
  "ubuntu",
];

function main(): void {
  const { values } = parseArgs({
    options: {
      "official-images": { type: "string" },
      endoflife: { type: "string" },
      "tag-history": { type: "string" },
      date: { type: "string" },
      out: { type: "string" },
      examples: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
    },
  });
  const officialFolder = values["official-images"];
  const endoflifeFolder = values.endoflife;
  if (officialFolder === undefined || endoflifeFolder === undefined) {
    throw new Error("--official-images and --endoflife are needed");
  }
  const date = values.date ?? newest([lastCommit(officialFolder), lastCommit(endoflifeFolder)]);
  const out = values.out ?? join(coreFolder, "images.generated.ts");
  const official = readOfficialImages(officialFolder);
  if (!values.check) {
    const known = values["tag-history"] === undefined ? readRetired() : readHistory(values["tag-history"]);
    const now = new Map([...official].map(([name, entries]) => [name, entries.flatMap((entry) => entry.tags)]));
    const source = `git history of docker-library/official-images up to ${date}; later days: the day of the data`;
    writeRetired(renewRetired(known, liveBefore(out), now, date), readSource() ?? source);
  }

  const sources = { date, official, products: readProducts(endoflifeFolder), facts: readFacts(factsFolder) };
  const files = [{ path: out, text: asModule("images", composeCatalogue(sources)) }];
  if (values.examples) {
    const text = composeCatalogue(sources, new Set(exampleRepositories));
    files.push({ path: join(coreFolder, "examples.generated.ts"), text: asModule("examples", text) });
  }
  for (const { path, text } of files) {
    if (!values.check) writeFileSync(path, text);
    else if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
      console.error(`${path} is not what its sources give`);
      process.exitCode = 1;
    }
  }
}

function asModule(name: string, text: string): string {
  if (/[`\\]|\$\{/.test(text)) throw new Error("the text cannot stand in a template string as it is");
  return `// Made by server/scripts/catalogue.ts. Do not edit.\nexport const ${name}: string = \`${text}\`;\n`;
}

function readRetired(): RetiredTags {
  return readFacts(factsFolder).retired;
}

/** Where the history of dropped tags comes from, as the fact file says it. */
function readSource(): string | null {
  const path = join(factsFolder, "retired-tags.json");
  return existsSync(path) ? ((JSON.parse(readFileSync(path, "utf8")) as { source?: string }).source ?? null) : null;
}

/** Makes the file of dropped tags anew from a whole history. */
function readHistory(file: string): RetiredTags {
  const history = JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, string>>;
  const result: Record<string, { tails: string; days: string }> = {};
  for (const name of Object.keys(history).sort()) {
    const days: Record<string, string[]> = {};
    for (const [day, tags] of Object.entries(history[name] ?? {})) {
      const kept = tags.split(" ").filter(isFloating);
      if (kept.length > 0) days[day] = kept;
    }
    if (Object.keys(days).length > 0) result[name] = pack(days);
  }
  return result;
}

/** Tags that were live in the catalogue of before, by repository. */
function liveBefore(file: string): ReadonlyMap<string, readonly string[]> {
  const text = existsSync(file) ? (/`([^`]*)`/.exec(readFileSync(file, "utf8"))?.[1] ?? "") : "";
  const catalogue = createCatalogue(text);
  const result = new Map<string, readonly string[]>();
  for (const name of catalogue.repositoryNames()) {
    const reference = parseReference(name);
    if (reference === null || catalogue.repository(reference)?.official !== true) continue;
    result.set(name, catalogue.tags(reference));
  }
  return result;
}

function writeRetired(retired: RetiredTags, source: string): void {
  const about =
    "Tags of at most two numbers that were dropped from the official list (no longer rebuilt; mostly still there to pull), with the day. Packed: see unpackRetired in server/src/core/catalogue/format.ts.";
  const lines = Object.entries(retired).map(
    ([name, packed]) => `    ${JSON.stringify(name)}: ${JSON.stringify(packed)}`,
  );
  const head = `{\n  "about": ${JSON.stringify(about)},\n  "source": ${JSON.stringify(source)},\n  "repositories": {\n`;
  writeFileSync(join(factsFolder, "retired-tags.json"), `${head}${lines.join(",\n")}\n  }\n}\n`);
}

function lastCommit(folder: string): string {
  const day = git(folder, ["log", "-1", "--format=%cs"]);
  if (day === null) throw new Error(`${folder} is no git clone: give --date`);
  return day;
}

function git(folder: string, args: readonly string[]): string | null {
  if (!existsSync(join(folder, ".git"))) return null;
  return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8" }).trim();
}

function newest(days: readonly string[]): string {
  return [...days].sort().at(-1) ?? "";
}

main();
