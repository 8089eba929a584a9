import { distributionUnder, imageUnder, rootStage } from "../../catalogue/stage";
import type { Catalogue } from "../../catalogue/types";
import { rewriteBase } from "../../fixes/base";
import { expandWord, stageState } from "../../model/scope";
import { scriptsOf } from "../../model/scripts";
import type { Instruction, Model, Stage } from "../../model/types";
import { type BuildStep, buildSteps } from "../../multistage/build-steps";
import { cgoState, needsC, withoutCgo } from "../../multistage/compiled/go-program";
import { readCopy } from "../../multistage/copies";
import { installedPackages } from "../../multistage/installed";
import { baseName, isWithin, joinPath, resolvePath } from "../../multistage/paths";
import { defineRule, type Facts, type Finding, type Fix } from "../../rule";
import { flagValue, operands } from "../../shell/commands";
import type { Span } from "../../text";

export default defineRule({
  id: "libc-mismatch-across-stages",
  theme: "stage",
  category: "correctness",
  severity: "warning",
  recommended: true,
  since: "0.1.0",
  summary: "A program that is linked against one C library is copied into an image with another one, or with none.",
  why: "A program built on Debian looks for glibc's loader when it starts. Alpine has musl, and `scratch` nothing, so the container dies with `no such file or directory`, although the file is there. Link it statically, or run it on the system that built it.",
  aliases: {},
  fixable: "unsafe",
  examples: [
    {
      title: "Go links to the C library where it finds a compiler",
      code: 'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nFROM alpine:3.24\nCOPY --from=build [|/app|] /app\nEXPOSE 8080\nCMD ["/app"]\n',
      fixed:
        'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\nFROM alpine:3.24\nCOPY --from=build /app /app\nEXPOSE 8080\nCMD ["/app"]\n',
    },
    {
      title: "Rust does so always",
      code: 'FROM rust:1 AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\nFROM alpine:3.24\nCOPY --from=build [|/src/target/release/app|] /usr/local/bin/\nCMD ["app"]\n',
      fixed:
        'FROM rust:1 AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\nFROM debian:trixie-slim\nCOPY --from=build /src/target/release/app /usr/local/bin/\nCMD ["app"]\n',
    },
    {
      title: "A C program on an empty image",
      code: 'FROM debian:13 AS build\nRUN apt-get update && apt-get install -y gcc\nRUN gcc -O2 -o /hello hello.c\nFROM scratch\nCOPY --from=build [|/hello|] /hello\nCMD ["/hello"]\n',
    },
    {
      title: "No C in it",
      code: 'FROM golang:1.27 AS build\nENV CGO_ENABLED=0\nRUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\nEXPOSE 8080\nCMD ["/app"]\n',
    },
    {
      title: "Linked statically",
      code: "FROM golang:1.27 AS build\nRUN go build -ldflags '-extldflags \"-static\"' -o /app .\nFROM alpine:3.24\nCOPY --from=build /app /app\nEXPOSE 80\n",
    },
    {
      title: "For musl",
      code: 'FROM rust:1 AS build\nWORKDIR /src\nRUN cargo build --release --target x86_64-unknown-linux-musl\nFROM scratch\nCOPY --from=build /src/target/x86_64-unknown-linux-musl/release/app /app\nCMD ["/app"]\n',
    },
    {
      title: "For musl, as a setting of Cargo says",
      code: 'FROM rust:1 AS build\nWORKDIR /src\nRUN USER=rust cargo build --release\nFROM scratch\nCOPY --from=build /src/target/x86_64-unknown-linux-musl/release/whois-server /\nENTRYPOINT ["/whois-server"]\n',
    },
    {
      title: "Settings of Cargo may name another target",
      code: 'FROM rust:1 AS build\nADD cargo-config.toml /usr/local/cargo/config\nWORKDIR /src\nRUN cargo build --release\nFROM scratch\nCOPY --from=build /src/target/release/app /app\nCMD ["/app"]\n',
    },
    {
      title: "The same C library",
      code: 'FROM rust:1 AS build\nWORKDIR /src\nRUN cargo build --release\nFROM gcr.io/distroless/base-debian13\nCOPY --from=build /src/target/release/app /app\nCMD ["/app"]\n',
    },
    {
      title: "Alpine with a stand-in for glibc",
      code: 'FROM rust:1 AS build\nWORKDIR /src\nRUN cargo build --release\nFROM alpine:3.24\nRUN apk add --no-cache gcompat libgcc\nCOPY --from=build /src/target/release/app /app\nCMD ["/app"]\n',
    },
    {
      title: "Something else is copied",
      code: "FROM golang:1.27 AS build\nRUN go build -o /app .\nFROM alpine:3.24\nCOPY --from=build /src/static /static\n",
    },
    {
      title: "A Go program without a port may do without the C library",
      code: "FROM golang:1.27 AS build\nRUN go build -o /tool .\nFROM alpine:3.24\nCOPY --from=build /tool /tool\n",
    },
  ],
  *check({ model, catalogue, facts }) {
    for (const stage of model.stages) {
      if (!stage.reachesFinal || stage.copiesFrom.length === 0) continue;
      for (const { instruction, stage: source } of stage.copiesFrom) {
        if (instruction.keyword !== "COPY" || !source || source === stage) continue;
        const edge = edgeOf(catalogue, source, stage);
        if (edge) yield* judge({ model, catalogue, facts }, edge, source, stage, instruction);
      }
    }
  },
});

