// Docker Engine with BuildKit, as the builder: what most people build with, and everything that Dockerfiles may say.
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import path from "node:path";
import { until } from "./process.mjs";
import { cache } from "./workshop.mjs";

const probe = "/.probe/busybox";
const withProbe = ["--volume", `/usr/bin/busybox:${probe}:ro`];
const seconds = 1000;

/**
 * Starts Docker's daemon in the workshop. Throws when it does not come up. All methods take the name of an image:
 *
 * - `has`, `build(folder, options)`, `tag`, `remove`, `push(image, registry)`; `cannotBuild(text)` says what is lacking for a Dockerfile, or null
 * - `save(image, folder)`: its configuration, history and layers as files in a folder below /work
 * - `output(image, options)`: what its program prints until it ends
 * - `userOf(image)`: the number of the user that its program starts as
 * - `serve(image, options)`: starts its program and gives `get(port, path)`, `user()` and `stop()`
 */
export async function startDocker(workshop, registry) {
  // What builds leave behind for the next one is of no use here, and would grow.
  const settings = { builder: { gc: { enabled: true, defaultKeepStorage: "3GB" } } };
  mkdirSync(path.join(cache, "workshop/etc/docker"), { recursive: true });
  writeFileSync(path.join(cache, "workshop/etc/docker/daemon.json"), JSON.stringify(settings));
  const log = openSync(path.join(cache, "dockerd.log"), "w");
  const daemon = workshop.start(daemonCommand(registry), { stdio: ["ignore", log, log] });
  const docker = (args, options) => workshop.run(["docker", ...args], options);
  const isUp = async () => (await docker(["version"], { mayFail: true })).status === 0;
  let ended = false;
  daemon.on("exit", () => {
    ended = true;
  });
  await until(async () => ((await isUp()) || ended ? true : null), "Docker Engine did not start");
  if (!(await isUp())) throw new Error("Docker Engine does not start here");
  const version = (await docker(["version", "--format", "{{.Server.Version}}"])).stdout.trim();

  return {
    kind: "docker",
    name: `Docker Engine ${version} with BuildKit`,
    cannotBuild: () => null,
    has: async (image) => (await docker(["image", "inspect", image], { mayFail: true })).status === 0,
    build: (folder, options = {}) => build(docker, folder, options),
    tag: (image, name) => docker(["tag", image, name]),
    push: async (image, registry) => {
      const name = `${registry}/${image.includes("/") ? image : `library/${image}`}`;
      await docker(["tag", image, name]);
      await docker(["push", name]);
      await docker(["image", "rm", name]);
    },
    remove: (image) => docker(["image", "rm", "--force", image], { mayFail: true }),
    save: async (image, folder) => {
      await docker(["save", "--output", `${folder}.tar`, image]);
      await workshop.run(["tar", "--extract", "--file", `${folder}.tar`, "--directory", folder]);
      await workshop.run(["rm", `${folder}.tar`]);
    },
    output: async (image, { args = [], env = {}, timeout = 60 * seconds } = {}) =>
      (await docker(["run", "--rm", "--network", "none", ...variables(env), image, ...args], { timeout })).stdout,
    userOf: async (image) => {
      const run = ["run", "--rm", "--network", "none", ...withProbe, "--entrypoint", probe, image, "id", "-u"];
      return Number((await docker(run)).stdout.trim());
    },
    serve: (image, options) => serve(docker, image, options),
    stop: async () => {
      daemon.kill("SIGTERM");
      await until(() => (ended ? true : null), "Docker Engine did not stop", { timeout: 20 * seconds }).catch(() => {});
    },
  };
}

// No bridge and no rules for the firewall: the machine's network stays as it is.
function daemonCommand(registry) {
  const network = ["--iptables=false", "--ip6tables=false", "--bridge=none"];
  const place = ["--data-root", "/cache/docker", "--exec-root", "/run/docker", "--host", "unix:///run/docker.sock"];
  const cgroups = ["--exec-opt", "native.cgroupdriver=cgroupfs"];
  return [
    "dockerd",
    ...place,
    ...network,
    ...cgroups,
    ...(registry === null ? [] : ["--registry-mirror", `http://${registry.host}`]),
  ];
}

async function build(docker, folder, { tag, target, args = {}, flags = [], env = {}, cached = false }) {
  const values = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  const what = [...(target === undefined ? [] : ["--target", target]), ...(cached ? [] : ["--no-cache"])];
  const command = ["build", "--progress", "plain", "--network", "host", "--pull=false", "--tag", tag];
  await docker([...command, ...what, ...values, ...flags, folder], { env: { ...env, DOCKER_BUILDKIT: "1" } });
}

async function serve(docker, image, { args = [], env = {} } = {}) {
  const run = ["run", "--detach", "--network", "none", ...withProbe, ...variables(env), image, ...args];
  const container = (await docker(run)).stdout.trim();
  const busybox = (...command) => docker(["exec", container, probe, ...command], { mayFail: true });
  return {
    get: (port, address) =>
      until(
        async () => {
          const { status, stdout } = await busybox("wget", "-q", "-O", "-", `http://127.0.0.1:${port}${address}`);
          if (status === 0) return stdout;
          const state = await docker(["inspect", "--format", "{{.State.Running}}", container]);
          if (state.stdout.trim() === "true") return null;
          const { stdout: out, stderr } = await docker(["logs", container], { mayFail: true });
          throw new Error(`The program ended:\n${out}${stderr}`.trim());
        },
        `No answer from port ${port}`,
        { timeout: 40 * seconds },
      ),
    user: async () => Number(/^Uid:\s+(\d+)/m.exec((await busybox("cat", "/proc/1/status")).stdout)?.[1]),
    stop: () => docker(["rm", "--force", "--volumes", container], { mayFail: true }),
  };
}

function variables(env) {
  return Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
}
