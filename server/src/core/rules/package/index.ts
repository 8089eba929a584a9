import type { AnyRule } from "../../rule";
import apkCacheLeft from "./apk-cache-left";
import aptInScript from "./apt-in-script";
import aptListsLeft from "./apt-lists-left";
import aptMissingYes from "./apt-missing-yes";
import aptRecommendsInstalled from "./apt-recommends-installed";
import dnfCacheLeft from "./dnf-cache-left";
import dnfMissingYes from "./dnf-missing-yes";
import osUpgradeInRun from "./os-upgrade-in-run";
import packageManagerNotInBase from "./package-manager-not-in-base";
import packageSignatureCheckOff from "./package-signature-check-off";
import packageUpdateAlone from "./package-update-alone";
import pipCacheLeft from "./pip-cache-left";
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
  dnfCacheLeft,
  dnfMissingYes,
  osUpgradeInRun,
  packageManagerNotInBase,
  packageSignatureCheckOff,
  packageUpdateAlone,
  pipCacheLeft,
  yarnCacheLeft,
  yumCacheLeft,
  yumMissingYes,
  zypperCacheLeft,
  zypperMissingNonInteractive,
];