/** From which C library to which. */
interface Edge {
  readonly from: "glibc" | "musl";
  readonly to: "glibc" | "musl" | "none";
}

function edgeOf(catalogue: Catalogue, source: Stage, stage: Stage): Edge | null {
  const from = distributionUnder(source, catalogue)?.libc ?? null;
  if (from !== "glibc" && from !== "musl") return null;
  const to = distributionUnder(stage, catalogue)?.libc ?? null;
  return to === null || to === from ? null : { from, to };
}

type Context = { readonly model: Model; readonly catalogue: Catalogue; readonly facts: Facts };

function* judge(context: Context, edge: Edge, source: Stage, stage: Stage, copying: Instruction): Iterable<Finding> {
  const { model, catalogue, facts } = context;
  const image = imageUnder(source, catalogue)?.repository.name ?? null;
  const copy = readCopy(model, copying, image);
  const spans = sourceSpans(model, copying);
  if (!copy || !spans || bringsLibrary(stage)) return;
  for (const step of stepsOf(source, image)) {
    if (!isLinked(step, source, stage, edge, facts)) continue;
    const at = copy.sources.findIndex((one) => brings(step, resolvePath(one, "/")));
    const range = spans[at];
    if (!range) continue;
    const where = edge.to === "none" ? "an image without it" : `an image with ${edge.to}`;
    yield {
      message: `\`${step.shown}\` links this against ${edge.from}, so it cannot start in ${where}. ${advice(step, source, catalogue)}`,
      range,
      related: [
        { message: "It is built here.", range: step.script.locate(step.command.command.from, step.command.command.to) },
      ],
      fixes: () => fixesFor(context, step, source, stage),
    };
    return;
  }
}

/** The compiling steps of a stage and of those it stands on. */
function stepsOf(source: Stage, image: string | null): readonly BuildStep[] {
  const steps: BuildStep[] = [];
  for (let one: Stage | null = source; one; one = one.base.stage) {
    steps.push(
      ...buildSteps(one, image).filter(({ family }) => family === "go" || family === "rust" || family === "c"),
    );
  }
  return steps;
}

