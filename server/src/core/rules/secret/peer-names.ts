/**
 * Names that other linters take for those of secrets, whatever they hold: for the modes that stand in for them. BuildKit's
 * words stand alone between underscores; hadolint's may stand anywhere (seen in the output of hadolint 2.15.1).
 */
const patterns = {
  hadolint: /password|secret|token|api_key|private|access_key|username/i,
  buildkit: /(?:^|_)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i,
} as const;

/** Words for which BuildKit takes it back (0.34). */
const isNone = /(?:^|_)(?:public|file|version)(?:_|$)/i;

export type PeerMode = keyof typeof patterns;

/** True for a name of ARG or ENV that the other linter reports. */
export function isPeerSecretName(mode: PeerMode, name: string): boolean {
  return patterns[mode].test(name) && !(mode === "buildkit" && isNone.test(name));
}
