import type { AnyRule } from "../../rule";
import apkCacheLeft from "./apk-cache-left";
import aptInScript from "./apt-in-script";
import aptListsLeft from "./apt-lists-left";
import aptMissingYes from "./apt-missing-yes";
import aptRecommendsInstalled from "./apt-recommends-installed";
import copySourceBeforeInstall from "./copy-source-before-install";
import debianFrontendInEnv from "./debian-frontend-in-env";
import deleteInLaterLayer from "./delete-in-later-layer";
import dnfCacheLeft from "./dnf-cache-left";
import dnfMissingYes from "./dnf-missing-yes";
import installScriptsEnabled from "./install-scripts-enabled";
import knownVulnerablePackagePin from "./known-vulnerable-package-pin";
import lockfileNotEnforced from "./lockfile-not-enforced";
import nodeGypCacheMount from "./node-gyp-cache-mount";
import npmCacheLeft from "./npm-cache-left";
import npmProductionFlag from "./npm-production-flag";
import osUpgradeInRun from "./os-upgrade-in-run";
import packageManagerNotInBase from "./package-manager-not-in-base";
import packageSignatureCheckOff from "./package-signature-check-off";
import packageUpdateAlone from "./package-update-alone";
import pinApkPackages from "./pin-apk-packages";
import pinAptPackages from "./pin-apt-packages";
import pinDnfPackages from "./pin-dnf-packages";
import pinGemPackages from "./pin-gem-packages";
import pinGoInstall from "./pin-go-install";
import pinNpmPackages from "./pin-npm-packages";
import pinPipPackages from "./pin-pip-packages";
import pinYumPackages from "./pin-yum-packages";
import pinZypperPackages from "./pin-zypper-packages";
import pipCacheLeft from "./pip-cache-left";
import preferPackageCacheMount from "./prefer-package-cache-mount";
import rpmWeakDependencies from "./rpm-weak-dependencies";
import sortPackageList from "./sort-package-list";
import unnecessaryPackages from "./unnecessary-packages";
import yarnCacheLeft from "./yarn-cache-left";
import yumCacheLeft from "./yum-cache-left";
import yumMissingYes from "./yum-missing-yes";
import zypperCacheLeft from "./zypper-cache-left";
import zypperMissingNonInteractive from "./zypper-missing-non-interactive";

/** The rules of the theme package, in the order of their ids. */
export const packageRules: readonly AnyRule[] = [
  apkCacheLeft,
  aptInScript,
  aptListsLeft,
  aptMissingYes,
  aptRecommendsInstalled,
  copySourceBeforeInstall,
  debianFrontendInEnv,
  deleteInLaterLayer,
  dnfCacheLeft,
  dnfMissingYes,
  installScriptsEnabled,
  knownVulnerablePackagePin,
  lockfileNotEnforced,
  nodeGypCacheMount,
  npmCacheLeft,
  npmProductionFlag,
  osUpgradeInRun,
  packageManagerNotInBase,
  packageSignatureCheckOff,
  packageUpdateAlone,
  pinApkPackages,
  pinAptPackages,
  pinDnfPackages,
  pinGemPackages,
  pinGoInstall,
  pinNpmPackages,
  pinPipPackages,
  pinYumPackages,
  pinZypperPackages,
  pipCacheLeft,
  preferPackageCacheMount,
  rpmWeakDependencies,
  sortPackageList,
  unnecessaryPackages,
  yarnCacheLeft,
  yumCacheLeft,
  yumMissingYes,
  zypperCacheLeft,
  zypperMissingNonInteractive,
];
