/** What may be missing from the build context now, and is made before the image is built. */
import { readDockerignore } from "../../context/dockerignore";
import type { Facts } from "../../rule";
import { baseName } from "./copies";

const outputs: ReadonlySet<string> = new Set([
  ...["target", "build", "dist", "out", "output", "bin", "obj", "publish", "release", "node_modules", "vendor"],
  ...["artifacts", "_build", "_output", "public", "generated", ".next", "wheels", "rootfs", "coverage"],
]);

/** True for what a build may make before the image is built. */
export function isMadeLater(path: string): boolean {
  if (path.split("/").some((part) => outputs.has(part.toLowerCase()))) return true;
  return /\.(?:jar|war|ear|whl|tgz|tar|tar\.\w+|zip|deb|rpm|exe|dll|so|crt|pem|key)$/i.test(baseName(path));
}

/** True for what git ignores; the file is read when somebody asks. */
export function readGitignore(facts: Facts): (path: string) => boolean {
  let file: ReturnType<typeof readDockerignore> | null = null;
  return (path) => {
    file ??= readDockerignore(asRooted(facts.file(".gitignore") ?? ""));
    return file.ignores(path);
  };
}

/** git's patterns without a slash hold in every folder; the ignore file of the builder begins at the root. */
function asRooted(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [sign, pattern] = line.startsWith("!") ? ["!", line.slice(1)] : ["", line];
      return pattern.replace(/\/+$/, "").includes("/") ? `${sign}${pattern}` : `${sign}**/${pattern}`;
    })
    .join("\n");
}