/** True when the step is known to make a program that needs the C library of its own stage. */
function isLinked(step: BuildStep, source: Stage, stage: Stage, edge: Edge, facts: Facts): boolean {
  const text = step.script.script.text;
  if (/-static\b|crt-static|musl|netgo|osusergo|\bzig\b|\bxx-/.test(text) || setsLinking(source, step)) return false;
  switch (step.family) {
    case "go":
      return isGoLinked(step, source, stage, edge);
    case "rust":
      // On Alpine, Rust links statically unless it is told not to.
      return edge.from === "glibc" && !/--target\b/.test(text) && !hasCargoConfig(source, facts);
    default:
      return (
        /^(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+)/.test(step.command.name ?? "") &&
        flagValue(step.command, ["-o"]) !== null
      );
  }
}

function isGoLinked(step: BuildStep, source: Stage, stage: Stage, edge: Edge): boolean {
  if (cgoState(step, source) === "off") return false;
  const settings = step.command.assignments;
  const isOther = (name: string, own: string) => settings.some((one) => one.name === name && one.value?.value !== own);
  // Compiling for another machine turns cgo off.
  if (isOther("GOOS", "linux") || isOther("GOARCH", "amd64") || declares(source, "GOARCH")) return false;
  if (rootStage(source).from.parsed.flags.length > 0) return false;
  const on =
    settings.some((one) => one.name === "CGO_ENABLED" && one.value?.value === "1") ||
    isSet(source, step, "CGO_ENABLED", "1");
  if (edge.from === "musl") return on && hasCompiler(source);
  // The Debian images of Go have a compiler. Without one of the packages net and os/user, no program needs the library;
  // one that listens does.
  const { resolved } = rootStage(source).base;
  if (!/(?:^|\/)golang(?::|@|$)/.test(resolved ?? "")) return on;
  return on || listens(stage);
}

/** True when a configuration of Cargo, which may name another target, lies in the context or is brought by the stage. */
function hasCargoConfig(source: Stage, facts: Facts): boolean {
  if ([".cargo/config.toml", ".cargo/config"].some((path) => typeof facts.file(path) === "string")) return true;
  for (let one: Stage | null = source; one; one = one.base.stage) {
    for (const { keyword, parsed } of one.instructions) {
      if (keyword !== "COPY" && keyword !== "ADD" && keyword !== "RUN") continue;
      if (/cargo\/config\b/.test(parsed.body.text)) return true;
      if (keyword !== "RUN" && /(?:^|[\s"/])\.cargo\/?(?=[\s",]|$)/.test(parsed.body.text)) return true;
    }
  }
  return false;
}

function listens(stage: Stage): boolean {
  for (let one: Stage | null = stage; one; one = one.base.stage) {
    if (one.instructions.some(({ keyword }) => keyword === "EXPOSE")) return true;
  }
  return false;
}

function hasCompiler(stage: Stage): boolean {
  return installedPackages(stage).some(({ package: one }) =>
    /^(?:gcc|g\+\+|build-base|alpine-sdk|clang)$/.test(one.name),
  );
}

function declares(stage: Stage, name: string): boolean {
  return stage.scope.lookup(name, Number.POSITIVE_INFINITY) !== null;
}

function isSet(stage: Stage, step: BuildStep, name: string, wanted: string): boolean {
  const state = stageState(stage.scope, name, step.instruction.index);
  return state.kind === "value" && state.value === wanted;
}

/** True when a variable of the stage says how programs are linked. */
function setsLinking(stage: Stage, step: BuildStep): boolean {
  return [
    "RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "GOFLAGS",
    "LDFLAGS",
    "CFLAGS",
    "CC",
    "CGO_LDFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
  ].some((name) => stage.scope.lookup(name, step.instruction.index) !== null);
}

