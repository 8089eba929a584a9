/**
 * What the Dockerfile language offers, as data: instructions, flags, the fields of mounts, values to choose from. Facts
 * from the Dockerfile reference (https://docs.docker.com/reference/dockerfile/) and BuildKit's instructions/parse.go.
 */

/** A value to choose, with one sentence about it. */
export interface Choice {
  readonly value: string;
  readonly text: string;
}

/** One flag of an instruction. */
export interface FlagHelp {
  readonly text: string;
  /** What stands behind `=` in a signature; null for a flag that needs no value. */
  readonly value: string | null;
  readonly choices?: readonly Choice[];
}

/** One way to write an instruction; `parameters` are pieces of `label`, in its order. */
export interface Signature {
  readonly label: string;
  readonly parameters: readonly string[];
}

/** One instruction. */
export interface InstructionHelp {
  /** One or two sentences. */
  readonly text: string;
  /** Anchor in the reference. */
  readonly anchor: string;
  readonly signatures: readonly Signature[];
  readonly flags: { readonly [name: string]: FlagHelp };
}

const reference = "https://docs.docker.com/reference/dockerfile/";

/** Address of what the reference says about an instruction, or about one of its flags. */
export function referenceLink(keyword: string, flag?: string): string {
  const help = instructionHelp[keyword];
  if (!help) return reference;
  const anchor = flag === undefined ? help.anchor : (flagAnchors[`${keyword} ${flag}`] ?? `${help.anchor}---${flag}`);
  return `${reference}#${anchor}`;
}

const flagAnchors: { readonly [flag: string]: string } = {
  "COPY chown": "copy---chown---chmod",
  "COPY chmod": "copy---chown---chmod",
  "ADD chown": "add---chown---chmod",
  "ADD chmod": "add---chown---chmod",
  "FROM platform": "from",
  "HEALTHCHECK interval": "healthcheck",
  "HEALTHCHECK timeout": "healthcheck",
  "HEALTHCHECK start-period": "healthcheck",
  "HEALTHCHECK start-interval": "healthcheck",
  "HEALTHCHECK retries": "healthcheck",
};

const platforms: readonly Choice[] = [
  { value: "linux/amd64", text: "64-bit x86." },
  { value: "linux/arm64", text: "64-bit ARM: Apple silicon, AWS Graviton." },
  { value: "linux/arm/v7", text: "32-bit ARM." },
  { value: "$BUILDPLATFORM", text: "The machine that builds: for stages that compile for another platform." },
  { value: "$TARGETPLATFORM", text: "The platform that is built for; what holds without the flag." },
  { value: "windows/amd64", text: "Windows on 64-bit x86." },
];

const truth: readonly Choice[] = [
  { value: "true", text: "On." },
  { value: "false", text: "Off." },
];

const owner: FlagHelp = {
  text: "Owner and group of what is copied; without it root owns it. Names are looked up in the stage's /etc/passwd.",
  value: "<user>[:<group>]",
};
const mode: FlagHelp = {
  text: "Permissions of what is copied, in octal or symbolic notation.",
  value: "<mode>",
  choices: [
    { value: "644", text: "The owner writes, everybody reads." },
    { value: "755", text: "The owner writes, everybody reads and runs." },
    { value: "444", text: "Everybody reads, nobody writes." },
    { value: "555", text: "Everybody reads and runs, nobody writes." },
    { value: "600", text: "The owner alone reads and writes." },
  ],
};
const link: FlagHelp = {
  text: "Makes a layer of its own that does not depend on those before it, so that it stays in the cache when they change.",
  value: null,
};
const exclude: FlagHelp = {
  text: "Leaves out what matches the pattern. May be given more than once.",
  value: "<pattern>",
};

const durations: readonly Choice[] = ["5s", "10s", "30s", "1m", "5m"].map((value) => ({ value, text: "" }));

