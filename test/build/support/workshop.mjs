// The workshop: a small Debian of its own, below the cache, with Docker Engine, buildah and a registry from Debian's
// packages. It lives in namespaces of its own for mounts and processes, so that nothing of it is left when it closes,
// and nothing of this machine's own Docker, if there is one, is touched. The network is the machine's.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { aptSettings, debianMirror, proxySettings } from "./machine.mjs";
import { run, until } from "./process.mjs";

/** Where everything is kept that is made once: about 15 GB, both builders counted. */
export const cache =
  process.env.PLIMSOLL_BUILD_CACHE ??
  path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "plimsoll-build");

/** The release of Debian that the bases are made of; its toolchains stand in for those of the official images. */
const baseRelease = "trixie";

/**
 * The release that the builders come from. Mounts that put a secret into a variable need Docker Engine 28, which no
 * stable Debian has yet.
 */
const workshopRelease = "testing";
const workshopPackages = ["docker.io", "docker-cli", "docker-buildx", "buildah", "netavark", "docker-registry"];
const helpers = ["busybox-static", "ca-certificates", "git", "openssh-client", "procps"];

/**
 * Opens the workshop, making it first where it is not there yet. `run(argv, options)` runs a program inside, `start`
 * starts one and returns its process; `/cache` and `/work` are the same folders inside and outside, `work` is the path
 * outside. `close` ends everything that runs inside.
 */
export async function openWorkshop(say) {
  takeTurn();
  const folder = path.join(cache, "workshop");
  if (!existsSync(folder)) {
    say(`Making the workshop, a Debian ${workshopRelease} from ${debianMirror()} …`);
    await debootstrap(workshopRelease, folder);
  }
  const work = path.join(cache, "work");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const keeper = spawn("unshare", [...namespaces, "sh", "-euc", enter, "sh", folder, cache, work], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const inner = await until(() => innerProcess(keeper.pid), "The workshop did not open");
  const into = ["--target", inner, "--mount", "--pid", "--"];
  const command = (argv, env) => [...into, "env", "-i", ...assignments({ ...baseEnvironment(), ...env }), ...argv];
  const workshop = {
    work,
    run: (argv, { env = {}, ...options } = {}) => run("nsenter", command(argv, env), options),
    start: (argv, { env = {}, ...options } = {}) => spawn("nsenter", command(argv, env), options),
    close: () => keeper.kill("SIGKILL"),
  };
  await installBuilders(workshop, folder, say);
  return workshop;
}

/** The root folder of the plain Debian that all bases begin with, made by debootstrap where it is not there yet. */
export async function debianRoot(say) {
  const folder = path.join(cache, "debian");
  if (existsSync(folder)) return folder;
  say(`Making a Debian ${baseRelease} from ${debianMirror()} …`);
  return await debootstrap(baseRelease, folder);
}

const namespaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"];

// The first process inside: it builds the tree of mounts, says that it is ready by the file /run/ready, and waits for the
// end of its input. That comes when the one who opened the workshop is gone, however it went; everything inside ends then.
const enter = `
root=$1; cache=$2; work=$3
mount --bind "$root" "$root"
mkdir -p "$root/cache" "$root/work" "$root/old"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/run"
mount --bind "$cache" "$root/cache"
mount --bind "$work" "$root/work"
for file in resolv.conf hosts; do
  rm -f "$root/etc/$file"; : > "$root/etc/$file"
  if [ -e "/etc/$file" ]; then cat "/etc/$file" > "$root/etc/$file"; fi
done
cd "$root"
pivot_root . old
umount -l /old
: > /run/ready
exec cat > /dev/null
`;

/** Two runs would take each other's images away; throws while another one is under way. */
function takeTurn() {
  const file = path.join(cache, "running");
  mkdirSync(cache, { recursive: true });
  const other = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  if (other !== "" && existsSync(`/proc/${other}`)) throw new Error(`Another run is under way: process ${other}`);
  writeFileSync(file, String(process.pid));
}

/** Installs the builders, once. It needs the mounts of the open workshop: scripts of packages look into /proc. */
async function installBuilders(workshop, root, say) {
  const done = path.join(root, "etc/plimsoll-workshop");
  if (existsSync(done)) return;
  say("Installing Docker Engine and buildah in it …");
  // Packages must not start their daemons while they are unpacked.
  writeFileSync(path.join(root, "usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  writeFileSync(path.join(root, "etc/apt/apt.conf.d/90machine"), aptSettings());
  const env = { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  await workshop.run(["apt-get", "-qq", "update"], { env });
  const install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends"];
  await workshop.run([...install, ...workshopPackages, ...helpers], { env });
  await workshop.run(["apt-get", "clean"], { env });
  writeFileSync(done, "");
}

/** Makes a minimal Debian beside its place and moves it there whole, so that a broken run leaves nothing. */
async function debootstrap(release, folder) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  if ((await run("which", ["debootstrap"], { mayFail: true })).status !== 0) {
    await run("apt-get", ["-qq", "update"], { env });
    await run("apt-get", ["-qq", "install", "-y", "--no-install-recommends", "debootstrap"], { env });
  }
  const part = `${folder}.making`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(path.dirname(part), { recursive: true });
  await run("debootstrap", ["--variant=minbase", release, part, debianMirror()], { env });
  renameSync(part, folder);
  return folder;
}

/** The process that is the first one inside, by its number outside; null until it is ready. */
function innerProcess(outer) {
  try {
    const child = readFileSync(`/proc/${outer}/task/${outer}/children`, "utf8").trim();
    return child !== "" && existsSync(`/proc/${child}/root/run/ready`) ? child : null;
  } catch {
    return null;
  }
}

function baseEnvironment() {
  return { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LC_ALL: "C.UTF-8", ...proxySettings() };
}

function assignments(env) {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}
