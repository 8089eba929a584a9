/** Files that hold credentials by custom, the tools that read them, and how a build gets them as a secret. */
import { credentialFileKinds } from "./file-kinds";

/** One kind of file. */
export interface CredentialFile {
  /** For a message: "the npm credentials". */
  readonly label: string;
  /** The id that the mount gets. */
  readonly id: string;
  /** Tested against the path in lower case, with a slash before it. */
  readonly path: RegExp;
  /** Programs that read the file; null: not known. */
  readonly readers: ReadonlySet<string> | null;
  /** `ssh`: keys are better forwarded than mounted. */
  readonly mount: "secret" | "ssh";
  /** When the text is known: true where it holds a credential. Null: the text cannot tell. */
  readonly holds: ((text: string) => boolean) | null;
  /** Most files of this name hold no credential: only one whose text is known counts. */
  readonly isOftenHarmless?: true;
}

/**
 * The kind of file that a path names, or null. Public keys (`*.pub`, `authorized_keys`, `known_hosts`), samples and
 * templates are none.
 */
export function credentialFile(path: string): CredentialFile | null {
  const lower = `/${path.toLowerCase().replace(/\/+$/, "")}`;
  if (harmless.some((pattern) => pattern.test(lower))) return null;
  return credentialFileKinds.find((kind) => kind.path.test(lower)) ?? null;
}

const harmless: readonly RegExp[] = [
  /\.(?:pub|example|sample|dist|template|tmpl|md)$/,
  /\/(?:sample|example|dummy|fake|ssl-cert-snakeoil)[-_.][^/]+$/,
  /\/(?:authorized_keys2?|authorized_principals|(?:ssh_)?known_hosts|allowed_signers)(?:\.[\w-]+)?$/,
  // `deploy-public.pem`, `jwt.pub.key`
  /[-_.]pub(?:lic)?(?:[-_.]?key)?\.\w+$/,
];