/** Every instruction, by its keyword in upper case. */
export const instructionHelp: { readonly [keyword: string]: InstructionHelp } = {
  FROM: {
    text: "Begins a stage: the image (or earlier stage) that everything below it builds on.",
    anchor: "from",
    signatures: [
      sign("FROM [--platform=<platform>] <image>[:<tag>] [AS <name>]", "<image>[:<tag>]", "AS", "<name>"),
      sign("FROM [--platform=<platform>] <image>@<digest> [AS <name>]", "<image>@<digest>", "AS", "<name>"),
    ],
    flags: {
      platform: {
        text: "The platform of the base image, where it is to be another than the one that is built for.",
        value: "<platform>",
        choices: platforms,
      },
    },
  },
  RUN: {
    text: "Runs commands while the image is built and keeps what they leave behind as a layer.",
    anchor: "run",
    signatures: [
      sign("RUN [options] <command>", "<command>"),
      sign('RUN ["<program>", "<argument>", …]', '"<program>"', '"<argument>"'),
      sign("RUN <<EOF", "<<EOF"),
    ],
    flags: {
      mount: {
        text: "Lends the command a folder, a cache, a secret or an SSH agent that does not stay in the image.",
        value: "type=<type>[,…]",
      },
      network: {
        text: "The network that the command sees.",
        value: "<network>",
        choices: [
          { value: "default", text: "The builder's own network." },
          { value: "none", text: "No network: what is built depends on nothing outside." },
          { value: "host", text: "The network of the machine; the builder has to allow it." },
        ],
      },
      security: {
        text: "The rights of the command.",
        value: "<mode>",
        choices: [
          { value: "sandbox", text: "The usual one." },
          { value: "insecure", text: "Without a sandbox; the builder has to allow it." },
        ],
      },
      device: { text: "Lends the command a device, such as a GPU, by its CDI name.", value: "<device>" },
    },
  },
  CMD: {
    text: "What a container runs when nobody says otherwise; the arguments of ENTRYPOINT where there is one. The last one counts.",
    anchor: "cmd",
    signatures: [
      sign('CMD ["<program>", "<argument>", …]', '"<program>"', '"<argument>"'),
      sign("CMD <command>", "<command>"),
    ],
    flags: {},
  },
  ENTRYPOINT: {
    text: "The program that a container always runs; CMD and the words behind `docker run` are its arguments.",
    anchor: "entrypoint",
    signatures: [
      sign('ENTRYPOINT ["<program>", "<argument>", …]', '"<program>"', '"<argument>"'),
      sign("ENTRYPOINT <command>", "<command>"),
    ],
    flags: {},
  },
  COPY: {
    text: "Copies files from the build context, or from another stage or image, into the image.",
    anchor: "copy",
    signatures: [
      sign("COPY [options] <source> … <destination>", "<source>", "<destination>"),
      sign('COPY [options] ["<source>", …, "<destination>"]', '"<source>"', '"<destination>"'),
    ],
    flags: {
      from: {
        text: "Copies from a stage, an image or a named context instead of the build context.",
        value: "<stage or image>",
      },
      chown: owner,
      chmod: mode,
      link,
      parents: { text: "Keeps the folders of the sources: `a/b/c` is copied to `<destination>/a/b/c`.", value: null },
      exclude,
    },
  },
  ADD: {
    text: "Like COPY, but unpacks local archives and fetches URLs and git repositories.",
    anchor: "add",
    signatures: [
      sign("ADD [options] <source> … <destination>", "<source>", "<destination>"),
      sign('ADD [options] ["<source>", …, "<destination>"]', '"<source>"', '"<destination>"'),
    ],
    flags: {
      checksum: {
        text: "The checksum that a fetched file must have; the build fails when it has another.",
        value: "sha256:<hash>",
      },
      chown: owner,
      chmod: mode,
      link,
      "keep-git-dir": { text: "Keeps the `.git` folder of a repository.", value: "<bool>", choices: truth },
      unpack: { text: "Whether an archive is unpacked, local or fetched.", value: "<bool>", choices: truth },
      exclude,
    },
  },
  ENV: {
    text: "Sets variables for the instructions below and for every container of the image.",
    anchor: "env",
    signatures: [sign("ENV <name>=<value> …", "<name>", "<value>"), sign("ENV <name> <value>", "<name>", "<value>")],
    flags: {},
  },
  ARG: {
    text: "Declares a variable that `docker build --build-arg` can set; it lasts to the end of the stage and is not in the image's environment.",
    anchor: "arg",
    signatures: [sign("ARG <name>[=<default>] …", "<name>", "<default>")],
    flags: {},
  },
  LABEL: {
    text: "Adds names and values that describe the image.",
    anchor: "label",
    signatures: [sign("LABEL <key>=<value> …", "<key>", "<value>")],
    flags: {},
  },
  EXPOSE: {
    text: "Says on which ports a container listens. It publishes nothing: that is `docker run -p`.",
    anchor: "expose",
    signatures: [sign("EXPOSE <port>[/<protocol>] …", "<port>", "<protocol>")],
    flags: {},
  },
  VOLUME: {
    text: "Folders whose content lies outside of the image; what later instructions write there is lost.",
    anchor: "volume",
    signatures: [sign('VOLUME ["<path>", …]', '"<path>"'), sign("VOLUME <path> …", "<path>")],
    flags: {},
  },
  USER: {
    text: "Who runs the instructions below and the container.",
    anchor: "user",
    signatures: [sign("USER <user>[:<group>]", "<user>", "<group>"), sign("USER <UID>[:<GID>]", "<UID>", "<GID>")],
    flags: {},
  },
  WORKDIR: {
    text: "The folder in which the instructions below and the container run; it is made when it is not there.",
    anchor: "workdir",
    signatures: [sign("WORKDIR <path>", "<path>")],
    flags: {},
  },
  ONBUILD: {
    text: "An instruction that is carried out in builds that start from this image.",
    anchor: "onbuild",
    signatures: [sign("ONBUILD <instruction>", "<instruction>")],
    flags: {},
  },
  STOPSIGNAL: {
    text: "The signal that asks a container to stop.",
    anchor: "stopsignal",
    signatures: [sign("STOPSIGNAL <signal>", "<signal>")],
    flags: {},
  },
  HEALTHCHECK: {
    text: "How to find out whether a container still works: exit code 0 means healthy, 1 unhealthy.",
    anchor: "healthcheck",
    signatures: [sign("HEALTHCHECK [options] CMD <command>", "CMD", "<command>"), sign("HEALTHCHECK NONE", "NONE")],
    flags: {
      interval: { text: "Time between two checks; 30 s without it.", value: "<duration>", choices: durations },
      timeout: {
        text: "Time after which a check has failed; 30 s without it.",
        value: "<duration>",
        choices: durations,
      },
      "start-period": {
        text: "Time to start up, in which failures do not count.",
        value: "<duration>",
        choices: durations,
      },
      "start-interval": {
        text: "Time between two checks while starting up; 5 s without it.",
        value: "<duration>",
        choices: durations,
      },
      retries: {
        text: "Failures in a row that make a container unhealthy; 3 without it.",
        value: "<number>",
        choices: ["1", "3", "5"].map((value) => ({ value, text: "" })),
      },
    },
  },
  SHELL: {
    text: "The shell that runs the commands of RUN, CMD and ENTRYPOINT that are not written as a list.",
    anchor: "shell",
    signatures: [sign('SHELL ["<program>", "<argument>", …]', '"<program>"', '"<argument>"')],
    flags: {},
  },
  MAINTAINER: {
    text: "The author of the image. Deprecated: write `LABEL org.opencontainers.image.authors=…`.",
    anchor: "maintainer-deprecated",
    signatures: [sign("MAINTAINER <name>", "<name>")],
    flags: {},
  },
};

