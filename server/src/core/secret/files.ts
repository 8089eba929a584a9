/** Files that hold credentials by custom, the tools that read them, and how a build gets them as a secret. */

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
}

/** The kind of file that a path names, or null. Files that end in `.pub`, samples and templates are none. */
export function credentialFile(path: string): CredentialFile | null {
  const lower = `/${path.toLowerCase().replace(/\/+$/, "")}`;
  if (/\.(?:pub|example|sample|dist|template|tmpl|md)$/.test(lower)) return null;
  return kinds.find((kind) => kind.path.test(lower)) ?? null;
}

const node = new Set(["npm", "npx", "pnpm", "pnpx", "yarn", "bun", "bunx", "corepack", "node", "lerna", "turbo", "nx"]);

const kinds: readonly CredentialFile[] = [
  {
    label: "npm credentials",
    id: "npmrc",
    path: /\/\.npmrc$/,
    readers: node,
    mount: "secret",
    // A value that is a variable is filled in when npm runs: the file itself holds nothing.
    holds: (text) => /(?:_auth|_authToken|_password)\s*=\s*(?!\s*["']?\$\{)\S|^[^\n=]*:username\s*=/m.test(text),
  },
  {
    label: "Yarn credentials",
    id: "yarnrc",
    path: /\/\.yarnrc\.yml$/,
    readers: node,
    mount: "secret",
    holds: (text) => /npmAuth(?:Token|Ident)\s*:\s*(?!\s*["']?\$\{)\S/.test(text),
  },
  {
    label: "PyPI credentials",
    id: "pypirc",
    path: /\/\.pypirc$/,
    readers: new Set(["pip", "pip3", "twine", "python", "python3", "uv", "poetry"]),
    mount: "secret",
    holds: (text) => /^\s*password\s*[:=]\s*\S/m.test(text),
  },
  {
    label: "a .netrc with passwords",
    id: "netrc",
    path: /\/[._]netrc$/,
    readers: new Set([
      "git",
      "go",
      "curl",
      "wget",
      "pip",
      "pip3",
      "uv",
      "poetry",
      "npm",
      "composer",
      "python",
      "python3",
      "bundle",
      "make",
    ]),
    mount: "secret",
    holds: (text) => /\bpassword\s+\S/.test(text),
  },
  {
    label: "git credentials",
    id: "git-credentials",
    path: /\/\.git-credentials$/,
    readers: new Set(["git", "go", "npm", "yarn", "pip", "pip3", "composer", "cargo", "bundle", "make"]),
    mount: "secret",
    holds: null,
  },
  {
    label: "a private SSH key",
    id: "ssh",
    path: /\/(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.ssh\/[^/]*(?:key|id_)[^/]*)$/,
    readers: new Set([
      "git",
      "ssh",
      "scp",
      "rsync",
      "go",
      "npm",
      "yarn",
      "pnpm",
      "pip",
      "pip3",
      "composer",
      "bundle",
      "cargo",
      "mix",
      "poetry",
      "uv",
    ]),
    mount: "ssh",
    holds: (text) => text.includes("PRIVATE KEY"),
  },
  {
    label: "a folder of SSH keys",
    id: "ssh",
    path: /\/\.ssh$/,
    readers: null,
    mount: "ssh",
    holds: null,
  },
  {
    label: "AWS credentials",
    id: "aws",
    path: /\/\.aws(?:\/credentials)?$/,
    readers: new Set(["aws", "terraform", "s3cmd", "sam", "cdk", "python", "python3"]),
    mount: "secret",
    holds: null,
  },
  {
    label: "a Maven settings file",
    id: "maven-settings",
    path: /\/settings\.xml$/,
    readers: new Set(["mvn", "mvnw"]),
    mount: "secret",
    holds: (text) => /<(?:password|passphrase)>\s*(?!\$\{)[^<\s]/.test(text),
  },
  {
    label: "a NuGet configuration",
    id: "nugetconfig",
    path: /\/nuget\.config$/,
    readers: new Set(["dotnet", "nuget", "msbuild"]),
    mount: "secret",
    holds: (text) => /key="(?:ClearText)?Password"\s+value="(?!%)[^"]/i.test(text),
  },
  {
    label: "Composer credentials",
    id: "composer-auth",
    path: /\/auth\.json$/,
    readers: new Set(["composer"]),
    mount: "secret",
    holds: null,
  },
  {
    label: "registry credentials",
    id: "docker-config",
    path: /\/\.docker\/config\.json$|\/\.dockerconfigjson$|\/\.dockercfg$/,
    readers: null,
    mount: "secret",
    holds: (text) => /"auth"\s*:\s*"[^"]/.test(text),
  },
  {
    label: "an environment file",
    id: "env",
    path: /\/\.env(?:\.\w+)?$/,
    readers: null,
    mount: "secret",
    holds: null,
  },
  {
    label: "a private key",
    id: "key",
    path: /\/[^/]*(?:private|secret|deploy|server|service[-_]?account|credentials)[^/]*\.(?:pem|key|p12|pfx|jks|json)$|\/[^/]+\.(?:p12|pfx)$/,
    readers: null,
    mount: "secret",
    holds: null,
  },
  {
    label: "a Kubernetes login",
    id: "kubeconfig",
    path: /\/\.kube(?:\/config)?$|\/kubeconfig$/,
    readers: new Set(["kubectl", "helm"]),
    mount: "secret",
    holds: null,
  },
];
