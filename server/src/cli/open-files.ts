/** Dockerfiles as models, each with the configuration that governs it: for commands that ask about images. */
import path from "node:path";
import { type ConfigSource, createConfigSource } from "../config/find";
import { createIgnore } from "../config/ignore";
import { relativeTo } from "../config/paths";
import { toConfig } from "../config/to-config";
import type { ConfigFile } from "../config/types";
import { buildModel, type Config, type Model } from "../core/index";
import { type Decoded, decode } from "./decode";
import { findTargets, readBytes, slashes, type Target } from "./files";
import type { Product, Terminal } from "./terminal";

export interface OpenFile {
  readonly target: Target;
  readonly decoded: Decoded;
  readonly model: Model;
  /** Null: none was found. */
  readonly file: ConfigFile | null;
  readonly config: Config;
}

export interface OpenOptions {
  /** A configuration for all files; null: the nearest. */
  readonly config: string | null;
  /** `pinned`: what a file was not, where its configuration has errors. */
  readonly done: string;
  /** Hears what stands against a file, as a sentence. */
  readonly complain: (what: string) => void;
}

/** Opens what the arguments name. What cannot be opened is complained of and left out. */
export async function openFiles(
  paths: readonly string[],
  { config: named, done, complain }: OpenOptions,
  terminal: Terminal,
  product: Product,
): Promise<readonly OpenFile[]> {
  const configs = createConfigSource({ reader: terminal.reader, rules: product.rules, boundary: null });
  const { targets, faults } = await findTargets(paths, terminal.cwd);
  for (const fault of faults) complain(`${fault.path} ${fault.message}.`);
  const files: OpenFile[] = [];
  for (const target of targets) {
    const file = await configFor(target.absolute, named, configs, terminal);
    if (file?.problems.some(({ severity }) => severity === "error")) {
      complain(`${target.path} was not ${done}: ${relativeTo(terminal.cwd, file.path) ?? file.path} has errors.`);
      continue;
    }
    if (file && !target.named && isIgnored(file, target)) continue;
    const bytes = readBytes(target.absolute);
    const decoded = "fault" in bytes ? bytes : decode(bytes);
    if ("fault" in decoded) {
      complain(`${target.path} ${decoded.fault}.`);
      continue;
    }
    const config = toConfig(file, product.rules);
    const { buildArgs, target: stage } = config;
    files.push({ target, decoded, model: buildModel(decoded.text, { buildArgs, target: stage }), file, config });
  }
  return files;
}

/** The configuration that governs a path: the one that was named, or the nearest. */
export function configFor(
  absolute: string,
  named: string | null,
  configs: ConfigSource,
  { cwd }: Terminal,
): Promise<ConfigFile | null> {
  return named === null ? configs.forFile(absolute) : configs.load(slashes(path.resolve(cwd, named)));
}

function isIgnored(config: ConfigFile, target: Target): boolean {
  if (config.ignore.length === 0) return false;
  const inside = relativeTo(path.posix.dirname(config.path), target.absolute);
  return inside !== null && createIgnore(config.ignore)(inside);
}
