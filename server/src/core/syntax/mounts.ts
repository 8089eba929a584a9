/** Fields of `--mount` that the builder does not know (BuildKit: instructions/commands_runmount.go). */
import { type MountField, readMount } from "./flags";
import { shorten, syntax } from "./problem";
import type { Flag, LocalProblem } from "./types";

/** The fields of a mount at which the builder stops; none for other flags. */
export function mountProblems(flag: Flag): readonly LocalProblem[] {
  // The builder takes quotes away before it looks for commas; which of them belong to a field is not known here.
  if (flag.value?.quoted) return [];
  return readMount(flag)?.fields.flatMap(fieldProblems) ?? [];
}

function fieldProblems(field: MountField): readonly LocalProblem[] {
  const { key, value } = field;
  if (!fields.has(key)) {
    // A variable may stand for anything in a name that nobody knows.
    if (!/^[a-z-]+$/.test(key)) return [];
    return [syntax(field, `--mount has no field ${shorten(key)}. It takes ${[...fields].join(", ")}.`)];
  }
  if (value === null) {
    return alone.has(key) ? [] : [syntax(field, `The field ${key} of --mount needs a value: ${key}=….`)];
  }
  if (value.includes("$") || value === "") return [];
  const allowed = key === "type" ? types : key === "sharing" ? sharings : null;
  if (!allowed || allowed.has(value.toLowerCase())) return [];
  return [syntax(field, `--mount knows no ${key} ${shorten(value)}. Write one of ${[...allowed].join(", ")}.`)];
}

const fields: ReadonlySet<string> = new Set([
  ...["type", "from", "source", "src", "target", "dst", "destination", "readonly", "ro", "readwrite", "rw"],
  ...["id", "sharing", "required", "size", "mode", "uid", "gid", "env"],
]);
const alone: ReadonlySet<string> = new Set(["readonly", "ro", "readwrite", "rw", "required"]);
const types: ReadonlySet<string> = new Set(["bind", "cache", "tmpfs", "secret", "ssh"]);
const sharings: ReadonlySet<string> = new Set(["shared", "private", "locked"]);
