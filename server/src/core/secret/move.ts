/**
 * The fix for a secret in ARG or ENV: take the declaration out, and give the secret to each RUN that needs it by a mount,
 * which leaves nothing in the image. Every case in which that would not do the same gives nothing.
 */
import type { Catalogue } from "../catalogue/types";
import { mountSupport } from "../fixes/mount";
import type { Model } from "../model/types";
import type { Facts, Fix } from "../rule";
import type { Edit } from "../text";
import type { DeclaredSecret } from "./declarations";
import { giveSecret, type MountForm } from "./give";
import { buildWith, type Given } from "./note";
import { isOnlyFor, type Removed, removalsOf } from "./removals";
import { type Users, usersOf } from "./users";
import { buildsForWindows } from "./windows";

/** What the fix looks at. */
export interface MoveContext {
  readonly model: Model;
  readonly catalogue: Catalogue;
  readonly facts: Facts;
}

/**
 * The fixes, the best one first: the secret as a variable, the same for builds that cannot do without it, and as a file.
 * Empty where none is safe to offer. They never write the secret's value anywhere.
 */
export function moveSecret(context: MoveContext, secret: DeclaredSecret): readonly Fix[] {
  const { model, catalogue } = context;
  if (secret.declarations.some((one) => one.onbuild)) return [];
  if (!secret.stage) return removeUnusedGlobal(context, secret);
  if (buildsForWindows(model, secret.stage, catalogue)) return [];
  const plan = planOf(secret);
  const removed = plan && removalsOf(model, secret);
  const users = removed && usersOf(context, secret, plan.ids, removed);
  if (!users) return [];
  // With a stand-in as its default, the build works without the secret, and has to go on doing so.
  if (users.runs.length > 0 && secret.declarations.some((one) => one.kind === "arg" && one.shape === "placeholder")) {
    return [];
  }
  if (users.runs.length === 0) {
    // Nothing names it, but something that nobody can look into may need it: only a container's own setting can go then.
    return users.isOpaque && !isStored(secret) ? [] : [withoutUse(secret, removed.edits)];
  }
  const support = mountSupport(model);
  const made = { secret, plan, users, removed };
  const best = write(context, made, { support });
  if (!best) return [];
  const others = [
    // Only who names the variable shows that the build needs it.
    users.runs.some(({ because }) => because === "named") ? write(context, made, { support, required: true }) : null,
    support === "env" && !plan.isAddress ? write(context, made, { support: "file" }) : null,
  ];
  return [best, ...others.filter((fix) => fix !== null)];
}

/** How the secret is called in RUN, and under which id the build gets it. */
interface Plan {
  /** Names that a RUN may read, with the id of the mount that sets each. */
  readonly ids: ReadonlyMap<string, string>;
  /** The id is that of a whole address which holds the secret. */
  readonly isAddress: boolean;
}

function planOf(secret: DeclaredSecret): Plan | null {
  const parts = secret.promotions.filter((promotion) => promotion.reads === "part");
  const [address, second] = parts;
  if (second) return null;
  if (address) {
    // `ENV PIP_INDEX_URL=https://u:$P@host`: the whole address becomes the secret. Another text around it may be anything.
    if (secret.promotions.length > 1 || !/:\/\/[^/@\s]*\$[^/@\s]*@/.test(address.pair.value?.text ?? "")) return null;
    return { ids: new Map([[address.pair.name, address.pair.name]]), isAddress: true };
  }
  const ids = new Map([[secret.name, secret.name]]);
  for (const { pair } of secret.promotions) ids.set(pair.name, secret.name);
  return { ids, isAddress: false };
}

interface Made {
  readonly secret: DeclaredSecret;
  readonly plan: Plan;
  readonly users: Users;
  readonly removed: Removed;
}

function write(context: MoveContext, { secret, plan, users, removed }: Made, form: MountForm): Fix | null {
  const edits: Edit[] = [...removed.edits];
  for (const use of users.runs) {
    const given = giveSecret(context, use, form);
    if (!given) return null;
    edits.push(...given);
  }
  const ids = [...new Set(users.runs.map((use) => use.id))];
  const givens = ids.map((id): Given => ({ kind: "variable", id }));
  const stored = isStored(secret);
  const more = [
    ...(plan.isAddress ? ["The secret is the whole address, user and password included"] : []),
    // npm fills in variables itself, so nobody has to write the file.
    ...(users.runs.some(({ run }) => /_authToken=\$/.test(run.parsed.text))
      ? [`An .npmrc in the repository that says \${${secret.name}} does the same without being written`]
      : []),
    ...(users.atRunTime || stored ? [runTimeNote(secret.name)] : wasGiven(secret) ? [rotate] : []),
  ].join(". ");
  const { flags, texts } = buildWith(givens, { more });
  const needs = form.required ? `The build then fails without ${flags}` : `The build then needs ${flags}`;
  return {
    title: titleOf(ids.join(" and "), form),
    applicability: "unsafe",
    reason: `${needs}${stored ? ", and containers no longer have it" : ""}.`,
    edits,
    ...texts,
  };
}

function titleOf(ids: string, { support, required }: MountForm): string {
  if (required) return `Mount ${ids} as a secret that no build can do without`;
  return support === "file" ? `Mount ${ids} as a file that RUN reads` : `Mount ${ids} as a secret in RUN`;
}

function withoutUse(secret: DeclaredSecret, edits: readonly Edit[]): Fix {
  const { name } = secret;
  const stored = isStored(secret);
  return {
    title: stored ? `Remove ${name} from the image` : `Remove ${name}, which no RUN here seems to use`,
    applicability: "unsafe",
    reason: stored
      ? "A container that needs it has to be given it when it starts."
      : "A tool may read it from its environment.",
    edits,
    ...(stored ? { note: `${runTimeNote(name)}.` } : {}),
  };
}

/** True when containers get it; the environment of a stage that does not ship is nobody's at run time. */
function isStored(secret: DeclaredSecret): boolean {
  const isEnv = secret.promotions.length > 0 || secret.declarations.some((one) => one.kind === "env");
  return isEnv && (secret.stage?.ships ?? false);
}

/** True when its value stood in the file. */
function wasGiven(secret: DeclaredSecret): boolean {
  return [...secret.declarations, ...(secret.global ? [secret.global] : [])].some((one) => one.shape === "literal");
}

const rotate = "The value that was in the file is known to all who have it: replace it";

function runTimeNote(name: string): string {
  return `Give ${name} to containers with --env, --env-file or a secret; whoever has the file or an older image may have the value: replace it`;
}

function removeUnusedGlobal({ model }: MoveContext, secret: DeclaredSecret): readonly Fix[] {
  const [declaration] = secret.declarations;
  if (!declaration || !isOnlyFor(model, declaration, secret)) return [];
  const removed = removalsOf(model, secret);
  if (!removed) return [];
  return [
    {
      title: `Remove ARG ${secret.name}, which no stage uses`,
      applicability: "unsafe",
      reason: `A build that passes --build-arg ${secret.name} gets a warning.`,
      edits: removed.edits,
    },
  ];
}
