/**
 * Does a name say that its value is a credential? Names are read word by word, not by a search for "key" or "pass" inside
 * them: `KEYBOARD`, `COMPASS`, `MAX_TOKENS` and `PASSWORD_FILE` hold such letters and no secret.
 */

/** True when the value of an ARG, ENV or shell variable of this name is a credential. */
export function isSecretName(name: string): boolean {
  if (name.length === 0 || name.length > longestName) return false;
  if (exactNames.has(name.toUpperCase())) return true;
  if (isCredentialForHost(name)) return true;
  if (clientBundle.test(name)) return false;
  const words = nameWords(name);
  const first = words[0];
  const last = words[words.length - 1];
  if (first === undefined || last === undefined) return false;
  if (harmlessHeads.has(first) && words.length > 1) return false;
  if (harmlessTails.has(last) || words.some((word) => harmlessAnywhere.has(word))) return false;
  if (strongTails.has(last) || joinedTail.test(last)) return true;
  // The shell's own PWD and OLDPWD are folders; DB_PWD is a password.
  if (last === "pwd" && words.length > 1 && first !== "old") return true;
  return words.some((word, at) => word === "key" && keyKinds.has(words[at - 1] ?? ""));
}

/** The words of a name in lower case: split at `_`, `-`, `.` and where camel case begins a new one; numbers at the end go. */
export function nameWords(name: string): readonly string[] {
  const words: string[] = [];
  for (const part of name.split(/[_.-]+/)) {
    for (const word of part.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []) words.push(word.toLowerCase());
  }
  while (words.length > 1 && /^\d+$/.test(words[words.length - 1] ?? "")) words.pop();
  return words;
}

/** Longer names are not read: nobody writes them, and every word of them would cost. */
const longestName = 200;

/** Names that are credentials although their words do not say so, or say otherwise. */
const exactNames = new Set([
  "COMPOSER_AUTH",
  "DOCKER_AUTH_CONFIG",
  "GIT_AUTH_HEADER",
  "HTTP_BASIC_AUTH",
  "MYSQL_PWD",
  "NPM_AUTH",
  "RAILS_MASTER_KEY",
  "SECRET_KEY_BASE",
  "VSS_NUGET_EXTERNAL_FEED_ENDPOINTS",
]);

/** `NuGetPackageSourceCredentials_feed`, and Bundler's `BUNDLE_GEMS__EXAMPLE__COM` (a host with its dots doubled). */
function isCredentialForHost(name: string): boolean {
  if (/^NuGetPackageSourceCredentials_./i.test(name)) return true;
  const host = /^BUNDLE_([A-Z0-9]+(?:_{2,3}[A-Z0-9]+)+)$/.exec(name)?.[1];
  return host !== undefined && /__(?:COM|ORG|NET|IO|DEV|CO|APP|CLOUD)$/.test(host) && !/^(?:MIRROR|LOCAL)__/.test(host);
}

/** What bundlers write into the JavaScript that every visitor gets; such a value is public by design. */
const clientBundle = /^(?:NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|PUBLIC|VUE_APP)_/;

const strongTails = new Set([
  "apikey",
  "apitoken",
  "authtoken",
  "credential",
  "credentials",
  "pass",
  "passphrase",
  "passwd",
  "password",
  "passwords",
  "pat",
  "pgpassword",
  "pword",
  "rootpass",
  "secret",
  "secrets",
  "token",
]);

/** Words run together: `ACCESSTOKEN`, `dbpassword`. Not `pass`, which ends COMPASS and BYPASS. */
const joinedTail = /^(?!no|empty).+(?:token|password|passwd|passphrase|secret|secretkey|privatekey)$/;

/** `api` + `key`, `private` + `key` … A bare KEY, a CA_KEY or a GPG_KEY is as often a fingerprint, a path or a name. */
const keyKinds = new Set([
  "access",
  "account",
  "api",
  "app",
  "application",
  "auth",
  "client",
  "deploy",
  "encryption",
  "license",
  "master",
  "priv",
  "private",
  "prv",
  "secret",
  "signing",
  "ssh",
  "storage",
]);

/** What a name that ends so holds is about a credential: where it lies, how long it is. */
const harmlessTails = new Set([
  ...["alg", "algo", "algorithm", "alias", "arn", "bits", "bytes", "checksum", "config", "count", "dir", "directory"],
  ...[
    "dummy",
    "enabled",
    "disabled",
    "endpoint",
    "env",
    "expiration",
    "expires",
    "expiry",
    "field",
    "file",
    "filename",
  ],
  ...[
    "fingerprint",
    "folder",
    "format",
    "hash",
    "header",
    "host",
    "id",
    "ids",
    "issuer",
    "keyserver",
    "layout",
    "length",
  ],
  ...["limit", "location", "manager", "md5", "mode", "name", "names", "path", "paths", "policy", "port", "prefix"],
  ...["prompt", "provider", "regex", "rotation", "seconds", "server", "sha1", "sha256", "sha512", "size", "string"],
  ...["suffix", "timeout", "ttl", "type", "uri", "url", "urls", "user", "username", "version"],
]);

const harmlessHeads = new Set([
  ...["allow", "disable", "enable", "generate", "has", "max", "min", "no", "num", "require", "skip", "use"],
]);

const harmlessAnywhere = new Set(["empty", "pub", "public", "random", "tokenizer", "tokenizers", "tokens"]);
