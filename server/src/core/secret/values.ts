/** What a value looks like: a credential by its own pattern, a stand-in, a path, or just some text. */
import { nameWords } from "./names";

/**
 * `none`: there is no value. `placeholder`: a stand-in such as `changeme`. `harmless`: a path, a switch, a fingerprint or
 * a public key, which is no secret whatever the name says. `literal`: anything else.
 */
export type ValueShape = "none" | "placeholder" | "harmless" | "literal";

/** The shape of the value of a variable whose name says that it is a credential. */
export function valueShape(name: string, value: string): ValueShape {
  const trimmed = value.trim();
  if (trimmed === "") return "none";
  if (/^(?:true|false|yes|no|on|off|0|1)$/i.test(trimmed)) return "harmless";
  if (isPath(trimmed) || isPlainAddress(trimmed) || /^(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-\S+) /.test(trimmed)) {
    return "harmless";
  }
  if (areFingerprints(trimmed) && /gpg|pgp|sign|fingerprint|release/i.test(name)) return "harmless";
  return isPlaceholder(trimmed, nameWords(name)) || repeatsName(name, trimmed) ? "placeholder" : "literal";
}

/** `POSTGRES_PASSWORD=postgres`, `AWS_SECRET_ACCESS_KEY=secretaccesskey`: a value that only says what it is for. */
function repeatsName(name: string, value: string): boolean {
  const plain = squash(value);
  return plain.length >= 3 && squash(name).includes(plain);
}

