/** Programs that are known to write beside their files when they run, as data. Source: their own documentation. */
import type { StartCommand } from "../../multistage/start";

/** What the programs of a start write to in the folder that they start in. */
export interface ProgramWrites {
  /** Folders, relative to it, in which new files appear; `.` is the folder itself. */
  readonly folders: readonly string[];
  /** Folders that are written with all that lies in them. */
  readonly trees: readonly string[];
  /** The program that needs it, for a text; null when none is known to write. */
  readonly program: string | null;
  /** A program that builds or installs when it starts, and so writes anywhere in the folder; null when there is none. */
  readonly builder: string | null;
}

/** Reads the programs of a start. `hasState` tells that state has a folder of its own, such as a volume. */
export function programWrites(commands: readonly StartCommand[], hasState: boolean): ProgramWrites {
  const folders = new Set<string>();
  const trees = new Set<string>();
  let program: string | null = null;
  let builder: string | null = null;
  for (const command of commands) {
    const writes = writesOf(command, hasState);
    if (writes === null) continue;
    if (writes === "everything") builder ??= command.name;
    else {
      program ??= command.name;
      for (const folder of writes.folders ?? []) folders.add(folder);
      for (const tree of writes.trees ?? []) trees.add(tree);
    }
  }
  return { folders: [...folders], trees: [...trees], program, builder };
}

type Writes = { readonly folders?: readonly string[]; readonly trees?: readonly string[] } | "everything";

function writesOf({ name, arguments: words }: StartCommand, hasState: boolean): Writes | null {
  const plain = words.filter((word) => word !== null && !word.startsWith("-"));
  const first = plain[0] ?? "";
  const script = /(?:^|\/)(manage|artisan)(?:\.py)?$/.exec(first)?.[1];
  if (/^python[\d.]*$/.test(name)) {
    if (script === "manage") return writesOf({ name: "manage.py", arguments: plain.slice(1) }, hasState);
    const module = words[0] === "-m" ? words[1] : null;
    return module ? writesOf({ name: module, arguments: words.slice(2) }, hasState) : null;
  }
  if (/^php[\d.]*$/.test(name) && script === "artisan") {
    return plain[1] === "serve" || plain[1]?.startsWith("octane") ? laravel : null;
  }
  // Servers in PHP that take `start` keep their number and their log beside their own files.
  if (/^php[\d.]*$/.test(name) && plain[1] === "start") return "everything";
  if (stateful.has(name)) return hasState ? null : { folders: ["."] };
  const rule = programs[name];
  return typeof rule === "function" ? rule(first, words) : (rule ?? null);
}

const here: Writes = { folders: ["."] };
// They keep a cache within node_modules, and write a bundled configuration beside the one in the folder.
const devServer: Writes = { folders: [".", "node_modules"] };
/** Where Next.js keeps images and answers that it made; pages made anew lie elsewhere, and are only made again. */
export const nextCache: readonly string[] = [".next", ".next/cache"];
const rails: Writes = { trees: ["db", "log", "storage", "tmp"] };
const laravel = { trees: ["storage", "bootstrap/cache"] };

/**
 * Folders of frameworks whose own tool a RUN has called, whatever server they run in: `bin/console` of Symfony,
 * `artisan` of Laravel.
 */
export function frameworkTrees(runs: readonly string[]): readonly string[] {
  if (runs.some((text) => /\bartisan\b/.test(text))) return laravel.trees;
  return runs.some((text) => /\bbin\/console\b/.test(text)) ? ["var"] : [];
}

/** Servers that keep their state in the folder they start in, unless they are told another. */
const stateful: ReadonlySet<string> = new Set([
  ...["etcd", "prometheus", "redis-server", "mongod", "influxd", "consul", "minio", "nats-server", "zookeeper"],
  ...["surreal", "cockroach", "neo4j", "clickhouse-server", "victoria-metrics", "loki", "alertmanager"],
]);

type Rule = Writes | null | ((first: string, words: readonly (string | null)[]) => Writes | null);

const builds: Rule = (first) => (/^(?:|i|ci|install|add|update|up|sync|build)$/.test(first) ? "everything" : null);

const programs: { readonly [name: string]: Rule } = {
  // JavaScript
  next: (first) => ({ folders: first === "start" ? nextCache : [".", ...nextCache] }),
  vite: devServer,
  "react-scripts": devServer,
  craco: devServer,
  "vue-cli-service": devServer,
  webpack: devServer,
  "webpack-dev-server": devServer,
  parcel: devServer,
  storybook: devServer,
  "start-storybook": devServer,
  gatsby: devServer,
  nuxt: (first) => (first === "start" ? null : devServer),
  nuxi: devServer,
  astro: devServer,
  expo: devServer,
  ng: devServer,
  tsc: "everything",
  npm: (first) => (first === "run" ? null : /^(?:i|ci|install|update)$/.test(first) ? "everything" : null),
  pnpm: (first) => (/^(?:i|install|update)$/.test(first) ? "everything" : null),
  yarn: (first) => (first === "" || first === "install" ? "everything" : null),
  bun: (first) => (first === "install" ? "everything" : null),
  nest: (first) => (first === "start" ? "everything" : null),
  // Ruby
  rails: (first) => (/^(?:s|server)$/.test(first) ? rails : null),
  bundle: builds,
  jekyll: here,
  // Python
  "manage.py": (first) => (/^(?:runserver|migrate|collectstatic|makemigrations)$/.test(first) ? here : null),
  celery: (_, words) => (words.includes("beat") || words.includes("-B") ? here : null),
  jupyter: here,
  "jupyter-lab": here,
  "jupyter-notebook": here,
  pip: (first) => (first === "install" ? "everything" : null),
  pip3: (first) => (first === "install" ? "everything" : null),
  poetry: builds,
  pipenv: builds,
  uv: (first) => (first === "sync" || first === "run" ? "everything" : null),
  // PHP
  composer: builds,
  // Compilers and their tools
  go: "everything",
  air: "everything",
  cargo: "everything",
  dotnet: (first) => (/^(?:run|watch|build|restore|test|publish)$/.test(first) ? "everything" : null),
  mvn: "everything",
  mvnw: "everything",
  gradle: "everything",
  gradlew: "everything",
  sbt: "everything",
  stack: "everything",
  cabal: "everything",
  lein: "everything",
  mix: "everything",
  make: "everything",
  hugo: here,
};
