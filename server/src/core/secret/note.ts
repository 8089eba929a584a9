/** What to say after a secret became a mount: how to build now, at the command line and with Compose. */
import type { Fix } from "../rule";

/** One thing that the build is given. A variable of the builder's machine is called as the secret, unless `from` says otherwise. */
export type Given =
  | { readonly kind: "variable"; readonly id: string; readonly from?: string }
  | { readonly kind: "file"; readonly id: string; readonly source: string }
  | { readonly kind: "ssh" };

interface Extra {
  /** A sentence behind the rest. */
  readonly more?: string;
  /** Nothing in the file says which hosts ssh may trust. */
  readonly hosts?: boolean;
}

/** The flags of `docker build` (`--secret id=X`), and the parts of the fix that tell of them. */
export function buildWith(
  givens: readonly Given[],
  { more, hosts }: Extra = {},
): { readonly flags: string; readonly texts: Required<Pick<Fix, "note" | "command">> } {
  const flags = givens.map(flagOf).join(" ");
  const command = `docker build ${flags} .`;
  const sentences = [`Build with: ${command}`];
  if (givens.some((given) => given.kind === "variable" && given.from === undefined)) {
    sentences[0] += " (the value comes from the environment variable of the same name)";
  }
  const renamed = givens.find((given) => given.kind === "variable" && given.from !== undefined);
  if (renamed?.kind === "variable") sentences[0] += ` (the value comes from the environment variable ${renamed.from})`;
  const file = givens.find((given) => given.kind === "file");
  if (file) sentences[0] += ` (src= says where ${file.source} lies)`;
  if (givens.some(({ kind }) => kind === "ssh")) {
    sentences[0] += " (after ssh-add on your machine)";
    if (hosts) sentences.push("Put the host's key into known_hosts, or ssh refuses to connect");
  }
  const compose = inCompose(givens);
  if (compose !== null) sentences.push(compose);
  if (more !== undefined && more !== "") sentences.push(more);
  return { flags, texts: { note: `${sentences.join(". ")}.`, command } };
}

function flagOf(given: Given): string {
  switch (given.kind) {
    case "variable":
      return `--secret id=${given.id}${given.from === undefined ? "" : `,env=${given.from}`}`;
    case "file":
      return `--secret id=${given.id},src=${given.source}`;
    case "ssh":
      return "--ssh default";
  }
}

/** Compose names secrets at the top of its file and hands them to a build by name (Compose specification, build.secrets). */
function inCompose(givens: readonly Given[]): string {
  const secrets = givens.flatMap((given) => {
    if (given.kind === "ssh") return [];
    return [
      `${given.id}: { ${given.kind === "file" ? `file: ${given.source}` : `environment: ${given.from ?? given.id}`} }`,
    ];
  });
  const parts: string[] = [];
  if (secrets.length > 0) {
    const ids = givens.flatMap((given) => (given.kind === "ssh" ? [] : [given.id]));
    parts.push(`secrets: { ${secrets.join(", ")} }, and build.secrets: [${ids.join(", ")}]`);
  }
  if (givens.some(({ kind }) => kind === "ssh")) parts.push("build.ssh: [default]");
  return `In Compose: ${parts.join("; ")}`;
}