/** One type of `RUN --mount`, with the fields it takes. */
export interface MountHelp {
  readonly text: string;
  readonly fields: { readonly [name: string]: FlagHelp };
}

const target: FlagHelp = { text: "Where it appears for the command.", value: "<path>" };
const source: FlagHelp = { text: "Folder or file of `from` to mount; its root without it.", value: "<path>" };
const from: FlagHelp = { text: "The stage, image or named context it comes from.", value: "<stage or image>" };
const uid: FlagHelp = { text: "Owner.", value: "<uid>" };
const gid: FlagHelp = { text: "Group.", value: "<gid>" };
const permissions: FlagHelp = { text: "Permissions in octal notation.", value: "<mode>" };
const required: FlagHelp = { text: "Fails the build when it is not given.", value: "<bool>", choices: truth };

/** The types of `RUN --mount`. */
export const mountHelp: { readonly [type: string]: MountHelp } = {
  bind: {
    text: "Files of the build context or of a stage, without copying them.",
    fields: {
      target,
      source,
      from,
      rw: { text: "Lets the command write; what it writes is dropped.", value: null },
    },
  },
  cache: {
    text: "A folder that is kept between builds: for what package managers and compilers download.",
    fields: {
      target,
      id: { text: "Names the cache; caches of one name are one. The target without it.", value: "<name>" },
      sharing: {
        text: "What happens when two builds want it at once.",
        value: "<how>",
        choices: [
          { value: "locked", text: "The second waits. Needed for apt." },
          { value: "shared", text: "Both write; what holds without the field." },
          { value: "private", text: "The second gets one of its own." },
        ],
      },
      readonly: { text: "The command only reads.", value: null },
      from,
      source,
      mode: permissions,
      uid,
      gid,
    },
  },
  secret: {
    text: "A secret of `docker build --secret`, as a file or a variable, that stays in no layer.",
    fields: {
      id: { text: "The name that `--secret id=…` gives it.", value: "<name>" },
      target: { text: "The file that holds it; `/run/secrets/<id>` without it.", value: "<path>" },
      env: { text: "The variable that holds it.", value: "<name>" },
      required,
      mode: permissions,
      uid,
      gid,
    },
  },
  ssh: {
    text: "The SSH agent of `docker build --ssh`, for private repositories.",
    fields: {
      id: { text: "The name that `--ssh` gives it; `default` without it.", value: "<name>" },
      target: { text: "The agent's socket.", value: "<path>" },
      required,
      mode: permissions,
      uid,
      gid,
    },
  },
  tmpfs: {
    text: "A folder in memory.",
    fields: { target, size: { text: "Most bytes it may hold.", value: "<bytes>" } },
  },
};

