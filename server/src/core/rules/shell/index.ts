import type { AnyRule } from "../../rule";
import cdInsteadOfWorkdir from "./cd-instead-of-workdir";
import changeShellWithRun from "./change-shell-with-run";
import cleartextDowngradeAllowed from "./cleartext-downgrade-allowed";
import cleartextDownload from "./cleartext-download";
import commandNotInBase from "./command-not-in-base";
import consecutiveRun from "./consecutive-run";
import curlFollowRedirects from "./curl-follow-redirects";
import curlRetryConfig from "./curl-retry-config";
import debugModeEnv from "./debug-mode-env";
import envUnsetHasNoEffect from "./env-unset-has-no-effect";
import gitCloneUnpinned from "./git-clone-unpinned";
import hardCodedArchitecture from "./hard-coded-architecture";
import noContainerNonsenseCommand from "./no-container-nonsense-command";
import nondeterministicRun from "./nondeterministic-run";
import pipeDownloadToShell from "./pipe-download-to-shell";
import pipeWithoutPipefail from "./pipe-without-pipefail";
import preferRunHeredoc from "./prefer-run-heredoc";
import runInsecureSecurity from "./run-insecure-security";
import runNetworkHost from "./run-network-host";
import shellGlobAsOption from "./shell-glob-as-option";
import shellHeredocTerminatorIndent from "./shell-heredoc-terminator-indent";
import shellUnquotedExpansion from "./shell-unquoted-expansion";
import shellcheckRun from "./shellcheck-run";
import telemetryOptOut from "./telemetry-opt-out";
import tlsVerificationOffInCommand from "./tls-verification-off-in-command";
import tlsVerificationOffInEnv from "./tls-verification-off-in-env";
import unverifiedDownload from "./unverified-download";
import weakHashCheck from "./weak-hash-check";
import weakTlsVersion from "./weak-tls-version";
import wgetAndCurlBoth from "./wget-and-curl-both";
import wgetProgress from "./wget-progress";
import wgetRetryConfig from "./wget-retry-config";

/** The rules of the theme shell, in the order of their ids. */
export const shellRules: readonly AnyRule[] = [
  cdInsteadOfWorkdir,
  changeShellWithRun,
  cleartextDowngradeAllowed,
  cleartextDownload,
  commandNotInBase,
  consecutiveRun,
  curlFollowRedirects,
  curlRetryConfig,
  debugModeEnv,
  envUnsetHasNoEffect,
  gitCloneUnpinned,
  hardCodedArchitecture,
  noContainerNonsenseCommand,
  nondeterministicRun,
  pipeDownloadToShell,
  pipeWithoutPipefail,
  preferRunHeredoc,
  runInsecureSecurity,
  runNetworkHost,
  shellGlobAsOption,
  shellHeredocTerminatorIndent,
  shellUnquotedExpansion,
  shellcheckRun,
  telemetryOptOut,
  tlsVerificationOffInCommand,
  tlsVerificationOffInEnv,
  unverifiedDownload,
  weakHashCheck,
  weakTlsVersion,
  wgetAndCurlBoth,
  wgetProgress,
  wgetRetryConfig,
];