/** True when the copied path is what the step makes. */
function brings({ family, command, folder }: BuildStep, path: string | null): boolean {
  if (path === null) return false;
  if (family === "rust") {
    if (operands(command)[0]?.value === "install") {
      const root = flagValue(command, ["--root"])?.value ?? "/usr/local/cargo";
      return isWithin(path, joinPath(root, "bin"));
    }
    const made = folder === null || !isWithin(path, joinPath(folder, "target")) ? null : cargoOutput.exec(path);
    // Files for a target that a setting names lie below its triple, which says what they are linked against.
    return made !== null && (made[1] === undefined || made[1].includes("-linux-gnu"));
  }
  const output = flagValue(command, ["-o"])?.value;
  if (output != null) {
    const made = resolvePath(output, folder);
    return made !== null && (path === made || (output.endsWith("/") && isWithin(path, made)));
  }
  if (family !== "go") return false;
  const verb = operands(command, ["-C"])[0]?.value;
  if (verb === "install") return isWithin(path, "/go/bin") && path !== "/go/bin";
  return verb === "build" && folder !== null && path === joinPath(folder, baseName(folder));
}

/** A program where Cargo puts it, with the triple of its target where there is one. */
const cargoOutput = /\/target\/(?:([^/]+)\/)?(?:release|debug)\/[\w.-]+$/;

/** True when the image gets the other C library, or its loader, by hand. */
function bringsLibrary(stage: Stage): boolean {
  for (let one: Stage | null = stage; one; one = one.base.stage) {
    for (const { keyword, parsed } of one.instructions) {
      if (keyword === "COPY" && /ld-linux|ld-musl|(?:^|\s)\/(?:usr\/)?lib(?:64)?(?:\/|\s|$)/.test(parsed.body.text))
        return true;
      if (keyword === "RUN" && /gcompat|libc6-compat|glibc|\bmusl\b|ld-linux|ld-musl/.test(parsed.body.text))
        return true;
    }
  }
  return false;
}

/** Where each source of a COPY stands. */
function sourceSpans(model: Model, { parsed, stage, index, blockStart }: Instruction): readonly Span[] | null {
  const places = parsed.json ?? parsed.words;
  if (!stage || places.length < 2) return null;
  const lookUp = (name: string) => stageState(stage.scope, name, index);
  const kept = parsed.json
    ? places
    : parsed.words.filter((word) => !expandWord(word, model.escape, lookUp)?.startsWith("<<"));
  return kept.slice(0, -1).map((place) => ({ start: blockStart + place.from, end: blockStart + place.to }));
}

function advice({ family }: BuildStep, source: Stage, catalogue: Catalogue): string {
  const system = distributionUnder(source, catalogue);
  const same = system?.family ? `${system.family} as well` : "the same system";
  if (family === "go") return "Build it with CGO_ENABLED=0, or run it on the same system.";
  if (family === "rust") return `Build it for a musl target, or run it on ${same}.`;
  return `Link it with -static, or run it on ${same}.`;
}

function fixesFor({ model, catalogue, facts }: Context, step: BuildStep, source: Stage, stage: Stage): readonly Fix[] {
  const fixes: Fix[] = [];
  if (step.family === "go") {
    const edit = needsC(facts) || hasTemplates(model) ? null : withoutCgo(step);
    if (edit) {
      fixes.push({
        title: "Build with CGO_ENABLED=0",
        applicability: "unsafe",
        reason: "A package that needs C no longer builds.",
        edits: [edit],
      });
    }
  }
  const base = sameSystem(source, stage, catalogue);
  const edits = base && rewriteBase(model, stage, base);
  if (edits) {
    fixes.push({
      title: `Run it on ${base}`,
      applicability: "unsafe",
      reason: "The image gets another system, and is larger than before.",
      edits,
    });
  }
  return fixes;
}

/** The small image of the builder's system, for a plain Alpine stage that runs no commands of its own. */
function sameSystem(source: Stage, stage: Stage, catalogue: Catalogue): string | null {
  const system = distributionUnder(source, catalogue);
  if (stage.base.stage || imageUnder(stage, catalogue)?.repository.name !== "alpine") return null;
  if (stage.instructions.some((one) => one.keyword === "RUN" || scriptsOf(one).length > 0)) return null;
  return system?.family === "debian" && system.codename ? `debian:${system.codename}-slim` : null;
}

function hasTemplates(model: Model): boolean {
  return model.templates.length > 0;
}