function squash(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/**
 * True for a stand-in that nobody takes for a credential: `changeme`, `<token>`, `xxxx`, `your-api-key`. Words that the
 * variable's own name is made of say nothing either: `NEXTAUTH_SECRET=test-nextauth-secret`.
 */
export function isPlaceholder(value: string, ownWords: readonly string[] = []): boolean {
  const text = value.trim();
  if (text === "") return true;
  if (/^<.*>$|^\[.*\]$|^\{\{.*\}\}$|^%.*%$|^__.*__$|^\.{3,}$|^\*+$/.test(text)) return true;
  if (/^(.)\1*$/.test(text) || /x{4,}|0{8,}/i.test(text)) return true;
  if (/^(?:0?1?2345?6?7?8?9?0?|abc123|qwerty|letmein|passw0rd|p@ssw0rd|toor|s3cr3t)$/i.test(text)) return true;
  if (/example|placeholder|changeme|dummy/i.test(text)) return true;
  const words = text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
  const lower = words.map((word) => word.toLowerCase());
  if (lower.some((word) => tellTale.test(word))) return true;
  return (
    lower.length > 0 &&
    lower.every((word) => standIns.has(word) || ownWords.includes(word) || /^\d{1,4}$|^123456\d*$/.test(word))
  );
}

/** A credential found by its own pattern. Offsets are those of the text that was searched. */
export interface Credential {
  /** What it is, with its article, for a message: "a GitHub token". Never holds the value. */
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

/** Every credential in a text that its pattern gives away, in order, without overlaps. Linear. */
export function findCredentials(text: string): readonly Credential[] {
  const found: Credential[] = [];
  for (const { pattern, label, hint, reject } of patterns) {
    if (!text.includes(hint)) continue;
    for (const match of text.matchAll(pattern)) {
      const [whole] = match;
      if (reject?.(match) || isSample(whole)) continue;
      found.push({ label, from: match.index, to: match.index + whole.length });
    }
  }
  found.sort((a, b) => a.from - b.from || b.to - a.to);
  return found.filter((one, at) => at === 0 || one.from >= (found[at - 1] as Credential).to);
}

/** True when a text holds an address with a user and a password in it, known or not: `https://u:$P@host`, `https://$T@host`. */
export function hasUserInfo(text: string): boolean {
  return /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@'"]{1,300}@/i.test(text);
}

interface Pattern {
  readonly label: string;
  /** A piece that every match holds: most texts are turned away by it at once. */
  readonly hint: string;
  readonly pattern: RegExp;
  readonly reject?: (match: RegExpMatchArray) => boolean;
}

// Each pattern begins where no character of the same kind stands before it, so that no text is read twice over.
const patterns: readonly Pattern[] = [
  { label: "an AWS access key", hint: "AKIA", pattern: /(?<![A-Za-z0-9])AKIA[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  { label: "an AWS access key", hint: "ASIA", pattern: /(?<![A-Za-z0-9])ASIA[A-Z0-9]{16}(?![A-Za-z0-9])/g },
  { label: "a GitHub token", hint: "gh", pattern: /(?<![A-Za-z0-9_])gh[pousr]_[A-Za-z0-9]{30,255}(?![A-Za-z0-9])/g },
  { label: "a GitHub token", hint: "github_pat_", pattern: /(?<![A-Za-z0-9_])github_pat_[A-Za-z0-9_]{22,255}/g },
  { label: "a GitLab token", hint: "glpat-", pattern: /(?<![\w-])glpat-[\w-]{20,100}/g },
  { label: "an npm token", hint: "npm_", pattern: /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g },
  { label: "a PyPI token", hint: "pypi-AgE", pattern: /(?<![\w-])pypi-AgE[\w-]{50,1000}/g },
  { label: "a Slack token", hint: "xox", pattern: /(?<![\w-])xox[abeoprs]-[A-Za-z0-9-]{10,200}/g },
  {
    label: "an API key",
    hint: "sk-",
    pattern: /(?<![\w-])sk-[A-Za-z0-9_-]{20,300}/g,
    reject: ([whole]) => !/\d/.test(whole) || !/[A-Z]/.test(whole),
  },
  { label: "a Stripe key", hint: "k_live_", pattern: /(?<![A-Za-z0-9_])[rs]k_live_[A-Za-z0-9]{20,200}/g },
  { label: "a Google API key", hint: "AIza", pattern: /(?<![\w-])AIza[\w-]{35}(?![\w-])/g },
  { label: "a Hugging Face token", hint: "hf_", pattern: /(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{34,40}(?![A-Za-z0-9])/g },
  { label: "a Docker Hub token", hint: "dckr_pat_", pattern: /(?<![\w-])dckr_pat_[\w-]{20,100}/g },
  {
    label: "a signed token (JWT)",
    hint: "eyJ",
    pattern: /(?<![\w.-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{10,4000}/g,
  },
  {
    label: "a private key",
    hint: "PRIVATE KEY-----",
    // Without the body behind it the line is only a mark that a script writes around a variable, or looks for.
    pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?=[\s"'\\n]{0,40}[A-Za-z0-9+/=]{40})/g,
  },
  {
    label: "an address with a password in it",
    hint: "://",
    pattern:
      /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/([^\s/:@'"<>]{0,100}):([^\s/@'"<>]{1,200})@(?=[^\s'"])/g,
    reject: ([, user = "", password = ""]) =>
      /[$`{}%]/.test(password) ||
      /[$`]/.test(user) ||
      password === user ||
      isPlaceholder(password) ||
      /^[*.]+$/.test(password),
  },
];

/** The samples in the documentation of AWS hold the word EXAMPLE; so do those of others. */
function isSample(text: string): boolean {
  return /example|sample|dummy|placeholder|x{6,}|0{8,}|1234567890/i.test(text);
}

function isPath(value: string): boolean {
  return (
    /^(?:\.{0,2}\/|~\/|[A-Za-z]:\\)[^\s]*$/.test(value) ||
    /^[\w.\-/]+\.(?:pem|key|json|ya?ml|txt|crt|env|conf|gpg|asc|pub|cer|p12|pfx|jks|keystore)$/i.test(value) ||
    /^[\w.\-/]+\.(?:(?:ba|z|k)?sh|py|rb|pl|php|[cm]?[jt]s|ps1|bat|cmd|sql|xml|ini|cfg|toml|properties)$/i.test(value)
  );
}

/** An address without a password, which a name such as TOKEN_SERVICE may well hold. */
function isPlainAddress(value: string): boolean {
  return /^[a-z][a-z0-9+.-]{1,20}:\/\/[^\s@]*$/i.test(value);
}

/** One fingerprint, in one piece or in groups, or several of them. */
function areFingerprints(value: string): boolean {
  return isFingerprint(value) || value.split(/[\s,]+/).every(isFingerprint);
}

function isFingerprint(value: string): boolean {
  return /^(?:0x)?(?:[0-9A-F]{8}|[0-9A-F]{16}|[0-9A-F]{32}|[0-9A-F]{40})$/i.test(value.replace(/[\s:]/g, ""));
}

/** Words that make a stand-in of whatever they stand in. */
const tellTale =
  /^(?:changeme|change|replace|replaceme|example|sample|dummy|placeholder|fake|todo|fixme|your|yours|redacted|insert|notset|unset|undefined|mysecret|mypassword|mypass|testing|unused|insecure|somesecret|supersecret|topsecret)$/;

const standIns = new Set([
  ...["a", "admin", "administrator", "an", "any", "anything", "api", "app", "auth", "bar", "baz", "build", "client"],
  ...["ci", "db", "default", "demo", "dev", "development", "docker", "empty", "env", "foo", "for", "guest", "here"],
  ...["invalid", "it", "jwt", "key", "local", "localhost", "mariadb", "me", "mongo", "my", "mysql", "n", "na", "nil"],
  ...["none", "not", "nothing", "null", "only", "pass", "passphrase", "password", "passwd", "phrase", "postgres", "pw"],
  ...["pwd", "rabbitmq", "redis", "root", "sa", "secret", "secrets", "set", "some", "string", "super", "temp", "test"],
  ...["tests", "the", "this", "tmp", "to", "token", "top", "unknown", "user", "username", "value", "very", "xxx"],
]);