/** Caches worth a mount: what fills them, and how the mount is written. */
export const knownCaches: readonly Choice[] = [
  { value: "type=cache,target=/root/.npm", text: "npm" },
  { value: "type=cache,target=/root/.cache/pip", text: "pip" },
  { value: "type=cache,target=/root/.cache/uv", text: "uv" },
  { value: "type=cache,target=/var/cache/apt,sharing=locked", text: "apt: packages" },
  { value: "type=cache,target=/var/lib/apt,sharing=locked", text: "apt: lists" },
  { value: "type=cache,target=/var/cache/apk,sharing=locked", text: "apk" },
  { value: "type=cache,target=/root/.cache/go-build", text: "Go: compiled packages" },
  { value: "type=cache,target=/go/pkg/mod", text: "Go: modules" },
  { value: "type=cache,target=/usr/local/cargo/registry", text: "Cargo" },
  { value: "type=cache,target=/root/.m2", text: "Maven" },
  { value: "type=cache,target=/root/.gradle", text: "Gradle" },
  { value: "type=cache,target=/root/.nuget/packages", text: "NuGet" },
  { value: "type=cache,target=/root/.local/share/pnpm/store", text: "pnpm" },
  { value: "type=cache,target=/usr/local/share/.cache/yarn", text: "Yarn" },
  { value: "type=cache,target=/tmp/cache", text: "Composer, with COMPOSER_CACHE_DIR=/tmp/cache" },
];

/** Directives at the top of a file. */
export const directiveHelp: { readonly [name: string]: FlagHelp } = {
  syntax: {
    text: "The frontend that reads the file, which brings newer features of the language to older builders.",
    value: "<image>",
    choices: [
      { value: "docker/dockerfile:1", text: "The newest stable version." },
      { value: "docker/dockerfile:1-labs", text: "The newest version with what is still being tried out." },
    ],
  },
  escape: {
    text: "The character that continues lines and escapes others; a backtick suits Windows paths.",
    value: "<character>",
    choices: [
      { value: "`", text: "For Windows, where a backslash divides paths." },
      { value: "\\", text: "What holds without the directive." },
    ],
  },
  check: {
    text: "Build checks of BuildKit to leave out, and whether the others fail the build.",
    value: "<options>",
    choices: [
      { value: "skip=", text: "Names of checks to leave out, divided by commas." },
      { value: "skip=all", text: "Leaves all checks out." },
      { value: "error=true", text: "A finding fails the build." },
    ],
  },
};

