/** Reads a project file of .NET as far as it says which runtime a program needs. Source: the MSBuild and SDK references. */
import { elementsNamed, parseXml, type XmlElement } from "../xml";

/** What a .csproj, .fsproj or .vbproj says. */
export interface DotnetProject {
  /** Which kind of program it is: `web` and `worker` look for appsettings.json in the folder they start in. */
  readonly kind: "web" | "worker" | "plain";
  /** True when nothing in it can need the ASP.NET Core runtime. */
  readonly isConsole: boolean;
  /** True when the program carries its runtime with it, by this file. */
  readonly isSelfContained: boolean;
  /** True when it is compiled for one processor and system: such a program needs the C library it was built with. */
  readonly isNative: boolean;
  /** True when a package that it names writes files, so that its folder has to be its own. */
  readonly writesFiles: boolean;
}

/** Packages that write files or a database into the folder that the program starts in. */
const writers =
  /sqlite|litedb|rolling|sinks\.file|nlog|log4net|ravendb\.embedded|lucene|rocksdb|leveldb|hangfire\.storage/i;

/** Calls that write files, in a program's first source file. */
const writingCalls = /\b(?:File|Directory|FileStream|StreamWriter|FileInfo)\b|UseSqlite|WriteTo\.File|AddFile\(/;

/** Files at the top of a project that hold what a program knows, and may write. */
const dataFile = /\.(?:db|sqlite3?|mdf|ldf|csv|txt|log|json)$/i;

/** JSON files of a project that only tools and the host read. */
const settingsFile =
  /^(?:appsettings|launchSettings|tsconfig|package(?:-lock)?|libman|bundleconfig|global|omnisharp|\.config|nlog|packages\.lock|sharedAppsettings)[\w.-]*\.json$/i;

/**
 * Whether a program writes files where it starts, as far as its sources show. `program`: text of Program.cs; `names`: names
 * at the top of the project; null where they are not known.
 */
export function writesBeside(program: string | null, names: readonly string[] | null): "yes" | "no" | "unknown" {
  if (program !== null && writingCalls.test(program)) return "yes";
  if (names?.some((name) => dataFile.test(name) && !settingsFile.test(name))) return "yes";
  return program === null || names === null ? "unknown" : "no";
}

/** What hints at ASP.NET Core, by itself or through what is referred to. */
const webHints = /aspnetcore|microsoft\.net\.sdk\.(?:web|blazor|razor)|ProjectReference|swashbuckle|grpc|<Import\b/i;

/** Reads the text; null when it is no project file of the kind that the SDK builds. */
export function readDotnetProject(text: string): DotnetProject | null {
  const project = parseXml(text.replace(/^\uFEFF/, ""));
  const sdk = project?.name === "Project" ? (project.attributes.get("Sdk") ?? "") : null;
  if (!project || sdk === null) return null;
  const isOn = (name: string) => elementsNamed(project, name).some((one) => one.text.toLowerCase() === "true");
  const isWeb = /^microsoft\.net\.sdk\.(?:web|blazor)/i.test(sdk);
  return {
    kind: isWeb || hasFramework(project) ? "web" : /^microsoft\.net\.sdk\.worker/i.test(sdk) ? "worker" : "plain",
    isConsole: /^microsoft\.net\.sdk(?:\.worker)?(?:\/|$)/i.test(sdk) && !webHints.test(text),
    isSelfContained: isOn("SelfContained"),
    isNative: isOn("PublishAot") || isOn("SelfContained"),
    writesFiles: writers.test(text),
  };
}

function hasFramework(project: XmlElement): boolean {
  return elementsNamed(project, "FrameworkReference").some((one) =>
    /^microsoft\.aspnetcore/i.test(one.attributes.get("Include") ?? ""),
  );
}
