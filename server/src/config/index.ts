/** The door of the configuration: finding, reading, resolving. Runs in Node and in the browser. */
export {
  type ConfigSource,
  type ConfigSourceOptions,
  configNames,
  createConfigSource,
  hadolintNames,
  isConfigName,
} from "./find";
export { createIgnore } from "./ignore";
export { joinPath, nameOf, parentOf, relativeTo } from "./paths";
export { type RuleIds, ruleIds } from "./rule-ids";
export { didYouMean, nearest } from "./suggest";
export { type ExtraConfig, toConfig } from "./to-config";
export {
  type ConfigFile,
  type ConfigProblem,
  type FailOn,
  failOnValues,
  noRegistrySettings,
  type RegistrySettings,
} from "./types";
export { repositoryUrl, ruleUrl } from "./urls";
