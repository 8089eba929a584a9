/** Mounts at which the builder stops (BuildKit: instructions/commands_runmount.go). */
import { type Mount, type MountField, readMount } from "./flags";
import { shorten, syntax } from "./problem";
import type { Flag, LocalProblem } from "./types";

/** The faults of a mount; none for other flags. */
export function mountProblems(flag: Flag): readonly LocalProblem[] {
  // The builder takes quotes away before it looks for commas; which of them belong to a field is not known here.
  const mount = flag.value?.quoted ? null : readMount(flag);
  if (!mount) return none;
  const problems = mount.fields.flatMap((field) => fieldProblems(field));
  return problems.length > 0 || flag.value?.text.includes("$") ? problems : kindProblems(mount);
}

const none: readonly LocalProblem[] = [];

function fieldProblems(field: MountField): readonly LocalProblem[] {
  const { key, value } = field;
  if (!fields.has(key)) {
    // A variable may stand for anything in a name that nobody knows.
    if (!/^[a-z-]+$/.test(key)) return none;
    return [syntax(field, `--mount has no field ${shorten(key)}. It takes ${[...fields].join(", ")}.`)];
  }
  if (value === null) {
    return alone.has(key) ? none : [syntax(field, `The field ${key} of --mount needs a value: ${key}=….`)];
  }
  if (value.includes("$") || value === "") return none;
  const allowed = key === "type" ? types : key === "sharing" ? sharings : null;
  if (allowed && !allowed.has(value.toLowerCase())) {
    return [syntax(field, `--mount knows no ${key} ${shorten(value)}. Write one of ${[...allowed].join(", ")}.`)];
  }
  const form = Object.hasOwn(forms, key) ? forms[key] : undefined;
  if (!form || form.pattern.test(value)) return none;
  return [syntax(field, `The field ${key} of --mount takes ${form.means}, not ${shorten(value)}.`)];
}

const fields: ReadonlySet<string> = new Set([
  ...["type", "from", "source", "src", "target", "dst", "destination", "readonly", "ro", "readwrite", "rw"],
  ...["id", "sharing", "required", "size", "mode", "uid", "gid", "env"],
]);
const alone: ReadonlySet<string> = new Set(["readonly", "ro", "readwrite", "rw", "required"]);
const types: ReadonlySet<string> = new Set(["bind", "cache", "tmpfs", "secret", "ssh"]);
const sharings: ReadonlySet<string> = new Set(["shared", "private", "locked"]);

interface Form {
  readonly pattern: RegExp;
  readonly means: string;
}

const number: Form = { pattern: /^\d{1,10}$/, means: "a number" };
const boolean: Form = { pattern: /^(?:1|0|t|f|T|F|true|false|TRUE|FALSE|True|False)$/, means: "true or false" };
const forms: { readonly [key: string]: Form } = {
  uid: number,
  gid: number,
  mode: { pattern: /^[0-7]{1,10}$/, means: "an octal number such as 0400" },
  size: { pattern: /^(?:\d+\.?\d*|\.\d+) ?(?:[kmgtpe]?i?b?)$/i, means: "a size such as 100m" },
  readonly: boolean,
  ro: boolean,
  readwrite: boolean,
  rw: boolean,
  required: boolean,
};

/** Fields that exist, but not for this type of mount. */
function kindProblems(mount: Mount): readonly LocalProblem[] {
  const type = mount.type.toLowerCase();
  for (const field of mount.fields) {
    const only = Object.hasOwn(onlyFor, field.key) ? onlyFor[field.key] : undefined;
    if (only && !only.includes(type)) {
      return [syntax(field, `A mount of type ${type} takes no ${field.key}; only ${only.join(", ")} do.`)];
    }
    if (type === "secret" && field.key === "from") {
      return [syntax(field, "A mount of type secret takes no from: secrets come with the build.")];
    }
    if (targets.has(field.key) && field.value === "/" && type !== "secret" && type !== "ssh") {
      return [syntax(field, "Nothing can be mounted over the whole file system. Write a folder.")];
    }
  }
  if (type !== "secret") return none;
  if (!mount.get("id", "source", "src", "target", "dst", "destination")) {
    return [syntax(mount.flag, "A mount of type secret needs the name of the secret: id=….")];
  }
  return mount.get("id") && mount.get("source", "src")
    ? [syntax(mount.flag, "A mount of type secret takes id or source, not both.")]
    : none;
}

const targets: ReadonlySet<string> = new Set(["target", "dst", "destination"]);
const owned: readonly string[] = ["cache", "secret", "ssh"];
const onlyFor: { readonly [key: string]: readonly string[] } = {
  mode: owned,
  uid: owned,
  gid: owned,
  required: ["secret", "ssh"],
  size: ["tmpfs"],
  sharing: ["cache"],
};
