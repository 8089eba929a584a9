/** Splits a stage that installs Python packages and runs a Python program. */
import type { Stage } from "../../model/types";
import type { Fix, RuleContext } from "../../rule";
import { packageOperation } from "../../shell/packages";
import type { Edit } from "../../text";
import { type Copy, readCopies } from "../copies";
import type { Build } from "../detect";
import { installedPackages } from "../installed";
import { sameBase, slimBase } from "../second-base";
import { onlyInFull, programsFor, startedScripts } from "../started-scripts";
import { splitFix, splitInterpreted } from "./interpreted";
import type { Interpreter } from "./interpreted-run";
import { isPythonInstall, type PythonInstalls, preparesInstall, pythonInstalls } from "./python-installs";
import { pythonLibraries } from "./python-libraries";
import { allowsNewPath, changesPath, oldPlaces } from "./python-paths";
import { requiredPackages } from "./python-requirements";

type Context = Pick<RuleContext, "model" | "catalogue" | "facts">;

/** Where packages go that the file installs into the interpreter of the image. */
const newEnvironment = "/opt/venv";

/** The ways to split the stage; empty where anything that the program may need is not known. */
export function splitPython(build: Build, context: Context): readonly Fix[] {
  const { stage, image } = build;
  const { model, catalogue, facts } = context;
  const isPython = image.repository.name === "python";
  const installs = pythonInstalls(stage, image.repository.name);
  const tree = installs && treeOf(installs, stage, isPython);
  if (!installs || !tree) return [];
  const copies = readCopies(model, stage, image.repository.name);
  if (!copies) return [];
  const trees = [tree.path];
  const scripts = startedScripts(build, copies, trees, /^python[\d.]*$/, facts);
  const usesUv = build.start.commands.length > 0 && startsWithWord(build, "uv");
  if (!scripts || startsWithWord(build, "poetry") || startsWithWord(build, "pipenv")) return [];
  if (scripts.some((text) => buildsOrInstalls.test(text) || changesPath.test(text))) return [];
  if (tree.isNew && !allowsNewPath(stage, copies, scripts)) return [];
  if (usesUv && !copies.some((copy) => copy.from !== null && copy.sources.some((source) => /\/uvx?$/.test(source))))
    return [];

  const isFull = isPython && image.distribution?.family === "debian" && !image.variants.includes("slim");
  const base = isFull ? slimBase(model, stage, image, catalogue) : sameBase(stage);
  const extra = isFull ? missingInSlim(build, installs, copies, scripts, facts) : openMp(installs, copies, facts);
  if (base === null || !extra) return [];

  const edits = splitInterpreted(build, context, {
    interpreter: interpreterOf(stage, tree.isNew, isFull),
    base: base.written,
    isSameImage: !isFull,
    trees,
    before: tree.isNew ? [`ENV PATH=${newEnvironment}/bin:$PATH`] : [],
    packages: extra,
    buildPackages: new Set(
      installs.list.some(({ command }) => command.words.some((word) => /\bgit\+/.test(word.text))) ? ["git"] : [],
    ),
    buildVariables: usesUv
      ? /^(?:PIP|POETRY)_\w+$|^(?:CFLAGS|CXXFLAGS|LDFLAGS|CC|CXX|DEBIAN_FRONTEND)$/
      : buildVariables,
    manifests: /^(?:requirements[\w.-]*|constraints[\w.-]*\.txt|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?)$/i,
    isBuildTool: (copy) =>
      copy.from !== null && !usesUv && copy.sources.every((source) => /\/(?:uvx?|poetry)$/.test(source)),
    needsFiles: true,
    prepares: tree.isNew
      ? [
          `RUN python -m venv ${newEnvironment}`,
          `ENV PATH=${newEnvironment}/bin:$PATH${tree.needsName ? ` VIRTUAL_ENV=${newEnvironment}` : ""}`,
        ]
      : [],
    edits: tree.edits,
  });
  if (!edits) return [];
  const taken = tree.isNew
    ? `The packages move into a virtual environment at ${tree.path}`
    : `Only ${tree.path} is taken from the build`;
  return [splitFix(base.shown, isFull, taken, edits)];
}

const buildVariables = /^(?:PIP|POETRY|UV)_\w+$|^(?:CFLAGS|CXXFLAGS|LDFLAGS|CC|CXX|DEBIAN_FRONTEND)$/;

/** Texts of scripts after which nobody knows what the image needs. */
const buildsOrInstalls =
  /\b(?:gcc|g\+\+|cmake|cargo|rustc|make(?=\s+[\w-]+\s*(?:$|[;&|\n])))\b|\bpip[\d.]*\s+install\b|\buv\s+(?:sync|pip|add)\b|\bpoetry\s|\bpipenv\s|setup\.py/;

