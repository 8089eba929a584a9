/** Whether the sources in the build context say that the program writes to the folder it starts in. */
import type { Facts } from "../../rule";

/** So many sources are read at most, and none that is longer; what is written to is set up near the start. */
const mostFiles = 24;
const longest = 100_000;

/** Folders of the context that hold sources, in the layouts that frameworks begin with. */
const places = [".", "src", "app", "server", "lib", "public", "cmd"];
const sources = /\.(?:[cm]?[jt]s|py|php|rb|go|rs)$/;
const notRun =
  /(?:^|\/)(?:tests?|spec|__tests__|node_modules|dist|vendor)\/|[._-](?:test|spec)\.|(?:^|\/)test_|\.config\.[cm]?[jt]s$|\.d\.ts$/;

/**
 * True when a source in the context makes a file or folder by a relative name, or by one beside itself. Null when the
 * context is not known. What no source says by a plain name stays unseen, so false proves nothing.
 */
export function sourcesWrite(facts: Facts): boolean | null {
  const listed = facts.list(".");
  if (listed === undefined) return null;
  let read = 0;
  for (const place of places) {
    const isThere = place === "." || listed.some((path) => plain(path).startsWith(`${place}/`));
    for (const path of isThere ? (place === "." ? listed : (facts.list(place) ?? [])) : []) {
      const name = plain(path);
      if (!sources.test(name) || notRun.test(name)) continue;
      if (++read > mostFiles) return false;
      const text = facts.file(name);
      if (typeof text === "string" && text.length <= longest && writesTo(text)) return true;
    }
  }
  return false;
}

function plain(path: string): string {
  return path.replace(/^(?:\.\/)+/, "");
}

/** A relative name, or one that is put together from the place of the source or of the start. */
const relative = String.raw`(?:[rfub]{0,2}["'\`](?!\/|\w+:|["'\`])|__dirname\b|__DIR__\b|path\.(?:join|resolve)\(\s*(?:__dirname\b|process\.cwd\(\)|["'](?!\/))|os\.path\.join\(\s*(?:os\.(?:path\.dirname|getcwd)|BASE_DIR|app\.root_path|["'](?!\/))|(?:pathlib\.)?Path\(\s*(?:["'](?!\/)|__file__)|BASE_DIR\b)`;

const calls = [
  // Node.js
  ...[
    "mkdirSync",
    "mkdirp",
    "ensureDir",
    "ensureDirSync",
    "writeFile",
    "writeFileSync",
    "appendFile",
    "appendFileSync",
  ],
  ...["createWriteStream", "DatabaseSync", "new Database", "sqlite3\\.Database"],
  // Python
  ...["os\\.makedirs", "os\\.mkdir", "sqlite3\\.connect", "(?:Rotating|TimedRotating)?FileHandler"],
  // PHP, Ruby, Go, Rust
  ...["file_put_contents", "mkdir", "FileUtils\\.mkdir_p", "File\\.write", "SQLite3::Database\\.new"],
  ...["os\\.(?:Create|Mkdir|MkdirAll|OpenFile|WriteFile)", "fs::write", "File::create", "create_dir(?:_all)?"],
].join("|");

/** What writes to the folder that the program starts in. Source: the documentation of each library. */
const writes: readonly RegExp[] = [
  new RegExp(String.raw`(?<![\w$])(?:${calls})\(\s*${relative}`),
  /(?<![\w.])f?open\(\s*["'](?!\/|\w+:)[^"'\n]{1,200}["']\s*,\s*(?:mode\s*=\s*)?["'](?:[wax]|[rb]+\+)/,
  /\bPath\(\s*["'](?!\/)[^"'\n]{1,200}["']\s*\)\.(?:mkdir|touch|write_\w+)\(/,
  // SQLite and H2 beside the program, uploads of multer and Flask.
  /["'`](?:sqlite:\/\/\/(?![/:])|sqlite:(?:\.\/)?\w[\w./-]*\.(?:db|sqlite)|jdbc:(?:sqlite:\w|h2:(?:file:)?\.))/,
  /\b(?:dest|UPLOAD_FOLDER["']?\]?)\s*[:=]\s*["'](?!\/)[\w.]/,
];

/** Calls that take a variable for the name: `fs.mkdirSync(uploads)`, `uploads.mkdir()`. */
const byVariable = new RegExp(
  String.raw`(?<![\w$])(?:${calls})\(\s*([A-Za-z_]\w*)\s*[,)]|(?<![\w$.])([A-Za-z_]\w*)\.(?:mkdir|write_text|write_bytes)\(`,
  "g",
);
const mostVariables = 30;

function writesTo(text: string): boolean {
  if (writes.some((pattern) => pattern.test(text))) return true;
  const names = new Set<string>();
  for (const [, argument, receiver] of text.matchAll(byVariable)) {
    names.add(argument ?? receiver ?? "");
    if (names.size >= mostVariables) break;
  }
  return names.size > 0 && new RegExp(String.raw`(?<![\w$.])(?:${[...names].join("|")})\s*=\s*${relative}`).test(text);
}
