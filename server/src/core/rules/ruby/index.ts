import type { AnyRule } from "../../rule";
import bundlerCacheLeft from "./bundler-cache-left";
import bundlerCacheMount from "./bundler-cache-mount";
import railsAssetsNeedDummyKey from "./rails-assets-need-dummy-key";
import railsHealthcheck from "./rails-healthcheck";
import rubyBootsnapSingleJob from "./ruby-bootsnap-single-job";
import rubyBundleDeployment from "./ruby-bundle-deployment";
import rubyBundleWithoutDevelopment from "./ruby-bundle-without-development";
import rubyDeprecatedBundlerFlags from "./ruby-deprecated-bundler-flags";
import rubyGemfileBindMount from "./ruby-gemfile-bind-mount";
import rubyJemallocNotPreloaded from "./ruby-jemalloc-not-preloaded";
import rubyNetworkNoneInstall from "./ruby-network-none-install";
import rubyRedundantBundler from "./ruby-redundant-bundler";
import rubyStatePathsNotWritable from "./ruby-state-paths-not-writable";
import rubyYjit from "./ruby-yjit";

/** The rules of the theme ruby, in the order of their ids. */
export const rubyRules: readonly AnyRule[] = [
  bundlerCacheLeft,
  bundlerCacheMount,
  railsAssetsNeedDummyKey,
  railsHealthcheck,
  rubyBootsnapSingleJob,
  rubyBundleDeployment,
  rubyBundleWithoutDevelopment,
  rubyDeprecatedBundlerFlags,
  rubyGemfileBindMount,
  rubyJemallocNotPreloaded,
  rubyNetworkNoneInstall,
  rubyRedundantBundler,
  rubyStatePathsNotWritable,
  rubyYjit,
];