interface Tree {
  readonly path: string;
  /** False for an environment that the file itself makes. */
  readonly isNew: boolean;
  /** True when a tool finds the environment by VIRTUAL_ENV alone. */
  readonly needsName: boolean;
  readonly edits: readonly Edit[];
}

/** Tools that are installed beside an environment to fill it. */
const installers: ReadonlySet<string> = new Set([
  ...[
    "pip",
    "setuptools",
    "wheel",
    "uv",
    "poetry",
    "virtualenv",
    "pip-tools",
    "build",
    "cython",
    "poetry-core",
    "pipenv",
  ],
]);

function treeOf({ list }: PythonInstalls, stage: Stage, isPython: boolean): Tree | null {
  const places = new Set(list.flatMap(({ place }) => (place === "system" ? [] : [place.environment])));
  if (places.size > 1 || list.length === 0) return null;
  const [own] = places;
  const toSystem = list.filter(({ place }) => place === "system");
  if (own !== undefined) {
    const isTool = toSystem.every(
      ({ operation }) =>
        operation?.unknown.length === 0 &&
        operation.packages.length > 0 &&
        operation.packages.every(({ name }) => installers.has(name.toLowerCase())) &&
        !operation.flags.some(({ text }) => text.startsWith("-r") || text.startsWith("--req")),
    );
    return isTool ? { path: own, isNew: false, needsName: false, edits: [] } : null;
  }
  // The environment is made with the interpreter of the image; Python 2 has no venv.
  if (!isPython || /^2(?:\.|$|-)/.test(stage.base.reference?.tag ?? "")) return null;
  const edits: Edit[] = [];
  for (const { operation, script } of list) {
    const flag = operation?.manager === "uv" ? operation.flags.find(({ value }) => value === "--system") : undefined;
    if (!flag) continue;
    const { start, end } = script.locate(flag.from, flag.to);
    // The blank behind the flag goes with it.
    edits.push({ span: { start, end: end + 1 }, newText: "" });
  }
  const needsName = list.some(({ operation }) => operation?.manager === "uv" || operation?.manager === "poetry");
  return { path: newEnvironment, isNew: true, needsName, edits };
}

/** LightGBM loads a library that comes with the compiler. */
function openMp({ list }: PythonInstalls, copies: readonly Copy[], facts: RuleContext["facts"]): readonly string[] {
  return requiredPackages(list, copies, facts)?.some(({ name }) => name === "lightgbm") ? ["libgomp1"] : [];
}

/** What the full image has, the slim one lacks and the stage uses; null where that is not known. */
function missingInSlim(
  { stage, image }: Build,
  installs: PythonInstalls,
  copies: readonly Copy[],
  scripts: readonly string[],
  facts: RuleContext["facts"],
): readonly string[] | null {
  const required = requiredPackages(installs.list, copies, facts);
  const release = { family: image.distribution?.family ?? null, codename: image.distribution?.codename ?? null };
  const python = /^\d+\.\d+/.exec(image.version ?? "")?.[0] ?? null;
  const libraries = required && pythonLibraries(required, release, python);
  if (!libraries) return null;
  const programs = programsFor(stage, scripts, /^python[\d.]*$/);
  if (!programs || scripts.some((text) => onlyInFull.test(text))) return null;
  return [...libraries, ...programs];
}

function interpreterOf(stage: Stage, isNew: boolean, isFull: boolean): Interpreter {
  const packages = new Set(installedPackages(stage).map((one) => one.package.name));
  const fetching: ReadonlySet<string> = new Set(["curl", "wget", "git", "unzip"]);
  return {
    installs(command) {
      if (isPythonInstall(command) || preparesInstall(command)) return "yes";
      return packageOperation(command)?.tool.family === "python" ? "unsure" : "no";
    },
    runs(name, { words }) {
      if (/^python[\d.]*$/.test(name)) return words[1]?.value !== "setup.py";
      if (fetching.has(name)) return packages.has(name);
      return pythonPrograms.has(name) || ((name === "tar" || name === "gzip") && !isFull);
    },
    stays: isNew ? oldPlaces : null,
  };
}

/** Programs of Python packages that prepare a program for its start. */
const pythonPrograms: ReadonlySet<string> = new Set([
  ...[
    "manage.py",
    "django-admin",
    "flask",
    "alembic",
    "pybabel",
    "playwright",
    "spacy",
    "nltk",
    "huggingface-cli",
    "hf",
  ],
]);

function startsWithWord({ start }: Build, name: string): boolean {
  return start.instructions.some(({ parsed }) =>
    new RegExp(`^(?:\\w+\\s+)?\\s*(?:\\[\\s*")?(?:\\S*/)?${name}(?:"|\\s|$)`).test(
      parsed.body.text.slice(parsed.argumentsFrom),
    ),
  );
}
