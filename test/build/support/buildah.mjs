// buildah, as the builder where Docker Engine does not start (it wants control groups), and as a second opinion. It runs
// steps in a plain chroot. It has no mounts that put a secret into a variable, so files that have them are not built.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { until } from "./process.mjs";
import { cache } from "./workshop.mjs";

const probe = "/.probe/busybox";
const chroot = ["--isolation", "chroot"];
const withProbe = ["--volume", `/usr/bin/busybox:${probe}:ro`];
const seconds = 1000;
const netspace = "/run/plimsoll-net";

/** Has the same methods as Docker Engine in docker.mjs; `cannotBuild(text)` says what it lacks for a Dockerfile, or null. */
export async function startBuildah(workshop) {
  writeFileSync(
    path.join(cache, "workshop/etc/containers/policy.json"),
    '{"default":[{"type":"insecureAcceptAnything"}]}\n',
  );
  const driver = await storageDriver(workshop);
  const storage = ["--storage-driver", driver, "--root", `/cache/${driver}`, "--runroot", "/run/containers"];
  const command = (args) => ["buildah", ...storage, ...args];
  const buildah = (args, options) => workshop.run(command(args), options);
  const limits = (await workshop.run(["bash", "-c", "ulimit -Hn; ulimit -Hu"])).stdout.trim().split("\n");
  const [files, processes] = limits.map((limit) => (limit === "unlimited" ? "1048576" : limit));
  // More than this process may have itself cannot be given.
  const ulimits = ["--ulimit", `nofile=${files}:${files}`, "--ulimit", `nproc=${processes}:${processes}`];
  const version = /version (\S+)/.exec((await buildah(["--version"])).stdout)?.[1];

  const withContainer = async (image, use) => {
    const container = (
      await buildah(["from", "--pull=never", ...ulimits, ...withProbe, fullName(image)])
    ).stdout.trim();
    try {
      return await use(container);
    } finally {
      await buildah(["rm", container], { mayFail: true });
    }
  };
  const userOf = (image) =>
    withContainer(image, async (container) =>
      Number((await buildah(["run", ...chroot, container, "--", probe, "id", "-u"])).stdout.trim()),
    );
  const programOf = async (image, args) => {
    const { stdout } = await buildah(["inspect", "--type", "image", fullName(image)]);
    const config = JSON.parse(stdout).Docker?.config ?? {};
    return [...(config.Entrypoint ?? []), ...(args.length > 0 ? args : (config.Cmd ?? []))];
  };

  return {
    kind: "buildah",
    name: `buildah ${version} (chroot, ${driver})`,
    cannotBuild: (text) =>
      /--mount=\S*type=secret\S*[,=]env=/.test(text) ? "buildah puts no secret into a variable" : null,
    has: async (image) =>
      (await buildah(["inspect", "--type", "image", fullName(image)], { mayFail: true })).status === 0,
    build: async (folder, { tag, target, args = {}, flags = [], env = {}, cached = false }) => {
      const values = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
      const what = [...(target === undefined ? [] : ["--target", target]), ...(cached ? [] : ["--no-cache"])];
      const how = [...chroot, ...ulimits, "--format", "docker", "--layers", "--pull=never", "--network", "host"];
      // Docker takes the value of `--secret id=X` from the variable X; buildah wants that said.
      const given = flags.map((flag) => flag.replace(/^id=(\w+)$/, "id=$1,env=$1"));
      await buildah(["build", ...how, ...what, ...values, ...given, "--tag", fullName(tag), folder], { env });
    },
    tag: (image, name) => buildah(["tag", fullName(image), fullName(name)]),
    remove: (image) => buildah(["rmi", "--force", fullName(image)], { mayFail: true }),
    save: async (image, folder) => {
      await buildah(["push", "--quiet", fullName(image), `docker-archive:${folder}.tar`]);
      await workshop.run(["tar", "--extract", "--file", `${folder}.tar`, "--directory", folder]);
      await workshop.run(["rm", `${folder}.tar`]);
    },
    output: (image, { args = [], env = {}, timeout = 60 * seconds } = {}) =>
      withContainer(image, async (container) => {
        const program = await programOf(image, args);
        return (await buildah(["run", ...chroot, ...variables(env), container, "--", ...program], { timeout })).stdout;
      }),
    userOf,
    serve: async (image, { args = [], env = {} } = {}) => {
      const program = await programOf(image, args);
      const container = (
        await buildah(["from", "--pull=never", ...ulimits, ...withProbe, fullName(image)])
      ).stdout.trim();
      const run = command(["run", ...chroot, ...variables(env), container, "--", ...program]);
      const space = ["unshare", `--net=${netspace}`, "--pid", "--fork", "--kill-child", "sh", "-c"];
      await workshop.run(["touch", netspace]);
      const server = workshop.start([...space, 'busybox ip link set lo up; exec "$@"', "sh", ...run], {
        stdio: "ignore",
      });
      const wget = (address) => ["nsenter", `--net=${netspace}`, "busybox", "wget", "-q", "-O", "-", address];
      return {
        get: (port, address) =>
          until(
            async () => {
              if (server.exitCode !== null) throw new Error("The program ended");
              const url = `http://127.0.0.1:${port}${address}`;
              const { status, stdout } = await workshop.run(wget(url), { mayFail: true });
              return status === 0 ? stdout : null;
            },
            `No answer from port ${port}`,
            { timeout: 40 * seconds },
          ),
        user: () => userOf(image),
        stop: async () => {
          server.kill("SIGKILL");
          await workshop.run(["umount", netspace], { mayFail: true });
          await buildah(["rm", container], { mayFail: true });
        },
      };
    },
    stop: async () => {},
  };
}

/** Layers that share their files where the file system can, whole copies of the tree where not. */
async function storageDriver(workshop) {
  const folders = "cd $(mktemp -d -p /cache) && mkdir low up work all";
  const mount = "mount -t overlay -o lowerdir=low,upperdir=up,workdir=work overlay all && umount all";
  const { status } = await workshop.run(["sh", "-c", `${folders} && ${mount}`], { mayFail: true });
  return status === 0 ? "overlay" : "vfs";
}

/** The name with its registry, as buildah keeps it: `golang:1.27` is `docker.io/library/golang:1.27`. */
function fullName(image) {
  const [first = "", ...rest] = image.split("/");
  if (rest.length === 0) return `docker.io/library/${image}`;
  return /[.:]|^localhost$/.test(first) ? image : `docker.io/${image}`;
}

function variables(env) {
  return Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
}