/** Signals worth sending, for STOPSIGNAL. */
export const signals: readonly Choice[] = [
  { value: "SIGTERM", text: "Please end; what is sent without STOPSIGNAL." },
  { value: "SIGINT", text: "As Ctrl+C; PostgreSQL: fast shutdown." },
  { value: "SIGQUIT", text: "nginx, PHP-FPM, uWSGI: finish what is under way, then end." },
  { value: "SIGWINCH", text: "Apache: finish what is under way, then end." },
  { value: "SIGRTMIN+3", text: "systemd: halt." },
  { value: "SIGHUP", text: "Some programs read their configuration again." },
  { value: "SIGUSR1", text: "Means what the program says." },
  { value: "SIGKILL", text: "Ends at once; nothing can be tidied up." },
];

/** Shells for SHELL, as they are written. */
export const shells: readonly Choice[] = [
  { value: '["/bin/bash", "-o", "pipefail", "-c"]', text: "bash; a pipe fails when one of its commands does." },
  { value: '["/bin/sh", "-c"]', text: "What holds on Linux without SHELL." },
  {
    value: '["/bin/ash", "-o", "pipefail", "-c"]',
    text: "Alpine's shell; a pipe fails when one of its commands does.",
  },
  {
    value:
      '["powershell", "-Command", "$ErrorActionPreference = \'Stop\'; $ProgressPreference = \'SilentlyContinue\';"]',
    text: "Windows PowerShell that stops at errors.",
  },
  { value: '["cmd", "/S", "/C"]', text: "What holds on Windows without SHELL." },
];

/** Labels that everybody reads alike (https://github.com/opencontainers/image-spec/blob/main/annotations.md). */
export const labels: readonly Choice[] = [
  { value: "org.opencontainers.image.title", text: "Name of the image for people." },
  { value: "org.opencontainers.image.description", text: "What it does, for people." },
  { value: "org.opencontainers.image.source", text: "Address of the source code." },
  { value: "org.opencontainers.image.url", text: "Address of more about it." },
  { value: "org.opencontainers.image.documentation", text: "Address of its documentation." },
  { value: "org.opencontainers.image.version", text: "Version of the packaged software." },
  { value: "org.opencontainers.image.revision", text: "Revision in version control." },
  { value: "org.opencontainers.image.created", text: "When it was built (RFC 3339)." },
  { value: "org.opencontainers.image.authors", text: "Who is responsible, and how to reach them." },
  { value: "org.opencontainers.image.vendor", text: "The organisation behind it." },
  { value: "org.opencontainers.image.licenses", text: "Licences, as an SPDX expression." },
  { value: "org.opencontainers.image.base.name", text: "The image it builds on." },
  { value: "org.opencontainers.image.base.digest", text: "Digest of the image it builds on." },
];

/** What the builder sets for those who declare it (https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope). */
export const platformHelp: { readonly [name: string]: string } = {
  TARGETPLATFORM: "The platform that is built for, such as `linux/arm64`.",
  TARGETOS: "Its system: `linux`.",
  TARGETARCH: "Its processor: `amd64`, `arm64`.",
  TARGETVARIANT: "Its variant: `v7`.",
  TARGETOSVERSION: "Version of its system, on Windows.",
  TARGETSTAGE: "The stage that is built.",
  BUILDPLATFORM: "The platform that builds.",
  BUILDOS: "Its system.",
  BUILDARCH: "Its processor.",
  BUILDVARIANT: "Its variant.",
  BUILDOSVERSION: "Version of its system, on Windows.",
};

function sign(label: string, ...parameters: readonly string[]): Signature {
  return { label, parameters };
}
