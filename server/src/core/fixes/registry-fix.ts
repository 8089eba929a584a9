/** A fix whose edits depend on what a registry says: at once where that is known, later where it has to be asked. */
import type { RegistryFacts } from "../image/registry";
import type { Facts, Fix } from "../rule";
import type { Edit } from "../text";

/** The fix; none where the registry has said already that there is nothing to write. */
export function fixByRegistry(
  { registry }: Facts,
  write: (registry: RegistryFacts) => readonly Edit[] | null | undefined,
  { title, reason }: { readonly title: string; readonly reason: string },
): readonly Fix[] {
  const edits = write(registry ?? nobody);
  if (edits === null) return [];
  const fix = { title, applicability: "unsafe", reason } as const;
  return [edits ? { ...fix, edits } : { ...fix, edits: null, needs: "registry", later: write }];
}

/** A registry that nobody asked anything. */
const nobody: RegistryFacts = { digest: () => undefined, tags: () => undefined, image: () => undefined };
